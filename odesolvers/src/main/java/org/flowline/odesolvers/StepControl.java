package org.flowline.odesolvers;

import org.flowline.odesolvers.method.Method;

/// Decides where the next step ends and whether a trial step stands. One per solve.
sealed interface StepControl permits AdaptiveControl, FixedControl, HipparchusRun {

  /// The control of a step size over `[t0, t1]`, in either direction.
  ///
  /// @throws IllegalArgumentException if fixed steps do not lead from `t0` to `t1`, or tolerances
  ///     do not fit the state
  static StepControl of(StepSize size, Stepper stepper, Method method, double t0, double t1) {
    return switch (size) {
      case StepSize.Fixed fixed -> new FixedControl(fixed, t0, t1);
      case StepSize.Adaptive adaptive when stepper instanceof HipparchusRun run ->
          run.over(adaptive, t0, t1);
      case StepSize.Adaptive adaptive -> new AdaptiveControl(adaptive, stepper, method, t0, t1);
    };
  }

  /// Sets `h` and `end` of the step to try next; false if there is none, for the reason told by
  /// [#failure].
  boolean aim(Step step);

  /// Whether the step just tried stands.
  ///
  /// @param solved whether the trial has a result at all
  boolean accepts(Step step, boolean solved);

  /// Forgets what was learnt from earlier steps: behind this one, which an event may have
  /// shortened, the state has jumped.
  void restart(Step step);

  /// The [Stats#stiffness] of a solve that has ended; may evaluate the field.
  double stiffness(Step step);

  /// Whether [#aim] will refuse.
  boolean stuck();

  /// Why [#aim] refused.
  Status failure(Step step, long steps);

  /// The size that would be tried next, were there no end in the way; 0 where errors do not tell.
  default double proposal() {
    return 0;
  }

  /// What the next step takes from earlier ones, for [Checkpoint].
  double[] memory();

  /// Takes over what [#memory] gave.
  void recall(double[] memory);
}
