package org.flowline.examples.lab.claims;

import java.util.List;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.training.flow.Metric;
import org.flowline.neuralode.training.flow.NaturalGradientFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.knowm.xchart.XYChart;

/// A12: natural-gradient flow is the same curve of models whatever their parameters are called.
final class A12NaturalGradientsKnowModels implements Experiment {
  private static final double[] X = {-1, -0.4, 0.1, 0.5, 1.2};
  private static final double[] TARGET = {0.55, 0.7, 1.1, 1.3, 2.2};
  private static final double[] PHI = {-1, 1.2};
  private static final double TIME = 1;

  /// What names the models: two numbers, and how they make `a` and `b`.
  private record Names(UnaryOperator<Var> a, UnaryOperator<Var> b) {

    /// `a e^(b x)` at the points.
    Var model(Var theta) {
      return b.apply(theta).mul(theta.constant(Shape.of(X.length), X)).exp().mul(a.apply(theta));
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

  private static Var first(Var theta) {
    return theta.slice(0, 0, 1);
  }

  private static Var second(Var theta) {
    return theta.slice(0, 1, 2);
  }

  private static final Names PLAIN =
      new Names(A12NaturalGradientsKnowModels::first, A12NaturalGradientsKnowModels::second);

  /// `a = e^φ₁`, `b = φ₂ + φ₂³/3 + φ₁`.
  private static final Names OTHER =
      new Names(
          phi -> first(phi).exp(),
          phi ->
              second(phi).square().mul(second(phi)).mul(1 / 3.0).add(second(phi)).add(first(phi)));

  private static double[] plain(double[] phi) {
    double cubic = phi[1] * phi[1] * phi[1] / 3;
    return new double[] {Math.exp(phi[0]), phi[1] + cubic + phi[0]};
  }

  @Override
  public Claim claim() {
    return new Claim(
        "A12",
        "Natural gradients know models, not parameters",
        "Where the length of a step is measured by what it does to a model, steepest descent does not"
            + " depend on how the model's parameters are chosen. Measured by the parameters"
            + " themselves, it does.",
        "θ′ = −G(θ)⁻¹ ∇f(θ),   G = JᵀJ/m",
        "Fits a·e^(bx) to five points twice: by θ = (a, b), and by φ with a = e^φ₁ and b = φ₂ +"
            + " φ₂³/3 + φ₁, from the same model. Gradient flow and natural-gradient flow, J by forward"
            + " and reverse mode, all in the plane of a and b.",
        "Both natural flows are one curve, to the digits of the solver; the gradient flows part at"
            + " once. It is a property of the flow: natural-gradient descent with a step of η keeps it"
            + " up to a multiple of η.",
        "Amari (1998); Martens (2020)");
  }

  @Override
  public Findings run() {
    double[] theta = plain(PHI);
    Orbit natural = flown(PLAIN.natural(), theta);
    Orbit renamed = flown(OTHER.natural(), PHI);
    Orbit steepest = flown(PLAIN.euclidean(), theta);
    Orbit other = flown(OTHER.euclidean(), PHI);
    double[] eta = {0.05, 0.025, 0.0125, 0.00625};
    double[] apart = new double[eta.length];
    for (int i = 0; i < eta.length; i++) {
      apart[i] =
          distance(
              stepped(PLAIN.natural(), theta, eta[i]),
              plain(stepped(OTHER.natural(), PHI, eta[i])));
    }
    return new Findings(
        List.of(
            // The solver's tolerance of 1e-12 a step, some hundred times: it adds up.
            Measurement.atMost(
                "natural flows of both names, distance at the end",
                distance(natural.last(), plain(renamed.last())),
                1e-10),
            // A tenth is far above any error, and a fraction of the way.
            Measurement.atLeast(
                "gradient flows of both names, distance at the end",
                distance(steepest.last(), plain(other.last())),
                0.1),
            // The next term is η times as large: some percent.
            Measurement.near(
                "natural descent of both names: slope of the distance against η",
                LogLog.slope(eta, apart),
                1,
                0.1)),
        List.of(
            Picture.of(
                "A12-models",
                "Four flows from one model, in the plane of a and b: natural ones coincide, gradient"
                    + " flows depend on the parameters' names.",
                models(natural, renamed, steepest, other))));
  }

  private static Orbit flown(TrainingFlow flow, double[] start) {
    Integrator fine =
        Integrator.of(Methods.DOP853, StepSize.Adaptive.of(1e-12, 1e-12).withMaxStep(0.05));
    return Orbit.of(flow, start, TIME, fine);
  }

  private static double[] stepped(TrainingFlow flow, double[] start, double eta) {
    int steps = (int) Math.round(TIME / eta);
    Integrator euler = Integrator.of(Methods.EULER, StepSize.Constant.of(eta, steps));
    return Orbit.of(flow, start, eta * steps, euler).last();
  }

  private static double distance(double[] a, double[] b) {
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  }

  private static XYChart models(Orbit natural, Orbit renamed, Orbit steepest, Orbit other) {
    XYChart chart = Pictures.chart("The model a·e^(bx) while it is fitted", "a", "b");
    line(chart, "gradient flow of θ", steepest, 1);
    line(chart, "gradient flow of φ", named(other), 2);
    line(chart, "natural flow of θ", natural, 0);
    Orbit points = named(renamed);
    Pictures.marks(chart, "natural flow of φ", points.component(0), points.component(1), 0);
    return chart;
  }

  private static void line(XYChart chart, String name, Orbit orbit, int colour) {
    Pictures.line(chart, name, orbit.component(0), orbit.component(1), Pictures.colour(colour));
  }

  private static Orbit named(Orbit phi) {
    double[][] y = new double[phi.y().length][];
    for (int k = 0; k < y.length; k++) {
      y[k] = plain(phi.y()[k]);
    }
    return new Orbit(phi.t(), y);
  }
}
