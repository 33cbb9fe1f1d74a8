package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A primitive operation, one node of a [Tape]. There are few; [Var] composes everything else.
///
/// A record holds the operation's fixed arguments. Each of its rules is a case in one exhaustive
/// switch, so that the compiler lists the rules that a new primitive lacks:
///
/// | rule | switch |
/// |---|---|
/// | shape of the result | [ShapeRules#of] |
/// | cotangents of the operands, `x̄ = ȳ·∂y/∂x` | [Pullbacks#of] |
/// | tangent of the result, `ẏ = ∂y/∂x·ẋ` | [Pushforwards#of] |
/// | kernel on the JVM, and on ND4J | `Instruction.of`, `Nd4jOperation.of` |
///
/// A function of one operand is a constant of [Unary]; the module's README lists its cases.
public sealed interface Op {

  /// Returns the shape of the result for operands of these shapes.
  ///
  /// @throws IllegalArgumentException in the form *operation: what came, what was wanted*
  default Shape shape(List<Shape> operands) {
    return ShapeRules.of(this, operands);
  }

  /// Returns the name and the fixed arguments, as a printed tape shows them.
  default String label() {
    return switch (this) {
      case Input input -> "input " + input.index;
      case Constant constant ->
          "constant "
              + (constant.isFilled() ? constant.value() : constant.values.length + " values");
      case Unary unary -> unary.name().toLowerCase(Locale.ROOT);
      case Binary binary -> binary.name().toLowerCase(Locale.ROOT);
      case Power power -> "power " + power.exponent;
      case Where _, Broadcast _, Overlap _, Reshape _ ->
          getClass().getSimpleName().toLowerCase(Locale.ROOT);
      case StopGradient _ -> "stop gradient";
      case MatMul(boolean left, boolean right) ->
          "matmul" + (left ? " ᵀ·" : " ·") + (right ? "ᵀ" : "");
      case Permute permute -> permute.isTranspose() ? "transpose" : "permute " + permute.order;
      case Sum sum -> "sum " + sum.axes;
      case Max max -> "max " + max.axes;
      case CumulativeSum(int axis, boolean reverse) ->
          "cumulative sum axis " + axis + (reverse ? " reverse" : "");
      case Gather gather ->
          "gather axis " + gather.axis + ", " + gather.indices.size() + " positions";
      case Scatter scatter ->
          "scatter axis " + scatter.axis + ", " + scatter.indices.size() + " positions";
      case Windows(var sizes, var strides, var dilations) ->
          "windows " + sizes + " stride " + strides + " dilation " + dilations;
      case Fused fused ->
          fused.body.nodes().stream()
              .map(Tape.Node::op)
              .filter(op -> !(op instanceof Input))
              .map(Op::label)
              .collect(Collectors.joining(" · ", "fused ", ""));
      case Slice(int axis, int from, int to) ->
          "slice axis " + axis + " [" + from + ", " + to + ")";
      case Pad(int axis, int before, int after) ->
          "pad axis " + axis + " (" + before + ", " + after + ")";
      case Concat concat -> "concat axis " + concat.axis;
      case Piecewise piecewise -> "piecewise of " + (piecewise.knots.length + 1) + " pieces";
    };
  }

  /// The `index`-th argument of the program.
  record Input(int index, Shape shape) implements Op {}

  /// A value known when the tape is recorded: one number that fills the shape, or a number for each
  /// element.
  final class Constant implements Op {
    private final Shape shape;
    private final double[] values;

    private Constant(Shape shape, double[] values) {
      this.shape = shape;
      this.values = values;
    }

    /// Returns `value` in every element; holds one number for any shape.
    public static Constant filled(Shape shape, double value) {
      return new Constant(shape, new double[] {value});
    }

    /// Returns a constant of these elements, row by row; copies them.
    ///
    /// @throws IllegalArgumentException if their number is not the shape's size
    public static Constant of(Shape shape, double... values) {
      if (values.length != shape.size()) {
        throw new IllegalArgumentException(
            "constant: " + values.length + " values for " + shape + "; want " + shape.size());
      }
      return new Constant(shape, values.clone());
    }

    /// Returns the shape of the value.
    public Shape shape() {
      return shape;
    }

    /// Writes the elements to `out[offset …]`.
    public void copyTo(double[] out, int offset) {
      for (int i = 0; i < shape.size(); i++) {
        out[offset + i] = values[values.length == 1 ? 0 : i];
      }
    }

    /// Returns whether one number fills the shape.
    public boolean isFilled() {
      return values.length == 1;
    }

    /// Returns the number that fills the shape, else the first element.
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
  /// `SIGN` and `STEP` have derivative 0. The argument of each constant is its largest error on the
  /// JVM over all arguments whose result is a normal number, see [#ulps()].
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

    /// Returns the bound on the error of a computed value, in units in the last place of the true
    /// value; 0.5 is correctly rounded. Scalar and vector kernels agree bit for bit.
    public double ulps() {
      return ulps;
    }
  }

  /// `x` to a constant power, element-wise.
  record Power(double exponent) implements Op {
    /// Returns the bound on the error of a computed value, as [Unary#ulps()]. Whole and half-whole
    /// exponents up to 16 are products: one rounding for each factor but the first, one for a root
    /// and one for a reciprocal. All other exponents have one bound.
    public double ulps() {
      double size = Math.abs(exponent);
      if (size > 16 || 2 * size != Math.rint(2 * size)) {
        return 0.7;
      }
      double products = Math.ceil(size) - (size == Math.rint(size) ? 1 : 0);
      return Math.max(0, products) + (exponent < 0 ? 1 : 0);
    }
  }

  /// Element-wise functions of two operands of one shape; a [Broadcast] precedes them where shapes
  /// differ:
  ///
  ///     ADD  a + b    MUL  a·b    POW      aᵇ       GREATER_EQUAL  a ≥ b
  ///     SUB  a − b    DIV  a/b    GREATER  a > b    EQUAL          a = b
  ///
  /// `POW` has the edge values of [Math#pow(double, double)] and the error of [Power] for exponents
  /// that are not products. A comparison is 1 where it holds, else 0 (also for NaN), and has
  /// derivative 0.
  enum Binary implements Op {
    ADD,
    SUB,
    MUL,
    DIV,
    POW,
    GREATER,
    GREATER_EQUAL,
    EQUAL;
  }

  /// Element-wise `c ≠ 0 ? a : b` of a condition `c` and two values, all of one shape. The value
  /// that is not chosen contributes neither its derivative nor its NaN.
  record Where() implements Op {}

  /// The identity with derivative 0.
  record StopGradient() implements Op {}

  /// The matrix product `op(A)·op(B)`, each side read as it is or transposed; with leading axes,
  /// which must be equal, one product for each matrix.
  record MatMul(boolean transposeA, boolean transposeB) implements Op {}

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
  }

  /// Repeats a value along missing axes and axes of length 1 up to the shape `target`.
  record Broadcast(Shape target) implements Op {}

  /// The sum over `axes` (ascending, counted from 0), which disappear.
  record Sum(List<Integer> axes) implements Op {
    public Sum {
      axes = List.copyOf(axes);
    }
  }

  /// The largest element over `axes` (ascending, counted from 0), which disappear: NaN if there is
  /// a NaN, −∞ of no elements. Equally large elements share the cotangent; NaN counts as larger
  /// than every number.
  record Max(List<Integer> axes) implements Op {
    public Max {
      axes = List.copyOf(axes);
    }
  }

  /// Running sums along `axis` from the first element, or, if `reverse`, from the last.
  record CumulativeSum(int axis, boolean reverse) implements Op {}

  /// The elements at `indices` along `axis`, in that order and with repetitions.
  record Gather(int axis, List<Integer> indices) implements Op {
    public Gather {
      indices = List.copyOf(indices);
    }
  }

  /// The adjoint of [Gather]: adds each part at its position to zeros of length `length` along
  /// `axis`.
  record Scatter(int axis, List<Integer> indices, int length) implements Op {
    public Scatter {
      indices = List.copyOf(indices);
    }
  }

  /// All windows over the last axes: `[…, s₁, s₂] ↦ […, o₁, o₂, k₁, k₂]` with
  ///
  ///     y[…, i, j, u, v] = x[…, i·stride₁ + u·dilation₁, j·stride₂ + v·dilation₂]
  ///     o = ⌊(s − dilation·(k − 1) − 1)/stride⌋ + 1
  ///
  /// Convolution and pooling are composed of it. Any number of axes.
  record Windows(List<Integer> sizes, List<Integer> strides, List<Integer> dilations)
      implements Op {
    public Windows {
      sizes = List.copyOf(sizes);
      strides = List.copyOf(strides);
      dilations = List.copyOf(dilations);
      boolean equal = sizes.size() == strides.size() && sizes.size() == dilations.size();
      if (!equal
          || Stream.of(sizes, strides, dilations).flatMap(List::stream).anyMatch(k -> k < 1)) {
        throw new IllegalArgumentException(
            "windows: sizes %s, strides %s, dilations %s; want %s each"
                .formatted(sizes, strides, dilations, equal ? "1 or more" : "as many of"));
      }
    }

    /// Returns the index in the operand of each element of the result.
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
  }

  /// The adjoint of [Windows]: adds each window at its place in zeros of shape `target`.
  record Overlap(Windows windows, Shape target) implements Op {}

  /// Element-wise operations evaluated in one pass over memory, made by [Simplify]. The operands
  /// are broadcast to `target`; `body` is a program on values of that shape.
  record Fused(Shape target, Tape body) implements Op {}

  /// The same elements in the same order, under another shape.
  record Reshape(Shape target) implements Op {}

  /// The elements `[from, to)` along `axis`.
  record Slice(int axis, int from, int to) implements Op {}

  /// Adds zeros before and after along `axis`; the adjoint of [Slice].
  record Pad(int axis, int before, int after) implements Op {
    public Pad {
      if (before < 0 || after < 0) {
        throw new IllegalArgumentException(
            "pad: " + before + " before and " + after + " after; want 0 or more");
      }
    }
  }

  /// The operands, one after the other along `axis`; their other lengths must agree.
  record Concat(int axis) implements Op {}

  /// Polynomials of one number `t`, a row of `width` for each piece between knots:
  ///
  ///     y = Σ_d c_d s^d,  s = (t − tᵢ)/(tᵢ₊₁ − tᵢ)   for tᵢ ≤ t < tᵢ₊₁
  ///
  /// Before the first knot and after the last one `s = 0`. At a knot the piece that begins there
  /// gives the value and every derivative. Costs O(log knots).
  final class Piecewise implements Op {
    private final double[] knots;
    private final double[] inverse;
    private final double[][] coefficients;
    private final int width;
    private Piecewise derivative;

    /// @param knots ascending
    /// @param coefficients `c_d[piece, column]` for each degree `d`, row by row, of one piece more
    ///     than there are knots
    Piecewise(double[] knots, double[]... coefficients) {
      int pieces = knots.length + 1;
      boolean fits = knots.length > 0 && coefficients.length > 0;
      for (int i = 1; fits && i < knots.length; i++) {
        fits = knots[i - 1] < knots[i];
      }
      for (int d = 0; fits && d < coefficients.length; d++) {
        int size = coefficients[d].length;
        fits = size > 0 && size % pieces == 0 && size == coefficients[0].length;
      }
      if (!fits || !Arrays.stream(knots).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "piecewise: %s knots; want one or more, finite and ascending, and for each degree a row for each of the pieces, one more than knots"
                .formatted(knots.length));
      }
      this.knots = knots.clone();
      this.width = coefficients[0].length / pieces;
      this.coefficients = coefficients.clone();
      this.inverse = new double[pieces];
      for (int i = 1; i < knots.length; i++) {
        inverse[i] = 1 / (knots[i] - knots[i - 1]);
      }
    }

    /// Returns the number of columns.
    public int width() {
      return width;
    }

    /// Returns a copy of the knots.
    public double[] knots() {
      return knots.clone();
    }

    /// Returns whether every column has the same value on both sides of a knot, up to rounding.
    public boolean isContinuousAt(int knot) {
      boolean continuous = true;
      for (int j = 0; j < width; j++) {
        double after = coefficients[0][(knot + 1) * width + j];
        double before = coefficients[0][knot * width + j];
        double size = Math.abs(before) + Math.abs(after);
        for (int d = 1; d < coefficients.length && knot > 0; d++) {
          before += coefficients[d][knot * width + j];
          size += Math.abs(coefficients[d][knot * width + j]);
        }
        continuous &= Math.abs(after - before) <= 8 * Math.ulp(size);
      }
      return continuous;
    }

    /// Writes the values at `t` to `out[offset …]`.
    public void evaluate(double t, double[] out, int offset) {
      int found = Arrays.binarySearch(knots, t + 0.0); // no −0 before 0
      int piece = found >= 0 ? found + 1 : -found - 1;
      boolean inside = inverse[piece] != 0;
      double s = Double.isNaN(t) ? t : inside ? (t - knots[piece - 1]) * inverse[piece] : 0;
      int last = coefficients.length - 1;
      for (int j = 0; j < width; j++) {
        double value = coefficients[last][piece * width + j];
        for (int d = last - 1; d >= 0; d--) {
          value = value * s + coefficients[d][piece * width + j];
        }
        out[offset + j] = last == 0 && Double.isNaN(t) ? t : value;
      }
    }

    /// Returns whether the derivative is 0 everywhere.
    boolean isConstant() {
      return coefficients.length == 1;
    }

    /// Returns the derivative by `t`.
    Piecewise derivative() {
      if (derivative == null) {
        double[][] rates = new double[coefficients.length - 1][coefficients[0].length];
        for (int d = 0; d < rates.length; d++) {
          for (int i = 0; i < rates[d].length; i++) {
            rates[d][i] = (d + 1) * inverse[i / width] * coefficients[d + 1][i];
          }
        }
        derivative = new Piecewise(knots, rates);
      }
      return derivative;
    }
  }

  /// Returns the axes that an operation reduces over, ascending and counted from 0: the given ones,
  /// or all if none is given.
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

  /// Returns `operand` with length 1 along `axes`.
  static Shape kept(Shape operand, List<Integer> axes) {
    Shape kept = operand;
    for (int axis : axes) {
      kept = kept.with(axis, 1);
    }
    return kept;
  }
}
