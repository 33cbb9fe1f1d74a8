package org.flowline.odesolvers.method;

import org.hipparchus.complex.Complex;

/// The Runge–Kutta–Chebyshev method of order 2 with `s` stages, explicit and stable far along the
/// negative real axis:
///
///     Y_0 = y0        Y_1 = y0 + μ̃_1 h f(t, y0)
///     Y_j = (1 − μ_j − ν_j) y0 + μ_j Y_{j−1} + ν_j Y_{j−2}
///             + μ̃_j h (f(t + c_{j−1} h, Y_{j−1}) − a_{j−1} f(t, y0))        y1 = Y_s
///
/// with coefficients made from Chebyshev's polynomials, `T_j(w_0)`, `w_0 = 1 + ε/s²`, `ε = 2/13`.
/// On `y' = λ y` with `z = h λ` it is `P(z) = 1 − b_s T_s(w_0) + b_s T_s(w_0 + w_1 z)`, at most 1
/// in magnitude for
///
///     −β ≤ z ≤ 0        β = (1 + w_0)/w_1 ≈ 0.65 (s² − 1)
///
/// an interval that grows with the square of the cost: for diffusion, and for descent on a
/// gradient, where it is an accelerated method, see [#descent]. Not for eigenvalues near the
/// imaginary axis.
///
/// The number of stages is fixed, or chosen for each step by an estimate of the spectral radius of
/// the Jacobian by the power method on the field itself: at the start, every 25 steps and after
/// rejections, at a few evaluations each, counted in `nfe`.
///
/// Error estimate: `4/5 (y0 − y1) + 2/5 h (f(t, y0) + f(t + h, y1))`. A step has three slopes,
/// `f(t, y0)`, `(y1 − y0)/h` and `f(t + h, y1)`, which make the cubic Hermite interpolant. Cost:
/// `s` evaluations, since the last is the next step's first. Sommeijer, Shampine & Verwer (1998),
/// J. Comput. Appl. Math. 88, 315–326, eqs. 2.3–2.9.
///
/// Of order 1 there is `P(z) = T_s(w_0 + w_1 z) / T_s(w_0)`, at most `1/T_s(w_0)` in the whole
/// interval but near zero: the stronger the damping, the faster the descent. It estimates no error.
/// van der Houwen & Sommeijer (1980).
///
/// @param order 1 or 2
/// @param fixedStages `s`, at least 2; 0 for as many as each step needs, with order 2 only
/// @param damping `ε`; 2/13 in the paper
public record Stabilised(String name, int order, int fixedStages, double damping)
    implements Method {

  private static final double DAMPING = 2.0 / 13;

  /// The largest number of stages: beyond, the rounding error of about `s²` units in the last place
  /// matters.
  public static final int MOST_STAGES = 10_000;

  /// @throws IllegalArgumentException if the order is neither 1 nor 2, the number of stages neither
  ///     0, with order 2, nor from 2 to 10 000, or the damping not positive
  public Stabilised {
    boolean automatic = order == 2 && fixedStages == 0;
    if (order < 1
        || order > 2
        || !automatic && (fixedStages < 2 || fixedStages > MOST_STAGES)
        || !(damping > 0 && damping < 10)) {
      throw new IllegalArgumentException(
          "%s: order %s, %s stages, damping %s, want order 1 or 2, stages from 2 to %s, 0 < ε < 10"
              .formatted(name, order, fixedStages, damping, MOST_STAGES));
    }
  }

  /// Returns the method of order 2 with as many stages as each step needs; [Methods#RKC2].
  static Stabilised automatic() {
    return new Stabilised("RKC2", 2, 0, DAMPING);
  }

  /// Returns the method of order 2 with exactly `s` stages in every step.
  ///
  /// @throws IllegalArgumentException unless `2 ≤ s ≤ 10 000`
  public static Stabilised rkc(int s) {
    if (s == 0) {
      throw new IllegalArgumentException("rkc: 0 stages, want at least 2; or use Methods.RKC2");
    }
    return new Stabilised("RKC2(" + s + ")", 2, s, DAMPING);
  }

  /// Returns the method of order 1 with exactly `s` stages and the damping 1.17, which is optimal
  /// for descent on a quadratic, `1.2 s²` wide: with steps of `realLimit()/L` on a gradient whose
  /// Hessian is in `[μ, L]` a step of `s = √(κ/1.2)` gradients, `κ = L/μ`, shrinks the distance to
  /// the minimum to 0.42 of it. Eftekhari, Vandereycken, Vilmart & Zygalakis (2021), BIT 61,
  /// 119–139.
  ///
  /// @throws IllegalArgumentException unless `2 ≤ s ≤ 10 000`
  public static Stabilised descent(int s) {
    return new Stabilised("RKC1(" + s + ")", 1, s, 1.17);
  }

  /// `β`, up to which all `−β ≤ z ≤ 0` are stable and damped; infinite for as many stages as each
  /// step needs.
  public double realLimit() {
    return fixedStages == 0 ? Double.POSITIVE_INFINITY : (1 + w0(fixedStages)) / w1(fixedStages);
  }

  /// `P(z)`.
  ///
  /// @throws IllegalStateException if the number of stages is not fixed
  public Complex stability(Complex z) {
    if (fixedStages == 0) {
      throw new IllegalStateException(
          "%s: as many stages as each step needs, want a fixed number; use Stabilised.rkc"
              .formatted(name));
    }
    int s = fixedStages;
    Complex x = z.multiply(w1(s)).add(w0(s));
    Complex before = Complex.ONE;
    Complex now = x;
    for (int j = 2; j <= s; j++) {
      Complex next = x.multiply(now).multiply(2).subtract(before);
      before = now;
      now = next;
    }
    double top = Math.cosh(angle(s));
    // Order 2: w_1 = T'/T'' gives b = T''/T'² = 1/(w_1 T').
    double b = order == 1 ? 1 / top : 1 / (w1(s) * derivative(s));
    return now.subtract(top).multiply(b).add(1);
  }

  /// `w_0`.
  public double w0(int s) {
    return 1 + damping / ((double) s * s);
  }

  /// `T_s(w_0)/T_s'(w_0)` for order 1, `T_s'(w_0)/T_s''(w_0)` for order 2, in closed form:
  /// `T_s(cosh u) = cosh(s u)`.
  public double w1(int s) {
    double root = root(s);
    double angle = angle(s);
    return order == 1
        ? Math.cosh(angle) / derivative(s)
        : Math.sinh(angle)
            * (root * root)
            / (Math.cosh(angle) * s * root - w0(s) * Math.sinh(angle));
  }

  /// `T_s'(w_0)`.
  private double derivative(int s) {
    return s * Math.sinh(angle(s)) / root(s);
  }

  /// `√(w_0² − 1) = sinh u`, without cancellation.
  private double root(int s) {
    double excess = damping / ((double) s * s);
    return Math.sqrt(excess * (2 + excess));
  }

  /// `s u`.
  private double angle(int s) {
    return s * Math.log1p(damping / ((double) s * s) + root(s));
  }

  /// Three slopes: at the start, the mean one, and at the end.
  @Override
  public int stages() {
    return 3;
  }

  @Override
  public int embeddedOrder() {
    return order == 2 ? 2 : 0;
  }

  @Override
  public int denseOrder() {
    return order;
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    double rest = 1 - theta;
    weights[0] = theta * rest * rest;
    weights[1] = theta * theta * (3 - 2 * theta);
    weights[2] = -theta * theta * rest;
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    rates[0] = (1 - theta) * (1 - 3 * theta);
    rates[1] = 6 * theta * (1 - theta);
    rates[2] = theta * (3 * theta - 2);
  }
}
