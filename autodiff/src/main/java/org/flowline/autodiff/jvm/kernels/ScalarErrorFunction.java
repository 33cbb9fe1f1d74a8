package org.flowline.autodiff.jvm.kernels;

import static org.flowline.autodiff.jvm.kernels.ScalarMath.*;

/// The error function `erf x = 2/√π ∫₀ˣ e^(−t²) dt` and `erfc x = 1 − erf x` as fixed sequences of
/// IEEE operations, and the coefficients they share with [VectorErrorFunction].
///
/// Rational functions of Sun's fdlibm 5.3, by intervals. The exponent of `e^(−x²)` is exact, a pair
/// of doubles, so that `erfc` keeps its digits until it underflows near 27.
final class ScalarErrorFunction {
  private ScalarErrorFunction() {}

  /// The ends of the intervals, in `|x|`.
  static final double SMALL_MAX = 0.84375;

  static final double MIDDLE_MAX = 1.25;
  static final double NEAR_MAX = 1 / 0.35;

  /// `erf 1`, rounded to a `float`
  static final double ONE = 8.45062911510467529297e-01;

  static final double SHIFT = 0.5625;

  // P/Q: (erf x)/x − 1 in x², up to 0.84375
  static final double P0 = 1.28379167095512558561e-01;
  static final double P1 = -3.25042107247001499370e-01;
  static final double P2 = -2.84817495755985104766e-02;
  static final double P3 = -5.77027029648944159157e-03;
  static final double P4 = -2.37630166566501626084e-05;
  static final double Q1 = 3.97917223959155352819e-01;
  static final double Q2 = 6.50222499887672944485e-02;
  static final double Q3 = 5.08130628187576562776e-03;
  static final double Q4 = 1.32494738004321644526e-04;
  static final double Q5 = -3.96022827877536812320e-06;

  // PA/QA: erf |x| − ONE in |x| − 1, up to 1.25
  static final double PA0 = -2.36211856075265944077e-03;
  static final double PA1 = 4.14856118683748331666e-01;
  static final double PA2 = -3.72207876035701323847e-01;
  static final double PA3 = 3.18346619901161753674e-01;
  static final double PA4 = -1.10894694282396677476e-01;
  static final double PA5 = 3.54783043256182359371e-02;
  static final double PA6 = -2.16637559486879084300e-03;
  static final double QA1 = 1.06420880400844228286e-01;
  static final double QA2 = 5.40397917702171048937e-01;
  static final double QA3 = 7.18286544141962662868e-02;
  static final double QA4 = 1.26171219808761642112e-01;
  static final double QA5 = 1.36370839120290507362e-02;
  static final double QA6 = 1.19844998467991074170e-02;

  // RA/SA: ln(|x|·erfc |x|) + x² + 0.5625 in 1/x², up to 1/0.35
  static final double RA0 = -9.86494403484714822705e-03;
  static final double RA1 = -6.93858572707181764372e-01;
  static final double RA2 = -1.05586262253232909814e+01;
  static final double RA3 = -6.23753324503260060396e+01;
  static final double RA4 = -1.62396669462573470355e+02;
  static final double RA5 = -1.84605092906711035994e+02;
  static final double RA6 = -8.12874355063065934246e+01;
  static final double RA7 = -9.81432934416914548592e+00;
  static final double SA1 = 1.96512716674392571292e+01;
  static final double SA2 = 1.37657754143519042600e+02;
  static final double SA3 = 4.34565877475229228821e+02;
  static final double SA4 = 6.45387271733267880336e+02;
  static final double SA5 = 4.29008140027567833386e+02;
  static final double SA6 = 1.08635005541779435134e+02;
  static final double SA7 = 6.57024977031928170135e+00;
  static final double SA8 = -6.04244152148580987438e-02;

  // RB/SB: the same beyond
  static final double RB0 = -9.86494292470009928597e-03;
  static final double RB1 = -7.99283237680523006574e-01;
  static final double RB2 = -1.77579549177547519889e+01;
  static final double RB3 = -1.60636384855821916062e+02;
  static final double RB4 = -6.37566443368389627722e+02;
  static final double RB5 = -1.02509513161107724954e+03;
  static final double RB6 = -4.83519191608651397019e+02;
  static final double SB1 = 3.03380607434824582924e+01;
  static final double SB2 = 3.25792512996573918826e+02;
  static final double SB3 = 1.53672958608443695994e+03;
  static final double SB4 = 3.19985821950859553908e+03;
  static final double SB5 = 2.55305040643316442583e+03;
  static final double SB6 = 4.74528541206955367215e+02;
  static final double SB7 = -2.24409524465858183362e+01;

  static double erf(double x) {
    double a = Math.abs(x);
    if (a < SMALL_MAX) {
      return x + x * small(x * x);
    }
    return Math.copySign(a < MIDDLE_MAX ? ONE + middle(a - 1) : 1 - tail(a), x);
  }

  static double erfc(double x) {
    double a = Math.abs(x);
    if (a < SMALL_MAX) {
      double y = small(x * x);
      return x < 0.25 ? 1 - (x + x * y) : Math.fma(-x, y, 1 - x);
    }
    if (a < MIDDLE_MAX) {
      return x < 0 ? 1 + (ONE + middle(a - 1)) : 1 - ONE - middle(a - 1);
    }
    return x < 0 ? 2 - tail(a) : tail(a);
  }

  private static double small(double z) {
    double p = Math.fma(horner(P4, z, P3, P2, P1), z, P0);
    double q = Math.fma(Math.fma(horner(Q5, z, Q4, Q3, Q2), z, Q1), z, 1);
    return p / q;
  }

  private static double middle(double z) {
    double p = horner(horner(PA6, z, PA5, PA4, PA3), z, PA2, PA1, PA0);
    double q = horner(horner(QA6, z, QA5, QA4, QA3), z, QA2, QA1, 1);
    return p / q;
  }

  /// `erfc a = e^(−a² − SHIFT + r)/a`
  private static double tail(double a) {
    double square = a * a;
    double squareLow = Math.fma(a, a, -square);
    double s = 1 / square;
    double r = a < NEAR_MAX ? near(s) : far(s);
    double b = -SHIFT - square;
    double low = (-square - b) - SHIFT + (r - squareLow);
    double h = b + low;
    boolean none = square > -EXP_MIN;
    return exp(none ? EXP_MIN : h, none ? 0 : (b - h) + low) / a;
  }

  private static double near(double s) {
    double p = horner(horner(RA7, s, RA6, RA5, RA4), s, RA3, RA2, RA1);
    p = Math.fma(p, s, RA0);
    double q = horner(horner(SA8, s, SA7, SA6, SA5), s, SA4, SA3, SA2);
    q = Math.fma(Math.fma(q, s, SA1), s, 1);
    return p / q;
  }

  private static double far(double s) {
    double p = horner(horner(RB6, s, RB5, RB4, RB3), s, RB2, RB1, RB0);
    double q = horner(horner(SB7, s, SB6, SB5, SB4), s, SB3, SB2, SB1);
    q = Math.fma(q, s, 1);
    return p / q;
  }
}
