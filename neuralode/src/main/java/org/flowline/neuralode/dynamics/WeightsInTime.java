package org.flowline.neuralode.dynamics;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.nn.Layer;

/// A layer whose weights depend on time, expanded in a basis (Galerkin):
///
///     dy/dt = layer(y; Σₖ φₖ(t) θₖ)
///
/// Its parameter `coefficients` has shape `[K, p]`, a row of the layer's parameters for each basis
/// function. Massaroli et al. (2020), section 3.
public record WeightsInTime(Layer layer, Basis basis) implements TimedDynamics {

  @Override
  public Parameters parameters() {
    return Parameters.none().with("coefficients", basis.size(), layer.parameters().size());
  }

  /// Random coefficients of the layer for the first basis function, 0 for the others: constant in
  /// time if the first function is. For [Basis#pieces] use [#initialOfEach].
  @Override
  public double[] initial(RandomGenerator random) {
    return Arrays.copyOf(layer.initial(random), parameters().size());
  }

  /// Independent random coefficients of the layer for every basis function.
  public double[] initialOfEach(RandomGenerator random) {
    int p = layer.parameters().size();
    double[] all = new double[parameters().size()];
    for (int k = 0; k < basis.size(); k++) {
      System.arraycopy(layer.initial(random), 0, all, k * p, p);
    }
    return all;
  }

  @Override
  public Var apply(Var t, Var y, Parameters.View theta) {
    Parameters inner = layer.parameters();
    Var now = basis.at().apply(t).matmul(theta.get("coefficients")).reshape(inner.size());
    return layer.apply(inner.of(now), y);
  }
}
