package org.flowline.autodiff;

import java.util.function.UnaryOperator;

/// Element-wise functions composed of primitives. Values and derivatives have their limits at ±∞: a
/// `where` excludes the branch that would multiply 0 by ∞.
final class Activations {
  /// The `|x|` beyond which `x·sigmoid(x)` and `x·Φ(x)` are `x` on the right and 0 on the left.
  private static final double FAR = 800;

  private Activations() {}

  static Var leakyRelu(Var x, double slope) {
    return x.greater(0).where(x, x.mul(slope));
  }

  static Var elu(Var x, double alpha) {
    Var above = x.greater(0);
    return above.where(x, above.where(0, x).expm1().mul(alpha));
  }

  static Var silu(Var x) {
    return gated(x, z -> z.mul(z.sigmoid()));
  }

  static Var gelu(Var x) {
    return gated(x, z -> z.mul(0.5).mul(z.mul(-Math.sqrt(0.5)).erfc()));
  }

  /// `f(x)`, or its limit where `f` would multiply 0 by ∞.
  private static Var gated(Var x, UnaryOperator<Var> f) {
    Var right = x.greater(FAR);
    Var inside = right.where(0, x).clampMin(-FAR);
    return right.where(x, f.apply(inside));
  }

  static Var clampMin(Var x, double low) {
    requireNumber("clampMin", low);
    return x.less(low).where(low, x);
  }

  static Var clampMax(Var x, double high) {
    requireNumber("clampMax", high);
    return x.greater(high).where(high, x);
  }

  static Var clamp(Var x, double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException("clamp: to [" + low + ", " + high + "]; want low ≤ high");
    }
    return clampMax(clampMin(x, low), high);
  }

  private static void requireNumber(String what, double bound) {
    if (Double.isNaN(bound)) {
      throw new IllegalArgumentException(what + ": to NaN; want a number");
    }
  }
}
