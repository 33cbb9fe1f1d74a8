package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.training.flow.Metric;
import org.flowline.neuralode.training.flow.NaturalGradientFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Natural-gradient flow is the same curve of models for every parametrisation; gradient flow is
/// not.
class NaturalGradientsAreIndependentOfTheParametrisation {
  private static final double[] X = {-1, -0.4, 0.1, 0.5, 1.2};
  private static final double[] TARGET = {0.3, 0.2, 0.9, 1.4, 3};

  /// `a e^(b x)` at the points.
  private static Var model(Var a, Var b) {
    return b.mul(a.constant(Shape.of(X.length), X)).exp().mul(a);
  }

  /// The same model by `θ = (a, b)`.
  private static Var plain(Var theta) {
    return model(theta.slice(0, 0, 1), theta.slice(0, 1, 2));
  }

  /// The model in terms of `φ`, where `a = e^φ₀`, `b = φ₁³ + φ₁ + φ₀`.
  private static Var renamed(Var phi) {
    Var p0 = phi.slice(0, 0, 1);
    Var p1 = phi.slice(0, 1, 2);
    return model(p0.exp(), p1.square().mul(p1).add(p1).add(p0));
  }

  private static double[] plain(double[] phi) {
    return new double[] {Math.exp(phi[0]), phi[1] * phi[1] * phi[1] + phi[1] + phi[0]};
  }

  private static TwiceDifferentiableObjective loss(UnaryOperator<Var> model) {
    return Objective.traced(
        2,
        theta ->
            model.apply(theta).sub(theta.constant(Shape.of(X.length), TARGET)).square().mean());
  }

  private static double[] solved(VectorField flow, double[] start) {
    return Integrator.of(Methods.DOP853, StepSize.Adaptive.of(1e-12, 1e-12))
        .solve(flow, start, 0, 0.7)
        .orThrow()
        .last();
  }

  @Test
  void theSameModelsComeOut() {
    UnaryOperator<Var> byTheta = NaturalGradientsAreIndependentOfTheParametrisation::plain;
    UnaryOperator<Var> byPhi = NaturalGradientsAreIndependentOfTheParametrisation::renamed;
    double[] phi = {0.1, -0.5};
    double[] theta = plain(phi);
    double[] naturally =
        solved(NaturalGradientFlow.of(loss(byTheta), Metric.gaussNewton(2, byTheta), 0), theta);
    double[] renamed =
        solved(NaturalGradientFlow.of(loss(byPhi), Metric.gaussNewton(2, byPhi), 0), phi);
    // A hundred times the solver's tolerance.
    assertArrayEquals(naturally, plain(renamed), 1e-10);
    double[] steepest = solved(GradientFlow.of(loss(byTheta)), theta);
    double[] other = plain(solved(GradientFlow.of(loss(byPhi)), phi));
    assertTrue(Math.hypot(steepest[0] - other[0], steepest[1] - other[1]) > 0.1);
    assertTrue(Math.hypot(naturally[0] - theta[0], naturally[1] - theta[1]) > 0.1, "it moves");
  }

  /// All directions shrink alike with the Hessian as metric: `θ(τ) = θ* + e^−τ (θ₀ − θ*)`, and
  /// Euler with `h = 1` is Newton's method, which takes one step.
  @Test
  void withTheHessianItIsNewtons() {
    TwiceDifferentiableObjective bowl = Losses.quadratic(1, 0.03, 2.1);
    double[] start = {2, 3, -1};
    double[] centre = {0, 1, 2};
    double[] flown = solved(NaturalGradientFlow.of(bowl, bowl::hessian, 0), start);
    for (int i = 0; i < 3; i++) {
      assertEquals(centre[i] + Math.exp(-0.7) * (start[i] - centre[i]), flown[i], 1e-11);
    }
    Trainer.Result newton =
        Trainer.of(bowl, Optimizer.naturalGradient(1, bowl::hessian, 0)).train(start, 1);
    assertArrayEquals(centre, newton.last(), 1e-14);
  }

  /// `G x = −∇L` with `G = JᵀJ/m` by conjugate gradients and by factors, damped.
  @Test
  void bothSolversAgree() {
    int p = 12;
    double[] weights = new SplittableRandom(3).doubles(20 * p, -1, 1).toArray();
    UnaryOperator<Var> model =
        theta ->
            theta.constant(Shape.of(20, p), weights).matmul(theta.reshape(Shape.of(p, 1))).tanh();
    TwiceDifferentiableObjective loss =
        Objective.traced(p, theta -> model.apply(theta).sub(1).square().mean());
    NaturalGradientFlow flow = NaturalGradientFlow.of(loss, Metric.gaussNewton(p, model), 0.01);
    double[] theta = new SplittableRandom(4).doubles(p, -1, 1).toArray();
    double[] dense = new double[p];
    double[] conjugate = new double[p];
    flow.dense().evaluate(0, theta, dense);
    flow.conjugate().evaluate(0, theta, conjugate);
    // The residual's 1e-12 times a condition number of up to 100.
    assertArrayEquals(dense, conjugate, 1e-10);
    double[] product = new double[p];
    double[] gradient = new double[p];
    loss.gradient(0, theta, gradient);
    Metric.gaussNewton(p, model).at(0, theta).times(dense, product);
    for (int i = 0; i < p; i++) {
      assertEquals(-gradient[i], product[i] + 0.01 * dense[i], 1e-14);
    }
    NaturalGradientFlow plain = NaturalGradientFlow.of(loss, Metric.euclidean(), 0);
    plain.conjugate().evaluate(0, theta, conjugate);
    for (int i = 0; i < p; i++) {
      assertEquals(-gradient[i], conjugate[i], 1e-15);
    }
  }

  @Test
  void whatHasNoSolutionSaysSo() {
    Objective saddle =
        Objective.of(
            2,
            (theta, g) -> {
              g[0] = theta[0];
              g[1] = -theta[1];
              return (theta[0] * theta[0] - theta[1] * theta[1]) / 2;
            });
    Metric indefinite =
        (_, _) ->
            (v, product) -> {
              product[0] = v[0];
              product[1] = -v[1];
            };
    Trainer.Result result =
        Trainer.of(saddle, Optimizer.naturalGradient(0.5, indefinite, 0))
            .train(new double[] {1, 1}, 3);
    assertFalse(result.status().succeeded());
    assertEquals(Status.Reason.NONLINEAR_SOLVER, result.status().reason());
    assertTrue(
        result.status().message().startsWith("natural gradient: (G + λI) x = −∇L with λ = 0.0"));
    assertTrue(result.status().message().endsWith("; add damping"));
    Trainer.Result damped =
        Trainer.of(saddle, Optimizer.naturalGradient(0.5, indefinite, 2))
            .train(new double[] {1, 1}, 3);
    assertTrue(damped.status().succeeded());
    assertEquals(
        "natural gradient: damping -1.0; want λ ≥ 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> NaturalGradientFlow.of(saddle, indefinite, -1))
            .getMessage());
  }
}
