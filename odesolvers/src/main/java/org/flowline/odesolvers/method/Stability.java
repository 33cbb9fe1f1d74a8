package org.flowline.odesolvers.method;

import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import org.hipparchus.complex.Complex;

/// The stability function `R(z)` of a method, by which one step multiplies the solution of
/// `y' = λ y`, with `z = h λ`, computed from the coefficients:
///
///     R(z) = 1 + z bᵀ (I − z A)⁻¹ 𝟙
///
/// A step is stable where `|R(z)| ≤ 1`. On a field with negative real eigenvalues down to `−L`, as
/// of gradient descent on a loss of sharpness `L`, that is `h < realLimit / L`; on oscillations up
/// to the frequency `ω`, `h < imaginaryLimit / ω`. Hairer & Wanner (1996), IV.2 and IV.3.
public final class Stability {

  /// The excess of `|R|` over 1 that counts as rounding error.
  private static final double ROUNDING = 1e-11;

  /// The distance of the points at which `|R|` is computed up to [#NEAR], where the limits of
  /// tableaux are; it grows from there to [#FAR]. A method that is stable up to there has no limit.
  private static final double STEP = 0.01;

  private static final double NEAR = 50;
  private static final double FAR = 1e6;

  private Stability() {}

  /// `R(z)`; infinite or NaN at its poles.
  ///
  /// @throws IllegalArgumentException if the method has no stability function: for stochastic ones,
  ///     those on partitioned fields and those with a memory
  public static Complex function(Method method, Complex z) {
    return switch (method) {
      case ButcherTableau tableau -> function(tableau.stepStages(), tableau::a, tableau::b, z);
      case Rosenbrock rosenbrock ->
          function(
              rosenbrock.stages(),
              (i, j) -> rosenbrock.gamma(i, j) + (j < i ? rosenbrock.alpha(i, j) : 0),
              rosenbrock::b,
              z);
      case Stabilised stabilised -> stabilised.stability(z);
      case Symplectic _, Stochastic _, Reversible _, HipparchusMethod _ ->
          throw new IllegalArgumentException(
              "stability: %s has none, want a Runge–Kutta, Rosenbrock or stabilised method"
                  .formatted(method.name()));
    };
  }

  private interface Matrix {
    double at(int i, int j);
  }

  /// Computes `R(z)` by forward substitution, since `A` is lower triangular:
  /// `g_i = 1 + z Σ a_ij g_j`.
  private static Complex function(int stages, Matrix a, IntToDoubleFunction b, Complex z) {
    Complex[] g = new Complex[stages];
    Complex result = Complex.ONE;
    for (int i = 0; i < stages; i++) {
      Complex sum = Complex.ONE;
      for (int j = 0; j < i; j++) {
        sum = sum.add(z.multiply(a.at(i, j)).multiply(g[j]));
      }
      double diagonal = a.at(i, i);
      g[i] = diagonal == 0 ? sum : sum.divide(Complex.ONE.subtract(z.multiply(diagonal)));
      result = result.add(z.multiply(b.applyAsDouble(i)).multiply(g[i]));
    }
    return result;
  }

  /// The largest `x` with `|R(−s)| ≤ 1` for all `s` in `[0, x]`; infinite for methods that are
  /// stable on the whole negative axis.
  ///
  /// @throws IllegalArgumentException as [#function] does
  public static double realLimit(Method method) {
    return method instanceof Stabilised stabilised
        ? stabilised.realLimit()
        : limit(s -> function(method, new Complex(-s, 0)).norm());
  }

  /// The largest `x` with `|R(±is)| ≤ 1` for all `s` in `[0, x]`; 0 where every oscillation grows.
  ///
  /// @throws IllegalArgumentException as [#function] does
  public static double imaginaryLimit(Method method) {
    return limit(s -> function(method, new Complex(0, s)).norm());
  }

  /// Returns the first point at which `|R|` exceeds 1; 0 if it does where it first differs from 1.
  private static double limit(DoubleUnaryOperator magnitude) {
    boolean damped = false;
    double inside = 0;
    for (double s = STEP; s < FAR; s = s < NEAR ? s + STEP : 1.05 * s) {
      double excess = magnitude.applyAsDouble(s) - 1;
      if (excess > ROUNDING) {
        return damped ? last(magnitude, inside, s) : 0;
      }
      damped |= excess < -ROUNDING;
      inside = excess <= 0 ? s : inside;
    }
    return Double.POSITIVE_INFINITY;
  }

  /// Returns the last number with `|R| ≤ 1`, by bisection down to neighbours.
  private static double last(DoubleUnaryOperator magnitude, double inside, double outside) {
    double middle = inside + (outside - inside) / 2;
    while (inside < middle && middle < outside) {
      if (magnitude.applyAsDouble(middle) <= 1) {
        inside = middle;
      } else {
        outside = middle;
      }
      middle = inside + (outside - inside) / 2;
    }
    return inside;
  }
}
