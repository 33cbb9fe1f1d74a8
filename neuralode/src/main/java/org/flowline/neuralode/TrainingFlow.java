package org.flowline.neuralode;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;

/// TRAINING, the third of the three fields: parameters that move in training time τ. The last
/// components of the state are θ, but in [org.flowline.neuralode.training.flow.MirrorFlow]; before
/// them may stand velocities or
/// averages.
public interface TrainingFlow extends VectorField {

  /// What descends.
  Objective objective();

  /// The state in which training starts from these parameters: they, and zeros before them.
  default double[] start(double[] theta) {
    double[] state = new double[dimension()];
    System.arraycopy(theta, 0, state, dimension() - theta.length, theta.length);
    return state;
  }

  /// Overwrites `theta` with the parameters in a state.
  default void copyParameters(double[] state, double[] theta) {
    System.arraycopy(state, dimension() - theta.length, theta, 0, theta.length);
  }

  /// The parameters in a state.
  default double[] parameters(double[] state) {
    double[] theta = new double[objective().dimension()];
    copyParameters(state, theta);
    return theta;
  }

  /// Why the last evaluation gave no number, if it is known.
  default Optional<Status> failure() {
    return objective().failure();
  }

  /// The diagonal matrix `D` through which the flow sees gradients, `D⁻¹∇L`: ones, unless it
  /// scales them.
  ///
  /// @param tau when the state was reached
  /// @param state the whole of it
  /// @param diagonal of θ's length, overwritten
  default void preconditioner(double tau, double[] state, double[] diagonal) {
    Arrays.fill(diagonal, 1);
  }

  /// Whether the flow has derivatives wherever it goes, which methods want that linearise it.
  default boolean smooth() {
    return true;
  }

  /// The largest eigenvalue of `D^-½ ∇²L D^-½` with which steps stay bounded on a quadratic loss,
  /// `D` held; beyond it they grow. Empty where no such number is known.
  ///
  /// @param method what makes the steps
  /// @param tau where the step starts
  /// @param h its size
  default OptionalDouble stableUpTo(Method method, double tau, double h) {
    return OptionalDouble.empty();
  }
}
