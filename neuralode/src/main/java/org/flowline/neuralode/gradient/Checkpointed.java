package org.flowline.neuralode.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.MemoryUse;
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
/// of them is divided binomially: of all ways to walk back over it with the slots that have become
/// free, in the one that makes the fewest steps again. What a [org.flowline.neuralode.CachingField]
/// can keep of the stages
/// of a stretch it keeps.
///
/// Memory: `slots` states, with a slope each where that is shared by two steps, a stretch of at
/// most `slots` recorded steps, `8 (1 + s) n` bytes each, and the events. Cost: besides the
/// pullbacks, steps are made again, on average at most `t + 1` times where there are up to `slots
/// (slots + t)! / (slots! t!)`: once for as many steps as slots, twice for their square, three
/// times for half their cube. Griewank & Walther (2000), ACM TOMS 26, 19–45; Stumm & Walther
/// (2010), SIAM J. Sci. Comput. 32, 836–854.
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
    DifferentiableField keeping = StageCache.over(field, forward.method());
    ReverseSweep sweep = new ReverseSweep(keeping, forward.method(), forward.stepSize());
    Trajectory recorded = new Trajectory();
    LongAccumulator states = new LongAccumulator(Math::max, 0);
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
          if (!bars.status().succeeded()) {
            return Observations.failed(field, times, bars.status(), solution.stats());
          }
          sweep.start(field, solution, times, bars);
          long steps = solution.stats().accepted();
          Backward back = new Backward(field, keeping, sweep, recorded, run.kept, steps);
          long each = bytes(run.kept.getFirst());
          back.run();
          states.accumulate(each * Math.max(run.most, back.most));
          return sweep.gradient(bars.value(), solution);
        },
        () -> new MemoryUse(states.get() + recorded.bytes(), sweep.bytes()));
  }

  private static long bytes(Checkpoint light) {
    return 8L
        * (light.times().length
            + light.y().length
            + light.control().length
            + light.stepper().length
            + light.detector().length);
  }

  /// The forward solve, which keeps states evenly spread over the steps made so far.
  private final class Forward {
    private final DifferentiableField field;
    private List<Checkpoint> kept = new ArrayList<>();
    private int most = 1;

    /// Steps between two states kept.
    private long spacing = 1;

    Forward(DifferentiableField field) {
      this.field = field;
    }

    Solution solve(double[] y0, double[] times) {
      Pause pause = new Pause(spacing);
      Integrator integrator = forward.withObserver(pause);
      Checkpoint start = integrator.initialCheckpoint(field, y0, times);
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
        most = Math.max(most, kept.size());
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
    private final DifferentiableField keeping;
    private final ReverseSweep sweep;
    private final List<Checkpoint> kept;
    private final Trajectory recorded;
    private final Integrator recording;
    private long end;
    private int most;

    Backward(
        DifferentiableField field,
        DifferentiableField keeping,
        ReverseSweep sweep,
        Trajectory recorded,
        List<Checkpoint> kept,
        long steps) {
      this.field = field;
      this.keeping = keeping;
      this.sweep = sweep;
      this.recorded = recorded;
      this.kept = kept;
      this.end = steps;
      Integrator alone = forward.withoutObservers().withObserver(recorded);
      this.recording = keeping instanceof StageCache stages ? alone.withObserver(stages) : alone;
    }

    void run() {
      while (!kept.isEmpty()) {
        Checkpoint from = kept.removeLast();
        int states = slots - kept.size();
        if (!kept.isEmpty()) {
          from = moved(from, kept.getLast(), states + 1);
        }
        if (end - from.stats().accepted() <= slots) {
          sweep(from);
        } else {
          kept.addLast(from);
          Checkpoint next = goOn(from, stride(from, states));
          if (states > 1) {
            kept.addLast(next);
            most = Math.max(most, kept.size());
          } else {
            sweep(next);
          }
        }
      }
    }

    /// The state, further on where that is better: the forward solve did not know the end.
    private Checkpoint moved(Checkpoint from, Checkpoint before, int states) {
      long best = before.stats().accepted() + stride(before, states);
      long distance = best - from.stats().accepted();
      return distance > 0 ? goOn(from, distance) : from;
    }

    private long stride(Checkpoint from, int states) {
      return slots * parts(Math.ceilDiv(end - from.stats().accepted(), slots), states);
    }

    private Checkpoint goOn(Checkpoint from, long steps) {
      Integrator alone = forward.withoutObservers().withObserver(new Pause(steps));
      return alone.resume(field, from).checkpoint().light();
    }

    /// Sweeps from the end back to there.
    private void sweep(Checkpoint from) {
      long first = from.stats().accepted();
      if (first < end) {
        recorded.clear();
        if (keeping instanceof StageCache stages) {
          stages.clear();
        }
        recording.withObserver(new Pause(end - first)).resume(keeping, from);
        sweep.over(recorded, first);
        end = first;
      }
    }
  }

  /// After how many of all parts, each of which can be swept over at once, to keep the next of so
  /// many states, the one at the start included. With `s` of them, `β(s, t) = (s + t)! / (s! t!)`
  /// parts can be walked back over so that none is passed more than `t` times; for the least `t`
  /// that will do
  ///
  ///     min(β(s, t − 1), all − β(s − 1, t − 1))
  static long parts(long all, int states) {
    long t = 1;
    long before = 1;
    long reach = 1 + states;
    while (reach < all) {
      t++;
      before = reach;
      reach = reach * (states + t) / t;
    }
    long fewer = before * states / (states + t - 1);
    return Math.min(before, all - fewer);
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
