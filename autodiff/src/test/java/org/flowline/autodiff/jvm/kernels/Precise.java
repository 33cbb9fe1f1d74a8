package org.flowline.autodiff.jvm.kernels;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Elementary functions to about 30 digits, in pairs of doubles: the oracle of
/// `ElementaryFunctionsAreAccurate`. Slow and plain: Taylor series after argument reduction, one
/// Newton step for the logarithms. Dekker (1971).
///
/// @param high the sum, rounded
/// @param low the rounding error of `high`
/// @param scale the exponent of the value, `(high + low)·2^scale`
public record Precise(double high, double low, int scale) {
  private static final Precise ONE = of(1);
  private static final Precise TWO_OVER_ROOT_PI =
      new Precise(0x1.20dd750429b6dp0, 0x1.1ae3a914fed80p-56, 0);
  private static final double[] LN2 = {
    0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56, 0x1.7b57a079a1934p-111
  };
  private static final double[] HALF_PI = {
    0x1.921fb54442d18p0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110, 0x1.4cf98e804177dp-164
  };

  private static final int PLACES = 1300;
  private static final int GUARD = 64;
  private static final BigInteger HALF_PI_WHOLE = halfPi();

  static Precise of(double value) {
    return new Precise(value, 0, 0);
  }

  private static Precise sum(double a, double b) {
    double s = a + b;
    double t = s - a;
    return new Precise(s, (a - (s - t)) + (b - t), 0);
  }

  private static Precise product(double a, double b) {
    double p = a * b;
    return new Precise(p, Math.fma(a, b, -p), 0);
  }

  /// `this·2^by`, without changing the digits.
  Precise scaled(int by) {
    return new Precise(high, low, scale + by);
  }

  private Precise plain() {
    return new Precise(Math.scalb(high, scale), Math.scalb(low, scale), 0);
  }

  Precise plus(Precise b) {
    Precise high = sum(this.high, b.high);
    Precise low = sum(this.low, b.low);
    Precise once = sum(high.high, high.low + low.high);
    return sum(once.high, once.low + low.low);
  }

  Precise negated() {
    return new Precise(-high, -low, scale);
  }

  Precise minus(Precise b) {
    return plus(b.negated());
  }

  Precise times(Precise b) {
    Precise p = product(high, b.high);
    Precise r = sum(p.high, p.low + (high * b.low + low * b.high));
    return new Precise(r.high, r.low, scale + b.scale);
  }

  Precise over(Precise b) {
    double first = high / b.high;
    Precise rest = new Precise(high, low, 0).minus(of(first).times(new Precise(b.high, b.low, 0)));
    double second = rest.high / b.high;
    Precise rest2 = rest.minus(of(second).times(new Precise(b.high, b.low, 0)));
    Precise q = sum(first, second).plus(of(rest2.high / b.high));
    return new Precise(q.high, q.low, scale - b.scale);
  }

  /// Returns the nearest double.
  public double value() {
    return Math.scalb(high, scale);
  }

  /// Returns the distance of `computed` from this number, in units in the last place of this
  /// number.
  double ulpsTo(double computed) {
    double rounded = Math.scalb(high, scale);
    double ulp = Math.scalb(Math.ulp(rounded), -scale);
    if (scale < -1000) {
      ulp = Math.scalb(Math.scalb(Math.ulp(rounded), 1000), -scale - 1000);
    }
    double here = Math.scalb(Math.scalb(computed, -scale / 2), -scale - (-scale / 2));
    return Math.abs((here - high) - low) / ulp;
  }

  /// `x − n·unit`, with `unit` given in parts
  private static Precise remainder(double x, double n, double[] unit) {
    Precise r = of(x);
    for (double part : unit) {
      r = r.minus(product(n, part));
    }
    return r;
  }

  private static Precise expm1Series(Precise r) {
    if (Math.abs(r.high) < 0x1p-200) {
      return r; // r²/2 is far below the last digit
    }
    Precise small = new Precise(r.high * 0x1p-9, r.low * 0x1p-9, 0);
    Precise term = small;
    Precise e = small;
    for (int k = 2; k <= 14; k++) {
      term = term.times(small).over(of(k));
      e = e.plus(term);
    }
    for (int k = 0; k < 9; k++) {
      e = e.plus(e).plus(e.times(e));
    }
    return e;
  }

  static Precise exp(double x) {
    double n = Math.rint(x / LN2[0]);
    return ONE.plus(expm1Series(remainder(x, n, LN2))).scaled((int) n);
  }

  static Precise expm1(double x) {
    if (Math.abs(x) > 60) {
      return x < 0 ? of(-1) : exp(x); // within 1e-26
    }
    double n = Math.rint(x / LN2[0]);
    Precise e = expm1Series(remainder(x, n, LN2));
    return n == 0 ? e : ONE.plus(e).scaled((int) n).plain().minus(ONE);
  }

  static Precise log(double x) {
    int exponent = Math.max(Math.getExponent(x), -1022);
    if (x >= 0.5 && x <= 2) {
      return log1p(of(x).minus(ONE), StrictMath.log(x));
    }
    double y = StrictMath.log(x);
    Precise e = exp(y);
    // d = x/eʸ − 1 is a few 1e-16, and ln x = y + ln(1 + d)
    Precise mantissa = of(Math.scalb(Math.scalb(x, -exponent / 2), -exponent - (-exponent / 2)));
    Precise d = mantissa.scaled(exponent).over(e).plain().minus(ONE);
    return of(y).plus(d).minus(d.times(d).times(of(0.5)));
  }

  static Precise log1p(double x) {
    return x > 1e20 ? log(x) : log1p(of(x), StrictMath.log1p(x)); // within 1e-20
  }

  /// `2/√π e^(−x²) Σ 2ᵏx²ᵏ⁺¹/(2k + 1)!!`, whose terms are all of one sign.
  static Precise erf(double x) {
    if (Math.abs(x) > 8.5) {
      return of(Math.copySign(1, x)); // within 1e-32
    }
    if (Math.abs(x) < 0x1p-60) {
      return of(x).times(TWO_OVER_ROOT_PI); // x³/3 is far below the last digit
    }
    Precise square = product(x, x);
    Precise term = of(x);
    Precise y = term;
    for (int k = 1; Math.abs(term.high) > 0x1p-110 * Math.abs(y.high); k++) {
      term = term.times(square).times(of(2)).over(of(2 * k + 1));
      y = y.plus(term);
    }
    Precise e = exp(-square.high).times(ONE.minus(of(square.low)));
    return y.times(e).times(TWO_OVER_ROOT_PI).plain();
  }

  /// `1 − erf x` where that leaves enough digits; beyond, Laplace's continued fraction
  /// `e^(−x²)/√π / (x + ½/(x + 1/(x + 1½/(x + …))))`.
  public static Precise erfc(double x) {
    if (x < 2) {
      return x < -8.5 ? of(2) : ONE.minus(erf(x));
    }
    Precise below = of(x);
    for (int k = 20 + (int) (900 / (x * x)); k > 0; k--) {
      below = of(x).plus(of(k / 2.0).over(below));
    }
    Precise square = product(x, x);
    Precise e = exp(-square.high).times(ONE.minus(of(square.low)));
    return e.times(TWO_OVER_ROOT_PI).times(of(0.5)).over(below);
  }

  /// The logarithm of a positive `x`.
  static Precise pow(double x, double p) {
    Precise y = log(x).times(of(p)).plain();
    return exp(y.high).times(ONE.plus(of(y.low)));
  }

  /// `ln(1 + f)` near `y`, which is right to a few ulps.
  private static Precise log1p(Precise f, double y) {
    Precise e = expm1(y);
    Precise d = f.minus(e).over(ONE.plus(e));
    return of(y).plus(d).minus(d.times(d).times(of(0.5)));
  }

  static Precise tanh(double x) {
    if (Math.abs(x) > 22) {
      return of(Math.copySign(1, x)); // within 1e-19
    }
    Precise e = expm1(2 * Math.abs(x));
    Precise y = e.over(e.plus(of(2)));
    return x < 0 ? y.negated() : y;
  }

  static Precise sigmoid(double x) {
    Precise e = exp(-Math.abs(x));
    Precise below = ONE.plus(e.plain());
    return (x < 0 ? e : ONE).over(below);
  }

  static Precise softplus(double x) {
    Precise e = exp(-Math.abs(x));
    if (e.plain().high < 0x1p-120) {
      return x > 0 ? of(x) : e;
    }
    Precise log = log1p(e.plain(), StrictMath.log1p(e.plain().high));
    return x > 0 ? of(x).plus(log) : log;
  }

  static Precise sin(double x) {
    return sinOfTurned(x, 0);
  }

  static Precise cos(double x) {
    return sinOfTurned(x, 1);
  }

  /// `sin(x + quarter·π/2)`; for a large `x` with the remainder of exact whole numbers, `x·2¹³⁰⁰`
  /// by `π/2·2¹³⁰⁰`.
  private static Precise sinOfTurned(double x, long quarter) {
    if (Math.abs(x) <= 1e6) {
      double n = Math.rint(x / HALF_PI[0]);
      return quadrant((long) n + quarter, remainder(x, n, HALF_PI));
    }
    int exponent = Math.getExponent(x);
    long mantissa = (long) Math.scalb(x, 52 - exponent);
    BigInteger whole = BigInteger.valueOf(mantissa).shiftLeft(exponent - 52 + PLACES);
    BigInteger[] turns = whole.add(HALF_PI_WHOLE.shiftRight(1)).divideAndRemainder(HALF_PI_WHOLE);
    if (turns[1].signum() < 0) {
      turns = new BigInteger[] {turns[0].subtract(BigInteger.ONE), turns[1].add(HALF_PI_WHOLE)};
    }
    BigInteger rest = turns[1].subtract(HALF_PI_WHOLE.shiftRight(1));
    int drop = Math.max(0, rest.bitLength() - 200);
    BigInteger leading = rest.shiftRight(drop);
    double high = leading.doubleValue();
    double low = new BigDecimal(leading).subtract(new BigDecimal(high)).doubleValue();
    Precise r = new Precise(high, low, drop - PLACES).plain();
    return quadrant(turns[0].longValue() + quarter, r);
  }

  /// `π/2·2^PLACES`, rounded down, by Machin's formula `π/4 = 4 arctan ⅕ − arctan 1/239`.
  private static BigInteger halfPi() {
    BigInteger quarter = arctanOfInverse(5).shiftLeft(2).subtract(arctanOfInverse(239));
    return quarter.shiftRight(GUARD - 1);
  }

  private static BigInteger arctanOfInverse(int n) {
    BigInteger term = BigInteger.ONE.shiftLeft(PLACES + GUARD).divide(BigInteger.valueOf(n));
    BigInteger sum = term;
    for (int k = 3; term.signum() != 0; k += 2) {
      term = term.divide(BigInteger.valueOf((long) n * n)).negate();
      sum = sum.add(term.divide(BigInteger.valueOf(k)));
    }
    return sum;
  }

  private static Precise quadrant(long quadrant, Precise r) {
    boolean cosine = (quadrant & 1) == 1;
    Precise square = r.times(r).negated();
    Precise term = cosine ? ONE : r;
    Precise y = term;
    for (int k = cosine ? 1 : 2; k < 32; k += 2) {
      term = term.times(square).over(of((double) k * (k + 1)));
      y = y.plus(term);
    }
    return (quadrant & 2) == 0 ? y : y.negated();
  }
}
