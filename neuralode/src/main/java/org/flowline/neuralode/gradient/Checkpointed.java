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

/// [DiscreteAdjoint] with bounded memory: the forward solve keeps `slots` checkpoints, and the
/// backward pass recomputes the steps between them. The gradient is the same, bit for bit, since a
/// solve resumed from a [Checkpoint] makes the same steps.
///
/// The number of steps need not be known: the forward solve spreads its checkpoints evenly, by
/// dropping every second one whenever the slots are full. The backward pass divides the steps after
/// the last checkpoint binomially, which recomputes the fewest steps with the free slots. A
/// [org.flowline.neuralode.CachingField] caches the stages of the steps recorded.
///
/// Memory: `slots` states, with a slope each where two steps share it, at most `slots` recorded
/// steps of `8 (1 + s) n` bytes each, and the events. Cost: besides the pullbacks, recomputed
/// steps, on average at most `t + 1` times where there are up to `slots (slots + t)! / (slots!
/// t!)`: once for as many steps as slots, twice for their square, three times for half their cube.
/// Griewank & Walther (2000), ACM TOMS 26, 19–45; Stumm & Walther (2010), SIAM J. Sci. Comput. 32,
/// 836–854.
///
/// @param forward solves for `y`; its observers receive each step once
/// @param slots the largest number of checkpoints, and of recorded steps
public record Checkpointed(Integrator forward, int slots) implements GradientMethod {

  /// @throws IllegalArgumentException if the method has no discrete adjoint, events jump by
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
    DifferentiableField cached = StageCache.over(field, forward.method());
    ReverseSweep sweep = new ReverseSweep(cached, forward.method(), forward.stepSize());
    Trajectory recorded = new Trajectory();
    LongAccumulator states = new LongAccumulator(Math::max, 0);
    return new PreparedGradient(
        (y0, times, loss) -> {
          ForwardPass pass = new ForwardPass("checkpointed", field, y0, times);
          Forward run = new Forward(field);
          Solution solution = run.solve(y0, times);
          return pass.gradient(
              solution,
              loss,
              cotangents -> {
                sweep.start(field, solution, times, cotangents);
                long steps = solution.stats().accepted();
                long each = bytes(run.kept.getFirst());
                do {
                  List<Checkpoint> kept = new ArrayList<>(run.kept);
                  Backward back = new Backward(field, cached, sweep, recorded, kept, steps);
                  back.run();
                  states.accumulate(each * Math.max(run.most, back.most));
                } while (sweep.again());
                return sweep.gradient(cotangents.value(), solution);
              });
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

  /// The forward solve, with checkpoints evenly spaced over its steps.
  private final class Forward {
    private final DifferentiableField field;
    private List<Checkpoint> kept = new ArrayList<>();
    private int most = 1;

    /// The number of steps between two checkpoints.
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
      List<Checkpoint> all = kept;
      kept = new ArrayList<>();
      for (int i = 0; i < all.size(); i += 2) {
        kept.add(all.get(i));
      }
      spacing *= 2;
    }
  }

  /// The backward pass: recomputes the steps after a checkpoint and sweeps over them.
  private final class Backward {
    private final DifferentiableField field;
    private final DifferentiableField cached;
    private final ReverseSweep sweep;
    private final List<Checkpoint> kept;
    private final Trajectory recorded;
    private final Integrator recording;
    private long end;
    private int most;

    Backward(
        DifferentiableField field,
        DifferentiableField cached,
        ReverseSweep sweep,
        Trajectory recorded,
        List<Checkpoint> kept,
        long steps) {
      this.field = field;
      this.cached = cached;
      this.sweep = sweep;
      this.recorded = recorded;
      this.kept = kept;
      this.end = steps;
      Integrator alone = forward.withoutObservers().withObserver(recorded);
      this.recording = cached instanceof StageCache stages ? alone.withObserver(stages) : alone;
    }

    void run() {
      while (!kept.isEmpty() && !sweep.stopped()) {
        Checkpoint from = kept.removeLast();
        int states = slots - kept.size();
        if (!kept.isEmpty()) {
          from = moved(from, kept.getLast(), states + 1);
        }
        if (end - from.stats().accepted() <= slots) {
          sweep(from);
        } else {
          kept.addLast(from);
          Checkpoint next = advanced(from, stride(from, states));
          if (states > 1) {
            kept.addLast(next);
            most = Math.max(most, kept.size());
          } else {
            sweep(next);
          }
        }
      }
    }

    /// A checkpoint, moved forward where that is better now that the number of steps is known.
    private Checkpoint moved(Checkpoint from, Checkpoint before, int states) {
      long best = before.stats().accepted() + stride(before, states);
      long distance = best - from.stats().accepted();
      return distance > 0 ? advanced(from, distance) : from;
    }

    private long stride(Checkpoint from, int states) {
      return slots * parts(Math.ceilDiv(end - from.stats().accepted(), slots), states);
    }

    private Checkpoint advanced(Checkpoint from, long steps) {
      Integrator alone = forward.withoutObservers().withObserver(new Pause(steps));
      return alone.resume(field, from).checkpoint().light();
    }

    /// Sweeps from the end back to a checkpoint.
    private void sweep(Checkpoint from) {
      long first = from.stats().accepted();
      if (first < end) {
        recorded.clear();
        if (cached instanceof StageCache stages) {
          stages.clear();
        }
        recording.withObserver(new Pause(end - first)).resume(cached, from);
        sweep.pullBack(recorded, first);
        end = first;
      }
    }
  }

  /// The number of parts, each of which fits one sweep, before the next of `s` checkpoints, the one
  /// at the start included. `s` checkpoints suffice for `β(s, t) = (s + t)! / (s! t!)` parts so
  /// that none is computed more than `t` times; for the least sufficient `t`,
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

  /// Cancels a solve after a number of steps.
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
