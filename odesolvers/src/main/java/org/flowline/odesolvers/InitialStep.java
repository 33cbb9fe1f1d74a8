package org.flowline.odesolvers;

/// A first step size from one explicit Euler step, Hairer, Nørsett & Wanner (1993), II.4:
///
///     h0 = 0.01 ‖y0‖/‖f0‖
///     h1 = (0.01 / max(‖f0‖, ‖f1 − f0‖/h0))^{1/k}
///     h  = min(100 h0, h1)
///
/// with norms in units of the tolerance. Costs one evaluation, within the interval.
final class InitialStep {

  /// Norms below this one say nothing about the scale of the solution.
  private static final double VAGUE = 1e-5;

  private InitialStep() {}

  /// The magnitude of the first step of at most `step.h`. Uses `y1` and the errors of the step as
  /// workspace.
  static double estimate(ErrorNorm norm, Stepper stepper, Step step, double exponent) {
    double longest = Math.abs(step.h);
    double[] y0 = step.y0;
    double[] f0 = stepper.start(step);
    double[] y1 = step.y1;
    double[] f1 = step.errors;
    double sizeOfState = Math.sqrt(norm.square(y0, y0, y0));
    double slope = Math.sqrt(norm.square(f0, y0, y0));
    double h0 = sizeOfState < VAGUE || slope < VAGUE ? 1e-6 : 0.01 * sizeOfState / slope;
    h0 = h0 > 0 ? Math.min(h0, longest) : Math.min(1e-6, longest); // norms may overflow

    double signed = Math.copySign(h0, step.h);
    for (int j = 0; j < y0.length; j++) {
      y1[j] = y0[j] + signed * f0[j];
    }
    stepper.field().evaluate(h0 < longest ? step.t + signed : step.lastTime, y1, f1);
    for (int j = 0; j < y0.length; j++) {
      f1[j] -= f0[j];
    }
    double steepest = Math.max(slope, Math.sqrt(norm.square(f1, y0, y0)) / h0);
    if (!Double.isFinite(steepest)) {
      return h0 * 1e-3;
    }
    double h1 = steepest <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : Math.pow(0.01 / steepest, exponent);
    return Math.min(Math.min(100 * h0, h1), longest);
  }
}
