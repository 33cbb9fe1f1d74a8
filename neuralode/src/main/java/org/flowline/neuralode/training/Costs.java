package org.flowline.neuralode.training;

import org.flowline.neuralode.PreparedGradient;
import org.flowline.neuralode.TrajectoryGradient;

/// What an objective cost so far, that solves a field's trajectories and goes back through them.
///
/// @param gradients of the loss, whatever they were asked for
/// @param products with its Hessian; what these evaluate is in their number alone
/// @param evaluations of the field, by the forward solves of gradients
/// @param pullbacks of the field, `aᵀ∂f/∂(y, θ)`
/// @param held the most that a gradient held for one trajectory
public record Costs(
    long gradients, long products, long evaluations, long pullbacks, PreparedGradient.Held held) {
  public static final Costs NONE = new Costs(0, 0, 0, 0, new PreparedGradient.Held(0, 0));

  /// Counts them.
  static final class Account {
    private Costs sum = NONE;

    /// A gradient, of any number of trajectories.
    void gradient() {
      sum = sum.plus(new Costs(1, 0, 0, 0, NONE.held));
    }

    /// Through one trajectory.
    void trajectory(PreparedGradient method, TrajectoryGradient result) {
      sum =
          sum.plus(
              new Costs(
                  0,
                  0,
                  result.forward().evaluations(),
                  result.backwardEvaluations(),
                  method.held()));
    }

    /// A curvature whose products are counted.
    TwiceDifferentiableObjective.Curvature counted(TwiceDifferentiableObjective.Curvature hessian) {
      return (v, product) -> {
        sum = sum.plus(new Costs(0, 1, 0, 0, NONE.held));
        hessian.times(v, product);
      };
    }

    Costs costs() {
      return sum;
    }
  }

  /// The sum of both, of what was held the larger.
  public Costs plus(Costs more) {
    return new Costs(
        gradients + more.gradients,
        products + more.products,
        evaluations + more.evaluations,
        pullbacks + more.pullbacks,
        new PreparedGradient.Held(
            Math.max(held.state(), more.held.state()),
            Math.max(held.adjoint(), more.held.adjoint())));
  }

  /// These without those before; of what was held all.
  public Costs since(Costs before) {
    return new Costs(
        gradients - before.gradients,
        products - before.products,
        evaluations - before.evaluations,
        pullbacks - before.pullbacks,
        held);
  }
}
