package org.flowline.neuralode.dynamics;

import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;

/// Dynamics made of their three parts; see [TimedDynamics#of].
record ProgramDynamics(
    Parameters parameters,
    Function<RandomGenerator, double[]> initializer,
    NeuralField.Dynamics program)
    implements TimedDynamics {
  @Override
  public double[] initial(RandomGenerator random) {
    return initializer.apply(random);
  }

  @Override
  public Var apply(Var t, Var y, Parameters.View theta) {
    return program.apply(t, y, theta);
  }
}
