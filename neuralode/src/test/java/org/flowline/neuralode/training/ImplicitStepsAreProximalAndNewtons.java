package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stabilised;
import org.hipparchus.complex.Complex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Methods made for stiff equations are optimisers on the gradient flow: backward Euler is the
/// proximal point, linearly implicit Euler Newton's method with Levenberg's damping, a stabilised
/// method Chebyshev's.
class ImplicitStepsAreProximalAndNewtons {
  private static final double[] A = {1, 0.03, 40};
  private static final double[] START = {2, 3, -1};

  /// The prox of `½ Σ aᵢ (θᵢ − i)²` is `(θᵢ + η aᵢ i)/(1 + η aᵢ)`, for any η.
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 1, 100, 1e6})
  void backwardEulerIsTheProximalPoint(double eta) {
    double[] prox = START.clone();
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < 3; i++) {
        prox[i] = (prox[i] + eta * A[i] * i) / (1 + eta * A[i]);
      }
    }
    Trainer.Result result =
        Trainer.of(Losses.quadratic(A), Optimizer.proximalPoint(eta)).train(START, 3);
    // Newton's iteration on a linear equation is off by rounding of numbers up to ηaθ.
    assertArrayEquals(prox, result.last(), 1e-9);
    assertTrue(result.stats().jacobians() > 0);
  }

  /// Not on a quadratic: the step's end minimises `L(x) + ‖x − θ‖²/2η`, so that its gradient,
  /// `∇L(x) + (x − θ)/η`, vanishes.
  @Test
  void theProximalPointOfRosenbrockIsAMinimum() {
    double[] start = {-1.2, 1};
    double eta = 0.02;
    double[] x =
        Trainer.of(Losses.rosenbrock(), Optimizer.proximalPoint(eta)).train(start, 1).last();
    double[] g = new double[2];
    Losses.rosenbrock().gradient(0, x, g);
    assertEquals(0, g[0] + (x[0] - start[0]) / eta, 1e-5);
    assertEquals(0, g[1] + (x[1] - start[1]) / eta, 1e-5);
    assertTrue(Math.hypot(x[0] - start[0], x[1] - start[1]) > 0.1);
  }

  /// `θ − (∇²L + I/η)⁻¹ ∇L`, with Rosenbrock's Hessian by hand.
  @Test
  void linearlyImplicitEulerIsDampedNewton() {
    double eta = 0.5;
    double[] theta = {-1.2, 1};
    double[] g = new double[2];
    for (int k = 0; k < 20; k++) {
      Losses.rosenbrock().gradient(0, theta, g);
      double xx = 2 - 400 * (theta[1] - 3 * theta[0] * theta[0]) + 1 / eta;
      double xy = -400 * theta[0];
      double yy = 200 + 1 / eta;
      double determinant = xx * yy - xy * xy;
      theta[0] -= (yy * g[0] - xy * g[1]) / determinant;
      theta[1] -= (xx * g[1] - xy * g[0]) / determinant;
    }
    Trainer.Result result =
        Trainer.of(Losses.rosenbrock(), Optimizer.dampedNewton(eta))
            .train(new double[] {-1.2, 1}, 20);
    // The matrices have condition numbers of some thousands.
    assertArrayEquals(theta, result.last(), 1e-10);
    assertEquals(20, result.stats().jacobians());
    assertEquals(20, result.stats().evaluations());
  }

  @Test
  void undampedItIsNewtonsAndTakesOneStepOnAQuadratic() {
    Trainer.Result result =
        Trainer.of(Losses.quadratic(A), Optimizer.dampedNewton(1e15)).train(START, 1);
    // What 1/η leaves, 1e-15/0.03 of the distance, and rounding.
    assertArrayEquals(new double[] {0, 1, 2}, result.last(), 1e-12);
  }

  /// A step on a quadratic multiplies each direction by `P(−hλ)`, the method's polynomial.
  @Test
  void chebyshevsStepsArePolynomials() {
    int stages = 6;
    Stabilised method = Stabilised.descent(stages);
    double h = method.realLimit() / 40;
    double[] wanted = START.clone();
    for (int i = 0; i < 3; i++) {
      double factor = method.stability(new Complex(-h * A[i])).getReal();
      wanted[i] = i + Math.pow(factor, 4) * (wanted[i] - i);
    }
    Trainer.Result result =
        Trainer.of(Losses.quadratic(A), Optimizer.chebyshev(stages, 40)).train(START, 4);
    assertArrayEquals(wanted, result.last(), 1e-12);
    assertEquals(4 * stages, result.stats().evaluations());
    assertTrue(h > 20 * 2 / 40.0, "as long as twenty of descent's longest");
  }

  @Test
  void objectivesThatKnowTheirHessianGiveIt() {
    FieldWithJacobian flow =
        assertInstanceOf(FieldWithJacobian.class, GradientFlow.of(Losses.rosenbrock()));
    double[][] rows = new double[2][2];
    flow.jacobian(0, new double[] {0.3, -0.8}, rows, new double[2]);
    assertEquals(-(2 - 400 * (-0.8 - 3 * 0.09)), rows[0][0], 1e-11);
    assertEquals(400 * 0.3, rows[0][1], 1e-11);
    assertEquals(400 * 0.3, rows[1][0], 1e-11);
    assertEquals(-200, rows[1][1], 1e-11);
    Trainer.Result exact =
        Trainer.of(Losses.rosenbrock(), Optimizer.of(Flows.gradient(), Methods.SDIRK2, 0.01))
            .train(new double[] {-1.2, 1}, 10);
    Trainer.Result differences =
        Trainer.of(
                new Plain(Losses.rosenbrock()),
                Optimizer.of(Flows.gradient(), Methods.SDIRK2, 0.01))
            .train(new double[] {-1.2, 1}, 10);
    assertArrayEquals(exact.last(), differences.last(), 1e-5);
    assertTrue(differences.stats().evaluations() > exact.stats().evaluations());
  }

  /// An objective that hides its Hessian.
  private record Plain(Objective objective) implements Objective {
    @Override
    public int dimension() {
      return objective.dimension();
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      return objective.gradient(tau, theta, gradient);
    }
  }
}
