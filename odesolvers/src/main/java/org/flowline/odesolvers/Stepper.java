package org.flowline.odesolvers;

import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Reversible;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stochastic;
import org.flowline.odesolvers.method.Symplectic;

/// What a method does on a field: one trial step at a time, in place. All that is specific to a
/// kind of method is here; the loop is in [Integrator]. One per solve; allocates nothing after
/// set-up.
sealed interface Stepper
    permits ExplicitStepper,
        HipparchusRun,
        ImplicitStepper,
        PartitionedStepper,
        ReversibleStepper,
        RosenbrockStepper,
        StabilisedStepper,
        StochasticStepper {

  /// The stepper of a method.
  ///
  /// @throws IllegalArgumentException if the field cannot do what the method needs
  static Stepper of(Method method, VectorField field, StepSize size) {
    if (field instanceof StochasticField && !(method instanceof Stochastic)) {
      throw new IllegalArgumentException(
          "%s: the field has noise, want a method for it, such as EULER_MARUYAMA; or solve its drift()"
              .formatted(method.name()));
    }
    return switch (method) {
      case ButcherTableau tableau when tableau.explicit() -> new ExplicitStepper(tableau, field);
      case ButcherTableau tableau -> new ImplicitStepper(tableau, field, size);
      case Reversible reversible -> new ReversibleStepper(reversible, field);
      case Rosenbrock rosenbrock -> new RosenbrockStepper(rosenbrock, field, size);
      case HipparchusMethod foreign -> new HipparchusRun(foreign, field);
      case Stabilised stabilised -> new StabilisedStepper(stabilised, field);
      case Stochastic stochastic -> new StochasticStepper(stochastic, field);
      case Symplectic symplectic -> new PartitionedStepper(symplectic, field);
    };
  }

  /// `f(t, y0)` where the step starts, evaluated at most once per step; to be read only.
  double[] start(Step step);

  /// Fills `y1` and the slopes of a step whose `t`, `h`, `end` and `y0` are set; false if there is
  /// no result, since an equation was not solved.
  boolean trial(Step step);

  /// Fills `step.errors` after a trial; only for methods that are [Method#embedded].
  void estimate(Step step);

  /// Fills the slopes that only the dense output needs, after a trial.
  void complete(Step step);

  /// Goes on to the next step after an accepted one.
  void advance(Step step);

  /// Forgets what was learnt from earlier steps: the state or the field has jumped.
  void restart();

  /// The field, with the count of its evaluations.
  CountedField field();

  /// What the next step takes from earlier ones, for [Checkpoint].
  double[] memory();

  /// Takes over what [#memory] gave.
  void recall(double[] memory);
}
