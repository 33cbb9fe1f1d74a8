package org.flowline.examples.lab.claims;

import java.util.function.BinaryOperator;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.training.flow.Metric;
import org.flowline.neuralode.training.flow.NaturalGradientFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// A12: the natural-gradient flow is the same curve of models under every parametrisation.
final class A12NaturalGradientsKnowModels {
  private static final double[] X = {-1, -0.4, 0.1, 0.5, 1.2};
  private static final double[] TARGET = {0.55, 0.7, 1.1, 1.3, 2.2};
  private static final double[] PHI = {-1, 1.2};
  private static final double TIME = 1;

  /// A parametrisation: `a` and `b` as functions of two parameters.
  private record Parametrisation(BinaryOperator<Var> a, BinaryOperator<Var> b) {

    /// `a e^(b x)` at the points.
    Var model(Var theta) {
      Var first = theta.slice(0, 0, 1);
      Var second = theta.slice(0, 1, 2);
      Var x = theta.constant(Shape.of(X.length), X);
      return b.apply(first, second).mul(x).exp().mul(a.apply(first, second));
    }

    TwiceDifferentiableObjective loss() {
      return Objective.traced(
          2, theta -> model(theta).sub(theta.constant(Shape.of(X.length), TARGET)).square().mean());
    }

    TrainingFlow euclidean() {
      return GradientFlow.of(loss());
    }

    TrainingFlow natural() {
      return NaturalGradientFlow.of(loss(), Metric.gaussNewton(2, this::model), 0);
    }
  }

  /// `θ = (a, b)`
  private static final Parametrisation BY_THETA = new Parametrisation((a, _) -> a, (_, b) -> b);

  /// `a = e^φ₁`, `b = φ₂ + φ₂³/3 + φ₁`; [#theta] is the same map of numbers.
  private static final Parametrisation BY_PHI =
      new Parametrisation(
          (phi1, _) -> phi1.exp(),
          (phi1, phi2) -> phi2.square().mul(phi2).mul(1 / 3.0).add(phi2).add(phi1));

  private static double[] theta(double[] phi) {
    double cubic = phi[1] * phi[1] * phi[1] / 3;
    return new double[] {Math.exp(phi[0]), phi[1] + cubic + phi[0]};
  }

  void run(Notebook notes) {
    double[] start = theta(PHI);
    Orbit natural = solve(BY_THETA.natural(), start);
    Orbit naturalByPhi = solve(BY_PHI.natural(), PHI).map(A12NaturalGradientsKnowModels::theta);
    Orbit gradient = solve(BY_THETA.euclidean(), start);
    Orbit gradientByPhi = solve(BY_PHI.euclidean(), PHI).map(A12NaturalGradientsKnowModels::theta);
    double[] eta = {0.05, 0.025, 0.0125, 0.00625};
    double[] distances =
        Series.map(
            eta,
            h ->
                distance(
                    descend(BY_THETA.natural(), start, h),
                    theta(descend(BY_PHI.natural(), PHI, h))));
    // The solver's tolerance of 1e-12 per step accumulates over some hundred steps.
    notes.atMost(
        "natural flows by θ and φ, distance at the end",
        distance(natural.last(), naturalByPhi.last()),
        1e-10);
    // A tenth is far above any error, and a fraction of the path.
    notes.atLeast(
        "gradient flows by θ and φ, distance at the end",
        distance(gradient.last(), gradientByPhi.last()),
        0.1);
    // The next term is η times as large: some percent.
    double slope = Series.power(eta, distances);
    notes.near("natural descent by θ and φ: slope of the distance against η", slope, 1, 0.1);
    notes.picture(
        "A12-models",
        "Training from one model: the natural-gradient flows coincide, the others do not.",
        Panel.wide("The model a·e^(bx) during training", "a", "b")
            .path("gradient flow, θ", gradient, 1)
            .path("gradient flow, φ", gradientByPhi, 2)
            .path("natural flow, θ", natural, 0)
            .marks("natural flow, φ", naturalByPhi, 0));
  }

  private static Orbit solve(TrainingFlow flow, double[] start) {
    StepSize fine = StepSize.Adaptive.of(1e-12, 1e-12).withMaxStep(0.05);
    return Orbit.of(flow, start, TIME, Integrator.of(Methods.DOP853, fine));
  }

  private static double[] descend(TrainingFlow flow, double[] start, double eta) {
    return Orbit.steps(flow, start, Methods.EULER, eta, (int) Math.round(TIME / eta)).last();
  }

  private static double distance(double[] a, double[] b) {
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  }
}
