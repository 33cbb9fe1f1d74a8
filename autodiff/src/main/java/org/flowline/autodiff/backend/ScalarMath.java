package org.flowline.autodiff.backend;

/// Elementary functions as fixed sequences of IEEE operations, and the coefficients they share with
/// [VectorMath].
///
/// `Math.tanh` and its friends may differ between the interpreter, the compilers and the platforms;
/// results here are the same bits always, and the same as the vector kernels'. Methods: argument
/// reduction by Cody & Waite with `fma`; polynomials of Taylor (`exp`) and of Sun's fdlibm 5.3
/// (`log`, `sin`, `cos`, `erf`).
///
/// Errors in units in the last place, over the whole range (`ElementaryFunctionsAreAccurate` holds
/// them against pairs of doubles): `log` and `erf` 1, `exp` 1.2, `log1p` 1.5, `sin` and `cos` 1.6,
/// `expm1` 2, `sigmoid` and `softplus` 2.5, `tanh` 3. `tanh`, `erf`, `sin` and `cos` are odd and
/// even to the last bit.
final class ScalarMath {
  private ScalarMath() {}

  /// `x + MAGIC` rounds `x` to an integer, which then stands in the low bits of the sum.
  static final double MAGIC = 0x1.8p52;

  static final long MAGIC_BITS = Double.doubleToRawLongBits(MAGIC);
  static final double LOG2_E = 0x1.71547652b82fep0;
  static final double LN2_HIGH = 0x1.62e42fefa39efp-1;
  static final double LN2_LOW = 0x1.abc9e3b39803fp-56;

  /// Beyond these `exp` is ∞ and 0.
  static final double EXP_MAX = 710;

  static final double EXP_MIN = -746;

  /// Up to here `eˣ − 1` is computed in one power of two.
  static final double EXPM1_MAX = 40;

  /// Beyond this, `tanh(x/2)` is 1.
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

  /// `log` splits off a power of two here.
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

  /// Up to here `n·π/2` is subtracted in three parts; beyond, `StrictMath` takes over.
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
  private static final double ERF_ONE = 8.45062911510467529297e-01;
  private static final double[] ERF_P = {
    1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
    -5.77027029648944159157e-03, -2.37630166566501626084e-05};
  private static final double[] ERF_Q = {
    3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03,
    1.32494738004321644526e-04, -3.96022827877536812320e-06};
  private static final double[] ERF_PA = {
    -2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01,
    3.18346619901161753674e-01, -1.10894694282396677476e-01, 3.54783043256182359371e-02,
    -2.16637559486879084300e-03};
  private static final double[] ERF_QA = {
    1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
    1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02};
  private static final double[] ERF_RA = {
    -9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01,
    -6.23753324503260060396e+01, -1.62396669462573470355e+02, -1.84605092906711035994e+02,
    -8.12874355063065934246e+01, -9.81432934416914548592e+00};
  private static final double[] ERF_SA = {
    1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02,
    6.45387271733267880336e+02, 4.29008140027567833386e+02, 1.08635005541779435134e+02,
    6.57024977031928170135e+00, -6.04244152148580987438e-02};
  private static final double[] ERF_RB = {
    -9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01,
    -1.60636384855821916062e+02, -6.37566443368389627722e+02, -1.02509513161107724954e+03,
    -4.83519191608651397019e+02};
  private static final double[] ERF_SB = {
    3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03,
    3.19985821950859553908e+03, 2.55305040643316442583e+03, 4.74528541206955367215e+02,
    -2.24409524465858183362e+01};
  // formatter:on

  static double exp(double x) {
    double c = x > EXP_MAX ? EXP_MAX : x;
    c = c < EXP_MIN ? EXP_MIN : c;
    double t = Math.fma(c, LOG2_E, MAGIC);
    double p = series(reduced(c, t - MAGIC));
    long k = Double.doubleToRawLongBits(t) - MAGIC_BITS;
    long half = k >> 1;
    return (1 + p) * powerOf2(half) * powerOf2(k - half);
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
    double r = L7;
    r = Math.fma(r, z, L6);
    r = Math.fma(r, z, L5);
    r = Math.fma(r, z, L4);
    r = Math.fma(r, z, L3);
    r = Math.fma(r, z, L2);
    r = Math.fma(r, z, L1);
    double h = 0.5 * f * f;
    double low = Math.fma(s, Math.fma(r, z, h), k * LN2_TAIL);
    double y = Math.fma(k, LN2_HEAD, f - (h - low));
    y = x == Double.POSITIVE_INFINITY ? x : y;
    y = x == 0 ? Double.NEGATIVE_INFINITY : y;
    return x >= 0 ? y : Double.NaN;
  }

  /// `eˣ − 1`; near 0 without the loss of digits.
  static double expm1(double x) {
    if (!(Math.abs(x) <= EXPM1_MAX)) {
      return exp(x) - 1;
    }
    double t = Math.fma(x, LOG2_E, MAGIC);
    double p = series(reduced(x, t - MAGIC));
    double s = powerOf2(Double.doubleToRawLongBits(t) - MAGIC_BITS);
    return x == 0 ? x : Math.fma(s, p, s - 1);
  }

  /// `ln(1 + x)`, with the part of `x` that `1 + x` cannot hold.
  static double log1p(double x) {
    double u = 1 + x;
    boolean exact = u == 1 || u == Double.POSITIVE_INFINITY || !(x > -1);
    return u == 1 ? x : exact ? log(u) : log(u) + (x - (u - 1)) / u;
  }

  /// The error function, as in Sun's fdlibm 5.3, by intervals.
  static double erf(double x) {
    double a = Math.abs(x);
    if (a < 0.84375) {
      return x + x * ratio(x * x, ERF_P, ERF_Q);
    }
    if (a < 1.25) {
      return Math.copySign(ERF_ONE + ratio(a - 1, ERF_PA, ERF_QA), x);
    }
    if (a >= 6) {
      return Math.copySign(1, x);
    }
    if (Double.isNaN(x)) {
      return x;
    }
    double s = 1 / (a * a);
    double r = a < 1 / 0.35 ? ratio(s, ERF_RA, ERF_SA) : ratio(s, ERF_RB, ERF_SB);
    double z = Double.longBitsToDouble(Double.doubleToRawLongBits(a) & 0xffffffff00000000L);
    return Math.copySign(1 - exp(-z * z - 0.5625) * exp((z - a) * (z + a) + r) / a, x);
  }

  /// `(p₀ + p₁z + …)/(1 + q₁z + …)`
  private static double ratio(double z, double[] p, double[] q) {
    double above = 0;
    for (int i = p.length - 1; i >= 0; i--) {
      above = Math.fma(above, z, p[i]);
    }
    double below = 0;
    for (int i = q.length - 1; i >= 0; i--) {
      below = Math.fma(below, z, q[i]);
    }
    return above / Math.fma(below, z, 1);
  }

  static double sin(double x) {
    return Math.abs(x) <= REDUCTION_MAX ? sinOrCos(x, 0) : StrictMath.sin(x);
  }

  static double cos(double x) {
    return Math.abs(x) <= REDUCTION_MAX ? sinOrCos(x, 1) : StrictMath.cos(x);
  }

  /// `sin(x + quarter·π/2)`
  private static double sinOrCos(double x, long quarter) {
    double t = Math.fma(x, TWO_OVER_PI, MAGIC);
    double n = t - MAGIC;
    double r = Math.fma(n, -HALF_PI_1, x);
    r = Math.fma(n, -HALF_PI_2, r);
    r = Math.fma(n, -HALF_PI_3, r);
    long quadrant = Double.doubleToRawLongBits(t) - MAGIC_BITS + quarter;
    double y = (quadrant & 1) == 0 ? sine(x, r, quarter) : cosine(r);
    return (quadrant & 2) == 0 ? y : -y;
  }

  /// `sin r`, and for a tiny `x` itself, with its sign.
  private static double sine(double x, double r, long quarter) {
    double z = r * r;
    double p = S6;
    p = Math.fma(p, z, S5);
    p = Math.fma(p, z, S4);
    p = Math.fma(p, z, S3);
    p = Math.fma(p, z, S2);
    p = Math.fma(p, z, S1);
    double y = Math.fma(z * r, p, r);
    return quarter == 0 && x == 0 ? x : y;
  }

  private static double cosine(double r) {
    double z = r * r;
    double p = C6;
    p = Math.fma(p, z, C5);
    p = Math.fma(p, z, C4);
    p = Math.fma(p, z, C3);
    p = Math.fma(p, z, C2);
    p = Math.fma(p, z, C1);
    double h = 0.5 * z;
    double w = 1 - h;
    return w + (((1 - w) - h) + z * (z * p));
  }

  /// `xᵖ`: products for whole exponents up to 16, a root or a reciprocal where that is meant, else
  /// `StrictMath`.
  static double power(double x, double p) {
    if (p == 0.5) {
      return Math.sqrt(x);
    }
    if (p == Math.rint(p) && Math.abs(p) <= 16) {
      double y = 1;
      double base = x;
      for (int k = (int) Math.abs(p); k > 0; k >>= 1) {
        y = (k & 1) == 1 ? y * base : y;
        base *= base;
      }
      return p < 0 ? 1 / y : y;
    }
    return StrictMath.pow(x, p);
  }

  private static double reduced(double x, double n) {
    return Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
  }

  /// `eʳ − 1` for `|r| ≤ ½ ln 2`: the Taylor polynomial of degree 13, whose remainder is below 0.04
  /// ulp.
  private static double series(double r) {
    double q = E13;
    q = Math.fma(q, r, E12);
    q = Math.fma(q, r, E11);
    q = Math.fma(q, r, E10);
    q = Math.fma(q, r, E9);
    q = Math.fma(q, r, E8);
    q = Math.fma(q, r, E7);
    q = Math.fma(q, r, E6);
    q = Math.fma(q, r, E5);
    q = Math.fma(q, r, E4);
    q = Math.fma(q, r, E3);
    q = Math.fma(q, r, E2);
    return Math.fma(r * r, q, r);
  }

  private static double powerOf2(long k) {
    return Double.longBitsToDouble((k + 1023) << 52);
  }
}
