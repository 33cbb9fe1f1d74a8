package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.Crew;
import org.flowline.odesolvers.Method;
import org.flowline.odesolvers.ParallelField;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Stochastic;
import org.flowline.odesolvers.Trajectory;

/// The walk of [DiscreteAdjoint] back over recorded steps, the last one first.
///
/// Steps are numbered `0 … N − 1`, step `n` between the nodes `T_n` and `T_{n+1}`. A step made `y1
/// = y0 + h Σ bᵢ kᵢ` and, inside, `y(T + θh) = y0 + h Σ bᵢ(θ) kᵢ`; so it gives cotangents to its
/// slopes,
///
///     k̄ᵢ = h bᵢ λ + h Σ_observations bᵢ(θ) ḡ
///
/// and a [StepAdjoint] takes them on.
final class ReverseSweep {
  private final Method method;
  private final DifferentiableField field;
  private final StepSize stepSize;
  private final int n;

  /// `λ`, the cotangent of the state at the node being walked over.
  private final double[] lambda;

  private final StepCotangents bar;
  private final double[] slope;
  private final double[] b;
  private final double[] weights;
  private StepAdjoint adjoint;

  /// What [#start] was given.
  private double[] times;

  private double[] cotangents;
  private NodeTimes nodes;
  private int observation;

  private final Crew crew;
  private final Crew.Work setOut = this::setOut;
  private final Crew.Work arrive = this::arrive;

  /// The size of the step being walked over.
  private double h;

  /// A sweep for any number of solves with this method and these steps, one after the other.
  ///
  /// @throws IllegalArgumentException if the field does not know what the method needs
  ReverseSweep(DifferentiableField field, Method method, StepSize stepSize) {
    this.method = method;
    this.field = field;
    this.stepSize = stepSize;
    this.adjoint = StepAdjoint.of(method, field);
    this.n = field.dimension();
    this.crew = ParallelField.crewOf(field).on(n);
    this.lambda = new double[n];
    this.bar = new StepCotangents(method.stages(), n, field.parameterCount());
    this.slope = new double[n];
    this.b = new double[method.stages()];
    method.endWeights(b);
    this.weights = new double[method.stages()];
  }

  /// Forgets all and starts at the end of a solve.
  ///
  /// @param steps how many steps the solve had
  /// @param times the observation times
  /// @param cotangents `∂L/∂y(tᵢ)`, `[times, n]`
  void start(long steps, double[] times, double[] cotangents) {
    this.times = times;
    this.cotangents = cotangents;
    this.nodes = new NodeTimes(stepSize, steps, times);
    if (method instanceof Stochastic) {
      adjoint = StepAdjoint.of(method, field); // the field may have another path by now
    }
    bar.restart();
    Arrays.fill(lambda, 0);
    this.observation = times.length - 1;
    StepCotangents.add(lambda, cotangents, observation * n);
    observation--;
  }

  /// The gradient of a loss of this value, once the sweep has reached the first step.
  TrajectoryGradient gradient(double loss, Solution solution) {
    if (method instanceof Stochastic) {
      Arrays.fill(nodes.bar(), Double.NaN); // a path has no slope
    }
    return new TrajectoryGradient(
        loss,
        bar.theta.clone(),
        lambda.clone(),
        nodes.bar(),
        solution.status(),
        solution.stats(),
        bar.pullbacks);
  }

  /// Sweeps over steps `first, first + 1, …` of the solve, recorded in `part`; parts come from the
  /// last to the first. An observation on a node is the node's state where the node moves with it
  /// (a grid's), and dense output, at the end of the step before, where it does not.
  void over(Trajectory part, long first) {
    for (int step = part.steps() - 1; step >= 0; step--) {
      long number = first + step;
      begin(part.h(step));
      double before = part.t(step);
      while (observation > 0 && nodes.isAfter(observation, before)) {
        observe(part, step, number);
        observation--;
      }
      adjoint.pullBack(part, step, bar);
      crew.run(arrive);
      nodes.move(number, before, bar.start - bar.size);
      nodes.move(number + 1, part.end(step), bar.size);
      if (observation > 0 && nodes.movesWith(observation, before)) {
        StepCotangents.add(lambda, cotangents, observation * n);
        observation--;
      }
      if (number == 0) {
        StepCotangents.add(lambda, cotangents, 0);
      }
    }
  }

  /// `k̄ᵢ = h bᵢ λ`
  private void begin(double h) {
    this.h = h;
    bar.clear();
    for (int i = 0; i < b.length; i++) {
      bar.reached[i] = h * b[i] != 0;
    }
    crew.run(setOut);
  }

  private void setOut(int k, int parts) {
    int from = Crew.start(n, k, parts);
    int to = Crew.start(n, k + 1, parts);
    Arrays.fill(bar.y0, from, to, 0);
    for (int i = 0; i < b.length; i++) {
      scale(h * b[i], lambda, bar.slopes[i], from, to);
    }
  }

  private static void scale(double factor, double[] x, double[] out, int from, int to) {
    for (int j = from; j < to; j++) {
      out[j] = factor * x[j];
    }
  }

  /// `λ += ȳ0`
  private void arrive(int k, int parts) {
    int from = Crew.start(n, k, parts);
    StepCotangents.addScaled(lambda, 1, bar.y0, 0, from, Crew.start(n, k + 1, parts));
  }

  /// An observation `y(T + θh) = y0 + h Σ bᵢ(θ) kᵢ` with cotangent `ḡ`.
  private void observe(Trajectory part, int step, long number) {
    double theta = (times[observation] - part.t(step)) / h;
    int from = observation * n;
    method.denseWeights(theta, weights);
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        bar.add(i, h * weights[i], cotangents, from);
      }
    }
    StepCotangents.add(bar.y0, cotangents, from);
    method.denseRates(theta, weights);
    double rate = 0;
    for (int i = 0; i < weights.length; i++) {
      part.copyStage(step, i, slope);
      rate += weights[i] * Observations.dot(cotangents, from, slope, 0, n);
    }
    nodes.bar()[observation] += rate;
    nodes.move(number, part.t(step), -(1 - theta) * rate);
    nodes.move(number + 1, part.end(step), -theta * rate);
  }
}
