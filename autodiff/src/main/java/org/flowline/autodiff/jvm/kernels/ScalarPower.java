package org.flowline.autodiff.jvm.kernels;

import static org.flowline.autodiff.jvm.kernels.ScalarMath.*;

/// `xᵖ` as fixed sequences of IEEE operations, with the values of [Math#pow(double, double)] at 0,
/// ∞ and below 0, and the coefficients it shares with [VectorPower].
///
/// Small whole and half-whole exponents are products and a root; all others are `e^(p·ln x)` with
/// the logarithm and its product in pairs of doubles (Dekker 1971), so that no digit is lost where
/// `p·ln x` is large. [org.flowline.autodiff.Op.Power#ulps()] bounds the errors.
final class ScalarPower {
  private ScalarPower() {}

  /// The largest `|p|` of a whole or half-whole exponent that is computed as a product.
  static final double PRODUCT_MAX = 16;

  // 2/(2k + 1), from k = 12 down to 1; the last two in pairs
  static final double A12 = 2 / 25.0;
  static final double A11 = 2 / 23.0;
  static final double A10 = 2 / 21.0;
  static final double A9 = 2 / 19.0;
  static final double A8 = 2 / 17.0;
  static final double A7 = 2 / 15.0;
  static final double A6 = 2 / 13.0;
  static final double A5 = 2 / 11.0;
  static final double A4 = 2 / 9.0;
  static final double A3 = 2 / 7.0;
  static final double A2 = 2 / 5.0;
  static final double A2_LOW = -0x1.999999999999ap-56;
  static final double A1 = 2 / 3.0;
  static final double A1_LOW = 0x1.5555555555555p-55;

  /// `xᵖ` for a variable exponent, never computed as a product
  static double pow(double x, double p) {
    return p == 0 ? 1 : general(x, p);
  }

  /// `xᵖ` for one exponent and many `x`.
  static double power(double x, double p) {
    if (!isProduct(p)) {
      return general(x, p);
    }
    double y = isWhole(p) ? product(1, x, p) : product(Math.sqrt(rooted(x)), rooted(x), p);
    if (p >= 0) {
      return y;
    }
    return p == -1 || invertible(y) ? 1 / y : general(x, p);
  }

  static boolean isProduct(double p) {
    return isWhole(2 * p) && Math.abs(p) <= PRODUCT_MAX;
  }

  static boolean isWhole(double p) {
    return p == Math.rint(p);
  }

  static boolean isOdd(double p) {
    return isWhole(p) && Math.abs(p % 2) == 1;
  }

  /// `start·x^⌊|p|⌋`, by squaring.
  private static double product(double start, double x, double p) {
    double y = start;
    double base = x;
    for (int k = (int) Math.abs(p); k > 0; k >>= 1) {
      y = (k & 1) == 1 ? y * base : y;
      base *= base;
    }
    return y;
  }

  /// Returns the argument of the square root in a power: 0 for −0, ∞ for −∞, else `x`.
  private static double rooted(double x) {
    return x == Double.NEGATIVE_INFINITY ? -x : x + 0.0;
  }

  /// Returns whether `y` and its reciprocal have all their digits: `y` is normal and finite.
  private static boolean invertible(double y) {
    return Math.abs(y) >= Double.MIN_NORMAL && Math.abs(y) <= Double.MAX_VALUE;
  }

  /// `e^(p·ln |x|)` by `ln |x| = k·ln 2 + 2s + 2s³/3 + 2s⁵/5 + …` with `|x| = 2ᵏ·(1 + f)` and
  /// `s = f/(2 + f)`. A variable that ends in `Low` is the rounding error of its double.
  private static double general(double x, double p) {
    double a = Math.abs(x);
    if (Double.isInfinite(p)) {
      return a == 1 || x != x ? Double.NaN : (a > 1) == (p > 0) ? Math.abs(p) : 0;
    }
    boolean subnormal = a < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(subnormal ? a * SUBNORMAL_SCALE : a);
    long exponent = (bits - SQRT_HALF_BITS) >> 52;
    double f = Double.longBitsToDouble(bits - (exponent << 52)) - 1;
    double k = Double.longBitsToDouble(exponent + MAGIC_BITS) - MAGIC;
    k = subnormal ? k - 54 : k;
    double d = f + 2;
    double dLow = f - (d - 2);
    double s = f / d;
    double sLow = Math.fma(-s, dLow, Math.fma(-s, d, f)) / d;
    double z = s * s;
    double zLow = Math.fma(2 * s, sLow, Math.fma(s, s, -z));
    double q = horner(horner(A12, z, A11, A10, A9), z, A8, A7, A6);
    q = horner(q, z, A5, A4, A3);
    double u = z * q;
    double t = u + A2;
    double tLow = (A2 - t) + u + A2_LOW;
    double w = z * t;
    double wLow = Math.fma(z, tLow, Math.fma(zLow, t, Math.fma(z, t, -w)));
    double v = w + A1;
    double vLow = (A1 - v) + w + (wLow + A1_LOW);
    double c = s * z;
    double cLow = Math.fma(s, zLow, Math.fma(sLow, z, Math.fma(s, z, -c)));
    double g = c * v;
    double gLow = Math.fma(c, vLow, Math.fma(cLow, v, Math.fma(c, v, -g)));
    double s2 = s + s;
    double m = s2 + g;
    double mLow = (s2 - m) + g + Math.fma(2, sLow, gLow);
    double whole = k * LN2_HEAD;
    double log = whole + m;
    double logLow = (whole - log) + m + Math.fma(k, LN2_TAIL, mLow);
    double h = p * log;
    double hLow = Math.fma(p, logLow, Math.fma(p, log, -h));
    boolean huge = h > EXP_MAX;
    boolean tiny = h < EXP_MIN;
    double y = exp(huge ? EXP_MAX : tiny ? EXP_MIN : h, huge || tiny ? 0 : hLow);
    y = a == 0 ? (p > 0 ? 0 : Double.POSITIVE_INFINITY) : y;
    y = a == Double.POSITIVE_INFINITY ? (p > 0 ? a : 0) : y;
    y = isOdd(p) ? Math.copySign(y, x) : y;
    boolean undefined = x < 0 && x >= -Double.MAX_VALUE && !isWhole(p);
    return undefined || x != x || p != p ? Double.NaN : y;
  }
}
