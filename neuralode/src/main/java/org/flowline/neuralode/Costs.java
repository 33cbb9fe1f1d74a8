package org.flowline.neuralode;

/// The cost of an objective so far.
///
/// @param gradients of the loss
/// @param products with its Hessian; their own solves are not counted in the numbers below
/// @param evaluations of the field, by forward solves
/// @param pullbacks of the field, `aᵀ∂f/∂(y, θ)`; of a continuous adjoint evaluations of its field
/// @param held the most memory that a gradient held for one trajectory
public record Costs(
    long gradients, long products, long evaluations, long pullbacks, MemoryUse held) {
  /// No cost; also the answer of objectives that do not count.
  public static final Costs NONE = new Costs(0, 0, 0, 0, MemoryUse.NONE);

  /// Counts costs without allocating.
  public static final class Account {
    private long gradients;
    private long products;
    private long evaluations;
    private long pullbacks;
    private MemoryUse held = MemoryUse.NONE;

    /// An account without costs.
    public Account() {}

    /// Counts a gradient, of any number of trajectories.
    public void gradient() {
      gradients++;
    }

    /// Counts the work of a loss or its gradient through one trajectory.
    public void trajectory(long evaluations, long pullbacks, MemoryUse held) {
      this.evaluations += evaluations;
      this.pullbacks += pullbacks;
      this.held = this.held.max(held);
    }

    /// Returns a curvature that counts its products here.
    public TwiceDifferentiableObjective.Curvature counted(
        TwiceDifferentiableObjective.Curvature hessian) {
      return (v, product) -> {
        products++;
        hessian.times(v, product);
      };
    }

    /// The costs counted so far.
    public Costs costs() {
      return new Costs(gradients, products, evaluations, pullbacks, held);
    }
  }

  /// Returns the sum of both, with the larger memory.
  public Costs plus(Costs more) {
    return new Costs(
        gradients + more.gradients,
        products + more.products,
        evaluations + more.evaluations,
        pullbacks + more.pullbacks,
        held.max(more.held));
  }

  /// Returns the costs minus `before`, with all of the memory.
  public Costs since(Costs before) {
    return new Costs(
        gradients - before.gradients,
        products - before.products,
        evaluations - before.evaluations,
        pullbacks - before.pullbacks,
        held);
  }
}
