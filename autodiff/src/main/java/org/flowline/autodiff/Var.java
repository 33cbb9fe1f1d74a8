package org.flowline.autodiff;

import java.util.List;

/// A value of a program being recorded: users write maths on `Var`s, a [Tape] remembers it.
///
/// Nothing is computed here. Element-wise operations broadcast by NumPy's rule. Each method names
/// its equation; shapes that do not fit are an `IllegalArgumentException`, a `Var` of another tape
/// an `IllegalStateException`.
public final class Var {
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

  /// `ln x`
  public Var log() {
    return recorder.emit(Op.Unary.LOG, this);
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

  /// The matrix product `a·b`. A [#transpose()] on the left is read in place; one on the right is
  /// laid out once in each run, without an operation of its own.
  public Var matmul(Var b) {
    Var left = recorder.untransposed(this);
    Var right = b.recorder.untransposed(b);
    return recorder.emit(new Op.MatMul(left != this, right != b), left, right);
  }

  /// Swaps the last two axes.
  public Var transpose() {
    return recorder.emit(new Op.Transpose(), this);
  }

  /// Repeats to `target` by the broadcasting rule.
  public Var broadcast(Shape target) {
    return target.equals(shape) ? this : recorder.emit(new Op.Broadcast(target), this);
  }

  /// The sum over `axes`, which disappear; without axes, of all elements.
  public Var sum(int... axes) {
    Op.Sum sum = Op.sum(shape, axes);
    return sum.axes().isEmpty() ? this : recorder.emit(sum, this);
  }

  /// The mean over `axes`, which disappear; without axes, of all elements. Of no elements: NaN.
  public Var mean(int... axes) {
    Var sum = sum(axes);
    return sum.div((double) shape.size() / sum.shape.size());
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
