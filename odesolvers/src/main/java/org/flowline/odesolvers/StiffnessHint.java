package org.flowline.odesolvers;

import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Stability;

/// How far along the axis of stability an explicit method steps: `h ρ(∂f/∂y)`, with the spectral
/// radius by the power method. Where that is about [Stability#realLimit], stability and not
/// accuracy says how long steps are: the field is stiff. Looked at once, behind the end of a solve.
final class StiffnessHint {

  /// From this part of the limit on it is felt, since step sizes swing about it.
  private static final double FELT = 0.7;

  private StiffnessHint() {}

  /// `h ρ` at the start of `step`, for steps of size `h`; NaN for methods that are not explicit.
  static double of(Method method, CountedField field, Step step, double h) {
    if (!(method instanceof ButcherTableau tableau) || !tableau.explicit()) {
      return Double.NaN;
    }
    double[] f = new double[field.dimension()];
    field.evaluate(step.stageTime(0), step.y0, f);
    var radius = new SpectralRadius(field);
    radius.estimate(step.stageTime(0), step.y0, f, h);
    return h * radius.value() / SpectralRadius.SAFETY;
  }

  /// What to do about it; empty where the field is not stiff, or nothing is known.
  static String remedy(Method method, double stiffness) {
    return stiffness > 0 && stiffness > FELT * Stability.realLimit(method)
        ? "the field is stiff there; try RODAS5P or KVAERNO5, or "
        : "";
  }
}
