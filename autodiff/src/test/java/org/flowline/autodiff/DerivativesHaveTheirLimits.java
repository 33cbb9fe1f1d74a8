package org.flowline.autodiff;

import static org.flowline.autodiff.fixtures.Running.array;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.fixtures.Running;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A derivative with a finite limit equals it, and has relative digits in the tails, in both modes
/// and at every order; where there is no limit, both modes agree.
class DerivativesHaveTheirLimits {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NaN = Double.NaN;

  /// The `order`-th derivative of a function of one number, by forward mode.
  private static double forward(UnaryOperator<Var> f, int order, double x) {
    Tape tape = Tape.record(Shape.scalar(), f);
    for (int i = 0; i < order; i++) {
      Tape inner = tape;
      tape =
          Tape.record(
              Shape.scalar(),
              at -> Derivative.jvp(inner).apply(List.of(at, at.constant(1))).getLast());
    }
    return Running.run(tape, array(x))[0][0];
  }

  /// The `order`-th derivative, by reverse mode.
  private static double reverse(UnaryOperator<Var> f, int order, double x) {
    Tape tape = Tape.record(Shape.scalar(), f);
    for (int i = 0; i < order; i++) {
      tape = Derivative.gradient(tape).select(1);
    }
    return Running.run(tape, array(x))[0][0];
  }

  private static void derivative(UnaryOperator<Var> f, int order, double x, double want, double e) {
    assertEquals(want, forward(f, order, x), e * Math.abs(want), "forward at " + x);
    assertEquals(want, reverse(f, order, x), e * Math.abs(want), "reverse at " + x);
  }

  /// The derivatives of `erf` of all orders are 0 in the tails.
  @Test
  void theBellEnds() {
    for (double x : new double[] {30, 1e154, 1e200, 1e308, Double.MAX_VALUE, INFINITY}) {
      for (int order = 1; order <= 4; order++) {
        assertEquals(0, forward(Var::erf, order, x) + 0.0);
        assertEquals(0, forward(Var::erf, order, -x) + 0.0);
        assertEquals(0, reverse(Var::erf, order, x) + 0.0);
        assertEquals(0, reverse(Var::erf, order, -x) + 0.0);
        assertEquals(0, forward(Var::erfc, order, x) + 0.0);
        assertEquals(0, reverse(Var::erfc, order, -x) + 0.0);
      }
    }
    double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-25);
    derivative(Var::erf, 1, 5, slope, 25 * 0x1p-52);
    derivative(Var::erf, 2, 5, -10 * slope, 25 * 0x1p-51);
  }

  /// Functions in the tails with their first three derivatives, none of which is 0. With `p = σ(x)`
  /// and `q = σ(−x)`: `p′ = pq`, `p″ = pq(q − p)`, `p‴ = pq(q² − 4pq + p²)`.
  enum Tail {
    SIGMOID(Var::sigmoid, x -> p(x) * p(-x), x -> pq(x) * (p(-x) - p(x)), Tail::third),
    SOFTPLUS(Var::softplus, Tail::p, Tail::pq, x -> pq(x) * (p(-x) - p(x))),
    SILU(
        Var::silu,
        x -> p(x) * (1 + x * p(-x)),
        x -> pq(x) * (2 + x * (p(-x) - p(x))),
        x -> 3 * pq(x) * (p(-x) - p(x)) + x * third(x)),
    ELU(x -> x.elu(1.5), x -> 1.5 * Math.exp(x), x -> 1.5 * Math.exp(x), x -> 1.5 * Math.exp(x)),
    EXPM1(Var::expm1, Math::exp, Math::exp, Math::exp),
    LOG_SUM_EXP(
        x -> Var.stack(0, List.of(x, x.constant(0))).logSumExp(),
        Tail::p,
        Tail::pq,
        x -> pq(x) * (p(-x) - p(x)));

    final UnaryOperator<Var> function;
    final List<DoubleUnaryOperator> derivatives;

    Tail(UnaryOperator<Var> function, DoubleUnaryOperator... derivatives) {
      this.function = function;
      this.derivatives = List.of(derivatives);
    }

    private static double p(double x) {
      return 1 / (1 + Math.exp(-x));
    }

    private static double pq(double x) {
      return p(x) * p(-x);
    }

    private static double third(double x) {
      double p = p(x);
      double q = p(-x);
      return pq(x) * (q * q - 4 * p * q + p * p);
    }
  }

  /// The left tails, which decay as `eˣ`, to a relative error: some ten roundings of `eˣ`, whose
  /// argument is exact, and sums that cancel less than half their digits.
  @ParameterizedTest
  @EnumSource
  void digitsAreKeptFarToTheLeft(Tail tail) {
    for (double x : new double[] {-3, -20, -40, -200, -600}) {
      for (int order = 1; order <= 3; order++) {
        double want = tail.derivatives.get(order - 1).applyAsDouble(x);
        derivative(tail.function, order, x, want, 2e-14);
      }
    }
  }

  /// `gelu` decays as `e^(−x²/2)`: with the bell `φ` its derivatives are `Φ + xφ`, `φ(2 − x²)` and
  /// `φ(x³ − 4x)`. The exponent rounds, to `x²/2` units of the result, and `Φ` nearly cancels `xφ`:
  /// to `x²` times less than either.
  @Test
  void digitsOfGeluAreKeptFarToTheLeft() {
    for (double x : new double[] {-3, -6, -12, -20, -36}) {
      double bell = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
      double below = Erf.erfc(-x * Math.sqrt(0.5)) / 2;
      double tolerance = 4 * x * x * 0x1p-52;
      derivative(Var::gelu, 1, x, below + x * bell, tolerance);
      derivative(Var::gelu, 2, x, bell * (2 - x * x), tolerance);
      derivative(Var::gelu, 3, x, bell * (x * x * x - 4 * x), tolerance);
    }
  }

  /// The derivatives of a sigmoid decay on the right, too.
  @ParameterizedTest
  @EnumSource(names = {"SIGMOID", "SOFTPLUS"})
  void andToTheRight(Tail tail) {
    for (double x : new double[] {3, 20, 40, 200, 600}) {
      for (int order = 1; order <= 3; order++) {
        double want = tail.derivatives.get(order - 1).applyAsDouble(x);
        derivative(tail.function, order, x, want, 2e-14);
      }
    }
  }

  /// `tanh′ = 1 − y²` is cheap, and accurate to `2⁻⁵⁰` of 1: three units of `y`, doubled by the
  /// square, and two roundings.
  @Test
  void theSlopeOfTanhIsRightAbsolutely() {
    for (double x = -25; x <= 25; x += 0.31) {
      double want = 1 / Math.cosh(x) / Math.cosh(x);
      assertEquals(want, forward(Var::tanh, 1, x), 0x1p-50);
      assertEquals(want, reverse(Var::tanh, 1, x), 0x1p-50);
    }
  }

  /// A function whose slope is infinite, or none, at some points.
  enum Pole {
    SQRT(Var::sqrt, 0, -1),
    LOG(Var::log, 0),
    LOG1P(Var::log1p, -1),
    ROOT(x -> x.pow(0.5), 0, -1),
    RECIPROCAL(x -> x.pow(-1), 0),
    BETWEEN(x -> x.pow(0.3), 0, -2),
    ABOVE_ONE(x -> x.pow(1.5), -2),
    BY_BASE(x -> x.pow(x.constant(0.3)), 0, -2),
    BY_EXPONENT(x -> x.constant(0).pow(x), -1, 0);

    final UnaryOperator<Var> function;
    final double[] at;

    Pole(UnaryOperator<Var> function, double... at) {
      this.function = function;
      this.at = at;
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingTimesAnInfiniteSlopeIsNothing(Pole pole) {
    Tape tape = Tape.record(Shape.scalar(), pole.function);
    for (double x : pole.at) {
      double still = Running.run(Derivative.jvp(tape), array(x), array(0))[1][0];
      double unseen = Running.run(Derivative.vjp(tape), array(x), array(0))[1][0];
      assertEquals(0, still + 0.0, "forward");
      assertEquals(0, unseen + 0.0, "reverse");
      double moved = Running.run(Derivative.jvp(tape), array(x), array(2))[1][0];
      double seen = Running.run(Derivative.vjp(tape), array(x), array(2))[1][0];
      assertEquals(moved, seen);
      assertTrue(!Double.isFinite(seen), pole + " at " + x);
    }
  }

  /// One `where` excludes an infinite slope at every order.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BY_EXPONENT")
  void oneWhereKeepsInfiniteSlopesOut(Pole pole) {
    for (double x : pole.at) {
      UnaryOperator<Var> kept = at -> at.greater(x).where(pole.function.apply(at), at.mul(3));
      derivative(kept, 1, x, 3, 0);
      assertEquals(0, forward(kept, 2, x) + 0.0);
      assertEquals(0, reverse(kept, 2, x) + 0.0);
    }
  }

  /// A cotangent of 0 at a finite slope has derivatives: `(√x − 1)²` at 1 bends by ½, `(ln x)²` by
  /// 2, `(x³ᐟ² − 1)²` by 9/2.
  @Test
  void aCotangentOfZeroIsStillANumber() {
    derivative(x -> x.sqrt().sub(1).square(), 2, 1, 0.5, 1e-15);
    derivative(x -> x.log().square(), 2, 1, 2, 1e-15);
    derivative(x -> x.pow(1.5).sub(1).square(), 2, 1, 4.5, 1e-15);
    derivative(x -> x.pow(x.constant(1.5)).sub(1).square(), 2, 1, 4.5, 1e-15);
  }

  /// Several NaN share the derivative of a maximum, as equal numbers do.
  @Test
  void theLargestOfNaNIsNaN() {
    Tape tape = Tape.record(Shape.of(2, 3), x -> x.max(1));
    double[] x = {1, NaN, 3, 2, 2, 1};
    double[][] pulled = Running.run(Derivative.vjp(tape), x, array(5, 6));
    assertArrayEquals(array(NaN, 2), pulled[0]);
    assertArrayEquals(array(0, 5, 0, 3, 3, 0), pulled[1]);
    double[][] pushed = Running.run(Derivative.jvp(tape), x, array(1, 2, 3, 4, 5, 6));
    assertArrayEquals(array(2, 4.5), pushed[1]);
    double[] several = {NaN, INFINITY, NaN, -INFINITY, -INFINITY, INFINITY};
    assertArrayEquals(
        array(0.5, 0, 0.5, 0, 0, 1), Running.run(Derivative.vjp(tape), several, array(1, 1))[1]);
    assertArrayEquals(
        array(2, 6), Running.run(Derivative.jvp(tape), several, array(1, 2, 3, 4, 5, 6))[1]);
  }

  /// Powers at the border: `0ᵇ`, `a⁰`, `∞ᵇ`.
  @Test
  void powersAtTheirBorder() {
    Tape tape = Tape.record(Shape.of(8), Shape.of(8), Var::pow);
    double[] a = {0, 0, 0, 0, 2, INFINITY, INFINITY, 1};
    double[] b = {2, 1, 0.5, 0, 0, -2, 0, NaN};
    double[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
    double[][] pulled = Running.run(Derivative.vjp(tape), a, b, ones);
    for (int i = 0; i < a.length; i++) {
      assertEquals(Math.pow(a[i], b[i]), pulled[0][i]);
    }
    assertArrayEquals(array(0, 1, INFINITY, 0, 0, -0.0, 0, NaN), pulled[1]);
    assertArrayEquals(array(0, 0, 0, -INFINITY, Math.log(2), 0, INFINITY, NaN), pulled[2], 1e-15);
    double[] zeros = new double[8];
    double[][] byBase = Running.run(Derivative.jvp(tape), a, b, ones, zeros);
    double[][] byExponent = Running.run(Derivative.jvp(tape), a, b, zeros, ones);
    for (int i = 0; i < 7; i++) {
      assertEquals(pulled[1][i] + 0.0, byBase[1][i] + 0.0);
      assertEquals(pulled[2][i] + 0.0, byExponent[1][i] + 0.0);
    }
  }

  /// `√(x²)` is `|x|`, with a kink at 0, where the modes meet 0·∞ from either side; elsewhere, and
  /// for [Var#abs()] everywhere, they agree.
  @Test
  void theRootOfASquareHasAKink() {
    UnaryOperator<Var> root = x -> x.square().sqrt();
    derivative(root, 1, 3, 1, 0x1p-50);
    derivative(root, 1, -3, -1, 0x1p-50);
    assertEquals(0, forward(root, 1, 0));
    assertEquals(NaN, reverse(root, 1, 0));
    derivative(Var::abs, 1, 0, 0, 0);
  }
}
