package org.flowline.autodiff.jvm.kernels;

/// Exponentials and logarithms as fixed sequences of IEEE operations, and the coefficients they
/// share with [VectorMath]. See also [ScalarTrigonometry], [ScalarErrorFunction], [ScalarPower].
///
/// `Math.tanh` and others may differ between the interpreter, the compilers and the platforms;
/// results here always have the same bits, also in the vector kernels. Methods: argument reduction
/// by Cody & Waite with `fma`; polynomials of Taylor (`exp`) and of Sun's fdlibm 5.3 (`log`).
///
/// [org.flowline.autodiff.Op.Unary#ulps()] bounds the errors. `tanh`, `erf`, `sin` and `cos` are
/// odd and even to the last bit.
final class ScalarMath {
  private ScalarMath() {}

  /// `x + MAGIC` rounds `x` to an integer, in the low bits of the sum.
  static final double MAGIC = 0x1.8p52;

  static final long MAGIC_BITS = Double.doubleToRawLongBits(MAGIC);
  static final double LOG2_E = 0x1.71547652b82fep0;
  static final double LN2_HIGH = 0x1.62e42fefa39efp-1;
  static final double LN2_LOW = 0x1.abc9e3b39803fp-56;

  /// The bounds beyond which `exp` is ∞ and 0.
  static final double EXP_MAX = 710;

  static final double EXP_MIN = -746;

  /// The `|x|` up to which `eˣ − 1` is computed with one power of two.
  static final double EXPM1_MAX = 40;

  /// The argument beyond which `tanh(x/2)` is 1.
  static final double TANH_MAX = 44;

  // 1/k!, from k = 13 down to 2
  static final double E13 = 1 / 6227020800.0;
  static final double E12 = 1 / 479001600.0;
  static final double E11 = 1 / 39916800.0;
  static final double E10 = 1 / 3628800.0;
  static final double E9 = 1 / 362880.0;
  static final double E8 = 1 / 40320.0;
  static final double E7 = 1 / 5040.0;
  static final double E6 = 1 / 720.0;
  static final double E5 = 1 / 120.0;
  static final double E4 = 1 / 24.0;
  static final double E3 = 1 / 6.0;
  static final double E2 = 1 / 2.0;

  static final double SUBNORMAL_SCALE = 0x1p54;
  static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));

  /// The bound at which `log` splits off a power of two.
  static final double SQRT_2 = 2 * Math.sqrt(0.5);

  static final double LN2_HEAD = 6.93147180369123816490e-01;
  static final double LN2_TAIL = 1.90821492927058770002e-10;
  static final double L1 = 6.666666666666735130e-01;
  static final double L2 = 3.999999999940941908e-01;
  static final double L3 = 2.857142874366239149e-01;
  static final double L4 = 2.222219843214978396e-01;
  static final double L5 = 1.818357216161805012e-01;
  static final double L6 = 1.531383769920937332e-01;
  static final double L7 = 1.479819860511658591e-01;

  static double exp(double x) {
    double c = x > EXP_MAX ? EXP_MAX : x;
    c = c < EXP_MIN ? EXP_MIN : c;
    double t = Math.fma(c, LOG2_E, MAGIC);
    double p = series(reduced(c, t - MAGIC));
    long k = Double.doubleToRawLongBits(t) - MAGIC_BITS;
    long half = k >> 1;
    return (1 + p) * powerOf2(half) * powerOf2(k - half);
  }

  /// `e^(h + low)` for `h` in `[EXP_MIN, EXP_MAX]` and a `low` of about its last place or less: the
  /// sum `1 + r` in a pair of doubles and the rest of the series.
  static double exp(double h, double low) {
    double t = Math.fma(h, LOG2_E, MAGIC);
    double n = t - MAGIC;
    double first = Math.fma(n, -LN2_HIGH, h);
    double second = Math.fma(n, -LN2_LOW, low);
    double r = first + second;
    double rLow = (first - r) + second;
    double one = r + 1;
    double oneLow = r - (one - 1);
    double y = one + Math.fma(r * r, quotient(r), Math.fma(one, rLow, oneLow));
    long k = Double.doubleToRawLongBits(t) - MAGIC_BITS;
    long half = k >> 1;
    return y * powerOf2(half) * powerOf2(k - half);
  }

  /// `E/(E + 2)` with `E = e^(2|x|) − 1`, and the sign of `x`.
  static double tanh(double x) {
    double z = 2 * Math.abs(x);
    z = z > TANH_MAX ? TANH_MAX : z;
    double t = Math.fma(z, LOG2_E, MAGIC);
    double p = series(reduced(z, t - MAGIC));
    double s = powerOf2(Double.doubleToRawLongBits(t) - MAGIC_BITS);
    double e = Math.fma(s, p, s - 1);
    return Math.copySign(e / (e + 2), x);
  }

  static double sigmoid(double x) {
    double e = exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  /// `max(x, 0) + log1p(e^(−|x|))`
  static double softplus(double x) {
    double e = exp(-Math.abs(x));
    double u = 1 + e;
    return Math.max(x, 0) + (log(u) + (e - (u - 1)) / u);
  }

  static double log(double x) {
    boolean subnormal = x < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(subnormal ? x * SUBNORMAL_SCALE : x);
    long exponent = (bits - SQRT_HALF_BITS) >> 52;
    double f = Double.longBitsToDouble(bits - (exponent << 52)) - 1;
    double k = Double.longBitsToDouble(exponent + MAGIC_BITS) - MAGIC;
    k = subnormal ? k - 54 : k;
    double s = f / (2 + f);
    double z = s * s;
    double r = horner(horner(L7, z, L6, L5, L4), z, L3, L2, L1);
    double h = 0.5 * f * f;
    double low = Math.fma(s, Math.fma(r, z, h), k * LN2_TAIL);
    double y = Math.fma(k, LN2_HEAD, f - (h - low));
    y = x == Double.POSITIVE_INFINITY ? x : y;
    y = x == 0 ? Double.NEGATIVE_INFINITY : y;
    return x >= 0 ? y : Double.NaN;
  }

  /// `eˣ − 1`, without cancellation near 0
  static double expm1(double x) {
    if (!(Math.abs(x) <= EXPM1_MAX)) {
      return exp(x) - 1;
    }
    double t = Math.fma(x, LOG2_E, MAGIC);
    double p = series(reduced(x, t - MAGIC));
    double s = powerOf2(Double.doubleToRawLongBits(t) - MAGIC_BITS);
    return x == 0 ? x : Math.fma(s, p, s - 1);
  }

  /// `ln(1 + x)`, corrected for the rounding of `1 + x`
  static double log1p(double x) {
    double u = 1 + x;
    boolean exact = u == 1 || u == Double.POSITIVE_INFINITY || !(x > -1);
    return u == 1 ? x : exact ? log(u) : log(u) + (x - (u - 1)) / u;
  }

  private static double reduced(double x, double n) {
    return Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
  }

  /// `eʳ − 1` for `|r| ≤ ½ ln 2`: the Taylor polynomial of degree 13, whose remainder is below 0.04
  /// ulp.
  private static double series(double r) {
    return Math.fma(r * r, quotient(r), r);
  }

  /// `(eʳ − 1 − r)/r²`
  private static double quotient(double r) {
    double q = horner(E13, r, E12, E11, E10);
    q = horner(q, r, E9, E8, E7);
    q = horner(q, r, E6, E5, E4);
    return Math.fma(Math.fma(q, r, E3), r, E2);
  }

  /// `((q·z + a)·z + b)·z + c`, three steps of Horner's scheme
  static double horner(double q, double z, double a, double b, double c) {
    return Math.fma(Math.fma(Math.fma(q, z, a), z, b), z, c);
  }

  static double powerOf2(long k) {
    return Double.longBitsToDouble((k + 1023) << 52);
  }
}
