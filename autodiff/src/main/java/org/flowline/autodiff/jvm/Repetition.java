package org.flowline.autodiff.jvm;

import java.util.ArrayList;
import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;

/// The repetition of a small shape in a large one.
///
/// @param length the length of the rows into which the large shape is divided
/// @param offsets for each row, the position of its values in the small shape
/// @param alongRow whether one value repeats through the row; else the row is a copy
record Repetition(int length, int[] offsets, boolean alongRow) {
  static Repetition ofReduced(Shape operand, List<Integer> axes) {
    return of(Op.kept(operand, axes), operand);
  }

  static Repetition of(Shape small, Shape large) {
    List<Integer> lengths = new ArrayList<>();
    List<Boolean> repeats = new ArrayList<>();
    for (int i = 0; i < large.rank(); i++) {
      int own = i - (large.rank() - small.rank());
      boolean repeated = (own < 0 ? 1 : small.dim(own)) != large.dim(i);
      if (large.dim(i) == 1) {
        continue;
      }
      if (!repeats.isEmpty() && repeats.getLast() == repeated) {
        lengths.set(lengths.size() - 1, lengths.getLast() * large.dim(i));
      } else {
        lengths.add(large.dim(i));
        repeats.add(repeated);
      }
    }
    int length = lengths.isEmpty() ? 1 : lengths.removeLast();
    boolean alongRow = !repeats.isEmpty() && repeats.removeLast();
    int stride = alongRow ? 1 : length;
    List<Integer> strides = new ArrayList<>();
    for (int i = lengths.size() - 1; i >= 0; i--) {
      strides.addFirst(repeats.get(i) ? 0 : stride);
      stride = repeats.get(i) ? stride : stride * lengths.get(i);
    }
    return new Repetition(length, Copies.positions(lengths, strides), alongRow);
  }

  /// Returns whether the small shape is a single row that the large one repeats.
  boolean isOfOneRow(Shape small) {
    return !alongRow && length == small.size() && length > 0;
  }
}
