package org.flowline.autodiff.jvm.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleFunction;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The error of every elementary function, in units in the last place, stays below the bound that
/// [Op.Unary#ulps()] and [Op.Power#ulps()] publish: over all exponents, densely around 0, and
/// within a few neighbours of every point where a method changes its branch, its quotient or its
/// range. The functions tested are the scalar ones; the vector ones have the same bits
/// ([ScalarAndVectorKernelsAgree]).
class ElementaryFunctionsAreAccurate {

  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NaN = Double.NaN;

  /// A function, its oracle and its range; the bound is [Op.Unary#ulps()].
  enum Function {
    EXP(ScalarMath::exp, Precise::exp, x -> x < 709.78 && x > -745),
    LOG(ScalarMath::log, Precise::log, x -> x > 0),
    EXPM1(ScalarMath::expm1, Precise::expm1, x -> x < 709.78),
    LOG1P(ScalarMath::log1p, Precise::log1p, x -> x > -1),
    ERF(ScalarErrorFunction::erf, Precise::erf, _ -> true),
    ERFC(ScalarErrorFunction::erfc, Precise::erfc, x -> x < 27.2),
    TANH(ScalarMath::tanh, Precise::tanh, _ -> true),
    SIGMOID(ScalarMath::sigmoid, Precise::sigmoid, x -> x > -745),
    SOFTPLUS(ScalarMath::softplus, Precise::softplus, x -> x > -745),
    SIN(ScalarTrigonometry::sin, Precise::sin, _ -> true),
    COS(ScalarTrigonometry::cos, Precise::cos, _ -> true);

    final DoubleUnaryOperator ours;
    final DoubleFunction<Precise> precise;
    final double bound;
    final DoublePredicate inside;

    Function(DoubleUnaryOperator ours, DoubleFunction<Precise> precise, DoublePredicate inside) {
      this.ours = ours;
      this.precise = precise;
      this.bound = Op.Unary.valueOf(name()).ulps();
      this.inside = inside;
    }
  }

  @ParameterizedTest
  @EnumSource
  void withinItsBound(Function function) {
    double worst = 0;
    double at = 0;
    double[] points = arguments().filter(Double::isFinite).filter(function.inside).toArray();
    for (double x : points) {
      double error = function.precise.apply(x).ulpsTo(function.ours.applyAsDouble(x));
      if (!(error <= worst)) {
        worst = error;
        at = x;
      }
    }
    assertTrue(
        worst <= function.bound,
        "%s is off by %.3f ulp at %s; want at most %s"
            .formatted(function, worst, at, function.bound));
  }

  /// Down to where the value is subnormal; `eˣ` is so from −708.4 on.
  @Test
  void siluToo() {
    double[] points = DoubleStream.iterate(36, x -> x > -714, x -> x - 0.0371).toArray();
    double[] came = new double[points.length];
    JvmBackend.best()
        .compile(Tape.record(Shape.of(points.length), Var::silu))
        .run(new double[][] {points}, new double[][] {came});
    for (int i = 0; i < points.length; i++) {
      double error = Precise.sigmoid(points[i]).times(Precise.of(points[i])).ulpsTo(came[i]);
      assertTrue(error <= 4, "silu is off by %s ulp at %s".formatted(error, points[i]));
    }
  }

  /// Every function that rounds more than once has a case above; the others need none.
  @Test
  void everyFunctionHasItsCase() {
    for (Op.Unary op : Op.Unary.values()) {
      boolean tested = Stream.of(Function.values()).anyMatch(f -> f.name().equals(op.name()));
      assertEquals(op.ulps() > 0.5, tested, op.name());
    }
  }

  @Test
  void expAtItsEnds() {
    same(1, ScalarMath.exp(0.0));
    same(1, ScalarMath.exp(-0.0));
    same(0, ScalarMath.exp(-INFINITY));
    same(0, ScalarMath.exp(-1e300));
    same(0, ScalarMath.exp(-746));
    same(Double.MIN_VALUE, ScalarMath.exp(-745));
    assertTrue(Double.isFinite(ScalarMath.exp(709.78)));
    for (double x : new double[] {709.79, 710, 711, 1e5, Double.MAX_VALUE, INFINITY}) {
      same(INFINITY, ScalarMath.exp(x));
    }
    same(NaN, ScalarMath.exp(NaN));
  }

  @Test
  void logAtItsEnds() {
    same(0, ScalarMath.log(1));
    same(-INFINITY, ScalarMath.log(0.0));
    same(-INFINITY, ScalarMath.log(-0.0));
    same(INFINITY, ScalarMath.log(INFINITY));
    for (double x : new double[] {-Double.MIN_VALUE, -1, -1e300, -INFINITY, NaN}) {
      same(NaN, ScalarMath.log(x));
    }
    assertEquals(-1074 * Math.log(2), ScalarMath.log(Double.MIN_VALUE), 1e-12);
  }

  @Test
  void tanhAtItsEndsAndOdd() {
    same(0.0, ScalarMath.tanh(0.0));
    same(-0.0, ScalarMath.tanh(-0.0));
    same(NaN, ScalarMath.tanh(NaN));
    for (double x : new double[] {22, 23, 710, 1e300, Double.MAX_VALUE, INFINITY}) {
      same(1, ScalarMath.tanh(x));
    }
    for (double x : new double[] {Double.MIN_VALUE, 1e-310, 1e-20}) {
      same(x, ScalarMath.tanh(x));
    }
    arguments().forEach(x -> same(-ScalarMath.tanh(x), ScalarMath.tanh(-x)));
    arguments().forEach(x -> assertTrue(Math.abs(ScalarMath.tanh(x)) <= 1));
  }

  @Test
  void sigmoidAndSoftplusAtTheirEnds() {
    same(0.5, ScalarMath.sigmoid(0));
    same(1, ScalarMath.sigmoid(INFINITY));
    same(0, ScalarMath.sigmoid(-INFINITY));
    same(0, ScalarMath.sigmoid(-Double.MAX_VALUE));
    same(NaN, ScalarMath.sigmoid(NaN));
    same(INFINITY, ScalarMath.softplus(INFINITY));
    same(0, ScalarMath.softplus(-INFINITY));
    same(Double.MAX_VALUE, ScalarMath.softplus(Double.MAX_VALUE));
    same(0, ScalarMath.softplus(-Double.MAX_VALUE));
    same(1000, ScalarMath.softplus(1000));
    same(NaN, ScalarMath.softplus(NaN));
    assertEquals(Math.log(2), ScalarMath.softplus(0), Math.ulp(1.0));
  }

  @Test
  void expm1AtItsEnds() {
    same(0.0, ScalarMath.expm1(0.0));
    same(-0.0, ScalarMath.expm1(-0.0));
    same(NaN, ScalarMath.expm1(NaN));
    for (double x : new double[] {-40, -41, -746, -1e300, -INFINITY}) {
      same(-1, ScalarMath.expm1(x));
    }
    for (double x : new double[] {709.79, 1e5, INFINITY}) {
      same(INFINITY, ScalarMath.expm1(x));
    }
    for (double x : new double[] {Double.MIN_VALUE, 1e-310, 1e-20}) {
      same(x, ScalarMath.expm1(x));
      same(-x, ScalarMath.expm1(-x));
    }
  }

  @Test
  void log1pAtItsEnds() {
    same(0.0, ScalarMath.log1p(0.0));
    same(-0.0, ScalarMath.log1p(-0.0));
    same(-INFINITY, ScalarMath.log1p(-1));
    same(INFINITY, ScalarMath.log1p(INFINITY));
    for (double x : new double[] {Math.nextDown(-1), -2, -1e300, -INFINITY, NaN}) {
      same(NaN, ScalarMath.log1p(x));
    }
    for (double x : new double[] {Double.MIN_VALUE, 1e-310, 1e-20}) {
      same(x, ScalarMath.log1p(x));
      same(-x, ScalarMath.log1p(-x));
    }
    same(ScalarMath.log(Double.MAX_VALUE), ScalarMath.log1p(Double.MAX_VALUE));
  }

  @Test
  void erfAtItsEndsAndOdd() {
    same(0.0, ScalarErrorFunction.erf(0.0));
    same(-0.0, ScalarErrorFunction.erf(-0.0));
    same(NaN, ScalarErrorFunction.erf(NaN));
    for (double x : new double[] {6, 7, 1e10, Double.MAX_VALUE, INFINITY}) {
      same(1, ScalarErrorFunction.erf(x));
    }
    arguments().forEach(x -> same(-ScalarErrorFunction.erf(x), ScalarErrorFunction.erf(-x)));
    arguments().forEach(x -> assertTrue(Math.abs(ScalarErrorFunction.erf(x)) <= 1));
  }

  /// An oracle that shares no series with the kernels: a continued fraction, to `1e-15`.
  @Test
  void erfIsThatOfHipparchus() {
    for (double x = -6; x <= 6; x += 0x1p-6) {
      assertEquals(Erf.erf(x), ScalarErrorFunction.erf(x), 4e-15 * Math.abs(Erf.erf(x)));
    }
  }

  @Test
  void erfcAtItsEnds() {
    same(1, ScalarErrorFunction.erfc(0.0));
    same(1, ScalarErrorFunction.erfc(-0.0));
    same(NaN, ScalarErrorFunction.erfc(NaN));
    for (double x : new double[] {27.3, 28, 1e10, 1e200, Double.MAX_VALUE, INFINITY}) {
      same(0, ScalarErrorFunction.erfc(x));
      same(2, ScalarErrorFunction.erfc(-x));
    }
    same(Double.MIN_VALUE, ScalarErrorFunction.erfc(27.226));
    for (double x = -6; x <= 26; x += 0x1p-6) {
      assertEquals(Erf.erfc(x), ScalarErrorFunction.erfc(x), 2e-13 * Erf.erfc(x));
    }
  }

  @Test
  void sineAndCosineAtTheirEnds() {
    same(0.0, ScalarTrigonometry.sin(0.0));
    same(-0.0, ScalarTrigonometry.sin(-0.0));
    same(1, ScalarTrigonometry.cos(0.0));
    same(1, ScalarTrigonometry.cos(-0.0));
    for (double x : new double[] {INFINITY, -INFINITY, NaN}) {
      same(NaN, ScalarTrigonometry.sin(x));
      same(NaN, ScalarTrigonometry.cos(x));
    }
    arguments().forEach(x -> same(-ScalarTrigonometry.sin(x), ScalarTrigonometry.sin(-x)));
    arguments().forEach(x -> same(ScalarTrigonometry.cos(x), ScalarTrigonometry.cos(-x)));
  }

  /// Products, roots, reciprocals and `e^(p·ln x)`, each within the bound that [Op.Power#ulps()]
  /// publishes: over all exponents, near 1, and near where the result overflows or is subnormal.
  @ParameterizedTest
  @ValueSource(
      doubles = {
        -16, -15.5, -7, -3, -2.5, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 8, 13,
        15.5, 16, -1e-3, 0.1, 1 / 3.0, -0.7, 0.75, Math.PI, -4.2, 16.5, 20, 33, -100, 1e5, -1e9,
        1e-300
      })
  void powersAreWithinTheirBound(double p) {
    within(p, ScalarPower::power, Math.max(new Op.Power(p).ulps(), 1e-9)); // the oracle's own error
    within(p, ScalarPower::pow, new Op.Power(0.3).ulps());
  }

  private static void within(double p, DoubleBinaryOperator power, double bound) {
    double worst = 0;
    double at = 0;
    for (double x : bases(p).toArray()) {
      double log = p * StrictMath.log(x);
      if (log < -708.3 || log > 709.7) {
        continue; // subnormal or infinite, or within rounding of it
      }
      double error = Precise.pow(x, p).ulpsTo(power.applyAsDouble(x, p));
      if (!(error <= worst)) {
        worst = error;
        at = x;
      }
    }
    assertTrue(
        worst <= bound, "%s^%s is off by %.3f ulp; want at most %s".formatted(at, p, worst, bound));
  }

  private static DoubleStream bases(double p) {
    SplittableRandom random = new SplittableRandom(3);
    DoubleStream everyExponent =
        random.doubles(4_000, 1, 2).map(m -> Math.scalb(m, random.nextInt(-1075, 1024)));
    DoubleStream usual = random.doubles(4_000, 0, 50);
    DoubleStream nearOne = random.doubles(4_000, -1, 1).map(d -> 1 + d * Math.min(0.3, 1 / p));
    DoubleStream wholeRange = random.doubles(8_000, -709, 709).map(y -> StrictMath.exp(y / p));
    return Stream.of(everyExponent, usual, nearOne, wholeRange, boundaries())
        .flatMapToDouble(stream -> stream)
        .filter(x -> x > 0 && x <= Double.MAX_VALUE);
  }

  /// The values that [Math#pow(double, double)] defines: at 0, −0, ∞, −∞, NaN, ±1 and below 0.
  @Test
  void powersAtTheirEnds() {
    double[] ends = {
      0.0,
      1,
      2,
      0.5,
      Double.MIN_VALUE,
      1e-310,
      Double.MIN_NORMAL,
      1e-160,
      1e155,
      1e300,
      Double.MAX_VALUE,
      INFINITY,
      NaN,
      Math.nextUp(1),
      Math.nextDown(1),
      3
    };
    double[] exponents = {
      0, 0.5, 1, 1.5, 2, 3, 16, 16.5, 17, 18, 0.3, 1e300, 0x1p53 - 1, Double.MIN_VALUE, INFINITY
    };
    for (double exponent : exponents) {
      for (double p : new double[] {exponent, -exponent}) {
        for (double end : ends) {
          for (double x : new double[] {end, -end}) {
            double want = StrictMath.pow(x, p);
            double came = ScalarPower.power(x, p);
            double rounding = (new Op.Power(p).ulps() + 1) * Math.ulp(want); // its own is 1
            if (want == 0 || !Double.isFinite(want)) {
              assertEquals(want, came, x + "^" + p);
              assertEquals(want, ScalarPower.pow(x, p), x + "^" + p);
            } else {
              assertEquals(want, came, rounding, x + "^" + p);
              assertEquals(want, ScalarPower.pow(x, p), 1.7 * Math.ulp(want), x + "^" + p);
            }
          }
        }
      }
    }
    same(NaN, ScalarPower.power(1, NaN));
    same(1, ScalarPower.power(NaN, 0));
  }

  /// Far arguments against `StrictMath`, which is within 1 ulp.
  @Test
  void farSinesAreThoseOfStrictMath() {
    arguments()
        .filter(x -> Math.abs(x) > 1e6)
        .forEach(
            x -> {
              double sin = StrictMath.sin(x);
              double cos = StrictMath.cos(x);
              double ulps = 1 + Op.Unary.SIN.ulps();
              assertEquals(sin, ScalarTrigonometry.sin(x), ulps * Math.ulp(sin));
              assertEquals(cos, ScalarTrigonometry.cos(x), ulps * Math.ulp(cos));
            });
    // the double that comes nearest to a multiple of π/2
    double nearest = Math.scalb(6381956970095103.0, 797);
    same(StrictMath.cos(nearest), ScalarTrigonometry.cos(nearest));
    assertEquals(-4.69e-19, ScalarTrigonometry.cos(nearest), 1e-21);
  }

  private static void same(double want, double came) {
    assertEquals(want, came, "bits differ"); // told apart: 0 and −0
  }

  private static DoubleStream arguments() {
    SplittableRandom random = new SplittableRandom(11);
    DoubleStream everyExponent =
        random.doubles(20_000, 1, 2).map(m -> Math.scalb(m, random.nextInt(-1075, 1024)));
    DoubleStream nearZero = random.doubles(25_000, 0, 1.5);
    DoubleStream usual = random.doubles(25_000, 0, 50);
    DoubleStream wide = random.doubles(10_000, 0, 800);
    DoubleStream far = random.doubles(15_000, 0, 1.1e6);
    DoubleStream magnitudes =
        Stream.of(everyExponent, nearZero, usual, wide, far, boundaries())
            .flatMapToDouble(stream -> stream);
    return magnitudes.flatMap(x -> DoubleStream.of(x, -x));
  }

  private static DoubleStream boundaries() {
    DoubleStream.Builder points = DoubleStream.builder();
    for (int k = 0; k <= 1080; k += 3) {
      points.add((k + 0.5) * Math.log(2)).add((k + 0.5) * Math.log(2) / 2).add(k * Math.log(2));
    }
    for (int k = 0; k < 2000; k += 5) {
      points.add(k * Math.PI / 4).add((k + 632_000) * (Math.PI / 2)).add(k * 333.0 * Math.PI / 4);
    }
    for (int k = -1060; k <= 1020; k += 3) {
      points.add(Math.scalb(Math.sqrt(0.5), k)).add(Math.scalb(1.0, k));
    }
    points.add(0.84375).add(1.25).add(1 / 0.35).add(6).add(40).add(1);
    points.add(709.782712893384).add(708.3964185322641).add(745.1332191019411).add(22).add(36.7);
    return points.build().flatMap(ElementaryFunctionsAreAccurate::neighbours);
  }

  private static DoubleStream neighbours(double x) {
    return DoubleStream.iterate(-4, i -> i <= 4, i -> i + 1).map(i -> x + i * Math.ulp(x));
  }
}
