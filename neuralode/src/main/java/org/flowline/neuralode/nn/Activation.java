package org.flowline.neuralode.nn;

import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// Element-wise activation functions, as layers without parameters:
///
///     IDENTITY  x           SIGMOID   1/(1 + e⁻ˣ)      RELU  max(x, 0)
///     TANH      tanh x      SOFTPLUS  ln(1 + eˣ)       SIN   sin x
public enum Activation implements Layer {
  IDENTITY,
  TANH,
  SIGMOID,
  SOFTPLUS,
  RELU,
  SIN;

  /// Records the function on each element of `x`.
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
