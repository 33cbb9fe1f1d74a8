package org.flowline.neuralode.gradient;

import org.flowline.neuralode.DifferentiableField;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Reversible;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stochastic;
import org.flowline.odesolvers.method.Symplectic;

/// One kind of step, backward: from the cotangents of its slopes to those of all they were made of.
/// The other half, from `y1` and the dense output to the slopes, is the same for every method and
/// in [ReverseSweep].
sealed interface StepAdjoint
    permits RosenbrockAdjoint, RungeKuttaAdjoint, StochasticAdjoint, SymplecticAdjoint {

  /// The adjoint of a method's steps on a field.
  ///
  /// @throws IllegalArgumentException if the method has none, or needs more of the field
  static StepAdjoint of(Method method, DifferentiableField field) {
    return switch (method) {
      case ButcherTableau tableau -> new RungeKuttaAdjoint(tableau, field);
      case Rosenbrock rosenbrock -> new RosenbrockAdjoint(rosenbrock, field);
      case Symplectic symplectic -> new SymplecticAdjoint(symplectic, field);
      case Stochastic stochastic -> new StochasticAdjoint(stochastic, field);
      case Reversible _, Stabilised _, HipparchusMethod _ -> throw without(method);
    };
  }

  /// Whether the method has one.
  ///
  /// @throws IllegalArgumentException if it has none
  static void require(Method method) {
    switch (method) {
      case ButcherTableau _, Rosenbrock _, Symplectic _, Stochastic _ -> {}
      case Reversible _ ->
          throw new IllegalArgumentException(
              "discrete adjoint: method "
                  + method.name()
                  + " is taken back without a trajectory; use ReversibleAdjoint");
      case Stabilised _, HipparchusMethod _ -> throw without(method);
    }
  }

  private static IllegalArgumentException without(Method method) {
    return new IllegalArgumentException(
        "discrete adjoint: method "
            + method.name()
            + "; want one whose steps can be walked back, such as TSIT5 or RODAS5P");
  }

  /// Adds to the cotangents of `y0`, θ, start and size of a recorded step what comes through its
  /// slopes.
  void pullBack(Trajectory trajectory, int step, StepCotangents bar);
}
