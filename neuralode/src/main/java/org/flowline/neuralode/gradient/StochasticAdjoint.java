package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.field.DifferentiableStochasticField;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.method.Stochastic;

/// The pullback of a stochastic method's step, `y1 = y0 + δ`, along its frozen path: reverse mode
/// through each line of [Stochastic]. Times have no derivative, since the path has no slope.
final class StochasticAdjoint implements StepAdjoint {
  private final Stochastic method;
  private final DifferentiableStochasticField field;
  private final BrownianPath.Reader path;
  private final int n;
  private final double[] y0;
  private final double[] predicted;
  private final double[] drift;
  private final double[] product;
  private final double[] delta;
  private final double[] half;
  private final double[] slopeBar;
  private final double[] yBar;
  private final double[] dw;
  private final double[] here;
  private final double[] weights;

  StochasticAdjoint(Stochastic method, DifferentiableField field) {
    if (!(field instanceof DifferentiableStochasticField stochastic)) {
      throw new IllegalArgumentException(
          "discrete adjoint: %s and a field whose noise has no derivative; want a DifferentiableStochasticField, such as a NeuralStochasticField"
              .formatted(method.name()));
    }
    this.method = method;
    this.field = stochastic;
    this.path = stochastic.path().reader();
    this.n = field.dimension();
    this.y0 = new double[n];
    this.predicted = new double[n];
    this.drift = new double[n];
    this.product = new double[n];
    this.delta = new double[n];
    this.half = new double[n];
    this.slopeBar = new double[n];
    this.yBar = new double[n];
    int processes = stochastic.path().dimension();
    this.dw = new double[processes];
    this.here = new double[processes];
    this.weights = new double[processes];
  }

  @Override
  public void pullBack(Trajectory trajectory, int step, Cotangents bar) {
    double h = trajectory.h(step);
    double t = trajectory.stageTime(step, 0);
    trajectory.copyState(step, y0);
    path.value(trajectory.t(step), here);
    path.value(trajectory.end(step), dw);
    for (int j = 0; j < dw.length; j++) {
      dw[j] -= here[j];
    }
    for (int i = 0; i < n; i++) {
      delta[i] = bar.slopes[0][i] / h; // the slope is δ/h
    }
    switch (method) {
      case EULER_MARUYAMA -> {
        throughDrift(t, y0, h, delta, bar);
        field.pullbackDiffusion(t, y0, dw, delta, bar.y0, bar.theta);
      }
      case MILSTEIN -> milstein(t, h, bar);
      case STOCHASTIC_HEUN -> heun(t, trajectory.stageTime(step, 1), h, bar);
    }
  }

  /// Pulls the cotangent `a` of `h f(t, y)` back to `y0` and θ.
  private void throughDrift(double t, double[] y, double h, double[] a, Cotangents bar) {
    for (int i = 0; i < n; i++) {
      slopeBar[i] = h * a[i];
    }
    field.pullback(t, y, slopeBar, yBar, bar.theta);
    bar.pullbacks++;
    Vectors.add(yBar, 0, bar.y0);
  }

  private void milstein(double t, double h, Cotangents bar) {
    if (field.noise() != StochasticField.Noise.ADDITIVE) {
      double length = Math.abs(h);
      double root = Math.sqrt(length);
      for (int j = 0; j < dw.length; j++) {
        weights[j] = (dw[j] * dw[j] - length) / (2 * root);
      }
      for (int i = 0; i < n; i++) {
        half[i] = -delta[i];
      }
      field.pullbackDiffusion(t, y0, weights, half, bar.y0, bar.theta);
      Arrays.fill(here, root);
      predict(t, h, here);
      Arrays.fill(half, 0);
      field.pullbackDiffusion(t, predicted, weights, delta, half, bar.theta);
      Vectors.add(half, 0, bar.y0);
      field.pullbackDiffusion(t, y0, here, half, bar.y0, bar.theta);
      Vectors.add(delta, 0, half);
      throughDrift(t, y0, h, half, bar);
    } else {
      throughDrift(t, y0, h, delta, bar);
    }
    field.pullbackDiffusion(t, y0, dw, delta, bar.y0, bar.theta);
  }

  private void heun(double t, double end, double h, Cotangents bar) {
    predict(t, h, dw);
    for (int i = 0; i < n; i++) {
      half[i] = delta[i] / 2;
    }
    double[] predictedBar = product;
    Arrays.fill(predictedBar, 0);
    field.pullbackDiffusion(end, predicted, dw, half, predictedBar, bar.theta);
    for (int i = 0; i < n; i++) {
      slopeBar[i] = h * half[i];
    }
    field.pullback(end, predicted, slopeBar, yBar, bar.theta);
    bar.pullbacks++;
    Vectors.add(yBar, 0, predictedBar);
    Vectors.add(predictedBar, 0, bar.y0);
    Vectors.add(predictedBar, 0, half);
    throughDrift(t, y0, h, half, bar);
    field.pullbackDiffusion(t, y0, dw, half, bar.y0, bar.theta);
  }

  /// `ŷ = y0 + h f(t, y0) + g(t, y0) w`
  private void predict(double t, double h, double[] w) {
    field.evaluate(t, y0, drift);
    field.diffusion(t, y0, w, product);
    for (int i = 0; i < n; i++) {
      predicted[i] = y0[i] + h * drift[i] + product[i];
    }
  }
}
