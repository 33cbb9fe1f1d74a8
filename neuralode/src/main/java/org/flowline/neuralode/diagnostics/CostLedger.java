package org.flowline.neuralode.diagnostics;

import org.flowline.neuralode.Costs;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;

/// What a training costs, at the three levels on which it solves:
///
/// | level | work | bytes |
/// |---|---|---|
/// | state | evaluations of `f` by forward solves | of what is kept of one |
/// | adjoint | pullbacks, `aᵀ∂f/∂(y, θ)` | of the cotangents |
/// | training | steps, gradients, products with the Hessian | of the flow's states and slopes |
///
/// Bytes are the most that was held at one time, computed from the lengths of arrays: the steps and
/// states that a gradient keeps of its forward solve; the cotangents of state, slopes and θ, see
/// [org.flowline.neuralode.MemoryUse]; θ, velocities and averages at both ends of a step, and its
/// slopes. What a network needs
/// inside an evaluation is not among them, nor the matrices of implicit methods.
///
/// Of the discrete adjoint both numbers are the field's own. Of the continuous ones an evaluation
/// of the adjoint field, `f` and its pullback at once, counts as a pullback, as does the slope at
/// each observed time. Not counted are steps that [org.flowline.neuralode.gradient.Checkpointed]
/// makes
/// again, the two looks at a field that is not [org.flowline.neuralode.DifferentiableField#pure],
/// and what is inside products with the Hessian, which are solves with twice the state.
///
/// What the objective was asked for by others, such as another observer, counts as well; they want
/// an objective of their own. Costs three numbers for each step, and changes no bit.
public final class CostLedger implements StepObserver {

  /// The forward solves.
  public record State(long evaluations, long bytes) {}

  /// The ways back.
  public record Adjoint(long pullbacks, long bytes) {}

  /// The flow of θ.
  ///
  /// @param steps accepted
  /// @param rejected steps made in vain
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

  /// Opens an account; what was asked of the objective before does not count.
  ///
  /// @param objective what is descended; of one that counts nothing, as [Objective#costs] says, the
  ///     steps alone are known
  public static CostLedger of(Objective objective) {
    return new CostLedger(objective);
  }

  @Override
  public void accepted(Step step) {
    steps++;
    see(step);
  }

  @Override
  public void rejected(Step step) {
    rejected++;
    see(step);
  }

  private void see(Step step) {
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
