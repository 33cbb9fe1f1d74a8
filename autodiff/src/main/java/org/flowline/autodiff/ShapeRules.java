package org.flowline.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Which shape comes out of an operation, and what is said where the operands' do not fit: *what
/// came; what was wanted*.
final class ShapeRules {
  private ShapeRules() {}

  /// Of operands of one shape, that shape.
  static Shape alike(Op op, List<Shape> operands) {
    Shape first = operands.getFirst();
    for (Shape operand : operands) {
      if (!operand.equals(first)) {
        Object all = operands.size() == 2 ? first + " and " + operand : operands;
        throw new IllegalArgumentException(
            op.label() + ": shapes " + all + " differ; broadcast first");
      }
    }
    return first;
  }

  /// `[…, m, k] × […, k, n] ↦ […, m, n]`, each read as it is or transposed.
  static Shape product(Op.MatMul op, Shape a, Shape b) {
    if (a.rank() < 2 || b.rank() != a.rank() || !leading(a).equals(leading(b))) {
      throw new IllegalArgumentException(
          "matmul: " + a + " × " + b + "; want two matrices, or stacks of as many matrices");
    }
    requireInner(op, a, b);
    return a.with(-2, a.dim(op.transposeA() ? -1 : -2)).with(-1, b.dim(op.transposeB() ? -2 : -1));
  }

  /// Refuses matrices, or stacks of them, whose rows and columns do not meet.
  static void requireInner(Op.MatMul op, Shape a, Shape b) {
    if (a.dim(op.transposeA() ? -2 : -1) != b.dim(op.transposeB() ? -1 : -2)) {
      throw new IllegalArgumentException(
          "matmul: inner dimensions differ, "
              + shown(a, op.transposeA())
              + " × "
              + shown(b, op.transposeB())
              + "; transpose one side?");
    }
  }

  static Shape leading(Shape shape) {
    return shape.without(shape.rank() - 2, shape.rank() - 1);
  }

  private static String shown(Shape shape, boolean transposed) {
    return transposed ? shape + "ᵀ" : shape.toString();
  }

  /// Axis `i` of the result is axis `order.get(i)` of `x`.
  static Shape permuted(List<Integer> order, Shape x) {
    if (!order.stream().sorted().toList().equals(Op.axes("permute", x))) {
      throw new IllegalArgumentException(
          "permute: order " + order + " of the axes of " + x + "; want each axis once");
    }
    return Shape.of(order.stream().mapToInt(x::dim).toArray());
  }

  /// `target`, if `x` broadcasts to it.
  static Shape repeated(Shape x, Shape target) {
    if (!Shape.broadcast("broadcast", x, target).equals(target)) {
      throw new IllegalArgumentException("broadcast: " + x + " does not broadcast to " + target);
    }
    return target;
  }

  /// As many positions along the axis as are asked for, each of which is there.
  static Shape gathered(Op.Gather op, Shape x) {
    for (int index : op.indices()) {
      if (index < 0 || index >= x.dim(op.axis())) {
        throw new IllegalArgumentException(
            "gather: position "
                + index
                + " along axis "
                + op.axis()
                + " of "
                + x
                + "; want 0 ≤ position < "
                + x.dim(op.axis()));
      }
    }
    return x.with(op.axis(), op.indices().size());
  }

  /// The length that is asked for along the axis, where each part has its position.
  static Shape scattered(Op.Scatter op, Shape x) {
    if (x.dim(op.axis()) != op.indices().size()) {
      throw new IllegalArgumentException(
          "scatter: " + op.indices().size() + " positions for axis " + op.axis() + " of " + x);
    }
    return x.with(op.axis(), op.length());
  }

  /// `o = ⌊(s − dilation·(k − 1) − 1)/stride⌋ + 1` along each of the last axes, and the windows'
  /// sizes.
  static Shape windows(Op.Windows op, Shape x) {
    int axes = op.sizes().size();
    if (x.rank() < axes) {
      throw new IllegalArgumentException(
          "windows: " + x + "; want an axis for each of the sizes " + op.sizes());
    }
    int first = x.rank() - axes;
    int[] dims = Arrays.copyOf(x.dims(), x.rank() + axes);
    for (int i = 0; i < axes; i++) {
      long span = (long) op.dilations().get(i) * (op.sizes().get(i) - 1) + 1;
      if (span > x.dim(first + i)) {
        throw new IllegalArgumentException(
            "windows: %d positions wide along axis %d of %s; pad it, or take smaller windows"
                .formatted(span, first + i, x));
      }
      dims[first + i] = (x.dim(first + i) - (int) span) / op.strides().get(i) + 1;
      dims[x.rank() + i] = op.sizes().get(i);
    }
    return Shape.of(dims);
  }

  /// The target, if these are its windows.
  static Shape overlap(Op.Overlap op, Shape windows) {
    if (!windows(op.windows(), op.target()).equals(windows)) {
      throw new IllegalArgumentException(
          "overlap: " + windows + " are not the windows of " + op.target());
    }
    return op.target();
  }

  /// `target`, if it has as many values.
  static Shape reshaped(Shape x, Shape target) {
    if (x.size() != target.size()) {
      throw new IllegalArgumentException(
          "reshape: " + x + " has " + x.size() + " values, " + target + " wants " + target.size());
    }
    return target;
  }

  /// `to − from` positions along the axis.
  static Shape sliced(Op.Slice op, Shape x) {
    int length = x.dim(op.axis());
    if (op.from() < 0 || op.to() < op.from() || op.to() > length) {
      throw new IllegalArgumentException(
          "slice: [%d, %d) along axis %d of %s; want 0 ≤ from ≤ to ≤ %d"
              .formatted(op.from(), op.to(), op.axis(), x, length));
    }
    return x.with(op.axis(), op.to() - op.from());
  }

  /// The sum of the lengths along the axis; the other lengths agree.
  static Shape joined(int axis, List<Shape> operands) {
    if (operands.isEmpty()) {
      throw new IllegalArgumentException("concat: no operands; want one or more");
    }
    Shape first = operands.getFirst();
    long length = 0;
    for (Shape operand : operands) {
      if (operand.rank() != first.rank() || !operand.with(axis, 0).equals(first.with(axis, 0))) {
        throw new IllegalArgumentException(
            operands.stream().map(Shape::toString).collect(Collectors.joining(", ", "concat: ", ""))
                + " along axis "
                + axis
                + "; want equal lengths along the other axes");
      }
      length += operand.dim(axis);
    }
    return lengthened("concat", first, axis, length);
  }

  /// So much longer along the axis.
  static Shape padded(Op.Pad op, Shape x) {
    long length = (long) op.before() + x.dim(op.axis()) + op.after();
    return lengthened("pad", x, op.axis(), length);
  }

  private static Shape lengthened(String what, Shape x, int axis, long length) {
    if (length > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          what
              + ": "
              + length
              + " positions along axis "
              + axis
              + "; want less than 2³¹: split it");
    }
    return x.with(axis, (int) length);
  }

  /// Without the axes over which is reduced.
  static Shape reduced(Shape operand, List<Integer> axes) {
    int[] dropped = new int[axes.size()];
    for (int i = 0; i < dropped.length; i++) {
      dropped[i] = operand.axis("reduce", axes.get(i));
    }
    return operand.without(dropped);
  }
}
