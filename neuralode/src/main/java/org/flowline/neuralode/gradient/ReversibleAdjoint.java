package org.flowline.neuralode.gradient;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAccumulator;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Reversible;

/// The exact gradient of the computed trajectory without storing it: the steps of a [Reversible]
/// method are inverted algebraically, last first, and differentiated in reverse mode:
///
///     z0 = z1 + Ψ_{−h}(t + h, y1)        y0 = (y1 − (1 − λ) z0 − Ψ_h(t, z0)) / λ
///
/// Equal to reverse mode through the same arithmetic up to rounding, which grows backwards by `1/λ`
/// per step, and by `e^c` where the field contracts by that much. It starts at `1e-16`, where
/// [Backsolve] starts at its tolerance. The distance from `y0` at `t₀` is
/// [TrajectoryGradient#drift], relative to the largest number observed.
///
/// **The computed trajectory itself is wrong where the field contracts in any direction**, though
/// it
/// expands in others: the distance of `y` and `z` starts at the error of a step and grows as the
/// contraction's inverse, over periods of an oscillation too. At a tolerance of 1e-5, `e^10` is too
/// much. The largest distance, relative to the largest number observed, is
/// [TrajectoryGradient#separation], about the relative error of loss and gradient; `limit` applies
/// to
/// it and to the drift.
///
/// Accepted step sizes are held constant, and nodes move with the times, as in [DiscreteAdjoint].
///
/// Memory: two states for any number of steps, and for adaptive solves 8 bytes per step, its time.
/// Cost: the forward solve takes the base method's evaluations twice, the backward pass the same
/// and as many pullbacks. [Checkpointed] takes less time with little more memory, accepts any
/// method, and cannot drift. McCallum & Foster (2024), arXiv:2410.11648.
///
/// @param forward solves for `y` by a [Reversible] method
/// @param limit the separation or drift above which a remedy applies; the fallback is the discrete
///     adjoint of the base method
public record ReversibleAdjoint(Integrator forward, Drift limit) implements GradientMethod {

  /// The method with a warning above the default drift.
  public ReversibleAdjoint(Integrator forward) {
    this(forward, Drift.DEFAULT);
  }

  /// @throws IllegalArgumentException if the method is another one, there are events, or times
  ///     where the field jumps, after which `z` is reset
  public ReversibleAdjoint {
    ForwardPass.requireNoEvents("reversible adjoint", forward);
    ForwardPass.requireContinuous("reversible adjoint", forward);
    if (!(forward.method() instanceof Reversible)) {
      throw new IllegalArgumentException(
          "reversible adjoint: method %s cannot be undone; want one like Reversible.of(Methods.RK4)"
              .formatted(forward.method().name()));
    }
    boolean jumps =
        switch (forward.stepSize()) {
          case StepSize.Adaptive adaptive -> adaptive.forced().jumps().length > 0;
          case StepSize.Fixed fixed -> fixed.forced() != StepSize.Adaptive.Forced.NONE;
        };
    if (jumps) {
      throw new IllegalArgumentException(
          "reversible adjoint: a field with jumps; want one without, or DiscreteAdjoint");
    }
  }

  /// This method with a warning above this separation or drift.
  public ReversibleAdjoint withWarning(double limit) {
    return new ReversibleAdjoint(forward, new Drift(limit, Drift.Remedy.WARN));
  }

  /// This method with the discrete adjoint of its base method as its replacement above this
  /// separation or drift.
  public ReversibleAdjoint withFallback(double limit) {
    return new ReversibleAdjoint(forward, new Drift(limit, Drift.Remedy.FALL_BACK));
  }

  @Override
  public PreparedGradient prepare(DifferentiableField field) {
    long n = field.dimension();
    LongAccumulator recorded = new LongAccumulator(Math::max, 0);
    return new PreparedGradient(
        (y0, times, loss) -> solve(field, y0, times, loss, recorded),
        () -> new MemoryUse(recorded.get() + 8 * 2 * n, 8 * (2 * n + field.parameterCount())));
  }

  private TrajectoryGradient solve(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      LongAccumulator recorded) {
    ForwardPass pass = new ForwardPass("reversible adjoint", field, y0, times);
    StartTimes recording = new StartTimes();
    StepSize.Fixed nodes =
        forward.stepSize() instanceof StepSize.Fixed fixed && field.breakpoints().isEmpty()
            ? fixed
            : null;
    Integrator solver = nodes == null ? forward.withObserver(recording) : forward;
    Solution solution = solver.solve(field, y0, times);
    TrajectoryGradient gradient =
        pass.gradient(
            solution,
            loss,
            cotangents -> {
              recorded.accumulate(nodes == null ? recording.bytes() : 0);
              ReversibleSweep sweep =
                  new ReversibleSweep(forward, field, solution, times, cotangents);
              double end = times[times.length - 1];
              for (long n = solution.stats().accepted() - 1; n >= 0; n--) {
                double start =
                    n == 0
                        ? times[0]
                        : nodes == null ? recording.times[(int) n] : nodes.node(times[0], n);
                double h = nodes == null ? end - start : nodes.size(n);
                sweep.pullBack(start, h, end);
                end = start;
              }
              return sweep.gradient(cotangents.value(), y0);
            });
    return limit.checked(
        gradient,
        Math.max(gradient.drift(), gradient.separation()),
        "reversible adjoint: the two states came apart",
        "loss and gradient may be as wrong; use a tighter tolerance, or DiscreteAdjoint",
        () -> new DiscreteAdjoint(base()).gradient(field, y0, times, loss));
  }

  private Integrator base() {
    return Integrator.of(((Reversible) forward.method()).base(), forward.stepSize());
  }

  /// Records the start times of accepted steps.
  private static final class StartTimes implements StepObserver {
    private double[] times = new double[64];
    private int steps;

    @Override
    public void accepted(Step step) {
      if (steps == times.length) {
        times = Arrays.copyOf(times, 2 * steps);
      }
      times[steps++] = step.t();
    }

    long bytes() {
      return 8L * times.length;
    }
  }
}
