package org.flowline.examples.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.DiscreteAdjoint;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.diagnostics.Sharpness;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Flow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.TrajectoryObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepSize;
import org.hipparchus.stat.StatUtils;
import org.knowm.xchart.XYChart;

/// A18: descent sharpens the loss until its steps are at the edge of stability, and stays there.
final class A18SharpnessRises implements Experiment {
  private static final int LOOKS = 60;

  @Override
  public Claim claim() {
    return new Claim(
        "A18",
        "The edge of stability",
        "Full-batch descent drives the sharpness, the largest eigenvalue of the Hessian, up to the"
            + " most that its step stands, 2/η, and hovers there. The gradient flow on the same loss"
            + " goes beyond. Adam does the same with the preconditioned sharpness and 38/η.",
        "λₘₐₓ(∇²L) → 2/η      Adam: λₘₐₓ(D⁻¹∇²L) → (2 + 2β₁)/((1 − β₁) η)",
        "Trains a network on a sine and a Neural ODE on a spiral by descent and, with the same clock,"
            + " by RK4 with half the step; measures the sharpness on the way by Lanczos on products"
            + " with the Hessian. Then the network by Adam.",
        "Descent follows the flow until its sharpness meets the line; there the steepest direction"
            + " overshoots more and more, which throws θ to where the loss is flatter, and the climb"
            + " begins anew; the Neural ODE, whose start is sharp by chance and soon left for a flatter"
            + " place, settles into swinging from step to step. The loss falls all"
            + " the same, if not at each step. The flow knows no line.",
        "Cohen et al. (2021, 2022)");
  }

  @Override
  public Findings run() {
    Losses network = Losses.network(Activation.TANH, 16, 20, 1);
    Losses ode = spiral();
    List<Measurement> measured = new ArrayList<>();
    List<XYChart> charts = new ArrayList<>();
    compare("network", network, 0.15, 3000, measured, charts);
    compare("Neural ODE", ode, 1.0 / 15, 1500, measured, charts);
    List<Sharpness.Point> adam = train(network, Optimizer.adam(0.002), 3000).seen();
    // It hovers some percent below the line: D moves on while the averages catch up with it.
    measured.add(
        Measurement.near(
            "Adam: preconditioned sharpness over 38/η, mean of the last half", late(adam), 1, 0.1));
    return new Findings(
        measured,
        List.of(
            new Picture(
                "A18-sharpness",
                "Sharpness over training, by descent and by the flow.",
                List.copyOf(charts),
                1),
            Picture.of("A18-adam", "Adam's preconditioned sharpness over training.", adam(adam))));
  }

  private static void compare(
      String name,
      Losses loss,
      double eta,
      int steps,
      List<Measurement> measured,
      List<XYChart> charts) {
    Run run = train(loss, Optimizer.gradientDescent(eta), steps);
    List<Sharpness.Point> descent = run.seen();
    Optimizer rk4 = Optimizer.of(Flow.gradient(), Methods.RK4, eta / 2);
    List<Sharpness.Point> flow = train(loss, rk4, 2 * steps).seen();
    // Far below at first, so that it is training that sharpens.
    measured.add(
        Measurement.atMost(
            name + ": least sharpness over 2/η, first quarter",
            StatUtils.min(of(descent.subList(0, descent.size() / 4), at -> at.hessian().largest()))
                * eta
                / 2,
            0.5));
    // It swings by a tenth to either side; its mean is off by what a swing cut short leaves.
    measured.add(
        Measurement.near(
            name + ": sharpness over 2/η, mean of the last half", late(descent), 1, 0.1));
    measured.add(
        Measurement.atLeast(
            name + ": sharpness of the flow at the end over 2/η",
            flow.getLast().hessian().largest() * eta / 2,
            1.1));
    // A level that the claim leaves open: a loss that were only swinging would not fall at all.
    measured.add(
        Measurement.atMost(
            name + ": mean loss of descent, last tenth over that of the tenth behind the half",
            run.mean(0.9, 1) / run.mean(0.5, 0.6),
            1));
    measured.add(
        Measurement.atLeast(
            name + ": steps of descent in the last half that raise the loss", run.rises(), 1));
    XYChart chart = Pictures.chart("Sharpness of a " + name, "training time τ", "λₘₐₓ(∇²L)");
    double[] tau = of(descent, Sharpness.Point::tau);
    Pictures.markedLine(chart, "descent", tau, of(descent, at -> at.hessian().largest()), 0);
    double[] flowTau = of(flow, Sharpness.Point::tau);
    Pictures.line(
        chart, "flow (RK4)", flowTau, of(flow, at -> at.hessian().largest()), Pictures.colour(2));
    Pictures.line(chart, "2/η", tau, of(descent, _ -> 2 / eta), Pictures.colour(1))
        .setLineStyle(Pictures.DASHES);
    chart.getStyler().setYAxisMin(0.0);
    charts.add(chart);
  }

  /// A training that reached its end, and the loss at each of its steps.
  private record Run(List<Sharpness.Point> seen, double[] losses) {

    /// Of the losses in this part of the run.
    double mean(double from, double to) {
      int first = (int) (from * losses.length);
      return StatUtils.mean(losses, first, (int) (to * losses.length) - first);
    }

    /// How often the loss rose in the last half.
    long rises() {
      return IntStream.range(losses.length / 2, losses.length)
          .filter(k -> losses[k] > losses[k - 1])
          .count();
    }
  }

  private static Run train(Losses loss, Optimizer optimizer, int steps) {
    Sharpness sharpness = Sharpness.of(loss.objective(), optimizer).withEvery(steps / LOOKS);
    double[] losses = new double[steps];
    Trainer.of(loss.objective(), optimizer)
        .withObserver((k, value, _) -> losses[(int) k] = value)
        .withStepObserver(sharpness)
        .train(loss.start(), steps)
        .orThrow();
    return new Run(sharpness.points(), losses);
  }

  /// The mean over the last half, in parts of what is stable.
  private static double late(List<Sharpness.Point> points) {
    return StatUtils.mean(
        of(
            points.subList(points.size() / 2, points.size()),
            at -> at.preconditioned().largest() / at.limit()));
  }

  private static XYChart adam(List<Sharpness.Point> points) {
    // At first nothing is averaged and D is next to nothing.
    List<Sharpness.Point> shown = points.subList(2, points.size());
    XYChart chart = Pictures.chart("Adam on the network", "iteration", "λₘₐₓ(D⁻¹∇²L)");
    double[] k = of(shown, Sharpness.Point::step);
    Pictures.markedLine(chart, "Adam", k, of(shown, at -> at.preconditioned().largest()), 0);
    Pictures.line(chart, "38/η", k, of(shown, Sharpness.Point::limit), Pictures.colour(1))
        .setLineStyle(Pictures.DASHES);
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private static double[] of(List<Sharpness.Point> points, ToDoubleFunction<Sharpness.Point> what) {
    return points.stream().mapToDouble(what).toArray();
  }

  /// A Neural ODE that learns a spiral, by RK4 from one measurement to the next.
  private static Losses spiral() {
    Mlp network = Mlp.of(Activation.TANH, 2, 8, 2);
    double[] times = IntStream.rangeClosed(0, 12).mapToDouble(i -> i / 4.0).toArray();
    List<double[]> data =
        Arrays.stream(times)
            .mapToObj(
                t -> {
                  double radius = 2 * Math.exp(-0.1 * t);
                  return new double[] {radius * Math.cos(2 * t), radius * Math.sin(2 * t)};
                })
            .toList();
    TrajectoryObjective loss =
        TrajectoryObjective.of(
            NeuralField.of(network, 1, 2),
            new DiscreteAdjoint(Integrator.of(Methods.RK4, new StepSize.Grid(times))),
            times,
            data);
    return new Losses("a spiral's loss", loss, network.initial(new SplittableRandom(1)));
  }
}
