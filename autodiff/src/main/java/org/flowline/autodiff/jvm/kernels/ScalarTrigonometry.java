package org.flowline.autodiff.jvm.kernels;

import static org.flowline.autodiff.jvm.kernels.ScalarMath.*;

/// `sin` and `cos` as fixed sequences of operations, and the coefficients they share with
/// [VectorTrigonometry].
///
/// Up to [#REDUCTION_MAX] the argument is reduced by Cody & Waite in three parts with `fma`, beyond
/// it by Payne & Hanek (1983) with 192 bits of 2/π; polynomials of Sun's fdlibm 5.3.
final class ScalarTrigonometry {
  private ScalarTrigonometry() {}

  /// The `|x|` up to which `n·π/2` is subtracted in three parts.
  static final double REDUCTION_MAX = 1e6;

  static final double TWO_OVER_PI = 2 / Math.PI;
  static final double HALF_PI_1 = 0x1.921fb54442d18p0;
  static final double HALF_PI_2 = 0x1.1a62633145c07p-54;
  static final double HALF_PI_3 = -0x1.f1976b7ed8fbcp-110;
  static final double S1 = -1.66666666666666324348e-01;
  static final double S2 = 8.33333333332248946124e-03;
  static final double S3 = -1.98412698298579493134e-04;
  static final double S4 = 2.75573137070700676789e-06;
  static final double S5 = -2.50507602534068634195e-08;
  static final double S6 = 1.58969099521155010221e-10;
  static final double C1 = 4.16666666666666019037e-02;
  static final double C2 = -1.38888888888741095749e-03;
  static final double C3 = 2.48015872894767294178e-05;
  static final double C4 = -2.75573143513906633035e-07;
  static final double C5 = 2.08757232129817482790e-09;
  static final double C6 = -1.13596475577881948265e-11;

  // formatter:off
  /// 64 zeros, then the first 1216 binary places of 2/π.
  private static final long[] TWO_OVER_PI_BITS = {
    0x0000000000000000L, 0xa2f9836e4e441529L, 0xfc2757d1f534ddc0L, 0xdb6295993c439041L,
    0xfe5163abdebbc561L, 0xb7246e3a424dd2e0L, 0x06492eea09d1921cL, 0xfe1deb1cb129a73eL,
    0xe88235f52ebb4484L, 0xe99c7026b45f7e41L, 0x3991d639835339f4L, 0x9c845f8bbdf9283bL,
    0x1ff897ffde05980fL, 0xef2f118b5a0a6d1fL, 0x6d367ecf27cb09b7L, 0x4f463f669e5fea2dL,
    0x7527bac7ebe5f17bL, 0x3d0739f78a5292eaL, 0x6bfb5fb11f8d5d08L, 0x56033046fc7b6babL
  };
  // formatter:on

  static double sin(double x) {
    return of(0, x);
  }

  static double cos(double x) {
    return of(1, x);
  }

  /// `sin(x + quarter·π/2)` for a quarter of 0 or 1
  static double of(int quarter, double x) {
    return Math.abs(x) <= REDUCTION_MAX ? near(x, quarter) : far(x, quarter);
  }

  /// `sin(x + quarter·π/2)` for `|x| ≤` [#REDUCTION_MAX]
  private static double near(double x, long quarter) {
    double t = Math.fma(x, TWO_OVER_PI, MAGIC);
    double n = t - MAGIC;
    double r = Math.fma(n, -HALF_PI_1, x);
    r = Math.fma(n, -HALF_PI_2, r);
    r = Math.fma(n, -HALF_PI_3, r);
    return quarter == 0 && x == 0 ? x : turned(r, Double.doubleToRawLongBits(t) + quarter);
  }

  /// `sin(x + quarter·π/2)` for `|x| = m·2ᵉ` beyond.
  ///
  /// The result depends on the last two bits of `|x|·2/π` before the point, the quadrant, and on
  /// the fraction. Only the 192 bits of 2/π from the one that `2ᵉ` moves to the twos' place on
  /// reach them when multiplied by `m`. The fraction nearest to a whole number begins with about 62
  /// equal bits; 137 are correct.
  private static double far(double x, long quarter) {
    if (!(Math.abs(x) <= Double.MAX_VALUE)) {
      return Double.NaN;
    }
    long mantissa = Double.doubleToRawLongBits(x) & 0xfffffffffffffL | 0x10000000000000L;
    int from = Math.getExponent(x) - 52 + 62;
    long middle = bits(from + 64);
    long carried = Math.unsignedMultiplyHigh(mantissa, bits(from + 128));
    long low = mantissa * middle + carried;
    long carry = Long.compareUnsigned(low, carried) < 0 ? 1 : 0;
    long high = mantissa * bits(from) + Math.unsignedMultiplyHigh(mantissa, middle) + carry;
    long quadrant = (high + (1L << 61)) >>> 62;
    double r = quarterTurns(high << 2 | low >>> 62, low << 2);
    return x < 0 ? turned(-r, quarter - quadrant) : turned(r, quadrant + quarter);
  }

  /// Returns 64 bits of the table.
  private static long bits(int from) {
    int word = from >> 6;
    return TWO_OVER_PI_BITS[word] << from | TWO_OVER_PI_BITS[word + 1] >>> 1 >>> (~from & 63);
  }

  /// `π/2` times the signed fraction `(high + low/2⁶⁴)/2⁶⁴`, whose first 116 bits from the leading
  /// one on are used.
  private static double quarterTurns(long high, long low) {
    boolean negative = high < 0;
    long l = negative ? -low : low;
    long h = negative ? ~high + (low == 0 ? 1 : 0) : high;
    int zeros = Long.numberOfLeadingZeros(h);
    long first = h << zeros | l >>> 1 >>> (63 - zeros);
    long rest = (first & 0x7ff) << 52 | l << zeros >>> 12;
    double head = (first >>> 11) * powerOf2(-53 - zeros);
    double tail = rest * powerOf2(-116 - zeros);
    double p = head * HALF_PI_1;
    double q = Math.fma(head, HALF_PI_1, -p) + Math.fma(head, HALF_PI_2, tail * HALF_PI_1);
    return negative ? -(p + q) : p + q;
  }

  /// `sin(r + quadrant·π/2)` for `|r| ≤ π/4`
  private static double turned(double r, long quadrant) {
    double y = (quadrant & 1) == 0 ? sine(r) : cosine(r);
    return (quadrant & 2) == 0 ? y : -y;
  }

  private static double sine(double r) {
    double z = r * r;
    double p = Math.fma(Math.fma(horner(S6, z, S5, S4, S3), z, S2), z, S1);
    return Math.fma(z * r, p, r);
  }

  private static double cosine(double r) {
    double z = r * r;
    double p = Math.fma(Math.fma(horner(C6, z, C5, C4, C3), z, C2), z, C1);
    double h = 0.5 * z;
    double w = 1 - h;
    return w + (((1 - w) - h) + z * (z * p));
  }
}
