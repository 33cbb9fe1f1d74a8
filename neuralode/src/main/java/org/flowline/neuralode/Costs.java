package org.flowline.neuralode;

/// What an objective cost so far, that solves a field's trajectories and goes back through them.
///
/// @param gradients of the loss, whatever they were asked for
/// @param products with its Hessian; what these evaluate is in their number alone
/// @param evaluations of the field, by forward solves
/// @param pullbacks of the field, `aᵀ∂f/∂(y, θ)`; of a continuous adjoint evaluations of its field
/// @param held the most that a gradient held for one trajectory
public record Costs(
    long gradients, long products, long evaluations, long pullbacks, MemoryUse held) {
  /// Nothing; also where nobody counts.
  public static final Costs NONE = new Costs(0, 0, 0, 0, MemoryUse.NONE);

  /// Counts them, and allocates nothing for it.
  public static final class Account {
    private long gradients;
    private long products;
    private long evaluations;
    private long pullbacks;
    private MemoryUse held = MemoryUse.NONE;

    /// A gradient, of any number of trajectories.
    public void gradient() {
      gradients++;
    }

    /// A gradient through one trajectory.
    public void trajectory(long evaluations, long pullbacks, MemoryUse held) {
      this.evaluations += evaluations;
      this.pullbacks += pullbacks;
      this.held = this.held.max(held);
    }

    /// A loss alone.
    public void forward(long more) {
      evaluations += more;
    }

    /// A curvature whose products are counted.
    public TwiceDifferentiableObjective.Curvature counted(
        TwiceDifferentiableObjective.Curvature hessian) {
      return (v, product) -> {
        products++;
        hessian.times(v, product);
      };
    }

    public Costs costs() {
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
        held.max(more.held));
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
