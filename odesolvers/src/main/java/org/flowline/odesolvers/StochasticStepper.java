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
  private final CountedField counted;
  private final BrownianPath.Reader path;
  private final double[] drift;
  private final double[] kick;
  private final double[] state;
  private final double[] slope;
  private final double[] product;
  private final double[] dw;
  private final double[] weights;

  /// The path where the last step ended.
  private double[] here;

  private double hereTime = Double.NaN;
  private double[] ahead;
  private double aheadTime = Double.NaN;
  private boolean started;

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
    this.counted = new CountedField(field);
    this.path = stochastic.path().reader();
    this.drift = new double[n];
    this.kick = new double[n];
    this.state = new double[n];
    this.slope = new double[n];
    this.product = new double[n];
    this.dw = new double[processes];
    this.weights = new double[processes];
    this.here = new double[processes];
    this.ahead = new double[processes];
  }

  private static void requireNoise(
      Stochastic method, StochasticField.Noise noise, int n, int processes) {
    switch (noise) {
      case ADDITIVE -> {}
      case DIAGONAL -> {
        if (processes != n && processes != 1) {
          throw new IllegalArgumentException(
              "%s: diagonal noise of %d processes on %d components, want one process each, or one"
                  .formatted(method.name(), processes, n));
        }
      }
      case SEPARATE -> {
        if (processes > n) {
          throw new IllegalArgumentException(
              "%s: separate noise of %d processes on %d components, want no more than components"
                  .formatted(method.name(), processes, n));
        }
      }
      case GENERAL -> {
        if (method == Stochastic.MILSTEIN && processes > 1) {
          throw new IllegalArgumentException(
              "MILSTEIN: general noise of %d processes, want diagonal or additive noise; "
                      .formatted(processes)
                  + "use EULER_MARUYAMA");
        }
      }
    }
  }

  @Override
  public double[] start(Step step) {
    if (!started) {
      counted.evaluate(step.stageTime(0), step.y0, drift);
      started = true;
    }
    return drift;
  }

  @Override
  public boolean trial(Step step) {
    start(step);
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
      case MILSTEIN -> correct(step, t);
      case STOCHASTIC_HEUN -> average(step);
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
  private void correct(Step step, double t) {
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

  /// From the result of Euler and Maruyama to the mean of the slopes at both ends.
  private void average(Step step) {
    double end = step.stageTime(1);
    counted.evaluate(end, step.y1, slope);
    field.diffusion(end, step.y1, dw, product);
    for (int i = 0; i < state.length; i++) {
      step.y1[i] = step.y0[i] + step.h / 2 * (drift[i] + slope[i]) + (kick[i] + product[i]) / 2;
    }
  }

  @Override
  public void estimate(Step step) {
    throw new IllegalStateException("stochastic methods have no error estimate");
  }

  @Override
  public void complete(Step step) {}

  @Override
  public void advance(Step step) {
    double[] behind = here;
    here = ahead;
    hereTime = aheadTime;
    ahead = behind;
    started = false;
  }

  @Override
  public void restart() {
    started = false;
  }

  @Override
  public CountedField field() {
    return counted;
  }

  @Override
  public double[] memory() {
    return new double[0];
  }

  @Override
  public void recall(double[] memory) {
    started = false;
  }
}
