package org.flowline.neuralode.nn;

import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// A function with parameters, `y = layer(x; θ)`, on rows of features: `[rows, in] ↦ [rows, out]`.
public interface Layer {

  /// The names and shapes of θ.
  Parameters parameters();

  /// Records the layer on `x`.
  Var apply(Parameters.View theta, Var x);

  /// Random initial parameters, of length `parameters().size()`.
  double[] initial(RandomGenerator random);
}
