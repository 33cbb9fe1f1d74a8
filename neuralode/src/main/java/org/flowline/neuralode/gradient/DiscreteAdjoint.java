package org.flowline.neuralode.gradient;

import java.util.List;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.Trajectory;

/// The exact gradient of the *computed* trajectory: reverse mode through the solver's own
/// arithmetic, step by step. For every method whose steps can be walked back: Runge–Kutta, explicit
/// or not, Rosenbrock, symplectic, and stochastic on its frozen path.
///
/// Not a solve but a sweep back over the recorded steps, driven by the same tableau; for Euler with
/// `h = 1` it is backpropagation through a residual network. With `λ = ∂L/∂y1` of a step, for its
/// stages `i = s … 1`:
///
///     k̄ᵢ = h bᵢ λ + h Σ_{j>i} a_ji Ȳⱼ        Ȳᵢ = k̄ᵢᵀ ∂f/∂y
///     ∂L/∂θ += k̄ᵢᵀ ∂f/∂θ                     ∂L/∂y0 = λ + Σ Ȳᵢ
///
/// **The accepted step sizes are held constant**: an adaptive controller's choice of `h` is not
/// differentiated (it is a step function of θ plus noise); rejected steps do not count.
/// Observations inside a step are differentiated through the dense output. With respect to times:
/// of an adaptive solve all nodes but the last move with the start, as their distances are held
/// constant, and the last step fills the gap to the end; of `Constant(h, n)` all steps stretch, `h
/// = (t1 − t0)/n`; of a `Grid` a node moves with the observation that lies on it, and stays where
/// there is none. Nodes at forced times, and those behind them, stand still. Of a stochastic method
/// there is no derivative with respect to times, NaN.
///
/// An event ends its step at a root of `g` on the dense output, and is differentiated as such, by
/// the implicit function theorem; [org.flowline.neuralode.event.TracedEvents] have the derivatives
/// that takes, [org.flowline.neuralode.event.EventLoss]es
/// depend on when they happen. Nodes behind a jump move with it as they do with the start, and the
/// steps in which events lie keep their sizes. An event at a node counts as one in the step before
/// it, and what is observed at the very time of a jump as what is observed right behind it.
///
/// Memory: every accepted step with its stages, `8 (1 + s) n` bytes each, up to the budget; beyond
/// it the solve starts again as [Checkpointed] in that memory, which gives the same bits. A
/// [org.flowline.neuralode.CachingField] keeps what it can of the stages in memory of its own.
/// Cost: one
/// pullback for each evaluation of the accepted steps; an implicit stage costs as many more as the
/// state has components. Hager (2000); Sanz-Serna (2016).
///
/// @param forward solves for `y`
/// @param budget bytes that recorded steps may take
public record DiscreteAdjoint(Integrator forward, long budget) implements GradientMethod {

  /// With a quarter of the memory that the JVM may have as its budget.
  ///
  /// @throws IllegalArgumentException if the method's steps cannot be walked back, or events jump
  ///     by functions without derivatives
  public DiscreteAdjoint(Integrator forward) {
    this(forward, Runtime.getRuntime().maxMemory() / 4);
  }

  /// @throws IllegalArgumentException if the method's steps cannot be walked back, events jump by
  ///     functions without derivatives, or the budget is not positive
  public DiscreteAdjoint {
    if (budget < 1) {
      throw new IllegalArgumentException(
          "discrete adjoint: a budget of " + budget + " bytes; want a positive number");
    }
    EventAdjoint.require("discrete adjoint", forward);
    StepAdjoint.require(forward.method());
  }

  @Override
  public PreparedGradient prepare(DifferentiableField field) {
    Memory memory = new Memory(field);
    return new PreparedGradient(memory, memory::held);
  }

  /// The recorded steps and the sweep over them.
  private final class Memory implements PreparedGradient.Workspace {
    private final DifferentiableField field;

    /// The field, with the stages it keeps if it can.
    private final DifferentiableField keeping;

    private final ReverseSweep sweep;
    private Trajectory trajectory = new Trajectory();

    /// The most bytes of the forward solve before the present trajectory.
    private long before;

    Memory(DifferentiableField field) {
      this.field = field;
      this.keeping = StageCache.over(field, forward.method());
      this.sweep = new ReverseSweep(keeping, forward.method(), forward.stepSize());
    }

    @Override
    public TrajectoryGradient gradient(double[] y0, double[] times, TrajectoryLoss loss) {
      FirstSlope first = new FirstSlope(field, y0, times);
      trajectory.clear();
      Limit limit = new Limit(trajectory, budget);
      Integrator watched = forward.withObserver(trajectory).withObserver(limit);
      if (keeping instanceof StageCache stages) {
        stages.clear();
        watched = watched.withObserver(stages);
      }
      Solution solution = watched.solve(keeping, y0, times);
      if (limit.exceeded && solution.status().reason() == Reason.CANCELLED) {
        PreparedGradient again = checkpointed(solution.stats()).prepare(field);
        TrajectoryGradient gradient = again.gradient(y0, times, loss);
        before = Math.max(before, again.held().state());
        return gradient;
      }
      if (!solution.status().succeeded()) {
        return Observations.failed(field, times, solution.status(), solution.stats());
      }
      first.requireSame("discrete adjoint");
      LossCotangents bars = LossCotangents.of(loss, times, solution, field.dimension());
      if (!bars.status().succeeded()) {
        return Observations.failed(field, times, bars.status(), solution.stats());
      }
      sweep.start(field, solution, times, bars);
      sweep.over(trajectory, 0);
      return sweep.gradient(bars.value(), solution);
    }

    MemoryUse held() {
      return new MemoryUse(Math.max(before, trajectory.bytes()), sweep.bytes());
    }

    /// What takes the gradient in the budget. The record that exceeds it goes.
    private Checkpointed checkpointed(Stats stats) {
      long perStep = trajectory.bytes() / trajectory.steps();
      before = Math.max(before, trajectory.bytes());
      trajectory = new Trajectory();
      int slots = Math.clamp(budget / (2 * perStep), 2, Integer.MAX_VALUE);
      long seen = stats.accepted() + stats.rejected();
      Integrator again = forward.withoutObservers().withObserver(new Later(forward, seen));
      return new Checkpointed(again, slots);
    }
  }

  /// Cancels a solve whose record grows beyond the budget.
  private static final class Limit implements StepObserver {
    private final Trajectory trajectory;
    private final long budget;
    private boolean exceeded;

    Limit(Trajectory trajectory, long budget) {
      this.trajectory = trajectory;
      this.budget = budget;
    }

    @Override
    public void accepted(Step step) {
      if (trajectory.bytes() > budget) {
        exceeded = true;
        step.cancel();
      }
    }
  }

  /// Shows the observers of an integrator the trials they have not seen yet.
  private static final class Later implements StepObserver {
    private final List<StepObserver> observers;
    private long seen;

    Later(Integrator integrator, long seen) {
      this.observers = integrator.observers();
      this.seen = seen;
    }

    @Override
    public void accepted(Step step) {
      if (seen-- <= 0) {
        observers.forEach(observer -> observer.accepted(step));
      }
    }

    @Override
    public void rejected(Step step) {
      if (seen-- <= 0) {
        observers.forEach(observer -> observer.rejected(step));
      }
    }
  }
}
