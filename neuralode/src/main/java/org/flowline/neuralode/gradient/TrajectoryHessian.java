package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.FieldWithTangent;
import org.flowline.neuralode.TwiceDifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.loss.TwiceDifferentiableLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.method.Rosenbrock;

/// Products of vectors with the Hessian of a trajectory loss with respect to θ, without forming it.
///
///     H v = d/dε ∇L(θ + εv)        G v = Jᵀ (∂²L/∂y²) J v,   J = ∂(y(t₀) … y(t_T))/∂θ
///
/// Exact for the computed trajectory, as [DiscreteAdjoint] is for the gradient, on the frozen steps
/// that the solver accepts at θ, and for the same methods: the tangent of a step is the method's
/// step on [FieldWithTangent#tangent], and the discrete adjoint of `⟨∂L/∂y, ẏ⟩` over these is `H
/// v`. Hence `⟨u, H v⟩ = ⟨v, H u⟩` to rounding. `G`, the Gauss–Newton matrix, omits the curvature
/// of the trajectory; it is positive semidefinite where the loss is convex in `y`. Iterative
/// methods for eigenvalues, such as the sharpness, take `hessian::times`.
///
/// Cost of a product: a solve and a reverse sweep with twice the state, about three gradients;
/// implicit and Rosenbrock methods solve linear equations of twice the size. Pearlmutter (1994).
public final class TrajectoryHessian {
  private final DifferentiableField field;
  private final DifferentiableField tangent;
  private final double[] theta;
  private final double[] start;
  private final double[] times;
  private final TwiceDifferentiableLoss loss;
  private final Integrator frozen;
  private final int n;

  /// The end of the first block of a partitioned state.
  private final int split;

  private TrajectoryHessian(
      DifferentiableField field,
      DifferentiableField tangent,
      double[] y0,
      double[] times,
      TwiceDifferentiableLoss loss,
      Integrator frozen) {
    this.field = field;
    this.tangent = tangent;
    this.theta = field.parameters().clone();
    this.times = times.clone();
    this.loss = loss;
    this.frozen = frozen;
    this.n = field.dimension();
    this.split = tangent instanceof PartitionedField blocks ? blocks.split() / 2 : n;
    this.start = new double[2 * n];
    for (int j = 0; j < n; j++) {
      start[index(j, 0)] = y0[j];
    }
  }

  /// The Hessian at the field's θ, on the steps that `solver` accepts there.
  ///
  /// @throws IllegalArgumentException if the method has no discrete adjoint, the solver has events,
  ///     its step size has stops or jumps, or field or loss lack second derivatives
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  public static TrajectoryHessian at(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      Integrator solver) {
    ForwardPass.requireNoEvents("hessian", solver);
    if (!(field instanceof FieldWithTangent known)
        || !(loss instanceof TwiceDifferentiableLoss curved)) {
      throw new IllegalArgumentException(
          "hessian: field or loss without second derivatives; want a FieldWithTangent, such as a"
              + " NeuralField, and a TwiceDifferentiableLoss, such as TrajectoryLoss.traced");
    }
    requireLength("the field", y0.length, field.dimension());
    DifferentiableField tangent = known.tangent();
    if (solver.method() instanceof Rosenbrock && !(tangent instanceof TwiceDifferentiableField)) {
      throw new IllegalArgumentException(
          "hessian: %s uses the field's Jacobian, so that it takes the field's third derivatives; want a NeuralField, or one whose tangent is a TwiceDifferentiableField"
              .formatted(solver.method().name()));
    }
    StepAdjoint.of(solver.method(), tangent);
    StepSize steps = FrozenStepLoss.steps(field, solver, y0, times);
    Integrator frozen = Integrator.of(solver.method(), steps);
    return new TrajectoryHessian(field, tangent, y0, times, curved, frozen);
  }

  /// A direction of θ and of the start, or its product with the Hessian.
  public record Direction(double[] theta, double[] y0) {}

  /// `H v`.
  ///
  /// @throws IllegalArgumentException if `v` has not θ's length
  /// @throws org.flowline.odesolvers.SolveException if the solve of the tangent fails
  public double[] times(double[] v) {
    return times(new Direction(v, new double[n])).theta;
  }

  /// `H v` with respect to θ and the start together.
  ///
  /// @throws IllegalArgumentException if `v` has not the length of both
  public Direction times(Direction v) {
    TrajectoryGradient pairs = adjointOfTangent(v, this::slope);
    double[] y0 = new double[n];
    for (int j = 0; j < n; j++) {
      y0[j] = pairs.y0()[index(j, 0)];
    }
    return new Direction(Arrays.copyOf(pairs.theta(), theta.length), y0);
  }

  /// `G v`, the Gauss–Newton product.
  ///
  /// @throws IllegalArgumentException if `v` has not θ's length
  public double[] gaussNewtonTimes(double[] v) {
    double[] both = adjointOfTangent(new Direction(v, new double[n]), this::bending).theta();
    return Arrays.copyOfRange(both, theta.length, both.length);
  }

  /// The gradient with respect to `(θ, v)` of a loss of the states `(y, ẏ)` at the Hessian's θ.
  private TrajectoryGradient adjointOfTangent(Direction v, TrajectoryLoss loss) {
    requireLength("θ", v.theta.length, theta.length);
    requireLength("the start", v.y0.length, n);
    double[] both = Arrays.copyOf(theta, 2 * theta.length);
    System.arraycopy(v.theta, 0, both, theta.length, theta.length);
    double[] start = this.start.clone();
    for (int j = 0; j < n; j++) {
      start[index(j, 1)] = v.y0[j];
    }
    double[] bound = field.parameters();
    try {
      tangent.bind(both);
      TrajectoryGradient gradient =
          new DiscreteAdjoint(frozen).gradient(tangent, start, times, loss);
      gradient.status().requireSuccess();
      return gradient;
    } finally {
      field.bind(bound);
    }
  }

  private static void requireLength(String what, int came, int wanted) {
    if (came != wanted) {
      throw new IllegalArgumentException(
          "hessian: a vector of length " + came + ", " + what + " has " + wanted);
    }
  }

  /// `⟨∂L/∂y, ẏ⟩` with its cotangents `∂²L/∂y² ẏ` and `∂L/∂y`, so that the gradient with respect to
  /// θ is `H v`.
  private double slope(double[] pairs, double[] pairsBar) {
    double[] gradient = new double[times.length * n];
    double[] curvature = new double[gradient.length];
    double[] dy = part(pairs, 1);
    loss.curvature(part(pairs, 0), dy, gradient, curvature);
    fill(pairsBar, curvature, gradient);
    return Vectors.dot(gradient, 0, dy);
  }

  /// `½ ẏᵀ ∂²L/∂y² ẏ` with its cotangent at fixed `y`, so that the gradient with respect to `v` is
  /// `G v`.
  private double bending(double[] pairs, double[] pairsBar) {
    double[] curvature = new double[times.length * n];
    double[] dy = part(pairs, 1);
    loss.curvature(part(pairs, 0), dy, new double[dy.length], curvature);
    fill(pairsBar, new double[dy.length], curvature);
    return Vectors.dot(curvature, 0, dy) / 2;
  }

  /// The states (0) or tangents (1) of rows of pairs.
  private double[] part(double[] pairs, int which) {
    double[] part = new double[times.length * n];
    for (int i = 0; i < part.length; i++) {
      part[i] = pairs[index(i, which)];
    }
    return part;
  }

  private void fill(double[] pairs, double[] states, double[] tangents) {
    for (int i = 0; i < states.length; i++) {
      pairs[index(i, 0)] = states[i];
      pairs[index(i, 1)] = tangents[i];
    }
  }

  /// The index in rows of pairs of number `i` in rows of states (0) or of tangents (1).
  private int index(int i, int which) {
    int row = i / n * 2 * n;
    int j = i % n;
    return j < split ? row + which * split + j : row + 2 * split + which * (n - split) + j - split;
  }
}
