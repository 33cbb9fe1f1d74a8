package org.flowline.neuralode.training.flow;

import java.util.Arrays;
import java.util.Optional;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.Status;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.ConjugateGradient;
import org.hipparchus.linear.RealLinearOperator;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/// The natural gradient: steepest descent with step lengths measured by a metric `G(θ)`,
///
///     dθ/dτ = −(G(θ) + λI)⁻¹ ∇L(θ)
///
/// With a metric of a model's outputs, such as [Metric#gaussNewton], and without damping, the flow
/// is the same curve of models for every parametrisation. With the Hessian as metric it is Newton's
/// flow, and Euler with `h = 1` Newton's method. Amari (1998), Neural Computation 10(2), 251–276.
///
/// The equation is solved by conjugate gradients, with at most [#dimension] products but for
/// rounding, or by Cholesky's factors of the matrix, with [#dimension] products and `n³/6`
/// multiplications: better for up to some hundred parameters, and where `G` is close to singular.
/// Where `G + λI` is not positive definite, the rate is NaN and [#failure] has the reason. Not
/// thread-safe.
public final class NaturalGradientFlow implements TrainingFlow {

  /// The largest number of parameters for which [#of] uses the dense matrix.
  private static final int DENSE = 200;

  private final Objective objective;
  private final Metric metric;
  private final double damping;
  private final boolean dense;
  private final double[] gradient;
  private Status failure;

  private NaturalGradientFlow(Objective objective, Metric metric, double damping, boolean dense) {
    if (!(damping >= 0) || Double.isInfinite(damping)) {
      throw new IllegalArgumentException("natural gradient: damping " + damping + "; want λ ≥ 0");
    }
    this.objective = objective;
    this.metric = metric;
    this.damping = damping;
    this.dense = dense;
    this.gradient = new double[objective.dimension()];
  }

  /// Solved by Cholesky's factors for up to 200 parameters, by conjugate gradients for more.
  ///
  /// @param damping `λ ≥ 0`
  /// @throws IllegalArgumentException if it is negative or not finite
  public static NaturalGradientFlow of(Objective objective, Metric metric, double damping) {
    boolean dense = objective.dimension() <= DENSE;
    return new NaturalGradientFlow(objective, metric, damping, dense);
  }

  /// This flow, solved by Cholesky's factors.
  public NaturalGradientFlow dense() {
    return new NaturalGradientFlow(objective, metric, damping, true);
  }

  /// This flow, solved by conjugate gradients to a relative residual of 1e-12.
  public NaturalGradientFlow conjugate() {
    return new NaturalGradientFlow(objective, metric, damping, false);
  }

  @Override
  public Objective objective() {
    return objective;
  }

  @Override
  public void evaluate(double tau, double[] theta, double[] rate) {
    failure = null;
    objective.gradient(tau, theta, gradient);
    RealVector descent = new ArrayRealVector(gradient).mapMultiplyToSelf(-1);
    if (descent.isNaN() || descent.isInfinite()) {
      System.arraycopy(gradient, 0, rate, 0, rate.length);
      return;
    }
    try {
      RealLinearOperator damped = damped(metric.at(tau, theta));
      RealVector solution = dense ? cholesky(damped, descent) : conjugate(damped, descent);
      System.arraycopy(solution.toArray(), 0, rate, 0, rate.length);
    } catch (SolveException e) {
      Arrays.fill(rate, Double.NaN);
      failure = e.status();
    } catch (MathRuntimeException e) {
      Arrays.fill(rate, Double.NaN);
      String message =
          "natural gradient: (G + λI) x = −∇L with λ = %s has no solution at τ = %s (%s); add damping"
              .formatted(damping, tau, e.getMessage());
      failure = new Status(Status.Reason.NONLINEAR_SOLVER, tau, Double.NaN, 0, -1, message);
    }
  }

  @Override
  public Optional<Status> failure() {
    return Optional.ofNullable(failure).or(objective::failure);
  }

  /// `v ↦ G v + λ v`
  private RealLinearOperator damped(Curvature curvature) {
    return new RealLinearOperator() {
      @Override
      public int getRowDimension() {
        return gradient.length;
      }

      @Override
      public int getColumnDimension() {
        return gradient.length;
      }

      @Override
      public RealVector operate(RealVector v) {
        double[] product = new double[gradient.length];
        curvature.times(v.toArray(), product);
        return new ArrayRealVector(product, false).combineToSelf(1, damping, v);
      }
    };
  }

  private static RealVector conjugate(RealLinearOperator matrix, RealVector right) {
    if (right.getNorm() == 0) {
      return right;
    }
    int most = 10 * right.getDimension() + 10;
    return new ConjugateGradient(most, 1e-12, true).solve(matrix, right);
  }

  private static RealVector cholesky(RealLinearOperator matrix, RealVector right) {
    int n = right.getDimension();
    RealMatrix dense = new Array2DRowRealMatrix(n, n);
    for (int j = 0; j < n; j++) {
      RealVector unit = new ArrayRealVector(n);
      unit.setEntry(j, 1);
      dense.setColumnVector(j, matrix.operate(unit));
    }
    // The mean with the transpose: products are symmetric to rounding only, factors want it exact.
    RealMatrix symmetric = dense.add(dense.transpose()).scalarMultiply(0.5);
    double noise = Math.ulp(symmetric.getNorm1());
    return new CholeskyDecomposition(symmetric, noise, noise).getSolver().solve(right);
  }
}
