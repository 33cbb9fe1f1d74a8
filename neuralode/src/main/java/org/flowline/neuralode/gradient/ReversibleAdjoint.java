package org.flowline.neuralode.gradient;

import java.util.concurrent.atomic.LongAccumulator;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Reversible;

/// The exact gradient of the computed trajectory with nothing of it kept: the steps of a
/// [Reversible] method are undone one after the other, last first, by solving its equations for
/// what went in, and reverse mode goes through each as it is found again.
///
///     z0 = z1 + Ψ_{−h}(t + h, y1)        y0 = (y1 − (1 − λ) z0 − Ψ_h(t, z0)) / λ
///
/// Equal to reverse mode through the same arithmetic but for rounding, which grows on the way back:
/// by `1/λ` a step, and by `e^c` where the field contracts by that much. It starts at `1e-16`,
/// where [Backsolve] starts at its tolerance. How far it came off `y0` at `t₀` is
/// [TrajectoryGradient#drift], in parts of the largest number observed.
///
/// Accepted step sizes are held constant, and nodes move with the times, as in [DiscreteAdjoint].
///
/// Memory: two states, whatever the steps; of adaptive solves also 8 bytes a step, its time. Cost:
/// the forward solve takes the base method's evaluations twice; the way back the same once more,
/// and as many pullbacks. [Checkpointed] takes less time with little more memory, goes with any
/// method, and cannot drift. **Not where the field contracts strongly**, `c` above some fifteen:
/// there the forward solve of a [Reversible] method is wrong already. McCallum & Foster (2024),
/// arXiv:2410.11648.
///
/// @param forward solves for `y` by a [Reversible] method
public record ReversibleAdjoint(Integrator forward) implements GradientMethod {

  /// @throws IllegalArgumentException if the method is another one, there are events, or times
  ///     where the field jumps, behind which `z` starts anew
  public ReversibleAdjoint {
    Observations.requireNoEvents("reversible adjoint", forward);
    Observations.requireContinuous("reversible adjoint", forward);
    if (!(forward.method() instanceof Reversible)) {
      throw new IllegalArgumentException(
          "reversible adjoint: method "
              + forward.method().name()
              + " cannot be undone; want one like Reversible.of(Methods.RK4)");
    }
    if (forward.stepSize() instanceof StepSize.Adaptive adaptive
        && adaptive.forced().jumps().length > 0) {
      throw new IllegalArgumentException(
          "reversible adjoint: a field with jumps; want one without, or DiscreteAdjoint");
    }
  }

  @Override
  public PreparedGradient prepare(DifferentiableField field) {
    long n = field.dimension();
    LongAccumulator noted = new LongAccumulator(Math::max, 0);
    return new PreparedGradient(
        (y0, times, loss) -> solve(field, y0, times, loss, noted),
        () -> new MemoryUse(noted.get() + 8 * 2 * n, 8 * (2 * n + field.parameterCount())));
  }

  private TrajectoryGradient solve(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      LongAccumulator noted) {
    FirstSlope first = new FirstSlope(field, y0, times);
    Nodes nodes = Nodes.of(forward.stepSize());
    Solution solution = nodes.watching(forward).solve(field, y0, times);
    if (!solution.status().succeeded()) {
      return Observations.failed(field, times, solution.status(), solution.stats());
    }
    first.requireSame("reversible adjoint");
    noted.accumulate(nodes.bytes());
    LossCotangents bars = LossCotangents.of(loss, times, solution, field.dimension());
    if (!bars.status().succeeded()) {
      return Observations.failed(field, times, bars.status(), solution.stats());
    }
    Reversible method = (Reversible) forward.method();
    ReversibleSweep sweep =
        new ReversibleSweep(method, field, forward.stepSize(), solution, times, bars.states());
    long steps = solution.stats().accepted();
    double end = times[times.length - 1];
    for (long step = steps - 1; step >= 0; step--) {
      double start = step == 0 ? times[0] : nodes.start(times[0], step);
      sweep.over(start, nodes.size(step, start, end), end);
      end = start;
    }
    return sweep.gradient(bars.value(), y0);
  }
}
