package org.flowline.neuralode;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;

/// TRAINING, the third of the three fields: parameters that move in training time τ. The last
/// components of the state are θ, after velocities or averages;
/// [org.flowline.neuralode.training.flow.MirrorFlow] has duals of θ instead.
public interface TrainingFlow extends VectorField {

  /// The descended objective.
  Objective objective();

  /// The length of the state: of θ, unless there are velocities or averages.
  @Override
  default int dimension() {
    return objective().dimension();
  }

  /// The state at which training starts from `theta`: zeros, then θ.
  default double[] initialState(double[] theta) {
    double[] state = new double[dimension()];
    System.arraycopy(theta, 0, state, dimension() - theta.length, theta.length);
    return state;
  }

  /// Overwrites `theta` with the parameters in a state.
  default void copyParameters(double[] state, double[] theta) {
    System.arraycopy(state, dimension() - theta.length, theta, 0, theta.length);
  }

  /// Returns the parameters in a state.
  default double[] parameters(double[] state) {
    double[] theta = new double[objective().dimension()];
    copyParameters(state, theta);
    return theta;
  }

  /// The status of the solve that failed in the last evaluation, if one did.
  default Optional<Status> failure() {
    return objective().failure();
  }

  /// The diagonal matrix `D` of a flow along `D⁻¹∇L`; ones for a flow along the gradient.
  ///
  /// @param tau the time of the state
  /// @param state the whole state
  /// @param diagonal of θ's length, overwritten
  default void preconditioner(double tau, double[] state, double[] diagonal) {
    Arrays.fill(diagonal, 1);
  }

  /// Returns whether the flow has derivatives everywhere, as methods that linearise it need.
  default boolean smooth() {
    return true;
  }

  /// The largest eigenvalue of `D^-½ ∇²L D^-½` with stable steps on a quadratic loss, with `D`
  /// held. Empty if unknown.
  ///
  /// @param tau the start of the step
  /// @param h its size
  default OptionalDouble stableUpTo(Method method, double tau, double h) {
    return OptionalDouble.empty();
  }
}
