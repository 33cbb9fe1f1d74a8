package org.flowline.autodiff;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The dimensions of a value, outermost first: `[rows, columns]`, `[]` for a scalar. Values lie in
/// memory row by row.
///
/// Every shape error of the package is raised here or in `ShapeRules`. Immutable.
public final class Shape {
  private static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    this.dims = dims;
    long product = 1;
    boolean empty = false;
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException(
            "shape: " + Arrays.toString(dims) + " has a negative dimension; want 0 or more");
      }
      empty |= dim == 0;
      product *= Math.max(1, dim);
      if (product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "shape: "
                + Arrays.toString(dims)
                + (IntStream.of(dims).anyMatch(length -> length == 0)
                    ? " has no values, but lengths that multiply to more than 2³¹ − 1"
                    : " has more than 2³¹ − 1 values")
                + "; split it");
      }
    }
    this.size = empty ? 0 : (int) product;
  }

  /// The shape with these dimensions; none of them: a scalar.
  ///
  /// @throws IllegalArgumentException if one is negative, or the product of those that are not 0
  ///     exceeds an array's length, `2³¹ − 1`: so no product of some of them overflows either
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /// `[]`, the shape of one number.
  public static Shape scalar() {
    return SCALAR;
  }

  /// The number of axes; 0 for a scalar.
  public int rank() {
    return dims.length;
  }

  /// The length along `axis`; negative axes count from the last, `-1`.
  ///
  /// @throws IllegalArgumentException if there is no such axis
  public int dim(int axis) {
    return dims[axis("dim", axis)];
  }

  /// The number of values, the product of the dimensions.
  public int size() {
    return size;
  }

  /// The dimensions, outermost first, in an array of their own.
  public int[] dims() {
    return dims.clone();
  }

  /// `axis` counted from 0, for an axis in `[-rank, rank)`.
  ///
  /// @throws IllegalArgumentException if there is no such axis
  public int axis(int axis) {
    return axis("axis", axis);
  }

  /// The same for an operation, which the error names.
  int axis(String operation, int axis) {
    int counted = axis < 0 ? axis + dims.length : axis;
    if (counted < 0 || counted >= dims.length) {
      throw new IllegalArgumentException(
          operation
              + ": axis "
              + axis
              + " of "
              + this
              + (dims.length == 0
                  ? ", a scalar without axes; want none"
                  : "; want %d … %d".formatted(-dims.length, dims.length - 1)));
    }
    return counted;
  }

  /// The product of the dimensions before `axis`, which may be negative as in [#dim].
  public int outer(int axis) {
    return product(0, axis("outer", axis));
  }

  /// The product of the dimensions after `axis`, which may be negative as in [#dim].
  public int inner(int axis) {
    return product(axis("inner", axis) + 1, dims.length);
  }

  private int product(int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= dims[i];
    }
    return product;
  }

  /// This shape with another length along `axis`, which may be negative as in [#dim].
  public Shape with(int axis, int length) {
    int[] changed = dims.clone();
    changed[axis("with", axis)] = length;
    return new Shape(changed);
  }

  /// This shape without the given axes, which may be negative as in [#dim].
  public Shape without(int... axes) {
    boolean[] dropped = new boolean[dims.length];
    int left = dims.length;
    for (int axis : axes) {
      int counted = axis("without", axis);
      left -= dropped[counted] ? 0 : 1;
      dropped[counted] = true;
    }
    int[] kept = new int[left];
    for (int i = dims.length - 1; i >= 0; i--) {
      if (!dropped[i]) {
        kept[--left] = dims[i];
      }
    }
    return new Shape(kept);
  }

  /// The common shape of two operands under NumPy's rule: aligned at the last axis, each pair of
  /// lengths equal or one of them 1.
  ///
  /// @throws IllegalArgumentException naming both shapes where they do not fit
  public static Shape broadcast(String operation, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] common = new int[rank];
    for (int i = 0; i < rank; i++) {
      int left = a.aligned(i, rank);
      int right = b.aligned(i, rank);
      if (left != right && left != 1 && right != 1) {
        throw new IllegalArgumentException(
            operation
                + ": shapes "
                + a
                + " and "
                + b
                + " do not broadcast at axis "
                + i
                + "; want"
                + " equal lengths or a 1");
      }
      common[i] = left == 1 ? right : left;
    }
    return new Shape(common);
  }

  /// The length at `axis` once this shape is padded with leading ones to `rank` axes.
  int aligned(int axis, int rank) {
    int own = axis - (rank - dims.length);
    return own < 0 ? 1 : dims[own];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
