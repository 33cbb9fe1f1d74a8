package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

    /// `value` everywhere; one number is held, whatever the shape.
    public static Constant filled(Shape shape, double value) {
      return new Constant(shape, new double[] {value});
    }

    /// These elements, row by row; copied.
    ///
    /// @throws IllegalArgumentException if their number is not the shape's
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

    /// Whether every element is the same number.
    public boolean isFilled() {
      return values.length == 1;
    }

    /// The number that fills the shape.
    public double value() {
      return values[0];
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Constant constant
          && shape.equals(constant.shape)
          && Arrays.equals(values, constant.values);
    }

    @Override
    public int hashCode() {
      return 31 * shape.hashCode() + Arrays.hashCode(values);
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

  /// Element-wise functions of one operand:
  ///
  ///     NEG   −x                   SQRT   √x           SIN       sin x
  ///     ABS   |x|                  EXP    eˣ           COS       cos x
  ///     SIGN  −1, 0 or 1           EXPM1  eˣ − 1       TANH      tanh x
  ///     STEP  1 above 0, else 0    LOG    ln x         SIGMOID   1/(1 + e⁻ˣ)
  ///     RELU  max(x, 0)            LOG1P  ln(1 + x)    SOFTPLUS  ln(1 + eˣ)
  ///     ERF   2/√π ∫₀ˣ e^(−t²) dt                      ERFC      1 − erf x
  ///
  /// `SIGN` and `STEP` have derivative 0. Beside each stands its largest error on the JVM, over all
  /// arguments whose result is a normal number: see [#ulps()].
  enum Unary implements Op {
    NEG(0),
    ABS(0),
    SIGN(0),
    STEP(0),
    RELU(0),
    SQRT(0.5),
    EXP(1.2),
    EXPM1(2),
    LOG(1),
    LOG1P(1.5),
    SIN(1.6),
    COS(1.6),
    TANH(3),
    SIGMOID(2.5),
    SOFTPLUS(2.5),
    ERF(1),
    ERFC(2);

    private final double ulps;

    Unary(double ulps) {
      this.ulps = ulps;
    }

    /// How far a computed value may be from the true one, in units in the true one's last place;
    /// 0.5 is correctly rounded. Holds for scalar and vector kernels, which agree bit for bit.
    public double ulps() {
      return ulps;
    }

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
    /// How far a computed value may be from the true one, as [Unary#ulps()]. Whole and half-whole
    /// exponents up to 16 are products, which round once for each factor but the first, once for a
    /// root and once for a reciprocal; they are fast. All others keep to one bound.
    public double ulps() {
      double size = Math.abs(exponent);
      if (size > 16 || 2 * size != Math.rint(2 * size)) {
        return 0.7;
      }
      double products = Math.ceil(size) - (size == Math.rint(size) ? 1 : 0);
      return Math.max(0, products) + (exponent < 0 ? 1 : 0);
    }

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
  /// shapes differ:
  ///
  ///     ADD  a + b    MUL  a·b    POW      aᵇ       GREATER_EQUAL  a ≥ b
  ///     SUB  a − b    DIV  a/b    GREATER  a > b    EQUAL          a = b
  ///
  /// `POW` has the edge values of [Math#pow(double, double)], and the error that [Power] has for
  /// exponents that are no products. Comparisons are 1 where they hold, else 0 (as with NaN), and
  /// have derivative 0.
  enum Binary implements Op {
    ADD,
    SUB,
    MUL,
    DIV,
    POW,
    GREATER,
    GREATER_EQUAL,
    EQUAL;

    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.alike(this, operands);
    }

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Element by element `a` where the condition is not 0, else `b`; three operands of one shape.
  /// What is not chosen does not count: not its value, not its derivative, not its NaN.
  record Where() implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.alike(this, operands);
    }

    @Override
    public String label() {
      return "where";
    }
  }

  /// The value itself, with derivative 0.
  record StopGradient() implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return operands.getFirst();
    }

    @Override
    public String label() {
      return "stop gradient";
    }
  }

  /// Matrix product `op(A)·op(B)` of two matrices, each read as it is or transposed; of stacks of
  /// matrices under equal leading axes, matrix by matrix.
  record MatMul(boolean transposeA, boolean transposeB) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.product(this, operands.get(0), operands.get(1));
    }

    @Override
    public String label() {
      return "matmul" + (transposeA ? " ᵀ·" : " ·") + (transposeB ? "ᵀ" : "");
    }
  }

  /// Reorders the axes: axis `i` of the result is axis `order.get(i)` of the operand.
  record Permute(List<Integer> order) implements Op {
    public Permute {
      order = List.copyOf(order);
    }

    /// Swaps the last two of `rank` axes.
    static Permute transpose(int rank) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
      Collections.swap(order, rank - 1, rank - 2);
      return new Permute(order);
    }

    boolean isTranspose() {
      return order.size() >= 2 && equals(transpose(order.size()));
    }

    Permute inverse() {
      return new Permute(IntStream.range(0, order.size()).mapToObj(order::indexOf).toList());
    }

    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.permuted(order, operands.getFirst());
    }

    @Override
    public String label() {
      return isTranspose() ? "transpose" : "permute " + order;
    }
  }

  /// Repeats along missing axes and axes of length 1 until the shape is `target`.
  record Broadcast(Shape target) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.repeated(operands.getFirst(), target);
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

    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.reduced(operands.getFirst(), axes);
    }

    @Override
    public String label() {
      return "sum " + axes;
    }
  }

  /// The largest element over `axes` (ascending, counted from 0), which disappear; NaN if there is
  /// one, −∞ of nothing. Where several are largest, each gets an equal part of the cotangent; NaN
  /// counts as larger than every number.
  record Max(List<Integer> axes) implements Op {
    public Max {
      axes = List.copyOf(axes);
    }

    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.reduced(operands.getFirst(), axes);
    }

    @Override
    public String label() {
      return "max " + axes;
    }
  }

  /// Running sums along `axis`: from the first element on, or, if `reverse`, from the last.
  record CumulativeSum(int axis, boolean reverse) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      operands.getFirst().axis("cumulativeSum", axis);
      return operands.getFirst();
    }

    @Override
    public String label() {
      return "cumulative sum axis " + axis + (reverse ? " reverse" : "");
    }
  }

  /// The positions `indices` along `axis`, in that order and as often as they come.
  record Gather(int axis, List<Integer> indices) implements Op {
    public Gather {
      indices = List.copyOf(indices);
    }

    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.gathered(this, operands.getFirst());
    }

    @Override
    public String label() {
      return "gather axis " + axis + ", " + indices.size() + " positions";
    }
  }

  /// The adjoint of [Gather]: zeros of length `length` along `axis`, and each part added at its
  /// position.
  record Scatter(int axis, List<Integer> indices, int length) implements Op {
    public Scatter {
      indices = List.copyOf(indices);
    }

    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.scattered(this, operands.getFirst());
    }

    @Override
    public String label() {
      return "scatter axis " + axis + ", " + indices.size() + " positions";
    }
  }

  /// All windows over the last axes: `[…, s₁, s₂] ↦ […, o₁, o₂, k₁, k₂]` with
  ///
  ///     y[…, i, j, u, v] = x[…, i·stride₁ + u·dilation₁, j·stride₂ + v·dilation₂]
  ///     o = ⌊(s − dilation·(k − 1) − 1)/stride⌋ + 1
  ///
  /// What convolution and pooling are made of; any number of axes.
  record Windows(List<Integer> sizes, List<Integer> strides, List<Integer> dilations)
      implements Op {
    public Windows {
      sizes = List.copyOf(sizes);
      strides = List.copyOf(strides);
      dilations = List.copyOf(dilations);
      if (sizes.size() != strides.size() || sizes.size() != dilations.size()) {
        throw new IllegalArgumentException(
            "windows: sizes %s, strides %s, dilations %s; want as many of each"
                .formatted(sizes, strides, dilations));
      }
      for (List<Integer> numbers : List.of(sizes, strides, dilations)) {
        if (numbers.stream().anyMatch(number -> number < 1)) {
          throw new IllegalArgumentException(
              "windows: sizes %s, strides %s, dilations %s; want 1 or more each"
                  .formatted(sizes, strides, dilations));
        }
      }
    }

    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.windows(this, operands.getFirst());
    }

    /// For each element of the result, where in the operand it comes from.
    public int[] sources(Shape operand) {
      Shape result = shape(List.of(operand));
      int first = operand.rank() - sizes.size();
      int[] sources = new int[result.size()];
      int[] at = new int[result.rank()];
      for (int i = 0; i < sources.length; i++) {
        int source = 0;
        for (int axis = 0; axis < operand.rank(); axis++) {
          int position = at[axis];
          if (axis >= first) {
            int k = axis - first;
            position = position * strides.get(k) + at[operand.rank() + k] * dilations.get(k);
          }
          source = source * operand.dim(axis) + position;
        }
        sources[i] = source;
        for (int axis = result.rank() - 1; axis >= 0 && ++at[axis] == result.dim(axis); axis--) {
          at[axis] = 0;
        }
      }
      return sources;
    }

    @Override
    public String label() {
      return "windows " + sizes + " stride " + strides + " dilation " + dilations;
    }
  }

  /// The adjoint of [Windows]: adds each window where it came from, in a value of shape `target`.
  record Overlap(Windows windows, Shape target) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.overlap(this, operands.getFirst());
    }

    @Override
    public String label() {
      return "overlap";
    }
  }

  /// Element-wise operations evaluated together in one pass over memory; made by [Simplify]. Its
  /// operands are broadcast to `target`; `body` is a program on values of that shape.
  record Fused(Shape target, Tape body) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return target;
    }

    @Override
    public String label() {
      return body.nodes().stream()
          .map(Tape.Node::op)
          .filter(op -> !(op instanceof Input))
          .map(Op::label)
          .collect(Collectors.joining(" · ", "fused ", ""));
    }
  }

  /// The same values in the same order under another shape.
  record Reshape(Shape target) implements Op {
    @Override
    public Shape shape(List<Shape> operands) {
      return ShapeRules.reshaped(operands.getFirst(), target);
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
      return ShapeRules.sliced(this, operands.getFirst());
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
      return ShapeRules.padded(this, operands.getFirst());
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
      return ShapeRules.joined(axis, operands);
    }

    @Override
    public String label() {
      return "concat axis " + axis;
    }
  }

  /// The axes of `operand` that an operation reduces over: the given ones counted from 0, or all if
  /// there are none.
  static List<Integer> axes(String operation, Shape operand, int... axes) {
    boolean[] chosen = new boolean[operand.rank()];
    Arrays.fill(chosen, axes.length == 0);
    for (int axis : axes) {
      chosen[operand.axis(operation, axis)] = true;
    }
    List<Integer> counted = new ArrayList<>();
    for (int axis = 0; axis < chosen.length; axis++) {
      if (chosen[axis]) {
        counted.add(axis);
      }
    }
    return counted;
  }

  /// `operand` with length 1 along `axes`.
  static Shape kept(Shape operand, List<Integer> axes) {
    Shape kept = operand;
    for (int axis : axes) {
      kept = kept.with(axis, 1);
    }
    return kept;
  }
}
