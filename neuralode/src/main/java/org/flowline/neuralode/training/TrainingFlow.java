package org.flowline.neuralode.training;

import java.util.Arrays;
import org.flowline.odesolvers.VectorField;

/// TRAINING, the third of the three fields: parameters that move in training time τ. The last
/// components of the state are θ; before them may stand velocities or averages.
public interface TrainingFlow extends VectorField {

  /// What descends.
  Objective objective();

  /// The state in which training starts from these parameters: they, and zeros before them.
  default double[] start(double[] theta) {
    double[] state = new double[dimension()];
    System.arraycopy(theta, 0, state, dimension() - theta.length, theta.length);
    return state;
  }

  /// The parameters in a state.
  default double[] parameters(double[] state) {
    return Arrays.copyOfRange(state, dimension() - objective().dimension(), dimension());
  }
}
