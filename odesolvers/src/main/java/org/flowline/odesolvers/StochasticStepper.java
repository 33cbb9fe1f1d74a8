package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Stochastic;

/// Steps of a stochastic method; see [Stochastic] for the equations.
final class StochasticStepper implements Stepper {

  private final Stochastic method;
  private final StochasticField field;
  private final StartSlope slope;
  private final BrownianPath.Reader path;
  private final double[] kick;
  private final double[] state;
  private final double[] endDrift;
  private final double[] product;
  private final double[] dw;
  private final double[] weights;

  /// The path at the end of the last step.
  private double[] here;

  private double hereTime = Double.NaN;
  private double[] ahead;
  private double aheadTime = Double.NaN;

  StochasticStepper(Stochastic method, VectorField field) {
    if (!(field instanceof StochasticField stochastic)) {
      throw new IllegalArgumentException(
          "%s: the field has no noise, want a StochasticField; implement it, or use EULER"
              .formatted(method.name()));
    }
    int n = field.dimension();
    int processes = stochastic.path().dimension();
    requireNoise(method, stochastic.noise(), n, processes);
    this.method = method;
    this.field = stochastic;
    this.slope = new StartSlope(new CountedField(field));
    this.path = stochastic.path().reader();
    this.kick = new double[n];
    this.state = new double[n];
    this.endDrift = new double[n];
    this.product = new double[n];
    this.dw = new double[processes];
    this.weights = new double[processes];
    this.here = new double[processes];
    this.ahead = new double[processes];
  }

  private static void requireNoise(
      Stochastic method, StochasticField.Noise noise, int n, int processes) {
    String wrong = null;
    if (noise == StochasticField.Noise.DIAGONAL && processes != n && processes != 1) {
      wrong = "diagonal noise of %s processes on %s components, want one process each, or one";
    } else if (noise == StochasticField.Noise.SEPARATE && processes > n) {
      wrong = "separate noise of %s processes on %s components, want no more than components";
    } else if (noise == StochasticField.Noise.GENERAL
        && method == Stochastic.MILSTEIN
        && processes > 1) {
      wrong = "general noise of %s processes, want diagonal or additive noise; use EULER_MARUYAMA";
    }
    if (wrong != null) {
      throw new IllegalArgumentException(method.name() + ": " + wrong.formatted(processes, n));
    }
  }

  @Override
  public StartSlope startSlope() {
    return slope;
  }

  @Override
  public boolean trial(Step step) {
    double[] drift = slope.at(step);
    readPath(step);
    double t = step.stageTime(0);
    double h = step.h;
    double[] y1 = step.y1;
    field.diffusion(t, step.y0, dw, kick);
    for (int i = 0; i < y1.length; i++) {
      y1[i] = step.y0[i] + h * drift[i] + kick[i];
    }
    switch (method) {
      case EULER_MARUYAMA -> {}
      case MILSTEIN -> correct(step, t, drift);
      case STOCHASTIC_HEUN -> average(step, drift);
    }
    for (int i = 0; i < y1.length; i++) {
      step.k[0][i] = (y1[i] - step.y0[i]) / h;
    }
    return true;
  }

  private void readPath(Step step) {
    if (hereTime != step.t) {
      path.value(step.t, here);
      hereTime = step.t;
    }
    path.value(step.end, ahead);
    aheadTime = step.end;
    for (int j = 0; j < dw.length; j++) {
      dw[j] = ahead[j] - here[j];
    }
  }

  /// Adds `(g(ŷ) − g(y0)) (ΔW² − |h|) / (2√|h|)`, which is zero for additive noise.
  private void correct(Step step, double t, double[] drift) {
    if (field.noise() == StochasticField.Noise.ADDITIVE) {
      return;
    }
    double length = Math.abs(step.h);
    double root = Math.sqrt(length);
    Arrays.fill(weights, root);
    field.diffusion(t, step.y0, weights, product);
    for (int i = 0; i < state.length; i++) {
      state[i] = step.y0[i] + step.h * drift[i] + product[i];
    }
    for (int j = 0; j < dw.length; j++) {
      weights[j] = (dw[j] * dw[j] - length) / (2 * root);
    }
    field.diffusion(t, state, weights, product);
    add(product, step.y1, 1);
    field.diffusion(t, step.y0, weights, product);
    add(product, step.y1, -1);
  }

  private static void add(double[] terms, double[] y, int sign) {
    for (int i = 0; i < y.length; i++) {
      y[i] += sign * terms[i];
    }
  }

  /// Replaces the result of Euler and Maruyama by a step with the mean slopes of both ends.
  private void average(Step step, double[] drift) {
    double end = step.stageTime(1);
    slope.field.evaluate(end, step.y1, endDrift);
    field.diffusion(end, step.y1, dw, product);
    for (int i = 0; i < state.length; i++) {
      step.y1[i] = step.y0[i] + step.h / 2 * (drift[i] + endDrift[i]) + (kick[i] + product[i]) / 2;
    }
  }

  @Override
  public void accept(Step step) {
    double[] free = here;
    here = ahead;
    hereTime = aheadTime;
    ahead = free;
    slope.known = false;
  }
}
