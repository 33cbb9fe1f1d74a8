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
/// arithmetic, step by step. For Runge–Kutta methods, explicit or implicit, Rosenbrock and
/// symplectic methods, and stochastic ones on their frozen path.
///
/// It is not a solve but a reverse sweep over the recorded steps, driven by the same tableau; for
/// Euler with `h = 1` it is backpropagation through a residual network. With `λ = ∂L/∂y1` of a
/// step, for its stages `i = s … 1`:
///
///     k̄ᵢ = h bᵢ λ + h Σ_{j>i} a_ji Ȳⱼ        Ȳᵢ = k̄ᵢᵀ ∂f/∂y
///     ∂L/∂θ += k̄ᵢᵀ ∂f/∂θ                     ∂L/∂y0 = λ + Σ Ȳᵢ
///
/// **The accepted step sizes are held constant**: an adaptive controller's choice of `h` is not
/// differentiated (it is a step function of θ plus noise); rejected steps do not count.
/// Observations inside a step are differentiated through the dense output. With respect to times:
/// all nodes of an adaptive solve but the last move with the start, since their distances are held
/// constant, and the last step fills the gap to the end; all steps of `Constant(h, n)` stretch, `h
/// = (t1 − t0)/n`; a node of a `Grid` moves with the observation that lies on it, and is fixed
/// where there is none. Nodes at forced times, and those after them, are fixed. Stochastic methods
/// have no derivative with respect to times, NaN.
///
/// An event ends its step at a root of `g` on the dense output, and is differentiated by the
/// implicit function theorem with the derivatives of [org.flowline.neuralode.event.TracedEvents];
/// an [org.flowline.neuralode.event.EventLoss] may depend on its time. Nodes after a jump move with
/// it as they do with the start, and the steps that contain events keep their sizes. An event at a
/// node belongs to the step before it; an observation at the time of a jump is the state after it.
///
/// Memory: every accepted step with its stages, `8 (1 + s) n` bytes each, up to the budget; beyond
/// it the solve starts again as [Checkpointed] in that memory, which gives the same bits. A
/// [org.flowline.neuralode.CachingField] caches stages in memory of its own. Cost: one pullback per
/// evaluation of the accepted steps; an implicit stage costs as many more as the state has
/// components. Hager (2000); Sanz-Serna (2016).
///
/// @param forward solves for `y`
/// @param budget the largest number of bytes for recorded steps
public record DiscreteAdjoint(Integrator forward, long budget) implements GradientMethod {

  /// The method with a budget of a quarter of the JVM's maximum memory.
  ///
  /// @throws IllegalArgumentException if the method has no discrete adjoint, or events jump by
  ///     functions without derivatives
  public DiscreteAdjoint(Integrator forward) {
    this(forward, Runtime.getRuntime().maxMemory() / 4);
  }

  /// @throws IllegalArgumentException if the method has no discrete adjoint, events jump by
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

  /// The recorded steps and the reverse sweep.
  private final class Memory implements PreparedGradient.Workspace {
    private final DifferentiableField field;

    /// The field, with a cache of its stages if it has slots.
    private final DifferentiableField cached;

    private final ReverseSweep sweep;
    private Trajectory trajectory = new Trajectory();

    /// The largest number of bytes of earlier trajectories.
    private long before;

    Memory(DifferentiableField field) {
      this.field = field;
      this.cached = StageCache.over(field, forward.method());
      this.sweep = new ReverseSweep(cached, forward.method(), forward.stepSize());
    }

    @Override
    public TrajectoryGradient gradient(double[] y0, double[] times, TrajectoryLoss loss) {
      ForwardPass pass = new ForwardPass("discrete adjoint", field, y0, times);
      trajectory.clear();
      Limit limit = new Limit(trajectory, budget);
      Integrator watched = forward.withObserver(trajectory).withObserver(limit);
      if (cached instanceof StageCache stages) {
        stages.clear();
        watched = watched.withObserver(stages);
      }
      Solution solution = watched.solve(cached, y0, times);
      if (limit.exceeded && solution.status().reason() == Reason.CANCELLED) {
        PreparedGradient again = checkpointed(solution.stats()).prepare(field);
        TrajectoryGradient gradient = again.gradient(y0, times, loss);
        before = Math.max(before, again.held().state());
        return gradient;
      }
      return pass.gradient(
          solution,
          loss,
          cotangents -> {
            sweep.start(field, solution, times, cotangents);
            do {
              sweep.pullBack(trajectory, 0);
            } while (sweep.again());
            return sweep.gradient(cotangents.value(), solution);
          });
    }

    MemoryUse held() {
      return new MemoryUse(Math.max(before, trajectory.bytes()), sweep.bytes());
    }

    /// The method within the budget; the trajectory that exceeds it is released.
    private Checkpointed checkpointed(Stats stats) {
      long perStep = trajectory.bytes() / trajectory.steps();
      before = Math.max(before, trajectory.bytes());
      trajectory = new Trajectory();
      int slots = Math.clamp(budget / (2 * perStep), 2, Integer.MAX_VALUE);
      long seen = stats.accepted() + stats.rejected();
      Integrator again = forward.withoutObservers().withObserver(new Remaining(forward, seen));
      return new Checkpointed(again, slots);
    }
  }

  /// Cancels a solve whose trajectory exceeds the budget.
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

  /// Passes on to the observers of an integrator the trials after the first `seen`.
  private static final class Remaining implements StepObserver {
    private final List<StepObserver> observers;
    private long seen;

    Remaining(Integrator integrator, long seen) {
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
