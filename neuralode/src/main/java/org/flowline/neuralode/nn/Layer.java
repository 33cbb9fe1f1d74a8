package org.flowline.neuralode.nn;

import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// A function with parameters, `y = layer(x; θ)`, on rows of features: `[rows, in] ↦ [rows, out]`.
///
/// To add a layer, implement these three methods; `parameters()` names the arrays that `apply` gets
/// from its [Parameters.View].
public interface Layer {

  /// Returns the names and shapes of θ.
  Parameters parameters();

  /// Records the layer on `x`.
  Var apply(Parameters.View theta, Var x);

  /// Draws initial parameters, of length `parameters().size()`.
  double[] initial(RandomGenerator random);
}
