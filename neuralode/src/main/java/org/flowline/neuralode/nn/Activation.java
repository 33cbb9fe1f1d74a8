package org.flowline.neuralode.nn;

import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// Element-wise non-linearities, as layers without parameters.
public enum Activation implements Layer {
  IDENTITY,
  TANH,
  SIGMOID,
  SOFTPLUS,
  RELU,
  SIN;

  public Var apply(Var x) {
    return switch (this) {
      case IDENTITY -> x;
      case TANH -> x.tanh();
      case SIGMOID -> x.sigmoid();
      case SOFTPLUS -> x.softplus();
      case RELU -> x.relu();
      case SIN -> x.sin();
    };
  }

  @Override
  public Parameters parameters() {
    return Parameters.none();
  }

  @Override
  public Var apply(Parameters.View theta, Var x) {
    return apply(x);
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return new double[0];
  }
}
