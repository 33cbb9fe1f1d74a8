package org.flowline.autodiff.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The error of [ScalarMath], in units in the last place, stays below the bounds its Javadoc
/// states: over all exponents, densely around 0, and within a few neighbours of every point where
/// a method changes its branch, its quotient or its range. [VectorMath] has the same bits
/// ([ScalarAndVectorKernelsAgree]).
class ElementaryFunctionsAreAccurate {

  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NaN = Double.NaN;

  /// A function, its oracle, the bound that is claimed, and where.
  enum Function {
    EXP(ScalarMath::exp, Precise::exp, 1.2, x -> x < 709.78 && x > -745),
    LOG(ScalarMath::log, Precise::log, 1.0, x -> x > 0),
    EXPM1(ScalarMath::expm1, Precise::expm1, 2.0, x -> x < 709.78),
    LOG1P(ScalarMath::log1p, Precise::log1p, 1.5, x -> x > -1),
    ERF(ScalarMath::erf, Precise::erf, 1.0, _ -> true),
    TANH(ScalarMath::tanh, Precise::tanh, 3.0, _ -> true),
    SIGMOID(ScalarMath::sigmoid, Precise::sigmoid, 2.5, x -> x > -745),
    SOFTPLUS(ScalarMath::softplus, Precise::softplus, 2.5, x -> x > -745),
    SIN(ScalarMath::sin, Precise::sin, 1.6, x -> Math.abs(x) <= ScalarMath.REDUCTION_MAX),
    COS(ScalarMath::cos, Precise::cos, 1.6, x -> Math.abs(x) <= ScalarMath.REDUCTION_MAX);

    final DoubleUnaryOperator ours;
    final DoubleFunction<Precise> precise;
    final double bound;
    final DoublePredicate inside;

    Function(
        DoubleUnaryOperator ours,
        DoubleFunction<Precise> precise,
        double bound,
        DoublePredicate inside) {
      this.ours = ours;
      this.precise = precise;
      this.bound = bound;
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
        "%s is off by %.3f ulp at %s; want at most %.1f"
            .formatted(function, worst, at, function.bound));
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
    same(0.0, ScalarMath.erf(0.0));
    same(-0.0, ScalarMath.erf(-0.0));
    same(NaN, ScalarMath.erf(NaN));
    for (double x : new double[] {6, 7, 1e10, Double.MAX_VALUE, INFINITY}) {
      same(1, ScalarMath.erf(x));
    }
    arguments().forEach(x -> same(-ScalarMath.erf(x), ScalarMath.erf(-x)));
    arguments().forEach(x -> assertTrue(Math.abs(ScalarMath.erf(x)) <= 1));
  }

  /// An oracle that shares no series with ours: a continued fraction, to `1e-15`.
  @Test
  void erfIsThatOfHipparchus() {
    for (double x = -6; x <= 6; x += 0x1p-6) {
      assertEquals(Erf.erf(x), ScalarMath.erf(x), 4e-15 * Math.abs(Erf.erf(x)));
    }
  }

  @Test
  void sineAndCosineAtTheirEnds() {
    same(0.0, ScalarMath.sin(0.0));
    same(-0.0, ScalarMath.sin(-0.0));
    same(1, ScalarMath.cos(0.0));
    same(1, ScalarMath.cos(-0.0));
    for (double x : new double[] {INFINITY, -INFINITY, NaN}) {
      same(NaN, ScalarMath.sin(x));
      same(NaN, ScalarMath.cos(x));
    }
    arguments().forEach(x -> same(-ScalarMath.sin(x), ScalarMath.sin(-x)));
    arguments().forEach(x -> same(ScalarMath.cos(x), ScalarMath.cos(-x)));
    arguments()
        .filter(x -> Math.abs(x) > ScalarMath.REDUCTION_MAX)
        .forEach(x -> same(StrictMath.sin(x), ScalarMath.sin(x)));
    assertEquals(StrictMath.cos(1e300), ScalarMath.cos(1e300));
  }

  /// Every product rounds once: as many half ulps as products, twice that relative to the last
  /// place, and one more for a reciprocal.
  @ParameterizedTest
  @ValueSource(doubles = {-16, -7, -3, -2, -1, 1, 2, 3, 4, 5, 8, 13, 16, 0.5, 1.5, -0.7, 20})
  void powersAreProducts(double p) {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2_000; i++) {
      double x = random.nextDouble(1e-3, 1e3);
      double want = StrictMath.pow(x, p);
      assertEquals(want, ScalarMath.power(x, p), (Math.abs(p) + 2) * Math.ulp(want));
      if (p == Math.rint(p)) {
        double sign = p % 2 == 0 ? 1 : -1;
        same(sign * ScalarMath.power(x, p), ScalarMath.power(-x, p));
      }
    }
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
