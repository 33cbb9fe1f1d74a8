package org.flowline.autodiff;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A primitive operation: what a [Tape] is made of. Few of them; everything else in [Var] composes
/// these.
///
/// An `Op` says what is computed and which shape comes out. How its derivative looks is in
/// [Pullbacks] and [Pushforwards], how it is computed in a [Backend]; each of them is one
/// exhaustive switch, so that the compiler finds what a new primitive still lacks.
public sealed interface Op {

  /// The shape of the result for operands of these shapes.
  ///
  /// @throws IllegalArgumentException in the form *operation: what came, what was wanted*
  Shape shape(List<Shape> operands);

  /// How a printed tape shows it.
  default String label() {
    return toString();
  }

  /// The `index`-th argument of the program.
  record Input(int index, Shape shape) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return shape;
    }

    @Override
    public String label() {
      return "input " + index;
    }
  }

  /// A value known when the tape is recorded: one number for the whole shape, or one for each
  /// element.
  final class Constant implements Op {
    private final Shape shape;
    private final double[] values;

    private Constant(Shape shape, double[] values) {
      this.shape = shape;
      this.values = values;
    }

    public static Constant filled(Shape shape, double value) {
      return new Constant(shape, new double[] {value});
    }

    public static Constant of(Shape shape, double... values) {
      if (values.length != shape.size()) {
        throw new IllegalArgumentException(
            "constant: " + values.length + " values for " + shape + "; want " + shape.size());
      }
      return new Constant(shape, values.clone());
    }

    /// Writes the elements to `out[offset …]`.
    public void copyTo(double[] out, int offset) {
      for (int i = 0; i < shape.size(); i++) {
        out[offset + i] = values[values.length == 1 ? 0 : i];
      }
    }

    @Override
    public Shape shape(List<Shape> operands) {
      return shape;
    }

    @Override
    public String label() {
      return values.length == 1 ? "constant " + values[0] : "constant " + values.length + " values";
    }
  }

  /// Element-wise functions of one operand. `STEP` is 1 above 0, else 0; `SIGN` is −1, 0 or 1; both
  /// have derivative 0.
  enum Unary implements Op {
    NEG,
    ABS,
    SIGN,
    STEP,
    EXP,
    LOG,
    SQRT,
    SIN,
    COS,
    TANH,
    SIGMOID,
    SOFTPLUS,
    RELU;

    @Override
    public Shape shape(List<Shape> operands) {
      return operands.getFirst();
    }

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// `x` to a constant power, element-wise.
  record Power(double exponent) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return operands.getFirst();
    }

    @Override
    public String label() {
      return "power " + exponent;
    }
  }

  /// Element-wise functions of two operands of one shape; [Broadcast] comes before them where
  /// shapes differ.
  enum Binary implements Op {
    ADD,
    SUB,
    MUL,
    DIV;

    @Override
    public Shape shape(List<Shape> operands) {
      if (!operands.get(0).equals(operands.get(1))) {
        throw new IllegalArgumentException(
            label()
                + ": shapes "
                + operands.get(0)
                + " and "
                + operands.get(1)
                + " differ; broadcast"
                + " first");
      }
      return operands.getFirst();
    }

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Matrix product `op(A)·op(B)` of two matrices, each read as it is or transposed.
  record MatMul(boolean transposeA, boolean transposeB) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      Shape a = operands.get(0);
      Shape b = operands.get(1);
      if (a.rank() != 2 || b.rank() != 2) {
        throw new IllegalArgumentException(
            "matmul: " + a + " × " + b + "; want two matrices, reshape the operands");
      }
      if (a.dim(transposeA ? 0 : 1) != b.dim(transposeB ? 1 : 0)) {
        throw new IllegalArgumentException(
            "matmul: inner dimensions differ, "
                + shown(a, transposeA)
                + " × "
                + shown(b, transposeB)
                + "; transpose one side?");
      }
      return Shape.of(a.dim(transposeA ? 1 : 0), b.dim(transposeB ? 0 : 1));
    }

    private static String shown(Shape shape, boolean transposed) {
      return transposed ? shape + "ᵀ" : shape.toString();
    }

    @Override
    public String label() {
      return "matmul" + (transposeA ? " ᵀ·" : " ·") + (transposeB ? "ᵀ" : "");
    }
  }

  /// Swaps the last two axes.
  record Transpose() implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      Shape x = operands.getFirst();
      if (x.rank() < 2) {
        throw new IllegalArgumentException("transpose: " + x + "; want two axes or more");
      }
      return x.with(-1, x.dim(-2)).with(-2, x.dim(-1));
    }

    @Override
    public String label() {
      return "transpose";
    }
  }

  /// Repeats along missing axes and axes of length 1 until the shape is `target`.
  record Broadcast(Shape target) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      if (!Shape.broadcast("broadcast", operands.getFirst(), target).equals(target)) {
        throw new IllegalArgumentException(
            "broadcast: " + operands.getFirst() + " does not broadcast to " + target);
      }
      return target;
    }

    @Override
    public String label() {
      return "broadcast";
    }
  }

  /// Sum over `axes` (ascending, counted from 0), which disappear.
  record Sum(List<Integer> axes) implements Op {
    public Sum {
      axes = List.copyOf(axes);
    }

    int[] axesArray() {
      return axes.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The operand's shape with length 1 along the summed axes.
    Shape kept(Shape operand) {
      Shape kept = operand;
      for (int axis : axes) {
        kept = kept.with(axis, 1);
      }
      return kept;
    }

    @Override
    public Shape shape(List<Shape> operands) {
      axes.forEach(operands.getFirst()::axis);
      return operands.getFirst().without(axesArray());
    }

    @Override
    public String label() {
      return "sum " + axes;
    }
  }

  /// The same values in the same order under another shape.
  record Reshape(Shape target) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      Shape x = operands.getFirst();
      if (x.size() != target.size()) {
        throw new IllegalArgumentException(
            "reshape: "
                + x
                + " has "
                + x.size()
                + " values, "
                + target
                + " wants "
                + target.size());
      }
      return target;
    }

    @Override
    public String label() {
      return "reshape";
    }
  }

  /// The part `[from, to)` along `axis`.
  record Slice(int axis, int from, int to) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      Shape x = operands.getFirst();
      if (from < 0 || to < from || to > x.dim(axis)) {
        throw new IllegalArgumentException(
            "slice: ["
                + from
                + ", "
                + to
                + ") along axis "
                + axis
                + " of "
                + x
                + "; want 0 ≤ from"
                + " ≤ to ≤ "
                + x.dim(axis));
      }
      return x.with(axis, to - from);
    }

    @Override
    public String label() {
      return "slice axis " + axis + " [" + from + ", " + to + ")";
    }
  }

  /// Zeros before and after along `axis`; the adjoint of [Slice].
  record Pad(int axis, int before, int after) implements Op {
    public Pad {
      if (before < 0 || after < 0) {
        throw new IllegalArgumentException(
            "pad: " + before + " before and " + after + " after; want 0 or more");
      }
    }

    @Override
    public Shape shape(List<Shape> operands) {
      Shape x = operands.getFirst();
      return x.with(axis, before + x.dim(axis) + after);
    }

    @Override
    public String label() {
      return "pad axis " + axis + " (" + before + ", " + after + ")";
    }
  }

  /// The operands one after the other along `axis`; the other lengths must agree.
  record Concat(int axis) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      if (operands.isEmpty()) {
        throw new IllegalArgumentException("concat: no operands; want one or more");
      }
      Shape first = operands.getFirst();
      int length = 0;
      for (Shape operand : operands) {
        if (operand.rank() != first.rank() || !operand.with(axis, 0).equals(first.with(axis, 0))) {
          throw new IllegalArgumentException(
              operands.stream()
                      .map(Shape::toString)
                      .collect(Collectors.joining(", ", "concat: ", ""))
                  + " along axis "
                  + axis
                  + "; want equal lengths along the other axes");
        }
        length += operand.dim(axis);
      }
      return first.with(axis, length);
    }

    @Override
    public String label() {
      return "concat axis " + axis;
    }
  }

  /// A sum over the given axes of `operand` (negative ones count from the last; none: all of them).
  static Sum sum(Shape operand, int... axes) {
    IntStream chosen =
        axes.length == 0
            ? IntStream.range(0, operand.rank())
            : IntStream.of(axes).map(operand::axis).sorted().distinct();
    return new Sum(chosen.boxed().toList());
  }
}
