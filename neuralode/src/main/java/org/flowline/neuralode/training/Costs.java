package org.flowline.neuralode.training;

import org.flowline.neuralode.PreparedGradient;
import org.flowline.neuralode.TrajectoryGradient;

/// What an objective cost so far, that solves a field's trajectories and goes back through them.
///
/// @param gradients of the loss, whatever they were asked for
/// @param products with its Hessian; what these evaluate is in their number alone
/// @param evaluations of the field, by forward solves
/// @param pullbacks of the field, `aᵀ∂f/∂(y, θ)`; of a continuous adjoint evaluations of its field
/// @param held the most that a gradient held for one trajectory
public record Costs(
    long gradients, long products, long evaluations, long pullbacks, PreparedGradient.Held held) {
  /// Nothing; also where nobody counts.
  public static final Costs NONE = new Costs(0, 0, 0, 0, new PreparedGradient.Held(0, 0));

  /// Counts them, and allocates nothing for it.
  static final class Account {
    private long gradients;
    private long products;
    private long evaluations;
    private long pullbacks;
    private long state;
    private long adjoint;

    /// A gradient, of any number of trajectories.
    void gradient() {
      gradients++;
    }

    /// Through one trajectory.
    void trajectory(PreparedGradient method, TrajectoryGradient result) {
      evaluations += result.forward().evaluations();
      pullbacks += result.backwardEvaluations();
      PreparedGradient.Held held = method.held();
      state = Math.max(state, held.state());
      adjoint = Math.max(adjoint, held.adjoint());
    }

    /// A loss alone.
    void forward(long more) {
      evaluations += more;
    }

    /// A curvature whose products are counted.
    TwiceDifferentiableObjective.Curvature counted(TwiceDifferentiableObjective.Curvature hessian) {
      return (v, product) -> {
        products++;
        hessian.times(v, product);
      };
    }

    Costs costs() {
      PreparedGradient.Held held = new PreparedGradient.Held(state, adjoint);
      return new Costs(gradients, products, evaluations, pullbacks, held);
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
