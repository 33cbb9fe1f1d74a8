package org.flowline.autodiff;

/// `ln Σ eˣ`, softmax and cross-entropy, shifted by the largest element: nothing overflows, and
/// logarithms keep their digits for large `x`. An element of ∞ has the whole probability; several
/// such elements share it.
final class Softmax {
  private Softmax() {}

  static Var logSumExp(Var x, int... axes) {
    Shape kept = Op.kept(x.shape(), Op.axes("logSumExp", x.shape(), axes));
    Var max = x.max(axes);
    Var infinite = max.abs().greater(Double.MAX_VALUE);
    Var shift = infinite.where(0, max).stopGradient();
    Var bounded = infinite.reshape(kept).where(0, x);
    Var sum = bounded.sub(shift.reshape(kept)).exp().sum(axes);
    return infinite.where(max, sum.log().add(shift));
  }

  static Var softmax(Var x, int axis) {
    Var max = largest(x, x.shape().axis("softmax", axis));
    Var infinite = max.greater(Double.MAX_VALUE);
    Var e = infinite.where(x.equalTo(max), shifted(x, max).exp());
    return e.div(summed(e, axis));
  }

  static Var logSoftmax(Var x, int axis) {
    Var max = largest(x, x.shape().axis("logSoftmax", axis));
    Var shifted = shifted(x, max);
    Var finite = shifted.sub(summed(shifted.exp(), axis).log());
    Var infinite = max.greater(Double.MAX_VALUE);
    return infinite.where(softmax(x, axis).log().stopGradient(), finite);
  }

  /// `x − max`, 0 where `max` is ∞.
  private static Var shifted(Var x, Var max) {
    Var infinite = max.greater(Double.MAX_VALUE);
    return infinite.where(0, x).sub(infinite.where(0, max));
  }

  private static Var largest(Var x, int axis) {
    return x.max(axis).stopGradient().reshape(x.shape().with(axis, 1));
  }

  private static Var summed(Var x, int axis) {
    return x.sum(axis).reshape(x.shape().with(axis, 1));
  }

  static Var crossEntropy(Var x, Var p) {
    x.recorder.requireOwn("crossEntropy: operand ", p);
    if (!p.shape().equals(x.shape())) {
      throw new IllegalArgumentException(
          "crossEntropy: logits " + x.shape() + " and p " + p.shape() + "; want one shape");
    }
    x.shape().axis("crossEntropy", -1);
    Var logarithm = logSoftmax(x, -1);
    Var finite = p.equalTo(0).where(logarithm.clampMin(-Double.MAX_VALUE), logarithm);
    return p.mul(finite).sum(-1).neg();
  }
}
