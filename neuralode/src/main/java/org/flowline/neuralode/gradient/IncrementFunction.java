package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.method.ButcherTableau;

/// The increment function of an explicit method, to the end of a step or into it, and its pullback:
///
///     Ψ_h(t, y) = h Σ bᵢ kᵢ        kᵢ = f(t + cᵢ h, Yᵢ)        Yᵢ = y + h Σ a_ij kⱼ
///     k̄ᵢ = h bᵢ Ψ̄ + h Σ_{j>i} a_ji Ȳⱼ        ȳ += Σ Ȳᵢ,   Ȳᵢ = k̄ᵢᵀ ∂f/∂y,   θ̄ += k̄ᵢᵀ ∂f/∂θ
final class IncrementFunction {
  private final ButcherTableau tableau;
  private final DifferentiableField field;
  private final int n;

  /// The number of stages up to the last one with `bᵢ ≠ 0`.
  private final int needed;

  private final double[][] slopes;
  private final double[][] states;
  private final double[][] slopesBar;
  private final double[] stateBar;
  private final double[] weights;
  private double[] y;

  /// The number of stages evaluated at the present `y`.
  private int evaluated;

  private double t;
  private double end;
  private double h;

  /// `∂L/∂t` at fixed `h`, and `∂L/∂h` at fixed `t`, of the last pullback.
  double startBar;

  double sizeBar;

  IncrementFunction(ButcherTableau tableau, DifferentiableField field) {
    this.tableau = tableau;
    this.field = field;
    this.n = field.dimension();
    int last = 0;
    for (int i = 0; i < tableau.stepStages(); i++) {
      last = tableau.b(i) != 0 ? i : last;
    }
    this.needed = last + 1;
    int stages = tableau.stages();
    this.slopes = new double[stages][n];
    this.states = new double[stages][n];
    this.slopesBar = new double[stages][n];
    this.stateBar = new double[n];
    this.weights = new double[stages];
  }

  /// The number of evaluations of the last increment, and of pullbacks of its reverse.
  int evaluated() {
    return evaluated;
  }

  /// Overwrites `increment` with `Ψ_h(t, y)`; `end` is `t + h`, exactly where a node is. `y` must
  /// not change before the pullback.
  void evaluate(double t, double end, double h, double[] y, double[] increment) {
    this.t = t;
    this.end = end;
    this.h = h;
    this.y = y;
    evaluated = 0;
    evaluate(needed);
    for (int component = 0; component < n; component++) {
      double sum = 0;
      for (int i = 0; i < needed; i++) {
        sum += tableau.b(i) * slopes[i][component];
      }
      increment[component] = h * sum;
    }
  }

  private void evaluate(int stages) {
    for (int i = evaluated; i < stages; i++) {
      for (int component = 0; component < n; component++) {
        double sum = 0;
        for (int j = 0; j < i; j++) {
          sum += tableau.a(i, j) * slopes[j][component];
        }
        states[i][component] = y[component] + h * sum;
      }
      field.evaluate(time(i), states[i], slopes[i]);
      Arrays.fill(slopesBar[i], 0);
    }
    evaluated = stages;
  }

  private double time(int i) {
    double c = tableau.c(i);
    return c == 0 ? t : c == 1 ? end : t + c * h;
  }

  /// `k̄ᵢ += factor h bᵢ Ψ̄`
  void addCotangent(double factor, double[] bar) {
    for (int i = 0; i < needed; i++) {
      Vectors.axpy(factor * h * tableau.b(i), bar, 0, slopesBar[i]);
    }
  }

  /// Adds the cotangent `ḡ`, in the array from `from` on, of the increment `h Σ bᵢ(ϑ) kᵢ` into the
  /// step.
  ///
  /// @return `⟨ḡ, Σ bᵢ'(ϑ) kᵢ⟩`
  double addInnerCotangent(double theta, double[] bar, int from) {
    evaluate(slopes.length);
    tableau.denseWeights(theta, weights);
    for (int i = 0; i < slopes.length; i++) {
      Vectors.axpy(h * weights[i], bar, from, slopesBar[i]);
    }
    tableau.denseRates(theta, weights);
    double rate = 0;
    for (int i = 0; i < slopes.length; i++) {
      rate += weights[i] * Vectors.dot(bar, from, slopes[i]);
    }
    return rate;
  }

  /// Pulls the slopes' cotangents back and adds the results to `ȳ` and `θ̄`.
  void pullBack(double[] yBar, double[] thetaBar) {
    startBar = 0;
    sizeBar = 0;
    for (int i = evaluated - 1; i >= 0; i--) {
      sizeBar += Vectors.dot(slopesBar[i], 0, slopes[i]) / h;
      double timeBar = field.pullback(time(i), states[i], slopesBar[i], stateBar, thetaBar);
      startBar += timeBar;
      sizeBar += tableau.c(i) * timeBar;
      Vectors.add(stateBar, 0, yBar);
      for (int j = 0; j < i; j++) {
        Vectors.axpy(h * tableau.a(i, j), stateBar, 0, slopesBar[j]);
      }
    }
  }
}
