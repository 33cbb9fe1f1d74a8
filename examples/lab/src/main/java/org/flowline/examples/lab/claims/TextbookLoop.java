package org.flowline.examples.lab.claims;

import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Orbit;

/// The loop of an optimiser as textbooks print it, without the integrator: an independent oracle.
final class TextbookLoop {
  private TextbookLoop() {}

  /// The update rule of one component `i` in step `k`, counted from 1. It updates the running
  /// averages `m[i]` and `v[i]`, and returns the `u` of `θᵢ ← θᵢ − η u`.
  @FunctionalInterface
  interface Rule {
    double update(double gradient, double[] m, double[] v, int i, int k);
  }

  /// Runs the loop from the loss's starting point.
  static Orbit run(Losses loss, double eta, int steps, Rule rule) {
    int p = loss.start().length;
    double[][] theta = new double[steps + 1][];
    double[] t = new double[steps + 1];
    theta[0] = loss.start().clone();
    double[] m = new double[p];
    double[] v = new double[p];
    double[] gradient = new double[p];
    for (int k = 0; k < steps; k++) {
      loss.objective().gradient(0, theta[k], gradient);
      theta[k + 1] = theta[k].clone();
      t[k + 1] = eta * (k + 1);
      for (int i = 0; i < p; i++) {
        theta[k + 1][i] -= eta * rule.update(gradient[i], m, v, i, k + 1);
      }
    }
    return new Orbit(t, theta);
  }

  static double adam(double g, double[] m, double[] v, int i, int k) {
    m[i] = 0.9 * m[i] + (1 - 0.9) * g;
    v[i] = 0.999 * v[i] + (1 - 0.999) * (g * g);
    double mean = m[i] / (1 - Math.pow(0.9, k));
    double square = v[i] / (1 - Math.pow(0.999, k));
    return mean / (Math.sqrt(square) + 1e-8);
  }

  static double rmsprop(double g, double[] m, double[] v, int i, int k) {
    v[i] = 0.99 * v[i] + (1 - 0.99) * (g * g);
    return g / (Math.sqrt(v[i]) + 1e-8);
  }
}
