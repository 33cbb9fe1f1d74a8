package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.Reversible;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;

/// The walk of [ReversibleAdjoint] back over the steps of a [Reversible] method, which undoes them.
/// Of a step `(y0, z0) ↦ (y1, z1)` with cotangents `(ȳ1, z̄1)`:
///
///     ȳ1 −= z̄1ᵀ ∂Ψ_{−h}(t + h, y1)
///     ȳ0 = λ ȳ1        z̄0 = z̄1 + (1 − λ) ȳ1 + ȳ1ᵀ ∂Ψ_h(t, z0)
///
/// and at the start, where `z = y`, `∂L/∂y0 = ȳ + z̄`. An observation inside a step is the cubic
/// Hermite interpolant of `y0`, `y1` and the slopes there.
final class ReversibleSweep {
  private final double coupling;
  private final DifferentiableField field;
  private final Solution solution;
  private final double[] times;
  private final double[] cotangents;
  private final NodeTimes nodes;
  private final Increment forth;
  private final Increment back;
  private final int n;

  /// The pair at the end of the step being walked over, and where it starts.
  private double[] y1;

  private double[] y0;
  private final double[] z;
  private double[] y1Bar;
  private double[] y0Bar;
  private final double[] zBar;
  private final double[] increment;
  private final double[] slope0;
  private final double[] slopeBar;
  private final double[] part;
  private final double[] thetaBar;
  private int observation;
  private long pullbacks;

  ReversibleSweep(
      Reversible method,
      DifferentiableField field,
      StepSize stepSize,
      Solution solution,
      double[] times,
      double[] cotangents) {
    this.coupling = method.coupling();
    this.field = field;
    this.solution = solution;
    this.times = times;
    this.cotangents = cotangents;
    this.n = field.dimension();
    this.nodes = new NodeTimes(stepSize, solution.stats().accepted(), times);
    this.forth = new Increment(method.base(), field);
    this.back = new Increment(method.base(), field);
    this.y1 = solution.last().clone();
    this.z = Reversible.companion(solution.checkpoint());
    this.y0 = new double[n];
    this.y0Bar = new double[n];
    this.zBar = new double[n];
    this.increment = new double[n];
    this.slope0 = new double[n];
    this.slopeBar = new double[n];
    this.part = new double[n];
    this.thetaBar = new double[field.parameterCount()];
    this.observation = times.length - 1;
    this.y1Bar = Arrays.copyOfRange(cotangents, observation * n, cotangents.length);
    observation--;
  }

  /// Undoes a step and goes back through it.
  void over(long step, double t, double h, double end) {
    undo(t, h, end);
    Arrays.fill(y0Bar, 0);
    while (observation > 0 && nodes.isAfter(observation, t)) {
      observe(step, t, h, end);
      observation--;
    }
    back.pullBack(-1, zBar, y1Bar, thetaBar);
    nodes.move(step + 1, end, back.startBar - back.sizeBar);
    nodes.move(step, t, back.sizeBar);
    StepCotangents.addScaled(y0Bar, coupling, y1Bar, 0);
    StepCotangents.addScaled(zBar, 1 - coupling, y1Bar, 0);
    forth.pullBack(1, y1Bar, zBar, thetaBar);
    nodes.move(step, t, forth.startBar - forth.sizeBar);
    nodes.move(step + 1, end, forth.sizeBar);
    pullbacks += back.stages() + forth.stages();
    if (observation > 0 && nodes.movesWith(observation, t)) {
      StepCotangents.add(y0Bar, cotangents, observation * n);
      observation--;
    }
    swap();
  }

  private void undo(double t, double h, double end) {
    back.evaluate(end, t, -h, y1, increment);
    StepCotangents.add(z, increment, 0);
    forth.evaluate(t, end, h, z, increment);
    for (int j = 0; j < n; j++) {
      y0[j] = (y1[j] - (1 - coupling) * z[j] - increment[j]) / coupling;
    }
  }

  private void swap() {
    double[] state = y1;
    y1 = y0;
    y0 = state;
    double[] bar = y1Bar;
    y1Bar = y0Bar;
    y0Bar = bar;
  }

  /// An observation `y(t + ϑh) = (1 − w) y0 + w y1 + h (u k0 + v k1)` with the cotangent `ḡ`.
  private void observe(long step, double t, double h, double end) {
    double theta = (times[observation] - t) / h;
    double rest = 1 - theta;
    double w = theta * theta * (1 + 2 * rest);
    double u = theta * rest * rest;
    double v = -theta * theta * rest;
    int from = observation * n;
    field.evaluate(t, y0, slope0);
    double[] slope1 = back.first();
    for (int j = 0; j < n; j++) {
      y0Bar[j] += (1 - w) * cotangents[from + j];
      y1Bar[j] += w * cotangents[from + j];
    }
    double startBar = pullBackSlope(h * u, from, t, y0, y0Bar);
    double endBar = pullBackSlope(h * v, from, end, y1, y1Bar);
    double mean = (dot(y1, from) - dot(y0, from)) / h;
    double dot0 = dot(slope0, from);
    double dot1 = dot(slope1, from);
    double rate =
        6 * theta * rest * mean + rest * (1 - 3 * theta) * dot0 + theta * (3 * theta - 2) * dot1;
    double sizeBar = u * dot0 + v * dot1;
    nodes.bar()[observation] += rate;
    nodes.move(step, t, startBar - rest * rate - sizeBar);
    nodes.move(step + 1, end, endBar - theta * rate + sizeBar);
  }

  private double dot(double[] x, int from) {
    return Observations.dot(cotangents, from, x, 0, n);
  }

  /// Adds `factor ḡᵀ ∂f(t, y)` to cotangents of `y` and θ.
  private double pullBackSlope(double factor, int from, double t, double[] y, double[] yBar) {
    if (factor == 0) {
      return 0;
    }
    Arrays.fill(slopeBar, 0);
    StepCotangents.addScaled(slopeBar, factor, cotangents, from);
    double timeBar = field.pullback(t, y, slopeBar, part, thetaBar);
    StepCotangents.add(yBar, part, 0);
    pullbacks++;
    return timeBar;
  }

  /// The gradient of a loss of this value, once the sweep has undone the first step.
  TrajectoryGradient gradient(double loss, double[] start) {
    StepCotangents.add(y1Bar, zBar, 0);
    StepCotangents.add(y1Bar, cotangents, 0);
    double drift =
        Math.max(Observations.distance(y1, start, n), Observations.distance(z, start, n));
    return new TrajectoryGradient(
        loss,
        thetaBar,
        y1Bar,
        nodes.bar(),
        solution.status(),
        solution.stats(),
        pullbacks,
        drift / Observations.largest(Observations.flat(solution.values(), n)));
  }
}
