package org.flowline.neuralode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.flowline.odesolvers.Checkpoint;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.Trajectory;

/// [DiscreteAdjoint] with bounded memory: of the forward solve only `slots` states are kept, and
/// the steps between are made again when the sweep back needs them. The gradient is the same, bit
/// for bit, since a solve that goes on from a [Checkpoint] makes the same steps.
///
/// The number of steps need not be known: while solving forward, the states kept are spread evenly,
/// by dropping every second one whenever the slots are full. Backward, the stretch behind the last
/// of them is filled with as many states as slots have become free, and so on.
///
/// Memory: `slots` states, and a stretch of at most `slots` recorded steps, `8 (1 + s) n` bytes
/// each, and the events. Cost: besides the pullbacks, each step is made again once for up to
/// `slots²` steps, twice for up to `slots³`. Griewank & Walther (2000), ACM TOMS 26, 19–45; Stumm &
/// Walther (2010), SIAM J. Sci. Comput. 32, 836–854.
///
/// @param forward solves for `y`; its observers see the steps once
/// @param slots how many states are kept, and steps recorded, at most
public record Checkpointed(Integrator forward, int slots) implements GradientMethod {

  /// @throws IllegalArgumentException if the method's steps cannot be walked back, events jump by
  ///     functions without derivatives, or there are fewer than 2 slots
  public Checkpointed {
    if (slots < 2) {
      throw new IllegalArgumentException("checkpointed: " + slots + " slots; want at least 2");
    }
    EventAdjoint.require("checkpointed", forward);
    StepAdjoint.require(forward.method());
  }

  @Override
  public PreparedGradient prepare(DifferentiableField field) {
    ReverseSweep sweep = new ReverseSweep(field, forward.method(), forward.stepSize());
    Trajectory recorded = new Trajectory();
    return new PreparedGradient(
        (y0, times, loss) -> {
          FirstSlope first = new FirstSlope(field, y0, times);
          Forward run = new Forward(field);
          Solution solution = run.solve(y0, times);
          if (!solution.status().succeeded()) {
            return Observations.failed(field, times, solution.status(), solution.stats());
          }
          first.requireSame("checkpointed");
          LossCotangents bars = LossCotangents.of(loss, times, solution, field.dimension());
          sweep.start(field, solution, times, bars);
          long steps = solution.stats().accepted();
          new Backward(field, sweep, recorded, run.kept, steps).run();
          return sweep.gradient(bars.value(), solution);
        });
  }

  /// The forward solve, which keeps states evenly spread over the steps made so far.
  private final class Forward {
    private final DifferentiableField field;
    private List<Checkpoint> kept = new ArrayList<>();

    /// Steps between two states kept.
    private long spacing = 1;

    Forward(DifferentiableField field) {
      this.field = field;
    }

    Solution solve(double[] y0, double[] times) {
      Pause pause = new Pause(spacing);
      Integrator integrator = forward.withObserver(pause);
      Checkpoint start = integrator.start(field, y0, times);
      kept.add(start.light());
      Solution part = integrator.resume(field, start);
      while (part.status().reason() == Reason.CANCELLED) {
        Checkpoint here = part.checkpoint();
        keep(here);
        pause.after(spacing - here.stats().accepted() % spacing);
        part = integrator.resume(field, here);
      }
      return part;
    }

    private void keep(Checkpoint here) {
      if (kept.size() == slots) {
        thin();
      }
      if (here.stats().accepted() % spacing == 0) {
        kept.add(here.light());
      }
    }

    private void thin() {
      List<Checkpoint> everySecond = new ArrayList<>();
      for (int i = 0; i < kept.size(); i += 2) {
        everySecond.add(kept.get(i));
      }
      kept = everySecond;
      spacing *= 2;
    }
  }

  /// The sweep back over one stretch after another.
  private final class Backward {
    private final DifferentiableField field;
    private final ReverseSweep sweep;
    private final Deque<Checkpoint> kept;
    private final Trajectory recorded;
    private long end;

    Backward(
        DifferentiableField field,
        ReverseSweep sweep,
        Trajectory recorded,
        List<Checkpoint> kept,
        long steps) {
      this.field = field;
      this.sweep = sweep;
      this.recorded = recorded;
      this.kept = new ArrayDeque<>(kept);
      this.end = steps;
    }

    void run() {
      while (!kept.isEmpty()) {
        Checkpoint from = kept.getLast();
        long length = end - from.stats().accepted();
        if (length > slots) {
          kept.addLast(goOn(forward.withoutObservers(), from, stride(length)));
        } else {
          sweep(from, length);
          end = from.stats().accepted();
          kept.removeLast();
        }
      }
    }

    /// How far to go on to the next state to keep: as many equal parts as there are free slots, but
    /// none shorter than can be recorded.
    private long stride(long length) {
      int free = slots - kept.size();
      return free <= 1 ? length - slots : Math.max(slots, length / free);
    }

    private void sweep(Checkpoint from, long length) {
      if (length > 0) {
        recorded.clear();
        goOn(forward.withoutObservers().withObserver(recorded), from, length);
        sweep.over(recorded, from.stats().accepted());
      }
    }

    private Checkpoint goOn(Integrator integrator, Checkpoint from, long steps) {
      return integrator.withObserver(new Pause(steps)).resume(field, from).checkpoint();
    }
  }

  /// Cancels a solve after so many steps.
  private static final class Pause implements StepObserver {
    private long left;

    Pause(long steps) {
      this.left = steps;
    }

    void after(long steps) {
      left = steps;
    }

    @Override
    public void accepted(Step step) {
      left--;
      if (left == 0) {
        step.cancel();
      }
    }
  }
}
