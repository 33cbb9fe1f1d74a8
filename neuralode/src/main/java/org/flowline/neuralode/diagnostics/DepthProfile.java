package org.flowline.neuralode.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.hipparchus.linear.ArrayRealVector;

/// The norms of gradients through depth, step by step, and the stiffness of the field:
///
///     λ_n = (∂y_{n+1}/∂y_n)ᵀ λ_{n+1},   ‖λ_n‖ and ‖(∂y_{n+1}/∂θ)ᵀ λ_{n+1}‖,   |h| ρ(∂f/∂y)
///
/// from the last step to the first. Gradients vanish where `‖λ_n‖` falls on the way back and
/// explode where it grows; a method is stable up to a limit of `|h| ρ`, `2` for Euler on the
/// negative real axis. A residual network is profiled as Euler on its field, with a step per block.
/// Where a step's gradient is not finite, all earlier ones are NaN.
///
/// `λ` is the discrete adjoint of the recorded steps with their sizes held. Recording is a
/// [Trajectory], an observer of the solve. A profile costs, per step, the step again, a pullback
/// per stage, and for `ρ` one per component of the state or fewer, at most [#MOST], by Arnoldi's
/// iteration.
///
/// @param steps one per step, the first one first
/// @param pullbacks the number of pullbacks
public record DepthProfile(List<StepNorms> steps, long pullbacks) {

  /// The largest number of pullbacks for `ρ` at each step. For states of more components `ρ` is an
  /// estimate, usually from below.
  public static final int MOST = 100;

  /// The norms of one step.
  ///
  /// @param t its start
  /// @param h its size, signed
  /// @param state `‖λ_n‖`, of the loss with respect to the state at its start
  /// @param parameters the norm of its gradient with respect to θ as used in this step
  /// @param radius `|h| ρ(∂f/∂y)` at its start; an estimate for states longer than [#MOST]
  public record StepNorms(double t, double h, double state, double parameters, double radius) {}

  /// Copies the list.
  public DepthProfile {
    steps = List.copyOf(steps);
  }

  /// Returns the profile of a solve without events.
  ///
  /// @param field with the parameters of the solve
  /// @param solve its steps
  /// @param cotangent `∂L/∂y` at its end
  /// @throws IllegalArgumentException if nothing is recorded, the lengths differ, an event ended a
  ///     step, or the method has no discrete adjoint
  public static DepthProfile of(DifferentiableField field, Trajectory solve, double[] cotangent) {
    int n = field.dimension();
    if (solve.steps() == 0 || solve.dimension() != n || cotangent.length != n) {
      throw new IllegalArgumentException(
          "depth profile: %s steps and a cotangent of %s numbers, the field has %s; want one step or more, and as many"
              .formatted(solve.steps(), cotangent.length, n));
    }
    List<StepNorms> steps = new ArrayList<>();
    double[] lambda = cotangent.clone();
    long pullbacks = 0;
    for (int k = solve.steps() - 1; k >= 0; k--) {
      if (solve.end(k) != solve.plannedEnd(k)) {
        throw new IllegalArgumentException(
            "depth profile: the step from t = %s ends early, at an event; want a solve without"
                .formatted(solve.t(k)));
      }
      double[] y = solve.state(k).clone();
      double[] ends = {solve.t(k), solve.end(k)};
      TrajectoryGradient step =
          new DiscreteAdjoint(Integrator.of(solve.method(), new StepSize.Grid(ends)))
              .gradient(field, y, ends, along(lambda));
      lambda = step.y0();
      Arnoldi.Radius radius = radius(field, ends[0], y);
      pullbacks += step.backwardEvaluations() + radius.products();
      double h = solve.h(k);
      steps.addFirst(
          new StepNorms(
              ends[0],
              h,
              Vectors.norm(lambda),
              Vectors.norm(step.theta()),
              Math.abs(h) * radius.value()));
    }
    return new DepthProfile(steps, pullbacks);
  }

  /// The loss `⟨λ, y1⟩` of the two states of a step.
  private static TrajectoryLoss along(double[] lambda) {
    return (y, yBar) -> {
      int n = lambda.length;
      Arrays.fill(yBar, 0, n, 0);
      System.arraycopy(lambda, 0, yBar, n, n);
      return new ArrayRealVector(lambda, false)
          .dotProduct(new ArrayRealVector(Arrays.copyOfRange(y, n, 2 * n), false));
    };
  }

  /// The largest `|λ|` of `∂f/∂y`, by products with its transpose.
  private static Arnoldi.Radius radius(DifferentiableField field, double t, double[] y) {
    double[] theta = new double[field.parameterCount()];
    return Arnoldi.radius(
        y.length,
        Math.min(MOST, y.length),
        v -> {
          double[] product = new double[y.length];
          field.pullback(t, y, v.toArray(), product, theta);
          return new ArrayRealVector(product, false);
        });
  }
}
