package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.TwiceDifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.Rosenbrock;

/// The pullback of a Rosenbrock step, for its stages `i = s … 1`, with `w_i = Σ_{j≤i} γ_ij k_j`:
///
///     (I − h γ Jᵀ) uᵢ = k̄ᵢ
///     Ȳᵢ = uᵢᵀ ∂f/∂y (Yᵢ)        k̄ⱼ += h α_ij Ȳᵢ + h γ_ij Jᵀ uᵢ
///     ∂L/∂(t, y0, θ) += ∂/∂(t, y, θ) uᵢᵀ (h J wᵢ + h γᵢ ∂f/∂t)
///
/// The last line is a second derivative, for which the field must be a [TwiceDifferentiableField].
/// The forward solve must have used the exact Jacobian too.
final class RosenbrockAdjoint implements StepAdjoint {
  private final Rosenbrock method;
  private final TwiceDifferentiableField field;
  private final int n;
  private final int stages;
  private final double[][] slopes;
  private final double[] y0;
  private final double[] y;
  private final double[] yBar;
  private final double[] direction;
  private final double[] noTheta;

  RosenbrockAdjoint(Rosenbrock method, DifferentiableField field) {
    if (!(field instanceof TwiceDifferentiableField twice)) {
      throw new IllegalArgumentException(
          "discrete adjoint: %s uses the field's Jacobian, whose derivative the field does not know; want a TwiceDifferentiableField, such as a NeuralField"
              .formatted(method.name()));
    }
    this.method = method;
    this.field = twice;
    this.n = field.dimension();
    this.stages = method.stages();
    this.slopes = new double[stages][n];
    this.y0 = new double[n];
    this.y = new double[n];
    this.yBar = new double[n];
    this.direction = new double[n];
    this.noTheta = new double[field.parameterCount()];
  }

  @Override
  public void pullBack(Trajectory trajectory, int step, Cotangents bar) {
    double t = trajectory.stageTime(step, 0);
    double h = trajectory.h(step);
    trajectory.copyState(step, y0);
    for (int i = 0; i < stages; i++) {
      trajectory.copySlope(step, i, slopes[i]);
    }
    TransposedSystem system = new TransposedSystem(field, t, y0, h * method.gamma());
    bar.pullbacks += system.pullbacks();
    for (int i = stages - 1; i >= 0; i--) {
      bar.size += Vectors.dot(bar.slopes[i], 0, slopes[i]) / h;
      if (bar.reached[i]) {
        double[] u = system.solve(bar.slopes[i]);
        throughField(trajectory, step, i, u, bar);
        throughJacobian(system, t, h, i, u, bar);
      }
    }
  }

  /// `f(t + αᵢ h, y0 + h Σ α_ij kⱼ)`
  private void throughField(Trajectory trajectory, int step, int i, double[] u, Cotangents bar) {
    double h = trajectory.h(step);
    double node = method.node(i);
    System.arraycopy(y0, 0, y, 0, n);
    for (int j = 0; j < i; j++) {
      Vectors.axpy(h * method.alpha(i, j), slopes[j], 0, y);
    }
    double timeBar = field.pullback(trajectory.stageTime(step, node), y, u, yBar, bar.theta);
    bar.pullbacks++;
    bar.rate(u, yBar);
    bar.start += timeBar;
    bar.size += node * timeBar;
    Vectors.add(yBar, 0, bar.y0);
    for (int j = 0; j < i; j++) {
      bar.add(j, h * method.alpha(i, j), yBar, 0);
    }
  }

  /// `h J wᵢ + h γᵢ ∂f/∂t`, a tangent of the field at the step's start.
  private void throughJacobian(
      TransposedSystem system, double t, double h, int i, double[] u, Cotangents bar) {
    double sum = 0;
    for (int j = 0; j <= i; j++) {
      sum += method.gamma(i, j);
    }
    // The derivative by h through earlier slopes is part of their cotangents.
    Arrays.fill(direction, 0);
    Vectors.axpy(method.gamma(), slopes[i], 0, direction);
    field.pushforward(t, y0, sum, direction, noTheta, y);
    bar.size += Vectors.dot(u, 0, y);
    for (int j = 0; j < i; j++) {
      Vectors.axpy(method.gamma(i, j), slopes[j], 0, direction);
    }
    for (int j = 0; j < n; j++) {
      y[j] = h * u[j];
    }
    bar.start += field.pullbackOfPushforward(t, y0, sum, direction, noTheta, y, yBar, bar.theta);
    bar.pullbacks += 2;
    Vectors.add(yBar, 0, bar.y0);
    system.product(u, yBar);
    for (int j = 0; j < i; j++) {
      bar.add(j, h * method.gamma(i, j), yBar, 0);
    }
  }
}
