package org.flowline.neuralode;

import java.util.Optional;
import org.flowline.odesolvers.Status;

/// What training descends: a loss `L(θ)` and its gradient.
///
/// It may change with training time τ (mini-batches, a growing horizon), but not within a step.
public interface Objective {

  /// The length of θ.
  int dimension();

  /// The loss at `theta`, and its gradient.
  ///
  /// @param tau training time; of gradient descent with step η, iteration `k` is at `τ = kη`
  /// @param theta the parameters, not to be modified
  /// @param gradient overwritten with `∂L/∂θ`; NaN where the loss could not be computed
  double gradient(double tau, double[] theta, double[] gradient);

  /// Losses are comparable between equal phases only; the best θ so far is that of the current one.
  default int phase(double tau) {
    return 0;
  }

  /// Why the last evaluation gave no number, if it was a solve that failed.
  default Optional<Status> failure() {
    return Optional.empty();
  }
}
