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

/// Executes a method on a field: one trial step at a time, in place. One per solve; allocates
/// nothing after set-up. The loop is in [Integrator].
sealed interface Stepper extends AutoCloseable
    permits ExplicitStepper,
        HipparchusStepper,
        ImplicitStepper,
        PartitionedStepper,
        ReversibleStepper,
        RosenbrockStepper,
        StabilisedStepper,
        StochasticStepper {

  /// Returns the stepper of a method.
  ///
  /// @throws IllegalArgumentException if the field lacks a capability that the method needs
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
      case HipparchusMethod foreign -> new HipparchusStepper(foreign, field);
      case Stabilised stabilised -> new StabilisedStepper(stabilised, field);
      case Stochastic stochastic -> new StochasticStepper(stochastic, field);
      case Symplectic symplectic -> new PartitionedStepper(symplectic, field);
    };
  }

  /// Returns the control of the step sizes over `[t0, t1]`, in either direction.
  ///
  /// @throws IllegalArgumentException if fixed steps do not lead from `t0` to `t1`, tolerances do
  ///     not fit the state, or the method has no such option
  default StepControl control(StepSize size, Method method, double t0, double t1) {
    return switch (size) {
      case StepSize.Fixed fixed -> new FixedControl(fixed, this, t0, t1);
      case StepSize.Adaptive adaptive -> new AdaptiveControl(adaptive, this, method, t0, t1);
    };
  }

  /// The slope at the start of the step.
  StartSlope startSlope();

  /// The field, with the count of its evaluations.
  default CountedField field() {
    return startSlope().field;
  }

  /// Fills `y1` and the slopes of a step whose `t`, `h`, `end` and `y0` are set.
  ///
  /// @return whether there is a result: false if an equation was not solved
  boolean trial(Step step);

  /// Fills `step.errors` after a trial; only for methods that are [Method#embedded].
  default void estimate(Step step) {
    throw new IllegalStateException(step.method().name() + ": has no error estimate");
  }

  /// Fills the slopes that only the dense output needs, after a trial.
  default void complete(Step step) {}

  /// Prepares for the step after this one, which is accepted.
  default void accept(Step step) {
    startSlope().known = false;
  }

  /// Forgets what earlier steps computed: the state or the field has jumped.
  default void restart() {
    startSlope().known = false;
  }

  /// Forgets the slope at the start of the step: the field has jumped, the state has not.
  default void restartSlope() {
    restart();
  }

  /// Returns what the next step reuses of earlier ones, for a [Checkpoint].
  default double[] saveState() {
    return startSlope().known ? startSlope().value.clone() : new double[0];
  }

  /// Restores the result of [#saveState].
  default void restoreState(double[] state) {
    startSlope().known = state.length > 0;
    System.arraycopy(state, 0, startSlope().value, 0, state.length);
  }

  /// Releases what the solve has used besides memory.
  @Override
  default void close() {}

  /// The slope `f(t, y0)` at the start of a step: evaluated at most once per step, and taken from
  /// the step before where that has evaluated its end.
  final class StartSlope {

    final CountedField field;
    double[] value;
    boolean known;

    StartSlope(CountedField field) {
      this.field = field;
      this.value = new double[field.dimension()];
    }

    /// Returns the slope at the start of `step`; to be read only.
    double[] at(Step step) {
      if (!known) {
        field.evaluateStage(0, step.stageTime(0), step.y0, value);
        known = true;
        step.freshSlope = true;
      }
      return value;
    }

    /// Replaces the slope by the next step's.
    ///
    /// @return the array of the last slope, free for other use
    double[] replace(double[] next) {
      double[] free = value;
      value = next;
      known = true;
      return free;
    }
  }
}
