package org.flowline.neuralode;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Var;
import org.flowline.odesolvers.Status;

/// What training descends: a loss `L(θ)` and its gradient.
///
/// It may change with training time τ (mini-batches, a growing horizon), but not within a step.
/// From a plain function by [#of], from a loss written on `Var`s by [#traced], from data and a
/// Neural ODE by [org.flowline.neuralode.training.objective.TrajectoryObjective].
public interface Objective {

  /// A loss and its gradient, the same at all times.
  @FunctionalInterface
  interface Function {
    /// The loss at `theta`, and its gradient.
    ///
    /// @param gradient overwritten with `∂L/∂θ`
    /// @return `L(θ)`
    double gradient(double[] theta, double[] gradient);
  }

  /// A plain function of `dimension` parameters.
  ///
  /// @throws IllegalArgumentException if there are less than one
  static Objective of(int dimension, Function loss) {
    if (dimension < 1) {
      throw new IllegalArgumentException(
          "objective: " + dimension + " parameters; want one or more");
    }
    return new Objective() {
      private final Costs.Account account = new Costs.Account();

      @Override
      public int dimension() {
        return dimension;
      }

      @Override
      public double gradient(double tau, double[] theta, double[] gradient) {
        account.gradient();
        return loss.gradient(theta, gradient);
      }

      @Override
      public Costs costs() {
        return account.costs();
      }
    };
  }

  /// A loss of `dimension` parameters, recorded once; its gradient and its Hessian are derived.
  ///
  /// @param loss from θ, of shape `[dimension]`, to a number
  /// @throws IllegalArgumentException if its value is not one number
  static TwiceDifferentiableObjective traced(int dimension, UnaryOperator<Var> loss) {
    return new TracedObjective(dimension, loss);
  }

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

  /// Whether it changes from one step to the next, as with batches or noise. A method that takes
  /// the first slope of a step over from the step before would descend two of them at once;
  /// [org.flowline.neuralode.training.Trainer] refuses it.
  default boolean varies() {
    return false;
  }

  /// What it cost so far; [Costs#NONE] where nobody counts.
  default Costs costs() {
    return Costs.NONE;
  }

  /// Why the last evaluation gave no number, if it was a solve that failed.
  default Optional<Status> failure() {
    return Optional.empty();
  }
}
