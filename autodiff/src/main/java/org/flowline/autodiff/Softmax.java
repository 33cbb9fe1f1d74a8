package org.flowline.autodiff;

/// `ln Σ eˣ` and what comes of it, shifted by the largest element so that nothing overflows. An
/// element that is ∞ takes all, and several of them share it.
final class Softmax {
  private Softmax() {}

  static Var logSumExp(Var x, int... axes) {
    Shape kept = Op.kept(x.shape(), Op.axes(x.shape(), axes));
    Var max = x.max(axes);
    Var infinite = max.greater(Double.MAX_VALUE);
    Var shift = max.abs().greater(Double.MAX_VALUE).where(0, max).stopGradient();
    Var bounded = infinite.reshape(kept).where(0, x);
    Var sum = bounded.sub(shift.reshape(kept)).exp().sum(axes);
    return infinite.where(max, sum.log().add(shift));
  }

  static Var softmax(Var x, int axis) {
    Shape kept = x.shape().with(axis, 1);
    Var max = x.max(axis).stopGradient().reshape(kept);
    Var infinite = max.greater(Double.MAX_VALUE);
    Var shifted = infinite.where(0, x).sub(infinite.where(0, max));
    Var e = infinite.where(x.equalTo(max), shifted.exp());
    return e.div(e.sum(axis).reshape(kept));
  }

  static Var logSoftmax(Var x, int axis) {
    Var sum = logSumExp(x, axis).reshape(x.shape().with(axis, 1));
    Var infinite = sum.greater(Double.MAX_VALUE);
    Var difference = infinite.where(0, x).sub(infinite.where(0, sum));
    return infinite.where(softmax(x, axis).log().stopGradient(), difference);
  }

  static Var crossEntropy(Var x, Var p) {
    x.recorder.requireOwn("crossEntropy: operand ", p);
    Var logarithm = logSoftmax(x, -1);
    Var finite = p.equalTo(0).where(logarithm.clampMin(-Double.MAX_VALUE), logarithm);
    return p.mul(finite).sum(-1).neg();
  }
}
