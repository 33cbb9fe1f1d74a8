package org.flowline.neuralode.gradient;

import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.function.Supplier;

/// A limit of [TrajectoryGradient#drift] or [TrajectoryGradient#separation], and the remedy above
/// it.
///
/// @param limit relative to the largest number observed, `≥ 0`
public record Drift(double limit, Remedy remedy) {

  private static final System.Logger LOG = System.getLogger(Drift.class.getName());

  /// A warning above a drift of 1 %.
  public static final Drift DEFAULT = new Drift(0.01, Remedy.WARN);

  /// The reaction to a drift above the limit, once per gradient.
  public enum Remedy {
    /// Logs a warning. A failed backward solve needs none: its gradient is NaN.
    WARN,
    /// Logs a warning and returns the gradient of [DiscreteAdjoint], which solves forward once
    /// more; also where the backward solve fails.
    FALL_BACK
  }

  public Drift {
    if (!(limit >= 0)) {
      throw new IllegalArgumentException("drift limit " + limit + "; want 0 or more");
    }
  }

  /// The gradient, or the remedy where it drifts too far or, with an infinite drift, failed.
  ///
  /// @param drift the drift or another distance; NaN where there is no gradient
  /// @param what the start of the warning
  /// @param advice its end where the gradient stays
  TrajectoryGradient checked(
      TrajectoryGradient back,
      double drift,
      String what,
      String advice,
      Supplier<TrajectoryGradient> discrete) {
    boolean failed = drift == Double.POSITIVE_INFINITY;
    if (!failed && !(drift > limit)) {
      return back;
    }
    return switch (remedy) {
      case WARN -> {
        if (!failed) {
          warn(drift, what, advice);
        }
        yield back;
      }
      case FALL_BACK -> {
        warn(drift, what, "falling back to the discrete adjoint");
        TrajectoryGradient exact = discrete.get();
        yield exact.with(back.backwardEvaluations() + exact.backwardEvaluations(), drift);
      }
    };
  }

  private void warn(double drift, String what, String consequence) {
    LOG.log(
        Level.WARNING,
        String.format(
            Locale.ROOT,
            "%s by %.1e of its size, above %.1e; %s",
            what,
            drift,
            limit,
            consequence));
  }
}
