package org.flowline.autodiff;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// A value of a program that is being recorded: models are written as maths on `Var`s.
///
/// A method computes nothing: it writes one primitive ([Op]) to the tape, or a composition of some
/// ([Softmax], [Convolution]). Element-wise operations broadcast by NumPy's rule and
/// cost one operation for each element. The comment of a method is its equation. Shapes that do not
/// fit are an `IllegalArgumentException`; a `Var` of another tape, or of a tape that this thread is
/// not recording at this moment, is an `IllegalStateException` that names it.
///
/// [Op.Unary] lists the error bound of each elementary function, [Op.Power#ulps()] of powers.
///
/// Derivatives at edges: a finite limit is the derivative, also at ±∞. Where the slope of a root, a
/// logarithm or a power is infinite or undefined (`√x` and `ln x` at 0 and below), a cotangent or
/// tangent of exactly 0 stays 0, so that `x.greater(0).where(x.sqrt(), 0)` is safe; any other
/// becomes ±∞ or NaN.
public final class Var {
  private static final double E_MINUS_100 = 3.720075976020836e-44;

  final Recorder recorder;
  final int id;
  private final Shape shape;

  Var(Recorder recorder, int id, Shape shape) {
    this.recorder = recorder;
    this.id = id;
    this.shape = shape;
  }

  /// Returns the dimensions of this value.
  public Shape shape() {
    return shape;
  }

  /// Returns a constant number on the tape of this value.
  public Var constant(double value) {
    Op constant = Op.Constant.filled(Shape.scalar(), value);
    recorder.requireOwn(constant, this);
    return recorder.emit(constant);
  }

  /// Returns a constant with the given elements, row by row, on the tape of this value.
  ///
  /// @throws IllegalArgumentException if their number is not the shape's
  public Var constant(Shape shape, double... values) {
    Op constant = Op.Constant.of(shape, values);
    recorder.requireOwn(constant, this);
    return recorder.emit(constant);
  }

  /// `a + b`
  public Var add(Var b) {
    return binary(Op.Binary.ADD, b);
  }

  /// `a + b`
  public Var add(double b) {
    return binary(Op.Binary.ADD, b);
  }

  /// `a − b`
  public Var sub(Var b) {
    return binary(Op.Binary.SUB, b);
  }

  /// `a − b`
  public Var sub(double b) {
    return binary(Op.Binary.SUB, b);
  }

  /// `a · b`, element-wise
  public Var mul(Var b) {
    return binary(Op.Binary.MUL, b);
  }

  /// `a · b`
  public Var mul(double b) {
    return binary(Op.Binary.MUL, b);
  }

  /// `a / b`, element-wise
  public Var div(Var b) {
    return binary(Op.Binary.DIV, b);
  }

  /// `a / b`
  public Var div(double b) {
    return binary(Op.Binary.DIV, b);
  }

  /// `−x`
  public Var neg() {
    return recorder.emit(Op.Unary.NEG, this);
  }

  /// `|x|`; derivative `sign(x)`, 0 at 0
  public Var abs() {
    return recorder.emit(Op.Unary.ABS, this);
  }

  /// −1, 0 or 1; derivative 0
  public Var sign() {
    return recorder.emit(Op.Unary.SIGN, this);
  }

  /// 1 where `x > 0`, else 0; derivative 0
  public Var step() {
    return recorder.emit(Op.Unary.STEP, this);
  }

  /// `eˣ`
  public Var exp() {
    return recorder.emit(Op.Unary.EXP, this);
  }

  /// `eˣ − 1`, accurate near 0
  public Var expm1() {
    return recorder.emit(Op.Unary.EXPM1, this);
  }

  /// `ln x`; derivative `1/x`, ∞ at 0
  public Var log() {
    return recorder.emit(Op.Unary.LOG, this);
  }

  /// `ln(1 + x)`, accurate near 0
  public Var log1p() {
    return recorder.emit(Op.Unary.LOG1P, this);
  }

  /// `√x`; derivative `1/(2√x)`, ∞ at 0. The derivative of `x.square().sqrt()` at 0, the kink of
  /// `|x|`, is 0 in forward mode, which multiplies by the 0 of the square first, and NaN in reverse
  /// mode, which multiplies by the ∞ of the root first; [#abs()] has 0 in both.
  public Var sqrt() {
    return recorder.emit(Op.Unary.SQRT, this);
  }

  /// `sin x`
  public Var sin() {
    return recorder.emit(Op.Unary.SIN, this);
  }

  /// `cos x`
  public Var cos() {
    return recorder.emit(Op.Unary.COS, this);
  }

  /// `tanh x`; derivative `1 − tanh² x` with an error of at most 2⁻⁵⁰, so without relative digits
  /// beyond `|x| = 19`. (Relative digits would cost the pullback of a network 15–46 %.)
  public Var tanh() {
    return recorder.emit(Op.Unary.TANH, this);
  }

  /// `1 / (1 + e⁻ˣ)`; derivative `σ(x)·σ(−x)`, with all digits in the tails
  public Var sigmoid() {
    return recorder.emit(Op.Unary.SIGMOID, this);
  }

  /// `ln(1 + eˣ)`, without overflow
  public Var softplus() {
    return recorder.emit(Op.Unary.SOFTPLUS, this);
  }

  /// `max(x, 0)`; derivative 0 at 0
  public Var relu() {
    return recorder.emit(Op.Unary.RELU, this);
  }

  /// The error function, `2/√π ∫₀ˣ e^(−t²) dt`
  public Var erf() {
    return recorder.emit(Op.Unary.ERF, this);
  }

  /// `1 − erf(x)`, with all digits on the right, where it is small
  public Var erfc() {
    return recorder.emit(Op.Unary.ERFC, this);
  }

  /// `x` above 0, `slope·x` below; derivative `slope` at 0
  public Var leakyRelu(double slope) {
    return greater(0).where(this, mul(slope));
  }

  /// `x` above 0, `α(eˣ − 1)` below
  public Var elu(double alpha) {
    Var above = greater(0);
    return above.where(this, above.where(0, this).expm1().mul(alpha));
  }

  /// `x·sigmoid(x)`, with all digits on the left, where `eˣ` underflows before `x eˣ`; 0 at −∞
  public Var silu() {
    return gated(
        z -> {
          Var left = z.less(-600);
          Var scaled = left.where(z, -600).add(100).exp(); // e¹⁰⁰ sigmoid(z)
          return left.where(z.mul(scaled).mul(E_MINUS_100), z.mul(z.sigmoid()));
        });
  }

  /// `x·Φ(x) = x/2·erfc(−x/√2)`; 0 at −∞. Without cancellation on the left, where the rounding of
  /// `x/√2` leaves a relative error of `x²` ulps. Hendrycks & Gimpel (2016).
  public Var gelu() {
    return gated(z -> z.mul(0.5).mul(z.mul(-Math.sqrt(0.5)).erfc()));
  }

  /// `f(x)` for `|x| ≤ 800`; beyond, the limits `x` and 0, where `f` would multiply 0 by ∞.
  private Var gated(UnaryOperator<Var> f) {
    Var right = greater(800);
    Var inside = right.where(0, this).clampMin(-800);
    return right.where(this, f.apply(inside));
  }

  /// `max(x, low)`; derivative 0 below, 1 at `low`. NaN stays NaN.
  ///
  /// @throws IllegalArgumentException if `low` is NaN
  public Var clampMin(double low) {
    requireNumber("clampMin", low);
    return less(low).where(low, this);
  }

  /// `min(x, high)`; derivative 0 above, 1 at `high`. NaN stays NaN.
  ///
  /// @throws IllegalArgumentException if `high` is NaN
  public Var clampMax(double high) {
    requireNumber("clampMax", high);
    return greater(high).where(high, this);
  }

  /// `x` within `[low, high]`; derivative 0 outside, 1 at the bounds
  ///
  /// @throws IllegalArgumentException unless `low ≤ high`
  public Var clamp(double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException("clamp: to [" + low + ", " + high + "]; want low ≤ high");
    }
    return clampMin(low).clampMax(high);
  }

  /// The polynomials of [Op.Piecewise] of this one number, `[width]`.
  ///
  /// @param knots one or more, ascending
  /// @param coefficients for each degree a row of `width` for each piece, row by row, of one piece
  ///     more than there are knots; not copied
  /// @throws IllegalArgumentException if their numbers do not fit, or this is not one number
  public Var piecewise(double[] knots, double[]... coefficients) {
    return recorder.emit(new Op.Piecewise(knots, coefficients), this);
  }

  private static void requireNumber(String what, double bound) {
    if (Double.isNaN(bound)) {
      throw new IllegalArgumentException(what + ": to NaN; want a number");
    }
  }

  /// 1 where `a > b`, else 0, as for NaN; derivative 0
  public Var greater(Var b) {
    return binary(Op.Binary.GREATER, b);
  }

  /// 1 where `a > b`, else 0, as for NaN; derivative 0
  public Var greater(double b) {
    return binary(Op.Binary.GREATER, b);
  }

  /// 1 where `a ≥ b`, else 0, as for NaN; derivative 0
  public Var greaterEqual(Var b) {
    return binary(Op.Binary.GREATER_EQUAL, b);
  }

  /// 1 where `a ≥ b`, else 0, as for NaN; derivative 0
  public Var greaterEqual(double b) {
    return binary(Op.Binary.GREATER_EQUAL, b);
  }

  /// 1 where `a < b`, else 0, as for NaN; derivative 0
  public Var less(Var b) {
    recorder.requireOwn(Op.Binary.GREATER, b);
    return b.greater(this);
  }

  /// 1 where `a < b`, else 0, as for NaN; derivative 0
  public Var less(double b) {
    return less(constant(b));
  }

  /// 1 where `a ≤ b`, else 0, as for NaN; derivative 0
  public Var lessEqual(Var b) {
    recorder.requireOwn(Op.Binary.GREATER_EQUAL, b);
    return b.greaterEqual(this);
  }

  /// 1 where `a ≤ b`, else 0, as for NaN; derivative 0
  public Var lessEqual(double b) {
    return lessEqual(constant(b));
  }

  /// 1 where `a = b`, else 0, as for NaN; derivative 0
  public Var equalTo(Var b) {
    return binary(Op.Binary.EQUAL, b);
  }

  /// 1 where `a = b`, else 0, as for NaN; derivative 0
  public Var equalTo(double b) {
    return binary(Op.Binary.EQUAL, b);
  }

  /// 1 where `a ≠ b`, also where one is NaN, else 0; derivative 0
  public Var notEqualTo(Var b) {
    return constant(1).sub(equalTo(b));
  }

  /// 1 where `a ≠ b`, also where `a` is NaN, else 0; derivative 0
  public Var notEqualTo(double b) {
    return notEqualTo(constant(b));
  }

  /// `max(a, b)`, element-wise, NaN if either is; at a tie the derivative goes to `a`. For a number
  /// use [#clampMin]; `max(1)` is the largest element along axis 1.
  public Var max(Var b) {
    return greaterEqual(b).where(this, orNaN(b));
  }

  /// `min(a, b)`, element-wise, NaN if either is; at a tie the derivative goes to `a`. For a number
  /// use [#clampMax].
  public Var min(Var b) {
    return lessEqual(b).where(this, orNaN(b));
  }

  /// `b`, or this value where it is NaN
  private Var orNaN(Var b) {
    return equalTo(this).where(b, this);
  }

  /// `c ≠ 0 ? a : b` with this value as the condition `c`. The value that is not chosen contributes
  /// neither its derivative nor its NaN.
  public Var where(Var a, Var b) {
    Op where = new Op.Where();
    recorder.requireOwn(where, this, a, b);
    Shape common = Shape.broadcast("where", shape, Shape.broadcast("where", a.shape, b.shape));
    return recorder.emit(where, broadcast(common), a.broadcast(common), b.broadcast(common));
  }

  /// `c ≠ 0 ? a : b` with a number `b`
  public Var where(Var a, double b) {
    return where(a, constant(b));
  }

  /// `c ≠ 0 ? a : b` with a number `a`
  public Var where(double a, Var b) {
    return where(constant(a), b);
  }

  /// `c ≠ 0 ? a : b` with two numbers
  public Var where(double a, double b) {
    return where(constant(a), constant(b));
  }

  /// The identity with derivative 0.
  public Var stopGradient() {
    return recorder.emit(new Op.StopGradient(), this);
  }

  /// `xᵖ`, with the edge values of [Math#pow(double, double)]: `p = ½` is [#sqrt()] except at −0,
  /// where it is 0, and at −∞, where it is ∞
  public Var pow(double p) {
    if (p == 1) {
      return this;
    }
    return p == 0 ? recorder.constant(shape, 1) : recorder.emit(new Op.Power(p), this);
  }

  /// `aᵇ`, element-wise, with the edge values of [Math#pow(double, double)]. Derivatives
  /// `b·aᵇ⁻¹` and `aᵇ ln a`, 0 where `b` and where `aᵇ` is 0; the second is NaN for a negative `a`.
  public Var pow(Var b) {
    return binary(Op.Binary.POW, b);
  }

  /// `x²`
  public Var square() {
    return pow(2);
  }

  /// The matrix product `a·b`, `[m, k] × [k, n]`; of stacks of matrices, matrix by matrix, leading
  /// axes broadcast. Costs `2mkn` FLOP for each. A [#transpose()] on the left is read in place; a
  /// transpose on the right is laid out once in each run, without an operation of its own.
  public Var matmul(Var b) {
    Op.MatMul plain = new Op.MatMul(false, false);
    recorder.requireOwn(plain, this, b);
    if (shape.rank() > 2 && b.shape.rank() == 2) {
      ShapeRules.requireInner(plain, shape, b.shape);
      Var rows = reshape(shape.outer(shape.rank() - 1), shape.dim(-1));
      return rows.matmul(b).reshape(shape.with(-1, b.shape.dim(-1)));
    }
    Var left = recorder.untransposed(this);
    Var right = recorder.untransposed(b);
    Op.MatMul product = new Op.MatMul(left != this, right != b);
    if (shape.rank() == 2 && b.shape.rank() == 2 || shape.rank() < 2 || b.shape.rank() < 2) {
      return recorder.emit(product, left, right);
    }
    ShapeRules.requireInner(product, left.shape, right.shape);
    String what = "matmul of " + shape + " × " + b.shape;
    Shape stack = Shape.broadcast(what, ShapeRules.leading(shape), ShapeRules.leading(b.shape));
    return recorder.emit(product, left.stacked(stack), right.stacked(stack));
  }

  private Var stacked(Shape stack) {
    IntStream matrix = IntStream.of(shape.dim(-2), shape.dim(-1));
    return broadcast(Shape.of(IntStream.concat(IntStream.of(stack.dims()), matrix).toArray()));
  }

  /// Swaps the last two axes.
  public Var transpose() {
    if (shape.rank() < 2) {
      throw new IllegalArgumentException("transpose: " + shape + "; want two axes or more");
    }
    return recorder.emit(Op.Permute.transpose(shape.rank()), this);
  }

  /// Reorders the axes: axis `i` of the result is axis `order[i]` of this.
  public Var permute(int... order) {
    return recorder.emit(new Op.Permute(IntStream.of(order).boxed().toList()), this);
  }

  /// Repeats to `target` by the broadcasting rule.
  public Var broadcast(Shape target) {
    return target.equals(shape) ? this : recorder.emit(new Op.Broadcast(target), this);
  }

  /// The sum over `axes`, which disappear; without axes, over all elements.
  public Var sum(int... axes) {
    return sum(Op.axes("sum", shape, axes));
  }

  private Var sum(List<Integer> over) {
    return over.isEmpty() ? this : recorder.emit(new Op.Sum(over), this);
  }

  /// The mean over `axes`, which disappear; without axes, over all elements. NaN without elements.
  public Var mean(int... axes) {
    Var sum = sum(Op.axes("mean", shape, axes));
    return sum.div((double) shape.size() / sum.shape.size());
  }

  /// The largest element over `axes`, which disappear; without axes, of all. NaN if there is a NaN,
  /// −∞ without elements; equally large elements share the derivative.
  public Var max(int... axes) {
    return max(Op.axes("max", shape, axes));
  }

  private Var max(List<Integer> over) {
    return over.isEmpty() ? this : recorder.emit(new Op.Max(over), this);
  }

  /// The smallest element over `axes`, as [#max(int...)].
  public Var min(int... axes) {
    return neg().max(Op.axes("min", shape, axes)).neg();
  }

  /// `ln Σ eˣ` over `axes`, which disappear, without overflow; −∞ without elements, ∞ with an
  /// element of ∞. Where the result is infinite, equally large elements share the derivative.
  public Var logSumExp(int... axes) {
    return Softmax.logSumExp(this, axes);
  }

  /// `eˣ / Σ eˣ` along `axis`, without overflow; elements of ∞ share the 1. NaN where all elements
  /// are −∞.
  public Var softmax(int axis) {
    return Softmax.softmax(this, axis);
  }

  /// `ln softmax(x) = x − max x − ln Σ e^(x − max x)` along `axis`, accurate where the softmax is
  /// small and where `x` is large. NaN where all elements are −∞.
  public Var logSoftmax(int axis) {
    return Softmax.logSoftmax(this, axis);
  }

  /// The cross-entropy `−Σ p ln softmax(x)` along the last axis, which disappears, of these logits
  /// and probabilities (or one-hot labels) `p` of the same shape; `p = 0` adds nothing, also
  /// for a logit of −∞. NaN where all logits are −∞.
  public Var crossEntropy(Var p) {
    return Softmax.crossEntropy(this, p);
  }

  /// Running sums along `axis`: `yᵢ = x₀ + … + xᵢ`
  public Var cumulativeSum(int axis) {
    return recorder.emit(new Op.CumulativeSum(shape.axis("cumulativeSum", axis), false), this);
  }

  /// Running sums along `axis` from its end: `yᵢ = xᵢ + … + xₙ₋₁`
  public Var cumulativeSumFromEnd(int axis) {
    return recorder.emit(
        new Op.CumulativeSum(shape.axis("cumulativeSumFromEnd", axis), true), this);
  }

  /// The elements at `indices` along `axis`, in that order and with repetitions.
  public Var gather(int axis, int... indices) {
    List<Integer> positions = IntStream.of(indices).boxed().toList();
    return recorder.emit(new Op.Gather(shape.axis("gather", axis), positions), this);
  }

  /// The same elements in the same order, under other dimensions.
  public Var reshape(int... dims) {
    return reshape(Shape.of(dims));
  }

  /// The same elements in the same order, under another shape.
  public Var reshape(Shape target) {
    return target.equals(shape) ? this : recorder.emit(new Op.Reshape(target), this);
  }

  /// The elements `[from, to)` along `axis`.
  public Var slice(int axis, int from, int to) {
    int counted = shape.axis("slice", axis);
    boolean whole = from == 0 && to == shape.dim(counted);
    return whole ? this : recorder.emit(new Op.Slice(counted, from, to), this);
  }

  /// Adds zeros before and after along `axis`.
  public Var pad(int axis, int before, int after) {
    int counted = shape.axis("pad", axis);
    boolean none = before == 0 && after == 0;
    return none ? this : recorder.emit(new Op.Pad(counted, before, after), this);
  }

  /// Adds the number `value` before and after along `axis`.
  public Var pad(int axis, int before, int after, double value) {
    Var zeros = pad(axis, before, after);
    if (Double.doubleToRawLongBits(value) == 0 || zeros == this) {
      return zeros;
    }
    Var first = recorder.constant(shape.with(axis, before), value);
    Var last = recorder.constant(shape.with(axis, after), value);
    return concat(axis, List.of(first, this, last));
  }

  /// Concatenates values along `axis`.
  public static Var concat(int axis, List<Var> parts) {
    requireParts("concat", parts);
    Var first = parts.getFirst();
    int counted = first.shape.axis("concat", axis);
    return parts.size() == 1
        ? first
        : first.recorder.emit(new Op.Concat(counted), parts.toArray(Var[]::new));
  }

  /// Stacks values of one shape along a new axis.
  public static Var stack(int axis, List<Var> parts) {
    requireParts("stack", parts);
    Shape shape = parts.getFirst().shape;
    int at = axis < 0 ? axis + shape.rank() + 1 : axis;
    if (at < 0 || at > shape.rank()) {
      throw new IllegalArgumentException(
          "stack: axis " + axis + " for parts " + shape + "; want 0 … " + shape.rank());
    }
    int[] dims = new int[shape.rank() + 1];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i == at ? 1 : shape.dim(i < at ? i : i - 1);
    }
    for (Var part : parts) {
      parts.getFirst().recorder.requireOwn("stack: operand ", part);
      if (!part.shape.equals(shape)) {
        throw new IllegalArgumentException(
            "stack: parts " + shape + " and " + part.shape + "; want one shape");
      }
    }
    return concat(at, parts.stream().map(part -> part.reshape(dims)).toList());
  }

  private static void requireParts(String operation, List<Var> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(operation + ": no operands; want one or more");
    }
    for (Var part : parts) {
      if (part == null) {
        throw new IllegalArgumentException(operation + ": operand is null; want a Var");
      }
    }
  }

  /// Convolution (cross-correlation, as in every network) over the last axes:
  ///
  ///     y[n, o, i…] = Σ_{c, u…} x[n, c, i·stride + u…] w[o, c, u…]
  ///
  /// `x` `[n, c, s…]` and `w` `[o, c, k…]` with one or more axes `s`, `k`, any of which but `k` may
  /// be empty. Without channels `c` the result is 0. Costs the product `[n·i…, c·k…] × [c·k…, o]`,
  /// and a copy of all windows.
  public Var convolve(Var w, int stride) {
    return Convolution.convolve(this, w, stride);
  }

  /// Convolution as [#convolve(Var, int)], with its own stride, zeros on both sides and dilation
  /// for each of the last axes:
  ///
  ///     y[n, o, i…] = Σ_{c, u…} x[n, c, i·stride + u·dilation − padding…] w[o, c, u…]
  public Var convolve(Var w, int[] strides, int[] paddings, int[] dilations) {
    return Convolution.convolve(this, w, strides, paddings, dilations);
  }

  /// The mean over windows of these sizes over the last axes.
  public Var averagePool(int[] sizes, int stride) {
    return Convolution.windows(this, sizes, stride).mean(lastAxes(sizes.length));
  }

  /// The largest element of windows of these sizes over the last axes.
  public Var maxPool(int[] sizes, int stride) {
    return Convolution.windows(this, sizes, stride).max(lastAxes(sizes.length));
  }

  /// All windows of these sizes over the last axes, as new last axes; see [Op.Windows].
  public Var windows(int[] sizes, int stride) {
    return Convolution.windows(this, sizes, stride);
  }

  private static int[] lastAxes(int count) {
    return IntStream.rangeClosed(1, count).map(i -> -i).toArray();
  }

  private Var binary(Op.Binary op, double b) {
    recorder.requireOwn(op, this);
    return binary(op, constant(b));
  }

  private Var binary(Op.Binary op, Var b) {
    recorder.requireOwn(op, this, b); // before anything is written to the other tape
    Shape common = Shape.broadcast(op.label(), shape, b.shape);
    return recorder.emit(op, broadcast(common), b.broadcast(common));
  }

  @Override
  public String toString() {
    return recorder.describe(id);
  }
}
