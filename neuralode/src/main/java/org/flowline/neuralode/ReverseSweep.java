package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.ButcherTableau;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;

/// The walk of [DiscreteAdjoint] back over a recorded trajectory.
///
/// Steps are numbered `0 … N − 1`, step `n` between the nodes `T_n` and `T_{n+1}`. Where the last
/// stage of a step is the first of the next (FSAL), it was evaluated once and is pulled back once,
/// in the earlier step.
final class ReverseSweep {
  private final DifferentiableField field;
  private final ButcherTableau tableau;
  private final StepSize stepSize;
  private final Trajectory trajectory;
  private final int n;
  private final int stages;

  /// `λ`, the cotangent of the state at the node being walked over.
  private final double[] lambda;

  private final double[][] slopeBar;
  private final boolean[] reached;
  private final double[] pending;
  private boolean isPending;
  private final double[] y0;
  private final double[] y0Bar;
  private final double[] y;
  private final double[] stageBar;
  private final double[][] slopes;
  private final double[] weights;
  private final double[] thetaBar;

  /// `∂L/∂T_n` with the nodes moving freely.
  private final double[] nodeBar;

  private double[] timesBar;
  private long pullbacks;

  ReverseSweep(
      DifferentiableField field, ButcherTableau tableau, StepSize stepSize, Trajectory trajectory) {
    this.field = field;
    this.tableau = tableau;
    this.stepSize = stepSize;
    this.trajectory = trajectory;
    this.n = field.dimension();
    this.stages = tableau.stages();
    this.lambda = new double[n];
    this.slopeBar = new double[stages][n];
    this.reached = new boolean[stages];
    this.pending = new double[n];
    this.y0 = new double[n];
    this.y0Bar = new double[n];
    this.y = new double[n];
    this.stageBar = new double[n];
    this.slopes = new double[stages][n];
    this.weights = new double[stages];
    this.thetaBar = new double[field.parameterCount()];
    this.nodeBar = new double[trajectory.steps() + 1];
  }

  double[] thetaBar() {
    return thetaBar;
  }

  double[] yBar() {
    return lambda;
  }

  double[] timesBar() {
    return timesBar;
  }

  long pullbacks() {
    return pullbacks;
  }

  /// Sweeps from the last node to the first. An observation on a node is the node's state where the
  /// node moves with it (a grid's), and dense output, at the end of the step before, where it does
  /// not.
  ///
  /// @param cotangents `∂L/∂y(tᵢ)`, `[times, n]`
  void run(double[] times, double[] cotangents) {
    timesBar = new double[times.length];
    int direction = trajectory.end() > trajectory.start() ? 1 : -1;
    boolean nodesMoveAlong = stepSize instanceof StepSize.Grid;
    int observation = times.length - 1;
    add(lambda, cotangents, observation * n);
    observation--;
    for (int step = trajectory.steps() - 1; step >= 0; step--) {
      start(step);
      double before = trajectory.t(step);
      while (observation > 0 && Double.compare(times[observation], before) == direction) {
        observe(step, times[observation], observation, cotangents);
        observation--;
      }
      pullBack(step);
      if (nodesMoveAlong && observation > 0 && times[observation] == before) {
        add(lambda, cotangents, observation * n);
        observation--;
      }
    }
    add(lambda, cotangents, 0);
    moveTimes(times);
  }

  /// `k̄ᵢ = h bᵢ λ`
  private void start(int step) {
    double h = trajectory.h(step);
    trajectory.copyState(step, y0);
    Arrays.fill(y0Bar, 0);
    for (int i = 0; i < stages; i++) {
      trajectory.copyStage(step, i, slopes[i]);
      double weight = h * tableau.b(i);
      reached[i] = weight != 0;
      for (int j = 0; j < n; j++) {
        slopeBar[i][j] = weight * lambda[j];
      }
    }
  }

  /// An observation `y(T + θh) = y0 + h Σ bᵢ(θ) kᵢ` with cotangent `ḡ`.
  private void observe(int step, double t, int observation, double[] cotangents) {
    double h = trajectory.h(step);
    double theta = (t - trajectory.t(step)) / h;
    int from = observation * n;
    tableau.denseWeights(theta, weights);
    for (int i = 0; i < stages; i++) {
      reached[i] |= weights[i] != 0;
      addScaled(slopeBar[i], h * weights[i], cotangents, from);
    }
    add(y0Bar, cotangents, from);
    tableau.denseRates(theta, weights);
    double rate = 0;
    for (int i = 0; i < stages; i++) {
      rate += weights[i] * Observations.dot(cotangents, from, slopes[i], 0, n);
    }
    timesBar[observation] += rate;
    nodeBar[step] -= (1 - theta) * rate;
    nodeBar[step + 1] -= theta * rate;
  }

  /// From `λ` at the end of a step to `λ` at its start.
  private void pullBack(int step) {
    double h = trajectory.h(step);
    double hBar = 0;
    double startBar = 0;
    boolean shared = tableau.fsal() && step > 0;
    for (int i = stages - 1; i >= 0; i--) {
      hBar += Observations.dot(slopeBar[i], 0, slopes[i], 0, n) / h;
      if (i == tableau.stepStages() - 1 && isPending) {
        add(slopeBar[i], pending, 0);
        reached[i] = true;
        isPending = false;
      }
      if (i == 0 && shared) {
        System.arraycopy(slopeBar[0], 0, pending, 0, n);
        isPending = true;
        break;
      }
      if (!reached[i]) {
        continue;
      }
      stage(i, h);
      double c = tableau.c(i);
      double timeBar =
          field.pullback(trajectory.stageTime(step, c), y, slopeBar[i], stageBar, thetaBar);
      pullbacks++;
      startBar += timeBar;
      hBar += c * timeBar;
      add(y0Bar, stageBar, 0);
      for (int j = 0; j < i; j++) {
        if (tableau.a(i, j) != 0) {
          reached[j] = true;
          addScaled(slopeBar[j], h * tableau.a(i, j), stageBar, 0);
        }
      }
    }
    add(lambda, y0Bar, 0);
    nodeBar[step] += startBar - hBar;
    nodeBar[step + 1] += hBar;
  }

  /// `Yᵢ = y0 + h Σ a_ij kⱼ`, summed in the solver's order.
  private void stage(int i, double h) {
    for (int component = 0; component < n; component++) {
      double sum = 0;
      boolean first = true;
      for (int j = 0; j < i; j++) {
        double a = tableau.a(i, j);
        if (a != 0) {
          sum = first ? a * slopes[j][component] : sum + a * slopes[j][component];
          first = false;
        }
      }
      y[component] = first ? y0[component] : y0[component] + h * sum;
    }
  }

  /// From freely moving nodes to the times that the caller chose.
  private void moveTimes(double[] times) {
    int steps = trajectory.steps();
    int last = times.length - 1;
    int next = 0;
    int direction = trajectory.end() > trajectory.start() ? 1 : -1;
    for (int node = 0; node <= steps; node++) {
      switch (stepSize) {
        case StepSize.Adaptive _ -> timesBar[node < steps ? 0 : last] += nodeBar[node];
        case StepSize.Constant _ -> {
          timesBar[0] += (steps - node) * nodeBar[node] / steps;
          timesBar[last] += node * nodeBar[node] / steps;
        }
        case StepSize.Grid _ -> {
          double at = node < steps ? trajectory.t(node) : trajectory.end();
          while (Double.compare(at, times[next]) == direction) {
            next++;
          }
          timesBar[next] += times[next] == at ? nodeBar[node] : 0;
        }
      }
    }
  }

  private void add(double[] sum, double[] x, int from) {
    for (int i = 0; i < n; i++) {
      sum[i] += x[from + i];
    }
  }

  private void addScaled(double[] sum, double factor, double[] x, int from) {
    for (int i = 0; i < n; i++) {
      sum[i] += factor * x[from + i];
    }
  }
}
