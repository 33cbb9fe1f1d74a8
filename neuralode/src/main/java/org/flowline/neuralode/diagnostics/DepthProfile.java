package org.flowline.neuralode.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.hipparchus.linear.ArrayRealVector;

/// How a gradient fares on its way back through a solve, and how large its steps are for the field:
///
///     λ_n = (∂y_{n+1}/∂y_n)ᵀ λ_{n+1},   ‖λ_n‖ and ‖(∂y_{n+1}/∂θ)ᵀ λ_{n+1}‖,   |h| ρ(∂f/∂y)
///
/// from the last step to the first. Where `‖λ_n‖` falls on the way back, gradients vanish, where it
/// grows, they explode; `|h| ρ` is what a method's stability limit is for, `2` for Euler on the
/// negative real axis. Through a residual network it is seen as Euler on its field, with a step for
/// each block. Where a step's gradient is not finite, it is NaN from there to the start.
///
/// `λ` is the discrete adjoint of the recorded steps with their sizes held. What is recorded is a
/// [Trajectory], an observer of the solve; it costs nothing that is not made. A profile costs, for
/// each step, the step again, a pullback for each of its stages, and for `ρ` one for each component
/// of the state or fewer, at most [#MOST], by Arnoldi's method.
///
/// @param layers one for each step, the first one first
/// @param pullbacks how many were taken
public record DepthProfile(List<Layer> layers, long pullbacks) {

  /// Pullbacks for `ρ` at each step, or as many as the state has components. Of longer states `ρ`
  /// is an estimate, from below as a rule, that wants the largest eigenvalues to stand out.
  public static final int MOST = 100;

  /// One step.
  ///
  /// @param t where it starts
  /// @param h its size, signed
  /// @param state `‖λ_n‖`, of the loss by the state where it starts
  /// @param parameters of the loss by θ as this step uses it
  /// @param radius `|h| ρ(∂f/∂y)` where it starts; of states longer than [#MOST] an estimate
  public record Layer(double t, double h, double state, double parameters, double radius) {}

  public DepthProfile {
    layers = List.copyOf(layers);
  }

  /// The profile of a solve that no event interrupted.
  ///
  /// @param field with the parameters of the solve
  /// @param solve its steps
  /// @param cotangent `∂L/∂y` at its end
  /// @throws IllegalArgumentException if nothing is recorded, the lengths differ, an event ended a
  ///     step, or the method's steps cannot be walked back
  public static DepthProfile of(DifferentiableField field, Trajectory solve, double[] cotangent) {
    int n = field.dimension();
    if (solve.steps() == 0 || solve.dimension() != n || cotangent.length != n) {
      throw new IllegalArgumentException(
          ("depth profile: %d steps and a cotangent of %d numbers, the field has %d;"
                  + " want one step or more, and as many")
              .formatted(solve.steps(), cotangent.length, n));
    }
    List<Layer> layers = new ArrayList<>();
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
      layers.addFirst(
          new Layer(ends[0], h, norm(lambda), norm(step.theta()), Math.abs(h) * radius.value()));
    }
    return new DepthProfile(layers, pullbacks);
  }

  /// `⟨λ, y1⟩` of the two states of a step.
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

  private static double norm(double[] x) {
    return new ArrayRealVector(x, false).getNorm();
  }
}
