package org.flowline.neuralode.gradient;

import java.util.Locale;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;

/// `f` where a solve starts, looked at before and after it: a field with a hidden state, or that
/// draws random numbers, is not the same twice, and has no gradient.
///
/// Costs two evaluations of a field that is not [DifferentiableField#pure], nothing of one that is.
final class FirstSlope {

  /// What sums in another order may differ by, in parts of the largest component.
  private static final double ROUNDING = 1e-10;

  private final DifferentiableField field;
  private final double t0;
  private final double[] y0;

  /// Null where there is nothing to look at.
  private final double[] before;

  /// Looks at `f` before the solve.
  FirstSlope(DifferentiableField field, double[] y0, double[] times) {
    this.field = field;
    this.t0 = times.length == 0 ? Double.NaN : times[0];
    boolean fits = y0.length == field.dimension() && Double.isFinite(t0);
    boolean looks = fits && !field.pure();
    this.y0 = looks ? y0.clone() : null;
    this.before = looks ? look() : null;
  }

  private double[] look() {
    double[] slope = new double[y0.length];
    field.evaluate(t0, y0.clone(), slope);
    return slope;
  }

  /// Looks again.
  ///
  /// @throws IllegalArgumentException if `f` is no longer what it was
  void requireSame(String method) {
    if (before == null) {
      return;
    }
    double[] after = look();
    double allowed = ROUNDING * Vectors.maxNorm(before);
    for (int i = 0; i < after.length; i++) {
      boolean same =
          Double.compare(before[i], after[i]) == 0 || Math.abs(before[i] - after[i]) <= allowed;
      if (!same) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s: component %d of f(%s, y0) was %s before the solve and %s after it; want a field"
                    + " that depends on t, y and θ alone; hold noise as NoisyField does, and make"
                    + " a hidden state a part of y",
                method,
                i,
                t0,
                before[i],
                after[i]));
      }
    }
  }
}
