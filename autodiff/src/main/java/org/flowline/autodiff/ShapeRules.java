package org.flowline.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The shape of each operation's result, one rule for each primitive, and the error where the
/// operands do not fit: *operation: what came; what was wanted*.
final class ShapeRules {
  private ShapeRules() {}

  /// Returns the shape of `op(x…)`.
  ///
  /// @throws IllegalArgumentException if `op` has no result for operands of these shapes
  static Shape of(Op op, List<Shape> x) {
    return switch (op) {
      case Op.Input(int _, Shape shape) -> shape;
      case Op.Constant constant -> constant.shape();
      case Op.Unary _, Op.Power _, Op.StopGradient _ -> x.getFirst();
      case Op.Binary _, Op.Where _ -> alike(op, x);
      case Op.Piecewise pieces -> piecewise(pieces, x.getFirst());
      case Op.MatMul product -> product(product, x.get(0), x.get(1));
      case Op.Permute(List<Integer> order) -> permuted(order, x.getFirst());
      case Op.Broadcast(Shape target) -> repeated(x.getFirst(), target);
      case Op.Sum(List<Integer> axes) -> reduced(x.getFirst(), axes);
      case Op.Max(List<Integer> axes) -> reduced(x.getFirst(), axes);
      case Op.CumulativeSum(int axis, boolean _) -> {
        x.getFirst().axis("cumulativeSum", axis);
        yield x.getFirst();
      }
      case Op.Gather(int axis, List<Integer> indices) -> gathered(axis, indices, x.getFirst());
      case Op.Scatter scatter -> scattered(scatter, x.getFirst());
      case Op.Windows windows -> windows(windows, x.getFirst());
      case Op.Overlap(Op.Windows windows, Shape target) -> overlap(windows, target, x.getFirst());
      case Op.Fused(Shape target, Tape _) -> target;
      case Op.Reshape(Shape target) -> reshaped(x.getFirst(), target);
      case Op.Slice(int axis, int from, int to) -> sliced(axis, from, to, x.getFirst());
      case Op.Pad(int axis, int before, int after) ->
          lengthened("pad", x.getFirst(), axis, (long) before + x.getFirst().dim(axis) + after);
      case Op.Concat(int axis) -> joined(axis, x);
    };
  }

  private static IllegalArgumentException error(String message, Object... values) {
    return new IllegalArgumentException(String.format(Locale.ROOT, message, values));
  }

  private static Shape alike(Op op, List<Shape> operands) {
    Shape first = operands.getFirst();
    if (!operands.stream().allMatch(first::equals)) {
      Object all = operands.size() == 2 ? first + " and " + operands.get(1) : operands;
      throw error("%s: shapes %s differ; broadcast first", op.label(), all);
    }
    return first;
  }

  /// `[…, m, k] × […, k, n] ↦ […, m, n]`, each read as it is or transposed.
  private static Shape product(Op.MatMul op, Shape a, Shape b) {
    if (a.rank() < 2 || b.rank() != a.rank() || !leading(a).equals(leading(b))) {
      throw error("matmul: %s × %s; want two matrices, or stacks of as many matrices", a, b);
    }
    requireInner(op, a, b);
    return a.with(-2, a.dim(op.transposeA() ? -1 : -2)).with(-1, b.dim(op.transposeB() ? -2 : -1));
  }

  /// Requires that the inner lengths of `op(a)·op(b)` agree.
  static void requireInner(Op.MatMul op, Shape a, Shape b) {
    if (a.dim(op.transposeA() ? -2 : -1) != b.dim(op.transposeB() ? -1 : -2)) {
      String left = a + (op.transposeA() ? "ᵀ" : "");
      String right = b + (op.transposeB() ? "ᵀ" : "");
      throw error("matmul: inner dimensions differ, %s × %s; transpose one side?", left, right);
    }
  }

  /// Returns the axes before the last two.
  static Shape leading(Shape shape) {
    return shape.without(shape.rank() - 2, shape.rank() - 1);
  }

  private static Shape permuted(List<Integer> order, Shape x) {
    if (!order.stream().sorted().toList().equals(Op.axes("permute", x))) {
      throw error("permute: order %s of the axes of %s; want each axis once", order, x);
    }
    return Shape.of(order.stream().mapToInt(x::dim).toArray());
  }

  private static Shape repeated(Shape x, Shape target) {
    if (!Shape.broadcast("broadcast", x, target).equals(target)) {
      throw error("broadcast: %s does not broadcast to %s", x, target);
    }
    return target;
  }

  private static Shape piecewise(Op.Piecewise pieces, Shape x) {
    if (x.size() != 1) {
      throw error("piecewise: of %s; want one number", x);
    }
    return Shape.of(pieces.width());
  }

  private static Shape gathered(int axis, List<Integer> indices, Shape x) {
    int length = x.dim(axis);
    for (int index : indices) {
      if (index < 0 || index >= length) {
        throw error(
            "gather: position %s along axis %s of %s; want 0 ≤ position < %s",
            index, axis, x, length);
      }
    }
    return x.with(axis, indices.size());
  }

  private static Shape scattered(Op.Scatter op, Shape x) {
    if (x.dim(op.axis()) != op.indices().size()) {
      throw error("scatter: %s positions for axis %s of %s", op.indices().size(), op.axis(), x);
    }
    return x.with(op.axis(), op.length());
  }

  /// `o = ⌊(s − dilation·(k − 1) − 1)/stride⌋ + 1` along each of the last axes, then the sizes `k`.
  private static Shape windows(Op.Windows op, Shape x) {
    int axes = op.sizes().size();
    if (x.rank() < axes) {
      throw error("windows: %s; want an axis for each of the sizes %s", x, op.sizes());
    }
    int first = x.rank() - axes;
    int[] dims = Arrays.copyOf(x.dims(), x.rank() + axes);
    for (int i = 0; i < axes; i++) {
      long span = (long) op.dilations().get(i) * (op.sizes().get(i) - 1) + 1;
      if (span > x.dim(first + i)) {
        throw error(
            "windows: %s positions wide along axis %s of %s; pad it, or take smaller windows",
            span, first + i, x);
      }
      dims[first + i] = (x.dim(first + i) - (int) span) / op.strides().get(i) + 1;
      dims[x.rank() + i] = op.sizes().get(i);
    }
    return Shape.of(dims);
  }

  private static Shape overlap(Op.Windows windows, Shape target, Shape x) {
    if (!windows(windows, target).equals(x)) {
      throw error("overlap: %s are not the windows of %s", x, target);
    }
    return target;
  }

  private static Shape reshaped(Shape x, Shape target) {
    if (x.size() != target.size()) {
      throw error("reshape: %s has %s values, %s wants %s", x, x.size(), target, target.size());
    }
    return target;
  }

  private static Shape sliced(int axis, int from, int to, Shape x) {
    int length = x.dim(axis);
    if (from < 0 || to < from || to > length) {
      throw error(
          "slice: [%s, %s) along axis %s of %s; want 0 ≤ from ≤ to ≤ %s",
          from, to, axis, x, length);
    }
    return x.with(axis, to - from);
  }

  private static Shape joined(int axis, List<Shape> operands) {
    if (operands.isEmpty()) {
      throw error("concat: no operands; want one or more");
    }
    Shape first = operands.getFirst();
    long length = 0;
    for (Shape operand : operands) {
      if (operand.rank() != first.rank() || !operand.with(axis, 0).equals(first.with(axis, 0))) {
        String all = operands.stream().map(Shape::toString).collect(Collectors.joining(", "));
        throw error("concat: %s along axis %s; want equal lengths along the other axes", all, axis);
      }
      length += operand.dim(axis);
    }
    return lengthened("concat", first, axis, length);
  }

  private static Shape lengthened(String what, Shape x, int axis, long length) {
    if (length > Integer.MAX_VALUE) {
      throw error(
          "%s: %s positions along axis %s; want less than 2³¹: split it", what, length, axis);
    }
    return x.with(axis, (int) length);
  }

  private static Shape reduced(Shape operand, List<Integer> axes) {
    return operand.without(axes.stream().mapToInt(axis -> operand.axis("reduce", axis)).toArray());
  }
}
