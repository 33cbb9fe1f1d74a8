package org.flowline.neuralode;

import java.util.Arrays;
import java.util.function.Supplier;
import org.flowline.odesolvers.ButcherTableau;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;

/// The Hessian of a trajectory loss with respect to θ, times vectors; never a matrix.
///
///     H v = d/dε ∇L(θ + εv)        G v = Jᵀ (∂²L/∂y²) J v,   J = ∂(y(t₀) … y(t_T))/∂θ
///
/// Exact for the computed trajectory, as [DiscreteAdjoint] is for the gradient, on the steps that
/// the solver accepts at θ, which are held: the tangent of each step is a step of [TangentField],
/// and the discrete adjoint of `⟨∂L/∂y, ẏ⟩` over these is `H v`. Hence `⟨u, H v⟩ = ⟨v, H u⟩` to
/// rounding. `G`, the Gauss–Newton matrix, leaves the curvature of the trajectory out; it has no
/// negative eigenvalue where the loss is convex in `y`.
///
/// For Runge–Kutta methods. Cost of a product: a solve and a sweep with twice the state, about six
/// gradients; of `G v` about three. Pearlmutter (1994).
public final class TrajectoryHessian {
  private final TwiceDifferentiableField field;
  private final double[] theta;
  private final double[] y0;
  private final double[] times;
  private final TwiceDifferentiableLoss loss;
  private final Integrator frozen;
  private final int n;

  private TrajectoryHessian(
      TwiceDifferentiableField field,
      double[] y0,
      double[] times,
      TwiceDifferentiableLoss loss,
      Integrator frozen) {
    this.field = field;
    this.theta = field.parameters().clone();
    this.y0 = y0.clone();
    this.times = times.clone();
    this.loss = loss;
    this.frozen = frozen;
    this.n = field.dimension();
  }

  /// The Hessian at the field's θ, on the steps that `solver` accepts there.
  ///
  /// @throws IllegalArgumentException if the method is not Runge–Kutta, the solver watches for
  ///     events or its step size has stops or jumps, or field or loss have no second derivative
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  public static TrajectoryHessian at(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      Integrator solver) {
    if (!(solver.method() instanceof ButcherTableau) || !solver.events().isEmpty()) {
      throw new IllegalArgumentException(
          "hessian: "
              + solver.method().name()
              + (solver.events().isEmpty() ? "" : " with events")
              + "; want a Runge–Kutta method without events, such as TSIT5");
    }
    if (!(field instanceof TwiceDifferentiableField twice)
        || !(loss instanceof TwiceDifferentiableLoss curved)) {
      throw new IllegalArgumentException(
          "hessian: field or loss without second derivatives; want a TwiceDifferentiableField, such"
              + " as a NeuralField, and a TwiceDifferentiableLoss, such as TrajectoryLoss.traced");
    }
    StepSize steps = FrozenLoss.steps(field, solver, y0, times);
    Integrator frozen = Integrator.of(solver.method(), steps);
    return new TrajectoryHessian(twice, y0, times, curved, frozen);
  }

  /// `H v`.
  ///
  /// @throws IllegalArgumentException if `v` has not θ's length
  public double[] times(double[] v) {
    return restoring(v, () -> adjointOfTangent(v));
  }

  /// `G v`, the Gauss–Newton product.
  ///
  /// @throws IllegalArgumentException if `v` has not θ's length
  public double[] gaussNewtonTimes(double[] v) {
    return restoring(
        v,
        () -> {
          TangentField tangent = new TangentField(field, v);
          Solution solution = frozen.solve(tangent, start(), times).orThrow();
          double[] curvature = new double[times.length * n];
          double[] both = Observations.flat(solution.values(), 2 * n);
          double[] y = part(both, 0);
          loss.curvature(y, part(both, n), new double[y.length], curvature);
          return succeeded(
              new DiscreteAdjoint(frozen)
                  .gradient(
                      field,
                      y0,
                      times,
                      (_, yBar) -> {
                        System.arraycopy(curvature, 0, yBar, 0, curvature.length);
                        return 0;
                      }));
        });
  }

  private double[] adjointOfTangent(double[] v) {
    TangentField tangent = new TangentField(field, v);
    return succeeded(new DiscreteAdjoint(frozen).gradient(tangent, start(), times, this::slope));
  }

  /// `⟨∂L/∂y, ẏ⟩` of the states `(y, ẏ)`, with its cotangents `∂²L/∂y² ẏ` and `∂L/∂y`.
  private double slope(double[] both, double[] bothBar) {
    double[] y = part(both, 0);
    double[] dy = part(both, n);
    double[] gradient = new double[y.length];
    double[] curvature = new double[y.length];
    loss.curvature(y, dy, gradient, curvature);
    for (int i = 0; i < times.length; i++) {
      System.arraycopy(curvature, i * n, bothBar, 2 * i * n, n);
      System.arraycopy(gradient, i * n, bothBar, (2 * i + 1) * n, n);
    }
    return Observations.dot(gradient, 0, dy, 0, dy.length);
  }

  /// Of rows `(y, ẏ)` the part from there.
  private double[] part(double[] both, int from) {
    double[] part = new double[times.length * n];
    for (int i = 0; i < times.length; i++) {
      System.arraycopy(both, 2 * i * n + from, part, i * n, n);
    }
    return part;
  }

  /// `(y0, 0)`
  private double[] start() {
    return Arrays.copyOf(y0, 2 * n);
  }

  private static double[] succeeded(TrajectoryGradient gradient) {
    if (!gradient.status().succeeded()) {
      throw new ArithmeticException("hessian: " + gradient.status().message());
    }
    return gradient.theta();
  }

  /// A product at the Hessian's θ, whatever is bound now.
  private double[] restoring(double[] v, Supplier<double[]> product) {
    if (v.length != theta.length) {
      throw new IllegalArgumentException(
          "hessian: a vector of length " + v.length + ", θ has " + theta.length);
    }
    double[] bound = field.parameters();
    field.bind(theta);
    try {
      return product.get();
    } finally {
      field.bind(bound);
    }
  }
}
