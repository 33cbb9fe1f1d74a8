package org.flowline.odesolvers;

/// What a method does on a field: one trial step at a time, in place. All that is specific to a
/// kind of method is here; the loop is in [Integrator]. One per solve; allocates nothing after
/// set-up.
sealed interface Stepper permits ExplicitStepper, PartitionedStepper {

  /// The stepper of a method.
  ///
  /// @throws IllegalArgumentException if the field cannot do what the method needs
  static Stepper of(Method method, VectorField field) {
    return switch (method) {
      case ButcherTableau tableau -> new ExplicitStepper(tableau, field);
      case Symplectic symplectic -> new PartitionedStepper(symplectic, field);
    };
  }

  /// Evaluates what is needed at the start of a step and independent of its size, here `k_1`.
  void start(Step step);

  /// Fills `y1` and the slopes of a step whose `t`, `h`, `end` and `y0` are set.
  void trial(Step step);

  /// Fills `step.errors` after a trial; only for methods that are [Method#embedded].
  void estimate(Step step);

  /// Goes on to the next step after an accepted one.
  void advance(Step step);

  /// The field itself, counted.
  void evaluate(double t, double[] y, double[] dydt);

  /// Evaluations so far (`nfe`).
  long evaluations();
}
