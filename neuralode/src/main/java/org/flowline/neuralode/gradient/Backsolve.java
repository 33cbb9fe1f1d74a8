package org.flowline.neuralode.gradient;

import java.lang.System.Logger.Level;
import java.util.Arrays;
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
/// Memory does not grow with the number of steps. The price: this is the gradient of the *true*
/// trajectory, up to both solves' tolerances, and not that of the computed one; and `y` is solved
/// backwards. **Wrong where the field contracts strongly**: what forgets its past forwards explodes
/// backwards, and so does the error. Prefer [DiscreteAdjoint], or [Checkpointed] for little memory.
///
/// `y` is set back to the forward solution at each observation, and at `anchors` more times evenly
/// spread between the first and the last: with anchors so close that a contraction by `λ` over
/// their distance `d` has `e^{λd}` of a few, the gradient is right again. Each costs a state of
/// memory and the start of a solve.
///
/// Where `y` is set back, and at `t₀`, it is seen how far it had come off. The largest distance, in
/// parts of the largest number observed, is [TrajectoryGradient#drift]; what happens where it is
/// too large, or the backward solve fails, says [Drift].
///
/// At events `y` is set back as well, and `a` jumps by the transposed saltation matrix, see
/// [org.flowline.neuralode.event.TracedEvents].
///
/// With respect to times: `∂L/∂tᵢ = ⟨∂L/∂y(tᵢ), f(tᵢ)⟩` and `∂L/∂t₀ = −⟨a(t₀⁺), f(t₀)⟩`. Cost: a
/// pullback with value for each evaluation of the backward solve. Chen et al. (2018), algorithm 2.
///
/// @param forward solves for `y`
/// @param backward solves for `(y, a, g)`, which has `2n + p` components
/// @param anchors times besides the observations at which `y` is set back
/// @param control what of `(y, a, g)` the backward step size answers for; [ErrorControl#STATE] is
///     `y` and `a`
/// @param limit how much drift is too much
public record Backsolve(
    Integrator forward, Integrator backward, int anchors, ErrorControl control, Drift limit)
    implements GradientMethod {

  private static final System.Logger LOG = System.getLogger(Backsolve.class.getName());

  /// What to do about a drift above a limit.
  ///
  /// @param limit in parts of the largest number observed, `≥ 0`
  public record Drift(double limit, Remedy remedy) {

    /// Above a drift of one in a hundred, a warning.
    public static final Drift DEFAULT = new Drift(0.01, Remedy.WARN);

    public Drift {
      if (!(limit >= 0)) {
        throw new IllegalArgumentException("backsolve: drift limit " + limit + "; want 0 or more");
      }
    }
  }

  /// What to do, once per gradient.
  public enum Remedy {
    /// Log a warning. A solve that fails needs none: its numbers are NaN.
    WARN,
    /// Log a warning and return the gradient of [DiscreteAdjoint], which solves forward once more;
    /// also where the backward solve fails.
    FALL_BACK
  }

  /// @throws IllegalArgumentException if events jump by functions without derivatives, there are
  ///     events backward, the forward solve is stochastic, anchors are negative or without adaptive
  ///     steps backward, or the steps that [Remedy#FALL_BACK] needs cannot be walked back
  public Backsolve {
    Observations.requireContinuous("backsolve", forward);
    Observations.requireContinuous("backsolve", backward);
    Observations.requireNoEvents("backsolve", backward);
    if (anchors < 0) {
      throw new IllegalArgumentException("backsolve: " + anchors + " anchors; want 0 or more");
    }
    if (anchors > 0 && !(backward.stepSize() instanceof StepSize.Adaptive)) {
      throw new IllegalArgumentException(
          "backsolve: " + anchors + " anchors with fixed steps; want an adaptive backward solve");
    }
    if (limit.remedy == Remedy.FALL_BACK) {
      StepAdjoint.require(forward.method());
    }
  }

  /// No anchors; all components count in the backward error norm; warns of drift.
  public Backsolve(Integrator forward, Integrator backward) {
    this(forward, backward, 0, ErrorControl.ALL, Drift.DEFAULT);
  }

  /// The same method and tolerances both ways.
  ///
  /// @throws IllegalArgumentException if the step size is fixed, since fixed steps go one way only
  public Backsolve(Integrator both) {
    this(both, both.withoutEvents());
    if (!(both.stepSize() instanceof StepSize.Adaptive)) {
      throw new IllegalArgumentException(
          "backsolve: fixed steps go one way only; give a forward and a backward integrator");
    }
  }

  /// This method with `y` set back at so many more times.
  public Backsolve withAnchors(int anchors) {
    return new Backsolve(forward, backward, anchors, control, limit);
  }

  /// This method with another control of the backward error.
  public Backsolve with(ErrorControl control) {
    return new Backsolve(forward, backward, anchors, control, limit);
  }

  /// This method, warning above this drift.
  public Backsolve withWarning(double limit) {
    return new Backsolve(forward, backward, anchors, control, new Drift(limit, Remedy.WARN));
  }

  /// This method, replaced by the discrete adjoint above this drift.
  public Backsolve withFallback(double limit) {
    return new Backsolve(forward, backward, anchors, control, new Drift(limit, Remedy.FALL_BACK));
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
    FirstSlope first = new FirstSlope(field, y0, times);
    double[] stops = stops(times);
    Solution solution = forward.solve(field, y0, stops);
    if (!solution.status().succeeded()) {
      return Observations.failed(field, times, solution.status(), solution.stats());
    }
    first.requireSame("backsolve");
    double[][] values = observed(times, stops, solution.values());
    double[] observed = Observations.flat(values, field.dimension());
    LossCotangents bars =
        LossCotangents.of(loss, times, observed, solution.occurrences(), solution.status());
    if (!bars.status().succeeded()) {
      return Observations.failed(field, times, bars.status(), solution.stats());
    }
    TrajectoryGradient back = back(field, adjoint, times, solution, observed, bars);
    boolean failed = !back.status().succeeded();
    if (!failed && back.drift() <= limit.limit) {
      return back;
    }
    return switch (limit.remedy) {
      case WARN -> {
        if (!failed) {
          warn(back.drift(), "the gradient may be wrong; use more anchors, or DiscreteAdjoint");
        }
        yield back;
      }
      case FALL_BACK -> {
        warn(back.drift(), "falling back to the discrete adjoint");
        TrajectoryGradient discrete = new DiscreteAdjoint(forward).gradient(field, y0, times, loss);
        yield discrete.with(
            back.backwardEvaluations() + discrete.backwardEvaluations(), back.drift());
      }
    };
  }

  private TrajectoryGradient back(
      DifferentiableField field,
      AdjointField adjoint,
      double[] times,
      Solution solution,
      double[] observed,
      LossCotangents bars) {
    int n = field.dimension();
    double[] stops = solution.times();
    double[][] values = solution.values();
    Integrator solver = control.over(backward, 2 * n, adjoint.dimension());
    Reanchoring anchoring = new Reanchoring(n);
    BackwardSolve walk =
        new BackwardSolve(field, adjoint, solver, times, bars, solution, anchoring);
    int observation = bars.reached() - 1;
    double from = solution.status().t();
    System.arraycopy(solution.last(), 0, walk.state(), 0, n);
    for (int stop = LossCotangents.reached(stops, solution.status()) - 1; stop >= 0; stop--) {
      if (from != stops[stop]) {
        if (!walk.solve(from, stops[stop])) {
          return Observations.failed(field, times, walk.status(), solution.stats())
              .with(walk.evaluations(), Double.POSITIVE_INFINITY);
        }
        anchoring.over(walk.state(), from, values[stop], values[stop]);
        from = stops[stop];
      }
      if (stops[stop] == times[observation]) {
        walk.observe(observation, values[stop]);
        observation--;
      }
    }
    double size = Vectors.maxNorm(Arrays.copyOf(observed, bars.reached() * n));
    return walk.gradient(bars.value(), solution, anchoring.drift / size);
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
      stops.add(times[i]);
    }
    return stops.build().toArray();
  }

  private static double[][] observed(double[] times, double[] stops, double[][] values) {
    double[][] observed = new double[times.length][];
    int next = 0;
    for (int stop = 0; stop < stops.length; stop++) {
      if (stops[stop] == times[next]) {
        observed[next++] = values[stop];
      }
    }
    return observed;
  }

  /// Sets `y` back to the forward solution and takes down how far it had come off.
  private static final class Reanchoring implements BackwardSolve.Passing {
    private final int n;
    private double drift;

    Reanchoring(int n) {
      this.n = n;
    }

    @Override
    public void over(double[] state, double t, double[] before, double[] after) {
      drift = Math.max(drift, Vectors.maxDistance(state, after, n));
      System.arraycopy(before, 0, state, 0, n);
    }
  }

  private void warn(double drift, String consequence) {
    LOG.log(
        Level.WARNING,
        "backsolve: the state solved backwards came off by %.1e of its size, above %.1e; %s"
            .formatted(drift, limit.limit, consequence));
  }
}
