package org.flowline.autodiff;

import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// A value of a program being recorded: users write maths on `Var`s, a [Tape] remembers it.
///
/// Nothing is computed here. Element-wise operations broadcast by NumPy's rule. Each method names
/// its equation; shapes that do not fit are an `IllegalArgumentException`, a `Var` of another tape
/// an `IllegalStateException`.
public final class Var {
  /// Beyond this, `x·sigmoid(x)` and `x·Φ(x)` are `x` on the right and 0 on the left.
  private static final double FAR = 800;

  final Recorder recorder;
  final int id;
  private final Shape shape;

  Var(Recorder recorder, int id, Shape shape) {
    this.recorder = recorder;
    this.id = id;
    this.shape = shape;
  }

  public Shape shape() {
    return shape;
  }

  /// A constant of this `Var`'s tape, the same number everywhere.
  public Var constant(double value) {
    return recorder.constant(Shape.scalar(), value);
  }

  /// A constant of this `Var`'s tape with the given elements, row by row.
  public Var constant(Shape shape, double... values) {
    return recorder.emit(Op.Constant.of(shape, values));
  }

  /// `a + b`
  public Var add(Var b) {
    return binary(Op.Binary.ADD, b);
  }

  /// `a + b`
  public Var add(double b) {
    return binary(Op.Binary.ADD, constant(b));
  }

  /// `a − b`
  public Var sub(Var b) {
    return binary(Op.Binary.SUB, b);
  }

  /// `a − b`
  public Var sub(double b) {
    return binary(Op.Binary.SUB, constant(b));
  }

  /// `a · b`, element-wise
  public Var mul(Var b) {
    return binary(Op.Binary.MUL, b);
  }

  /// `a · b`
  public Var mul(double b) {
    return binary(Op.Binary.MUL, constant(b));
  }

  /// `a / b`, element-wise
  public Var div(Var b) {
    return binary(Op.Binary.DIV, b);
  }

  /// `a / b`
  public Var div(double b) {
    return binary(Op.Binary.DIV, constant(b));
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

  /// `ln x`
  public Var log() {
    return recorder.emit(Op.Unary.LOG, this);
  }

  /// `ln(1 + x)`, accurate near 0
  public Var log1p() {
    return recorder.emit(Op.Unary.LOG1P, this);
  }

  /// `√x`
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

  /// `tanh x`
  public Var tanh() {
    return recorder.emit(Op.Unary.TANH, this);
  }

  /// `1 / (1 + e⁻ˣ)`
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

  /// `x` above 0, `slope·x` below
  public Var leakyRelu(double slope) {
    return greater(0).where(this, mul(slope));
  }

  /// `x` above 0, `α(eˣ − 1)` below
  public Var elu(double alpha) {
    Var above = greater(0);
    return above.where(this, above.where(constant(0), this).expm1().mul(alpha));
  }

  /// `x·sigmoid(x)`; 0 at −∞
  public Var silu() {
    return gated(x -> x.mul(x.sigmoid()));
  }

  /// `x·Φ(x) = x/2·(1 + erf(x/√2))`; 0 at −∞
  public Var gelu() {
    return gated(x -> x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).erf().add(1)));
  }

  /// `f(x)`, and its limits where `f` would multiply 0 by ∞.
  private Var gated(UnaryOperator<Var> f) {
    Var right = greater(FAR);
    Var inside = right.where(constant(0), this).clampMin(-FAR);
    return right.where(this, f.apply(inside));
  }

  /// `max(x, low)`; derivative 0 below
  public Var clampMin(double low) {
    return constant(low).greater(this).where(constant(low), this);
  }

  /// `min(x, high)`; derivative 0 above
  public Var clampMax(double high) {
    return greater(high).where(constant(high), this);
  }

  /// `x` within `[low, high]`; derivative 0 outside
  public Var clamp(double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException("clamp: to [" + low + ", " + high + "]; want low ≤ high");
    }
    return clampMin(low).clampMax(high);
  }

  /// 1 where `a > b`, else 0; derivative 0
  public Var greater(Var b) {
    return binary(Op.Binary.GREATER, b);
  }

  /// 1 where `a > b`, else 0; derivative 0
  public Var greater(double b) {
    return binary(Op.Binary.GREATER, constant(b));
  }

  /// 1 where `a ≥ b`, else 0; derivative 0
  public Var greaterEqual(Var b) {
    return binary(Op.Binary.GREATER_EQUAL, b);
  }

  /// 1 where `a = b`, else 0; derivative 0
  public Var equalTo(Var b) {
    return binary(Op.Binary.EQUAL, b);
  }

  /// The larger of two, element by element, NaN if either is; where they are equal, the derivative
  /// is `a`'s.
  public Var max(Var b) {
    return greaterEqual(b).where(this, orNaN(b));
  }

  /// The smaller of two, element by element, NaN if either is; where they are equal, the derivative
  /// is `a`'s.
  public Var min(Var b) {
    recorder.requireOwn(Op.Binary.GREATER_EQUAL, b);
    return b.greaterEqual(this).where(this, orNaN(b));
  }

  /// `b`, and this where this is NaN.
  private Var orNaN(Var b) {
    return equalTo(this).where(b, this);
  }

  /// This being a condition: `a` where it is not 0, else `b`. What is not chosen does not count,
  /// not even its NaN.
  public Var where(Var a, Var b) {
    recorder.requireOwn(new Op.Where(), a);
    recorder.requireOwn(new Op.Where(), b);
    Shape common = Shape.broadcast("where", shape, Shape.broadcast("where", a.shape, b.shape));
    return recorder.emit(
        new Op.Where(), broadcast(common), a.broadcast(common), b.broadcast(common));
  }

  /// The same value, through which no derivative flows.
  public Var stopGradient() {
    return recorder.emit(new Op.StopGradient(), this);
  }

  /// `xᵖ`
  public Var pow(double p) {
    if (p == 1) {
      return this;
    }
    return p == 0 ? recorder.constant(shape, 1) : recorder.emit(new Op.Power(p), this);
  }

  /// `x²`
  public Var square() {
    return pow(2);
  }

  /// The matrix product `a·b`; of stacks of matrices, matrix by matrix, leading axes broadcast. A
  /// [#transpose()] on the left is read in place; one on the right is laid out once in each run,
  /// without an operation of its own.
  public Var matmul(Var b) {
    recorder.requireOwn(new Op.MatMul(false, false), b);
    if (shape.rank() > 2 && b.shape.rank() == 2) {
      Var rows = reshape(shape.outer(shape.rank() - 1), shape.dim(-1));
      return rows.matmul(b).reshape(shape.with(-1, b.shape.dim(-1)));
    }
    Var left = recorder.untransposed(this);
    Var right = recorder.untransposed(b);
    Op.MatMul product = new Op.MatMul(left != this, right != b);
    if (shape.rank() == 2 && b.shape.rank() == 2 || shape.rank() < 2 || b.shape.rank() < 2) {
      return recorder.emit(product, left, right);
    }
    Shape stack = Shape.broadcast("matmul", left.stack(), right.stack());
    return recorder.emit(product, left.stacked(stack), right.stacked(stack));
  }

  /// The leading axes of a stack of matrices, with ones for the matrices'.
  private Shape stack() {
    return shape.with(-1, 1).with(-2, 1);
  }

  private Var stacked(Shape stack) {
    return broadcast(stack.with(-1, shape.dim(-1)).with(-2, shape.dim(-2)));
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

  /// The sum over `axes`, which disappear; without axes, of all elements.
  public Var sum(int... axes) {
    List<Integer> over = Op.axes(shape, axes);
    return over.isEmpty() ? this : recorder.emit(new Op.Sum(over), this);
  }

  /// The mean over `axes`, which disappear; without axes, of all elements. Of no elements: NaN.
  public Var mean(int... axes) {
    Var sum = sum(axes);
    return sum.div((double) shape.size() / sum.shape.size());
  }

  /// The largest element over `axes`, which disappear; without axes, of all. NaN if there is one,
  /// −∞ of nothing; equally large ones share the derivative.
  public Var max(int... axes) {
    List<Integer> over = Op.axes(shape, axes);
    return over.isEmpty() ? this : recorder.emit(new Op.Max(over), this);
  }

  /// The smallest element over `axes`, as [#max(int...)].
  public Var min(int... axes) {
    return neg().max(axes).neg();
  }

  /// `ln Σ eˣ` over `axes`, which disappear, without overflow; −∞ of nothing, and of an element
  /// that is ∞ that element.
  public Var logSumExp(int... axes) {
    Shape kept = Op.kept(shape, Op.axes(shape, axes));
    Var max = max(axes);
    Var infinite = max.greater(Double.MAX_VALUE);
    Var shift = max.abs().greater(Double.MAX_VALUE).where(constant(0), max).stopGradient();
    Var bounded = infinite.reshape(kept).where(constant(0), this);
    Var sum = bounded.sub(shift.reshape(kept)).exp().sum(axes);
    return infinite.where(max, sum.log().add(shift));
  }

  /// `eˣ / Σ eˣ` along `axis`, without overflow; elements that are ∞ share the 1.
  public Var softmax(int axis) {
    Shape kept = shape.with(axis, 1);
    Var max = max(axis).stopGradient().reshape(kept);
    Var infinite = max.greater(Double.MAX_VALUE);
    Var shifted = infinite.where(constant(0), this).sub(infinite.where(constant(0), max));
    Var e = infinite.where(equalTo(max), shifted.exp());
    return e.div(e.sum(axis).reshape(kept));
  }

  /// `ln softmax(x)` along `axis`, without the loss of digits of taking the logarithm afterwards.
  public Var logSoftmax(int axis) {
    Var sum = logSumExp(axis).reshape(shape.with(axis, 1));
    Var infinite = sum.greater(Double.MAX_VALUE);
    Var difference = infinite.where(constant(0), this).sub(infinite.where(constant(0), sum));
    return infinite.where(softmax(axis).log().stopGradient(), difference);
  }

  /// The cross-entropy `−Σ p ln softmax(x)` along the last axis, which disappears, of these logits
  /// and probabilities (or one-hot labels) `p` of the same shape; where `p = 0` nothing is added,
  /// also if the logit is −∞.
  public Var crossEntropy(Var p) {
    Var impossible = constant(0).equalTo(p);
    Var logarithm = logSoftmax(-1);
    Var finite = impossible.where(logarithm.clampMin(-Double.MAX_VALUE), logarithm);
    return p.mul(finite).sum(-1).neg();
  }

  /// Running sums along `axis`.
  public Var cumulativeSum(int axis) {
    return recorder.emit(new Op.CumulativeSum(shape.axis(axis), false), this);
  }

  /// The positions `indices` along `axis`, in that order and as often as they come.
  public Var gather(int axis, int... indices) {
    List<Integer> positions = IntStream.of(indices).boxed().toList();
    return recorder.emit(new Op.Gather(shape.axis(axis), positions), this);
  }

  /// The same elements in the same order, under other dimensions.
  public Var reshape(int... dims) {
    return reshape(Shape.of(dims));
  }

  /// The same elements in the same order, under another shape.
  public Var reshape(Shape target) {
    return target.equals(shape) ? this : recorder.emit(new Op.Reshape(target), this);
  }

  /// The part `[from, to)` along `axis`.
  public Var slice(int axis, int from, int to) {
    int counted = shape.axis(axis);
    boolean whole = from == 0 && to == shape.dim(counted);
    return whole ? this : recorder.emit(new Op.Slice(counted, from, to), this);
  }

  /// Zeros before and after along `axis`.
  public Var pad(int axis, int before, int after) {
    int counted = shape.axis(axis);
    boolean none = before == 0 && after == 0;
    return none ? this : recorder.emit(new Op.Pad(counted, before, after), this);
  }

  /// The values one after the other along `axis`.
  public static Var concat(int axis, List<Var> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("concat: no operands; want one or more");
    }
    Var first = parts.getFirst();
    return parts.size() == 1
        ? first
        : first.recorder.emit(new Op.Concat(first.shape.axis(axis)), parts.toArray(Var[]::new));
  }

  /// The values, of one shape, under a new axis.
  public static Var stack(int axis, List<Var> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("stack: no operands; want one or more");
    }
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
    parts.forEach(part -> parts.getFirst().recorder.requireOwn(new Op.Concat(at), part));
    return concat(at, parts.stream().map(part -> part.reshape(dims)).toList());
  }

  /// Convolution (cross-correlation, as in every network) over the last axes:
  ///
  ///     y[n, o, i…] = Σ_{c, u…} x[n, c, i·stride + u…] w[o, c, u…]
  ///
  /// `x` `[n, c, s…]` and `w` `[o, c, k…]` with one or more axes `s`, `k`; pad `x` first where the
  /// borders count.
  public Var convolve(Var w, int stride) {
    recorder.requireOwn(new Op.MatMul(false, true), w);
    int axes = shape.rank() - 2;
    if (axes < 1 || w.shape.rank() != shape.rank() || w.shape.dim(1) != shape.dim(1)) {
      throw new IllegalArgumentException(
          "convolve: " + shape + " with " + w.shape + "; want [n, c, s…] and [o, c, k…]");
    }
    int[] sizes = IntStream.range(0, axes).map(i -> w.shape.dim(2 + i)).toArray();
    Var windows = windows(sizes, stride);
    int[] order = new int[windows.shape.rank()];
    for (int i = 0; i < axes; i++) {
      order[1 + i] = 2 + i;
      order[2 + axes + i] = 2 + axes + i;
    }
    order[1 + axes] = 1;
    int features = w.shape.size() / Math.max(1, w.shape.dim(0));
    Shape places = windows.shape;
    int rows = places.size() / Math.max(1, features);
    Var product =
        windows
            .permute(order)
            .reshape(rows, features)
            .matmul(w.reshape(w.shape.dim(0), features).transpose());
    int[] dims = new int[2 + axes];
    int[] last = new int[2 + axes];
    dims[0] = places.dim(0);
    last[1] = 1 + axes;
    for (int i = 0; i < axes; i++) {
      dims[1 + i] = places.dim(2 + i);
      last[2 + i] = 1 + i;
    }
    dims[1 + axes] = w.shape.dim(0);
    return product.reshape(dims).permute(last);
  }

  /// The mean over windows of these sizes over the last axes.
  public Var averagePool(int[] sizes, int stride) {
    return windows(sizes, stride).mean(lastAxes(sizes.length));
  }

  /// The largest element of windows of these sizes over the last axes.
  public Var maxPool(int[] sizes, int stride) {
    return windows(sizes, stride).max(lastAxes(sizes.length));
  }

  /// All windows of these sizes over the last axes, which come as new last axes.
  public Var windows(int[] sizes, int stride) {
    List<Integer> each = IntStream.of(sizes).boxed().toList();
    List<Integer> strides = Collections.nCopies(sizes.length, stride);
    List<Integer> ones = Collections.nCopies(sizes.length, 1);
    return recorder.emit(new Op.Windows(each, strides, ones), this);
  }

  private static int[] lastAxes(int count) {
    return IntStream.rangeClosed(1, count).map(i -> -i).toArray();
  }

  private Var binary(Op.Binary op, Var b) {
    recorder.requireOwn(op, b); // before anything is written to the other tape
    Shape common = Shape.broadcast(op.label(), shape, b.shape);
    return recorder.emit(op, broadcast(common), b.broadcast(common));
  }

  @Override
  public String toString() {
    return recorder.describe(id);
  }
}
