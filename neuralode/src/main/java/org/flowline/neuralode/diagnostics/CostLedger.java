package org.flowline.neuralode.diagnostics;

import org.flowline.neuralode.Costs;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;

/// The cost of a training at its three levels:
///
/// | level | work | bytes |
/// |---|---|---|
/// | state | evaluations of `f` by forward solves | recorded steps and states of one |
/// | adjoint | pullbacks, `aᵀ∂f/∂(y, θ)` | cotangents |
/// | training | steps, gradients, products with the Hessian | the flow's states and slopes |
///
/// Bytes are the most held at one time, computed from the lengths of arrays: the steps and states
/// that a gradient keeps of its forward solve; the cotangents of state, slopes and θ, see
/// [org.flowline.neuralode.MemoryUse]; θ, velocities and averages at both ends of a step, and its
/// slopes. The workspace of a network and the matrices of implicit methods are not included.
///
/// Counts of the discrete adjoint are the field's own. Of the continuous adjoints an evaluation of
/// the adjoint field, `f` and its pullback at once, counts as a pullback, as does the slope at each
/// observed time. Not counted are steps that [org.flowline.neuralode.gradient.Checkpointed]
/// repeats, the two purity checks of a field that is not
/// [org.flowline.neuralode.DifferentiableField#pure], and the solves inside products with the
/// Hessian.
///
/// Evaluations of the objective by other observers count, too; give those an objective of their
/// own. Costs three numbers per step and changes no bit.
public final class CostLedger implements StepObserver {

  /// The forward solves.
  public record State(long evaluations, long bytes) {}

  /// The backward sweeps.
  public record Adjoint(long pullbacks, long bytes) {}

  /// The flow of θ.
  ///
  /// @param steps accepted
  /// @param rejected steps
  public record Training(long steps, long rejected, long gradients, long products, long bytes) {}

  /// An account of all levels.
  public record Account(State state, Adjoint adjoint, Training training) {}

  private final Objective objective;
  private final Costs before;
  private long steps;
  private long rejected;
  private long bytes;

  private CostLedger(Objective objective) {
    this.objective = objective;
    this.before = objective.costs();
  }

  /// Opens an account; earlier costs of the objective do not count.
  ///
  /// @param objective the trained one; if it does not count, see [Objective#costs], only steps are
  ///     known
  public static CostLedger of(Objective objective) {
    return new CostLedger(objective);
  }

  @Override
  public void accepted(Step step) {
    steps++;
    measure(step);
  }

  @Override
  public void rejected(Step step) {
    rejected++;
    measure(step);
  }

  private void measure(Step step) {
    bytes = Math.max(bytes, 8L * (2 + step.method().stages()) * step.y0().length);
  }

  /// The account since it was opened.
  public Account account() {
    Costs costs = objective.costs().since(before);
    MemoryUse held = costs.held();
    return new Account(
        new State(costs.evaluations(), held.state()),
        new Adjoint(costs.pullbacks(), held.adjoint()),
        new Training(steps, rejected, costs.gradients(), costs.products(), bytes));
  }
}
