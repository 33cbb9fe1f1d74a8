package org.flowline.autodiff;

import java.util.List;

/// The layout of an operand in a larger value seen as `[rows, columns]`: the repetitions that a
/// fused element-wise chain ([Op.Fused]) reads in place.
public enum Layout {
  /// Element by element.
  WHOLE,
  /// One row, again and again.
  ROW,
  /// One element for each row.
  COLUMN,
  /// One element for all.
  NUMBER;

  /// Returns the layout of `operand` in `target` with rows of `columns` elements; null if it has
  /// none.
  ///
  /// @param columns the product of some of the target's last lengths
  public static Layout of(Shape operand, Shape target, int columns) {
    boolean fullInRow = true;
    boolean fullAcross = true;
    boolean onceInRow = true;
    boolean onceAcross = true;
    int inner = 1;
    for (int axis = target.rank() - 1; axis >= 0; axis--) {
      int length = operand.aligned(axis, target.rank());
      boolean full = length == target.dim(axis);
      if (inner < columns) {
        fullInRow &= full;
        onceInRow &= length == 1;
      } else {
        fullAcross &= full;
        onceAcross &= length == 1;
      }
      inner *= target.dim(axis);
    }
    if (fullInRow && fullAcross) {
      return WHOLE;
    }
    if (onceInRow && onceAcross) {
      return NUMBER;
    }
    if (fullInRow && onceAcross) {
      return ROW;
    }
    return onceInRow && fullAcross ? COLUMN : null;
  }

  /// Returns the length of the longest rows of `target` in which every operand has a layout; 0 if
  /// there is none.
  public static int rowLength(List<Shape> operands, Shape target) {
    for (int axis = -1; axis < target.rank(); axis++) {
      int columns = axis < 0 ? target.size() : target.inner(axis);
      if (allHaveOne(operands, target, columns)) {
        return columns;
      }
    }
    return 0;
  }

  private static boolean allHaveOne(List<Shape> operands, Shape target, int columns) {
    for (Shape operand : operands) {
      if (of(operand, target, columns) == null) {
        return false;
      }
    }
    return true;
  }
}
