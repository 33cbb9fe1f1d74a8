package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.method.Reversible;

/// The backward pass of [ReversibleAdjoint], which inverts the steps of a [Reversible] method. For
/// a step `(y0, z0) ↦ (y1, z1)` with cotangents `(ȳ1, z̄1)`:
///
///     ȳ1 −= z̄1ᵀ ∂Ψ_{−h}(t + h, y1)
///     ȳ0 = λ ȳ1        z̄0 = z̄1 + (1 − λ) ȳ1 + ȳ1ᵀ ∂Ψ_h(t, z0)
///
/// and at the start, where `z = y`, `∂L/∂y0 = ȳ + z̄`. An observation inside a step is the dense
/// output of [Reversible], whose cotangent goes to `y0`, `z0` and the slopes of `Ψ_h(t, z0)`.
final class ReversibleSweep {
  private final double coupling;
  private final Solution solution;
  private final double[] times;
  private final double[] cotangents;
  private final TimeGradient timeGradient;
  private final Breakpoints breakpoints;
  private final IncrementFunction forth;
  private final IncrementFunction back;
  private final int n;

  /// The pair at the end of the current step, and the state at its start.
  private double[] y1;

  private double[] y0;
  private final double[] z;
  private double[] y1Bar;
  private double[] y0Bar;
  private final double[] zBar;
  private final double[] increment;
  private final double[] thetaBar;
  private int observation;
  private long pullbacks;

  /// The largest distance of `y` and `z`.
  private double separation;

  ReversibleSweep(
      Integrator forward,
      DifferentiableField field,
      Solution solution,
      double[] times,
      LossCotangents loss) {
    Reversible method = (Reversible) forward.method();
    this.coupling = method.coupling();
    this.solution = solution;
    this.times = times;
    this.cotangents = loss.states();
    this.n = field.dimension();
    this.timeGradient = new TimeGradient(forward.stepSize(), field.breakpoints(), times);
    this.breakpoints = field.breakpoints();
    this.forth = new IncrementFunction(method.base(), field);
    this.back = new IncrementFunction(method.base(), field);
    this.y1 = solution.last().clone();
    this.z = solution.checkpoint().companion();
    this.separation = Vectors.maxDistance(y1, z, n);
    this.y0 = new double[n];
    this.y0Bar = new double[n];
    this.zBar = new double[n];
    this.increment = new double[n];
    this.thetaBar = new double[field.parameterCount()];
    this.observation = times.length - 2;
    this.y1Bar = Arrays.copyOfRange(cotangents, (times.length - 1) * n, cotangents.length);
  }

  /// Inverts the step from `t` to `end` and pulls the cotangents back through it.
  void pullBack(double t, double h, double end) {
    invert(t, h, end);
    back.addCotangent(-1, zBar);
    back.pullBack(y1Bar, thetaBar);
    timeGradient.addNode(end, back.startBar - back.sizeBar);
    timeGradient.addNode(t, back.sizeBar);
    Arrays.fill(y0Bar, 0);
    Vectors.axpy(coupling, y1Bar, 0, y0Bar);
    Vectors.axpy(1 - coupling, y1Bar, 0, zBar);
    forth.addCotangent(1, y1Bar);
    while (observation > 0
        && !timeGradient.movesWith(observation, t)
        && (timeGradient.isAfter(observation, t) || t == times[0])) {
      observe(t, h, end);
      observation--;
    }
    forth.pullBack(zBar, thetaBar);
    timeGradient.addNode(t, forth.startBar - forth.sizeBar);
    timeGradient.addNode(end, forth.sizeBar);
    pullbacks += back.evaluated() + forth.evaluated();
    while (observation > 0 && timeGradient.movesWith(observation, t)) {
      Vectors.add(cotangents, observation * n, y0Bar);
      observation--;
    }
    double[] state = y1;
    y1 = y0;
    y0 = state;
    double[] bar = y1Bar;
    y1Bar = y0Bar;
    y0Bar = bar;
  }

  private void invert(double t, double h, double end) {
    int direction = h > 0 ? 1 : -1;
    double first = breakpoints.beside(t, direction);
    double last = breakpoints.beside(end, -direction);
    back.evaluate(last, first, -h, y1, increment);
    Vectors.add(increment, 0, z);
    forth.evaluate(first, last, h, z, increment);
    for (int j = 0; j < n; j++) {
      y0[j] = (y1[j] - (1 - coupling) * z[j] - increment[j]) / coupling;
    }
    separation = Math.max(separation, Vectors.maxDistance(y0, z, n));
  }

  /// An observation `y(t + ϑh) = y0 + h Σ bᵢ(ϑ) kᵢ + ϑ (1 − λ) (z0 − y0)` with the cotangent `ḡ`.
  private void observe(double t, double h, double end) {
    double theta = (times[observation] - t) / h;
    int from = observation * n;
    double towardsZ =
        (1 - coupling) * (Vectors.dot(cotangents, from, z) - Vectors.dot(cotangents, from, y0)) / h;
    double rate = forth.addInnerCotangent(theta, cotangents, from) + towardsZ;
    Vectors.axpy(1 - theta * (1 - coupling), cotangents, from, y0Bar);
    Vectors.axpy(theta * (1 - coupling), cotangents, from, zBar);
    timeGradient.addObservation(observation, rate);
    timeGradient.addNode(t, -(1 - theta) * rate);
    timeGradient.addNode(end, -theta * rate);
  }

  /// The gradient of a loss of this value, once the first step has been inverted.
  TrajectoryGradient gradient(double loss, double[] start) {
    Vectors.add(zBar, 0, y1Bar);
    Vectors.add(cotangents, 0, y1Bar);
    double drift = Math.max(Vectors.maxDistance(y1, start, n), Vectors.maxDistance(z, start, n));
    double size = Vectors.maxNorm(ForwardPass.flat(solution.values(), n));
    return new TrajectoryGradient(
        loss,
        thetaBar,
        y1Bar,
        timeGradient.values(),
        solution.status(),
        solution.stats(),
        pullbacks,
        drift / size,
        separation / size);
  }
}
