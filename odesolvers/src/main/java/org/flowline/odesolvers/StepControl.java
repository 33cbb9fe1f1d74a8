package org.flowline.odesolvers;

/// Proposes the next step and accepts or rejects it. One per solve.
sealed interface StepControl permits AdaptiveControl, FixedControl, HipparchusStepper {

  /// Sets `h` and `end` of the next trial step.
  ///
  /// @return false if there is none, for the reason in [#failure]
  boolean proposeStep(Step step);

  /// Returns whether the trial step is accepted.
  ///
  /// @param solved whether the trial has a result at all
  boolean accepts(Step step, boolean solved);

  /// Forgets what earlier steps showed: after this one, which an event may have shortened, the
  /// state has jumped.
  default void restart(Step step) {}

  /// Returns the [Stats#stiffness] of a solve that has ended; may evaluate the field.
  default double stiffness(Step step) {
    return Double.NaN;
  }

  /// Returns whether [#proposeStep] has failed or will fail.
  boolean stuck();

  /// Returns why [#proposeStep] failed.
  Status failure(Step step, long steps);

  /// The size of the next step, before it is fitted to the interval; 0 for sizes that do not depend
  /// on errors.
  default double proposal() {
    return 0;
  }

  /// Returns what the next step reuses of earlier ones, for a [Checkpoint].
  double[] saveState();

  /// Restores the result of [#saveState].
  void restoreState(double[] state);
}
