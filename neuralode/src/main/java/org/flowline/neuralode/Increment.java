package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.ButcherTableau;

/// The increment of an explicit method, and its reverse:
///
///     Ψ_h(t, y) = h Σ bᵢ kᵢ        kᵢ = f(t + cᵢ h, Yᵢ)        Yᵢ = y + h Σ a_ij kⱼ
///     k̄ᵢ = h bᵢ Ψ̄ + h Σ_{j>i} a_ji Ȳⱼ        ȳ += Σ Ȳᵢ,   Ȳᵢ = k̄ᵢᵀ ∂f/∂y,   θ̄ += k̄ᵢᵀ ∂f/∂θ
final class Increment {
  private final ButcherTableau tableau;
  private final DifferentiableField field;
  private final int n;
  private final int stages;
  private final double[][] slopes;
  private final double[][] states;
  private final double[][] slopesBar;
  private final double[] stateBar;
  private double t;
  private double end;
  private double h;

  /// `∂L/∂t` at fixed `h`, and `∂L/∂h` at fixed `t`, of the last pullback.
  double startBar;

  double sizeBar;

  Increment(ButcherTableau tableau, DifferentiableField field) {
    this.tableau = tableau;
    this.field = field;
    this.n = field.dimension();
    int last = 0;
    for (int i = 0; i < tableau.stepStages(); i++) {
      last = tableau.b(i) != 0 ? i : last;
    }
    this.stages = last + 1;
    this.slopes = new double[stages][n];
    this.states = new double[stages][n];
    this.slopesBar = new double[stages][n];
    this.stateBar = new double[n];
  }

  /// How many evaluations an increment takes, and how many pullbacks its reverse.
  int stages() {
    return stages;
  }

  /// Overwrites `increment` with `Ψ_h(t, y)`; `end` is `t + h`, exactly where a node is.
  void evaluate(double t, double end, double h, double[] y, double[] increment) {
    this.t = t;
    this.end = end;
    this.h = h;
    for (int i = 0; i < stages; i++) {
      for (int component = 0; component < n; component++) {
        double sum = 0;
        for (int j = 0; j < i; j++) {
          sum += tableau.a(i, j) * slopes[j][component];
        }
        states[i][component] = y[component] + h * sum;
      }
      field.evaluate(time(i), states[i], slopes[i]);
    }
    for (int component = 0; component < n; component++) {
      double sum = 0;
      for (int i = 0; i < stages; i++) {
        sum += tableau.b(i) * slopes[i][component];
      }
      increment[component] = h * sum;
    }
  }

  private double time(int i) {
    double c = tableau.c(i);
    return c == 0 ? t : c == 1 ? end : t + c * h;
  }

  /// `f(t, y)` of the last evaluation.
  double[] first() {
    return slopes[0];
  }

  /// Adds what a cotangent of the increment last evaluated gives to those of `y` and θ.
  void pullBack(double factor, double[] bar, double[] yBar, double[] thetaBar) {
    startBar = 0;
    sizeBar = 0;
    for (int i = 0; i < stages; i++) {
      Arrays.fill(slopesBar[i], 0);
      StepCotangents.addScaled(slopesBar[i], factor * h * tableau.b(i), bar, 0);
    }
    for (int i = stages - 1; i >= 0; i--) {
      sizeBar += Observations.dot(slopesBar[i], 0, slopes[i], 0, n) / h;
      double timeBar = field.pullback(time(i), states[i], slopesBar[i], stateBar, thetaBar);
      startBar += timeBar;
      sizeBar += tableau.c(i) * timeBar;
      StepCotangents.add(yBar, stateBar, 0);
      for (int j = 0; j < i; j++) {
        StepCotangents.addScaled(slopesBar[j], h * tableau.a(i, j), stateBar, 0);
      }
    }
  }
}
