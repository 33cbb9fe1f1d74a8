package org.flowline.neuralode.dynamics;

import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// An acceleration that depends on the velocity, as with friction, on the state `(y, v)`:
///
///     dy/dt = v        dv/dt = a(t, [y, v]; θ)
///
/// For one that does not, [org.flowline.neuralode.field.SecondOrderNeuralField] has the structure
/// that symplectic methods use.
///
/// @param acceleration maps `[y, v]` to half as many columns
public record SecondOrderDynamics(TimedDynamics acceleration) implements TimedDynamics {

  @Override
  public Parameters parameters() {
    return acceleration.parameters();
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return acceleration.initial(random);
  }

  @Override
  public Var apply(Var t, Var y, Parameters.View theta) {
    int columns = y.shape().dim(1);
    Var velocity = y.slice(1, columns / 2, columns);
    return Var.concat(1, List.of(velocity, acceleration.apply(t, y, theta)));
  }
}
