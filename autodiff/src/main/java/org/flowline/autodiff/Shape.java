package org.flowline.autodiff;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The dimensions of a value, outermost first: `[rows, columns]`, `[]` for a scalar. Values are
/// stored row by row. Immutable.
///
/// This class and `ShapeRules` throw every shape error of the package.
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
        boolean none = IntStream.of(dims).anyMatch(length -> length == 0);
        String size = none ? "no values, but lengths that multiply to more than" : "more than";
        throw new IllegalArgumentException(
            "shape: %s has %s 2³¹ − 1%s; split it"
                .formatted(Arrays.toString(dims), size, none ? "" : " values"));
      }
    }
    this.size = empty ? 0 : (int) product;
  }

  /// Returns the shape with these dimensions, a scalar if there are none.
  ///
  /// @throws IllegalArgumentException if a dimension is negative, or if the product of the positive
  ///     ones exceeds the largest array, `2³¹ − 1`; so no product of dimensions overflows
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /// Returns `[]`, the shape of one number.
  public static Shape scalar() {
    return SCALAR;
  }

  /// Returns the number of axes; 0 for a scalar.
  public int rank() {
    return dims.length;
  }

  /// Returns the length along `axis`; negative axes count from the last, `-1`.
  ///
  /// @throws IllegalArgumentException if there is no such axis
  public int dim(int axis) {
    return dims[axis("dim", axis)];
  }

  /// Returns the number of values, the product of the dimensions.
  public int size() {
    return size;
  }

  /// Returns a copy of the dimensions, outermost first.
  public int[] dims() {
    return dims.clone();
  }

  /// Returns `axis` counted from 0, for an axis in `[-rank, rank)`.
  ///
  /// @throws IllegalArgumentException if there is no such axis
  public int axis(int axis) {
    return axis("axis", axis);
  }

  /// Returns `axis` counted from 0; the error names `operation`.
  int axis(String operation, int axis) {
    int counted = axis < 0 ? axis + dims.length : axis;
    if (counted < 0 || counted >= dims.length) {
      throw new IllegalArgumentException(
          "%s: axis %s of %s%s"
              .formatted(
                  operation,
                  axis,
                  this,
                  dims.length == 0
                      ? ", a scalar without axes; want none"
                      : "; want " + -dims.length + " … " + (dims.length - 1)));
    }
    return counted;
  }

  /// Returns the product of the dimensions before `axis`, which may be negative as in [#dim].
  public int outer(int axis) {
    return product(0, axis("outer", axis));
  }

  /// Returns the product of the dimensions after `axis`, which may be negative as in [#dim].
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

  /// Returns this shape with another length along `axis`, which may be negative as in [#dim].
  public Shape with(int axis, int length) {
    int[] changed = dims.clone();
    changed[axis("with", axis)] = length;
    return new Shape(changed);
  }

  /// Returns this shape without the given axes, which may be negative as in [#dim].
  public Shape without(int... axes) {
    boolean[] dropped = new boolean[dims.length];
    for (int axis : axes) {
      dropped[axis("without", axis)] = true;
    }
    int[] kept = new int[dims.length];
    int rank = 0;
    for (int i = 0; i < dims.length; i++) {
      if (!dropped[i]) {
        kept[rank++] = dims[i];
      }
    }
    return new Shape(Arrays.copyOf(kept, rank));
  }

  /// Returns the common shape of two operands under NumPy's rule: aligned at the last axis, each
  /// pair of lengths is equal or one of them is 1.
  ///
  /// @throws IllegalArgumentException if two lengths differ and neither is 1; names both shapes
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
            "%s: shapes %s and %s do not broadcast at axis %s; want equal lengths or a 1"
                .formatted(operation, a, b, i));
      }
      common[i] = left == 1 ? right : left;
    }
    return new Shape(common);
  }

  /// Returns the length at `axis` of this shape with leading ones up to `rank` axes.
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
