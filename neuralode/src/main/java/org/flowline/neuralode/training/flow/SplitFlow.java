package org.flowline.neuralode.training.flow;

import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.field.PartitionedField;

/// A flow for semi-implicit Euler in the state `(u, θ)`: blocks `u` of averages or velocities move
/// first, by the gradient; then θ moves with the new `u`.
public interface SplitFlow extends TrainingFlow, PartitionedField {
  /// The layout of the state, with the gradient at its θ.
  SplitState layout();

  @Override
  default Objective objective() {
    return layout().objective();
  }

  @Override
  default int dimension() {
    return layout().dimension();
  }

  @Override
  default int split() {
    return layout().split();
  }
}
