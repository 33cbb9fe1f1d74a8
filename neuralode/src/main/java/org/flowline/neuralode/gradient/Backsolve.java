package org.flowline.neuralode.gradient;

import java.util.stream.DoubleStream;
import org.flowline.neuralode.AdjointField;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;

/// The continuous adjoint: solves [AdjointField] backwards from the last observation to the first.
///
///     a(t) jumps by ∂L/∂y(tᵢ) at tᵢ        ∂L/∂θ = g(t₀)        ∂L/∂y0 = a(t₀)
///
/// Memory does not grow with the number of steps. It is the gradient of the *true* trajectory, up
/// to the tolerances of both solves, not of the computed one. `y` is solved backwards, too: **wrong
/// where the field contracts strongly**, since a contraction forwards is an expansion backwards,
/// and so is the error. Prefer [DiscreteAdjoint], or [Checkpointed] for little memory.
///
/// `y` is reset to the forward solution at each observation, and at `anchors` more times evenly
/// spaced between the first and the last. With a contraction rate `λ` and anchors at a distance `d`
/// such that `e^{λd}` is a small number, the gradient is right again. Each anchor costs a state of
/// memory and the start of a solve.
///
/// The largest distance between `y` and the forward solution at the resets and at `t₀`, relative to
/// the largest number observed, is [TrajectoryGradient#drift]. [Drift] configures what happens
/// where it is too large or the backward solve fails.
///
/// At events `y` is reset as well, and `a` jumps by the transposed saltation matrix, see
/// [EventAdjoint].
///
/// With respect to times: `∂L/∂tᵢ = ⟨∂L/∂y(tᵢ), f(tᵢ)⟩` and `∂L/∂t₀ = −⟨a(t₀⁺), f(t₀)⟩`. Cost: one
/// evaluation with pullback per evaluation of the backward solve. Chen et al. (2018), algorithm 2.
///
/// @param forward solves for `y`
/// @param backward solves for `(y, a, g)`, which has `2n + p` components; the absolute tolerance of
///     `a` and `g` is relative to the sum of all `|∂L/∂y(tᵢ)|`
/// @param anchors the number of times besides the observations at which `y` is reset
/// @param control the components of `(y, a, g)` in the backward error norm; [ErrorControl#STATE] is
///     `y` and `a`
/// @param limit the drift above which a remedy applies
public record Backsolve(
    Integrator forward, Integrator backward, int anchors, ErrorControl control, Drift limit)
    implements GradientMethod {

  /// @throws IllegalArgumentException if events jump by functions without derivatives, there are
  ///     events backward, the forward solve is stochastic, anchors are negative or without adaptive
  ///     steps backward, or [Drift.Remedy#FALL_BACK] is chosen for a method without a discrete
  ///     adjoint
  public Backsolve {
    ForwardPass.requireContinuous("backsolve", forward);
    ForwardPass.requireContinuous("backsolve", backward);
    ForwardPass.requireNoEvents("backsolve", backward);
    if (anchors < 0) {
      throw new IllegalArgumentException("backsolve: " + anchors + " anchors; want 0 or more");
    }
    if (anchors > 0 && !(backward.stepSize() instanceof StepSize.Adaptive)) {
      throw new IllegalArgumentException(
          "backsolve: " + anchors + " anchors with fixed steps; want an adaptive backward solve");
    }
    if (limit.remedy() == Drift.Remedy.FALL_BACK) {
      StepAdjoint.require(forward.method());
    }
  }

  /// The method without anchors, with all components in the backward error norm, and a warning
  /// above the default drift.
  public Backsolve(Integrator forward, Integrator backward) {
    this(forward, backward, 0, ErrorControl.ALL, Drift.DEFAULT);
  }

  /// The method with one solver and tolerance for both directions.
  ///
  /// @throws IllegalArgumentException if the step size is fixed, since fixed steps have one
  ///     direction
  public Backsolve(Integrator both) {
    this(both, both.withoutEvents());
    if (!(both.stepSize() instanceof StepSize.Adaptive)) {
      throw new IllegalArgumentException(
          "backsolve: fixed steps go one way only; give a forward and a backward integrator");
    }
  }

  /// This method with `y` reset at this many more times.
  public Backsolve withAnchors(int anchors) {
    return new Backsolve(forward, backward, anchors, control, limit);
  }

  /// This method with another control of the backward error.
  public Backsolve with(ErrorControl control) {
    return new Backsolve(forward, backward, anchors, control, limit);
  }

  /// This method with a warning above this drift.
  public Backsolve withWarning(double limit) {
    return new Backsolve(forward, backward, anchors, control, new Drift(limit, Drift.Remedy.WARN));
  }

  /// This method with the discrete adjoint as its replacement above this drift.
  public Backsolve withFallback(double limit) {
    return new Backsolve(
        forward, backward, anchors, control, new Drift(limit, Drift.Remedy.FALL_BACK));
  }

  @Override
  public PreparedGradient prepare(DifferentiableField field) {
    AdjointField adjoint = new AdjointField(field);
    return new PreparedGradient(
        (y0, times, loss) -> solve(field, adjoint, y0, times, loss),
        () -> new MemoryUse(8L * anchors * field.dimension(), 8L * adjoint.dimension()));
  }

  private TrajectoryGradient solve(
      DifferentiableField field,
      AdjointField adjoint,
      double[] y0,
      double[] times,
      TrajectoryLoss loss) {
    ForwardPass pass = new ForwardPass("backsolve", field, y0, times);
    double[] stops = stops(times);
    Solution solution = forward.solve(field, y0, stops);
    TrajectoryGradient gradient =
        pass.gradient(
            solution,
            solved -> observed(times, stops, solved.values()),
            Solution::occurrences,
            loss,
            cotangents -> backward(pass, field, adjoint, times, solution, cotangents));
    return limit.checked(
        gradient,
        gradient.drift(),
        "backsolve: the state solved backwards came off",
        "the gradient may be wrong; use more anchors, or DiscreteAdjoint",
        () -> new DiscreteAdjoint(forward).gradient(field, y0, times, loss));
  }

  private TrajectoryGradient backward(
      ForwardPass pass,
      DifferentiableField field,
      AdjointField adjoint,
      double[] times,
      Solution solution,
      LossCotangents cotangents) {
    int n = field.dimension();
    double[] stops = solution.times();
    double[][] values = solution.values();
    Integrator solver = control.over(backward, 2 * n, adjoint.dimension());
    Reset reset = new Reset(n);
    BackwardSolve solve =
        new BackwardSolve(field, adjoint, solver, times, cotangents, solution, reset);
    int observation = cotangents.reached() - 1;
    double from = solution.status().t();
    System.arraycopy(solution.last(), 0, solve.state(), 0, n);
    double size = Double.MIN_NORMAL;
    for (int stop = LossCotangents.reached(stops, solution.status()) - 1; stop >= 0; stop--) {
      if (from != stops[stop]) {
        if (!solve.solve(from, stops[stop])) {
          return pass.failed(solve.status(), solution.stats())
              .with(solve.evaluations(), Double.POSITIVE_INFINITY);
        }
        reset.event(solve.state(), from, values[stop], values[stop]);
        from = stops[stop];
      }
      while (observation >= 0 && stops[stop] == times[observation]) {
        size = Math.max(size, Vectors.maxNorm(values[stop]));
        solve.observe(observation, values[stop]);
        observation--;
      }
    }
    return solve.gradient(cotangents.value(), solution, reset.drift / size);
  }

  /// The observation times with the anchors between them.
  private double[] stops(double[] times) {
    if (anchors == 0 || times.length == 0) {
      return times;
    }
    double first = times[0];
    double last = times[times.length - 1];
    DoubleStream.Builder stops = DoubleStream.builder().add(first);
    for (int i = 1; i < times.length; i++) {
      for (int k = 1; k <= anchors; k++) {
        double anchor = first + (last - first) * k / (anchors + 1);
        if ((anchor - times[i - 1]) * (times[i] - anchor) > 0) {
          stops.add(anchor);
        }
      }
      if (times[i] != times[i - 1]) {
        stops.add(times[i]);
      }
    }
    return stops.build().toArray();
  }

  private static double[][] observed(double[] times, double[] stops, double[][] values) {
    double[][] observed = new double[times.length][];
    int next = 0;
    for (int stop = 0; stop < stops.length; stop++) {
      while (next < times.length && stops[stop] == times[next]) {
        observed[next++] = values[stop];
      }
    }
    return observed;
  }

  /// Resets `y` to the forward solution and records the largest distance from it.
  private static final class Reset implements BackwardSolve.EventListener {
    private final int n;
    private double drift;

    Reset(int n) {
      this.n = n;
    }

    @Override
    public void event(double[] state, double t, double[] before, double[] after) {
      drift = Math.max(drift, Vectors.maxDistance(state, after, n));
      System.arraycopy(before, 0, state, 0, n);
    }
  }
}
