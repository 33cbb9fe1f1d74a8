package org.flowline.neuralode;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Var;
import org.flowline.odesolvers.Status;

/// A loss `L(θ)` and its gradient, which training descends.
///
/// An objective may change with training time τ (mini-batches, a curriculum), but not within a
/// step. [#of] makes one of a plain function, [#traced] of a loss on `Var`s, and
/// [org.flowline.neuralode.training.objective.TrajectoriesObjective] of data and a Neural ODE.
public interface Objective {

  /// A loss and its gradient, the same at all times.
  @FunctionalInterface
  interface Function {
    /// Returns the loss at `theta` and its gradient.
    ///
    /// @param gradient overwritten with `∂L/∂θ`
    double gradient(double[] theta, double[] gradient);
  }

  /// Returns the objective of a plain function of `dimension` parameters.
  ///
  /// @throws IllegalArgumentException if the dimension is below 1
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

  /// Records a loss of `dimension` parameters once and derives its gradient and its Hessian.
  ///
  /// @param loss from θ, of shape `[dimension]`, to a number
  /// @throws IllegalArgumentException if its value is not one number
  static TwiceDifferentiableObjective traced(int dimension, UnaryOperator<Var> loss) {
    return new TracedObjective(dimension, loss);
  }

  /// The length of θ.
  int dimension();

  /// Returns the loss at `theta` and its gradient.
  ///
  /// @param tau training time; iteration `k` of gradient descent with step η is at `τ = kη`
  /// @param theta the parameters, not to be modified
  /// @param gradient overwritten with `∂L/∂θ`; NaN where the loss could not be computed
  double gradient(double tau, double[] theta, double[] gradient);

  /// Returns the loss at `theta` without its gradient, to the same bits as [#gradient]. Objectives
  /// that can do better than computing the gradient and dropping it override this method.
  default double loss(double tau, double[] theta) {
    return gradient(tau, theta, new double[dimension()]);
  }

  /// The phase of a curriculum; only losses of equal phases are comparable, and the best θ so far
  /// is the best one of the current phase.
  default int phase(double tau) {
    return 0;
  }

  /// Returns whether the objective changes from one step to the next, as with batches or noise. A
  /// method that takes its first slope over from the previous step would mix two objectives, so
  /// that [org.flowline.neuralode.training.Trainer] makes it evaluate the slope again.
  default boolean varies() {
    return false;
  }

  /// The cost so far; [Costs#NONE] where the objective does not count.
  default Costs costs() {
    return Costs.NONE;
  }

  /// The status of the solve that failed in the last evaluation, if one did.
  default Optional<Status> failure() {
    return Optional.empty();
  }
}
