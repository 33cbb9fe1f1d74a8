package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Reversible;

/// The walk of [ReversibleAdjoint] back over the steps of a [Reversible] method, which undoes them.
/// Of a step `(y0, z0) ↦ (y1, z1)` with cotangents `(ȳ1, z̄1)`:
///
///     ȳ1 −= z̄1ᵀ ∂Ψ_{−h}(t + h, y1)
///     ȳ0 = λ ȳ1        z̄0 = z̄1 + (1 − λ) ȳ1 + ȳ1ᵀ ∂Ψ_h(t, z0)
///
/// and at the start, where `z = y`, `∂L/∂y0 = ȳ + z̄`. An observation inside a step is the dense
/// output of [Reversible], which gives cotangents to `y0`, `z0` and the slopes of `Ψ_h(t, z0)`.
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
    this.nodes = new NodeTimes(stepSize, times);
    this.forth = new Increment(method.base(), field);
    this.back = new Increment(method.base(), field);
    this.y1 = solution.last().clone();
    this.z = solution.checkpoint().companion();
    this.y0 = new double[n];
    this.y0Bar = new double[n];
    this.zBar = new double[n];
    this.increment = new double[n];
    this.thetaBar = new double[field.parameterCount()];
    this.observation = times.length - 1;
    this.y1Bar = Arrays.copyOfRange(cotangents, observation * n, cotangents.length);
    observation--;
  }

  /// Undoes a step and goes back through it.
  void over(double t, double h, double end) {
    undo(t, h, end);
    back.bar(-1, zBar);
    back.pullBack(y1Bar, thetaBar);
    nodes.move(end, back.startBar - back.sizeBar);
    nodes.move(t, back.sizeBar);
    Arrays.fill(y0Bar, 0);
    Vectors.axpy(coupling, y1Bar, 0, y0Bar);
    Vectors.axpy(1 - coupling, y1Bar, 0, zBar);
    forth.bar(1, y1Bar);
    while (observation > 0 && nodes.isAfter(observation, t)) {
      observe(t, h, end);
      observation--;
    }
    forth.pullBack(zBar, thetaBar);
    nodes.move(t, forth.startBar - forth.sizeBar);
    nodes.move(end, forth.sizeBar);
    pullbacks += back.evaluated() + forth.evaluated();
    if (observation > 0 && nodes.movesWith(observation, t)) {
      Vectors.add(cotangents, observation * n, y0Bar);
      observation--;
    }
    swap();
  }

  private void undo(double t, double h, double end) {
    back.evaluate(end, t, -h, y1, increment);
    Vectors.add(increment, 0, z);
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

  /// An observation `y(t + ϑh) = y0 + h Σ bᵢ(ϑ) kᵢ + ϑ (1 − λ) (z0 − y0)` with the cotangent `ḡ`.
  private void observe(double t, double h, double end) {
    double theta = (times[observation] - t) / h;
    int from = observation * n;
    double pull = (1 - coupling) * (dot(z, from) - dot(y0, from)) / h;
    double rate = forth.barInside(theta, cotangents, from) + pull;
    Vectors.axpy(1 - theta * (1 - coupling), cotangents, from, y0Bar);
    Vectors.axpy(theta * (1 - coupling), cotangents, from, zBar);
    nodes.bar()[observation] += rate;
    nodes.move(t, -(1 - theta) * rate);
    nodes.move(end, -theta * rate);
  }

  private double dot(double[] x, int from) {
    return Vectors.dot(cotangents, from, x);
  }

  /// The gradient of a loss of this value, once the sweep has undone the first step.
  TrajectoryGradient gradient(double loss, double[] start) {
    Vectors.add(zBar, 0, y1Bar);
    Vectors.add(cotangents, 0, y1Bar);
    double drift = Math.max(Vectors.maxDistance(y1, start, n), Vectors.maxDistance(z, start, n));
    return new TrajectoryGradient(
        loss,
        thetaBar,
        y1Bar,
        nodes.bar(),
        solution.status(),
        solution.stats(),
        pullbacks,
        drift / Vectors.maxNorm(Observations.flat(solution.values(), n)));
  }
}
