package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.diagnostics.Sharpness;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.stat.StatUtils;
import org.knowm.xchart.XYChart;

/// A18: descent sharpens the loss until its steps are at the edge of stability, and stays there.
final class A18SharpnessRises implements Experiment {
  private final int looks;
  private final long seed;

  A18SharpnessRises() {
    this(60, 1);
  }

  /// Looks at so many places of each training, whose weights are drawn from this seed.
  A18SharpnessRises(int looks, long seed) {
    this.looks = looks;
    this.seed = seed;
  }

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
            + " by RK4 with half the step; measures the sharpness on the way, at pairs of consecutive"
            + " steps, by Lanczos on products with the Hessian. Then the network by Adam, where D is the"
            + " diagonal matrix of what Adam divides the averaged gradient by, (1 − β₁ᵏ)(√v̂ + ε).",
        "Descent follows the flow until its sharpness meets the line; there the steepest direction"
            + " overshoots more and more, which throws θ to where the loss is flatter, and the climb"
            + " begins anew. The Neural ODE, whose start is sharp by chance and soon left for a flatter"
            + " place, settles into swinging: one step above the line, the next below, on the mean upon"
            + " it. The loss falls all the same, if not at each step. The flow knows no line. Adam's"
            + " line is that of steps along a running average of the gradient: with β₁ = 0.9 they swing"
            + " out of bounds only where ηλ exceeds (2 + 2β₁)/(1 − β₁) = 38.",
        "Cohen et al. (2021, 2022)");
  }

  @Override
  public Findings run() {
    Losses network = Losses.network(Activation.TANH, 16, 20, seed);
    Losses ode = spiral();
    List<Measurement> measured = new ArrayList<>();
    List<XYChart> charts = new ArrayList<>();
    compare("network", network, 0.15, 3000, measured, charts);
    compare("Neural ODE", ode, 1.0 / 15, 1500, measured, charts);
    Run adam = train(network, Optimizer.adam(0.002), 3000, 5 * looks);
    // It hovers some percent below the line: D moves on while the averages catch up with it.
    measured.add(
        Measurement.near(
            "Adam: preconditioned sharpness over 38/η, mean of the last half",
            adam.late(),
            1,
            0.1));
    return new Findings(
        measured,
        List.of(
            new Picture(
                "A18-sharpness",
                "Sharpness over training, by descent and by the flow; even and odd steps apart,"
                    + " between which descent swings.",
                List.copyOf(charts),
                1),
            Picture.of("A18-adam", "Adam's preconditioned sharpness over training.", chart(adam))));
  }

  private void compare(
      String name,
      Losses loss,
      double eta,
      int steps,
      List<Measurement> measured,
      List<XYChart> charts) {
    Run descent = train(loss, Optimizer.gradientDescent(eta), steps, looks);
    Optimizer rk4 = Optimizer.of(Flows.gradient(), Methods.RK4, eta / 2);
    Run flow = train(loss, rk4, 2 * steps, looks);
    // It swings by a tenth to either side; its mean is off by what a swing cut short leaves.
    measured.add(
        Measurement.near(
            name + ": sharpness over 2/η, mean of the last half", descent.late(), 1, 0.02));
    measured.add(
        Measurement.atLeast(
            name + ": sharpness of the flow at the end over 2/η",
            flow.looks.getLast().sharpness() * eta / 2,
            1.1));
    // Far below at first, so that it is training that sharpens.
    measured.add(
        Measurement.atMost(
            name + ": least sharpness over 2/η, first quarter",
            descent.looks.stream()
                    .filter(look -> look.step < steps / 4)
                    .mapToDouble(Look::sharpness)
                    .min()
                    .orElseThrow()
                * eta
                / 2,
            0.5));
    // A level that the claim leaves open: a loss that were only swinging would not fall at all.
    measured.add(
        Measurement.atMost(
            name + ": mean loss of descent, last tenth over that of the tenth behind the half",
            descent.mean(0.9, 1) / descent.mean(0.5, 0.6),
            1));
    measured.add(
        Measurement.atLeast(
            name + ": steps of descent in the last half that raise the loss", descent.rises(), 1));
    XYChart chart = Pictures.chart("Sharpness of a " + name, "training time τ", "λₘₐₓ(∇²L)");
    double[] tau = of(flow.looks, Look::tau);
    Pictures.line(chart, "flow (RK4)", tau, of(flow.looks, Look::sharpness), Pictures.colour(2));
    Pictures.line(chart, "2/η", tau, of(flow.looks, _ -> 2 / eta), Pictures.colour(6))
        .setLineStyle(Pictures.DASHES);
    for (int odd = 0; odd < 2; odd++) {
      List<Look> some = descent.looks(odd);
      String which = "descent, " + (odd == 0 ? "even" : "odd") + " steps";
      Pictures.marks(chart, which, of(some, Look::tau), of(some, Look::sharpness), odd);
    }
    chart.getStyler().setYAxisMin(0.0);
    charts.add(chart);
  }

  /// What was seen at the start of a step, counted from 0.
  private record Look(long step, Sharpness.Point seen) {
    double tau() {
      return seen.tau();
    }

    double sharpness() {
      return seen.hessian().largest();
    }

    double preconditioned() {
      return seen.preconditioned().largest();
    }
  }

  /// Looks at a step and the next one, at every so many steps.
  private static final class Pairs implements StepObserver {
    private final Sharpness sharpness;
    private final long every;
    private final List<Look> looks = new ArrayList<>();
    private long steps;

    Pairs(Sharpness sharpness, long every) {
      this.sharpness = sharpness;
      this.every = every;
    }

    @Override
    public void accepted(Step step) {
      if (steps % every < 2) {
        sharpness.accepted(step);
        looks.add(new Look(steps, sharpness.points().getLast()));
      }
      steps++;
    }
  }

  /// A training that reached its end, and the loss at each of its steps.
  private record Run(List<Look> looks, double[] losses) {

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

    /// The mean over the last half, in parts of what is stable.
    double late() {
      return looks.stream()
          .filter(look -> look.step >= losses.length / 2)
          .mapToDouble(look -> look.preconditioned() / look.seen.limit())
          .average()
          .orElseThrow();
    }

    /// At even steps, 0, or at odd ones, 1.
    List<Look> looks(int odd) {
      return looks.stream().filter(look -> look.step % 2 == odd).toList();
    }
  }

  private static Run train(Losses loss, Optimizer optimizer, int steps, int looks) {
    Pairs pairs = new Pairs(Sharpness.of(loss.objective(), optimizer), steps / looks);
    double[] losses = new double[steps];
    Trainer.of(loss.objective(), optimizer)
        .withObserver((k, value, _) -> losses[(int) k] = value)
        .withStepObserver(pairs)
        .train(loss.start(), steps)
        .orThrow();
    return new Run(pairs.looks, losses);
  }

  private static XYChart chart(Run adam) {
    XYChart chart = Pictures.chart("Adam on the network", "iteration", "λₘₐₓ(D⁻¹∇²L)");
    // At first nothing is averaged and D is next to nothing.
    List<Look> shown = adam.looks.stream().filter(look -> look.step > 2).toList();
    double[] k = of(shown, Look::step);
    List<Look> ends = List.of(shown.getFirst(), shown.getLast());
    double[] limit = of(ends, look -> look.seen.limit());
    Pictures.line(chart, "38/η", of(ends, Look::step), limit, Pictures.colour(6))
        .setLineStyle(Pictures.DASHES);
    Pictures.line(chart, "Adam", k, of(shown, Look::preconditioned), Pictures.colour(0));
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private static double[] of(List<Look> looks, ToDoubleFunction<Look> what) {
    return looks.stream().mapToDouble(what).toArray();
  }

  /// A Neural ODE that learns a spiral, by RK4 from one measurement to the next.
  private Losses spiral() {
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
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(
            NeuralField.of(network, 1, 2),
            new DiscreteAdjoint(Integrator.of(Methods.RK4, new StepSize.Grid(times))),
            times,
            data);
    return new Losses("a spiral's loss", loss, network.initial(new SplittableRandom(seed)));
  }
}
