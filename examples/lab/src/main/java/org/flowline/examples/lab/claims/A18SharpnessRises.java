package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
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
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.stat.StatUtils;

/// A18: descent sharpens the loss up to the edge of stability, and stays there.
///
/// @param samples the number of pairs of steps at which each training is sampled
/// @param seed the seed of the initial weights
record A18SharpnessRises(int samples, long seed) {

  void run(Notebook notes) {
    Losses network = Losses.network(16, seed);
    Panel left = compare(notes, "network", network, 0.15, 3000);
    Panel right = compare(notes, "Neural ODE", spiral(), 1.0 / 15, 1500);
    Run adam = train(network, Optimizer.adam(0.002), 3000, 5 * samples);
    // Some percent below the limit: D changes while the averages follow it.
    String what = "Adam: preconditioned sharpness over 38/η, mean of the last half";
    notes.near(what, adam.lateRatio(), 1, 0.1);
    notes.picture(
        "A18-sharpness",
        "Sharpness during training by descent, at even and odd steps, and by the flow.",
        1,
        left,
        right);
    notes.picture("A18-adam", "Adam's preconditioned sharpness during training.", panel(adam));
  }

  private Panel compare(Notebook notes, String name, Losses loss, double eta, int steps) {
    Run descent = train(loss, Optimizer.gradientDescent(eta), steps, samples);
    Optimizer rk4 = Optimizer.of(Flows.gradient(), Methods.RK4, eta / 2);
    Run flow = train(loss, rk4, 2 * steps, samples);
    // It oscillates by a tenth; its mean has the error of a truncated oscillation.
    notes.near(name + ": sharpness over 2/η, mean of the last half", descent.lateRatio(), 1, 0.02);
    notes.atLeast(
        name + ": final sharpness of the flow over 2/η",
        flow.samples.getLast().sharpness() * eta / 2,
        1.1);
    double first =
        descent.samples.stream()
            .filter(sample -> sample.step < steps / 4)
            .mapToDouble(Sample::sharpness)
            .min()
            .orElseThrow();
    // Far below at first: it is the training that sharpens.
    notes.atMost(name + ": smallest sharpness over 2/η, first quarter", first * eta / 2, 0.5);
    // The claim leaves the level open: a loss that only oscillated would not fall at all.
    notes.atMost(
        name + ": mean loss of descent, last tenth over the tenth after the half",
        descent.meanLoss(0.9, 1) / descent.meanLoss(0.5, 0.6),
        1);
    notes.atLeast(
        name + ": steps of descent in the last half that raise the loss", descent.rises(), 1);
    double[] tau = Series.of(flow.samples, Sample::tau);
    Panel panel =
        Panel.wide("Sharpness of a " + name, "training time τ", "λₘₐₓ(∇²L)")
            .line("flow (RK4)", tau, Series.of(flow.samples, Sample::sharpness), 2)
            .dashes("2/η", tau, _ -> 2 / eta, Panel.DARK);
    for (int odd = 0; odd < 2; odd++) {
      List<Sample> some = descent.parity(odd);
      panel.marks(
          "descent, " + (odd == 0 ? "even" : "odd") + " steps",
          Series.of(some, Sample::tau),
          Series.of(some, Sample::sharpness),
          odd);
    }
    panel.chart().getStyler().setYAxisMin(0.0);
    return panel;
  }

  /// The Hessian's spectrum at the start of a step, counted from 0.
  private record Sample(long step, Sharpness.Point point) {
    double tau() {
      return point.tau();
    }

    double sharpness() {
      return point.hessian().largest();
    }

    double preconditioned() {
      return point.preconditioned().largest();
    }
  }

  /// The samples of a training, and the loss at each of its steps.
  private record Run(List<Sample> samples, double[] losses) {

    /// The mean loss over a part of the run.
    double meanLoss(double from, double to) {
      int first = (int) (from * losses.length);
      return StatUtils.mean(losses, first, (int) (to * losses.length) - first);
    }

    /// The number of steps in the last half that raise the loss.
    long rises() {
      return IntStream.range(losses.length / 2, losses.length)
          .filter(k -> losses[k] > losses[k - 1])
          .count();
    }

    /// The mean over the last half of the preconditioned sharpness over its limit.
    double lateRatio() {
      return samples.stream()
          .filter(sample -> sample.step >= losses.length / 2)
          .mapToDouble(sample -> sample.preconditioned() / sample.point.limit())
          .average()
          .orElseThrow();
    }

    /// The samples at even steps, 0, or at odd ones, 1.
    List<Sample> parity(int odd) {
      return samples.stream().filter(sample -> sample.step % 2 == odd).toList();
    }
  }

  /// Trains, and samples pairs of consecutive steps at regular intervals.
  private static Run train(Losses loss, Optimizer optimizer, int steps, int pairs) {
    Sharpness sharpness = Sharpness.of(loss.objective(), optimizer);
    List<Sample> samples = new ArrayList<>();
    double[] losses = new double[steps];
    Trainer.of(loss.objective(), optimizer)
        .withObserver((k, value, _) -> losses[(int) k] = value)
        .withStepObserver(
            step -> {
              if (step.index() % (steps / pairs) < 2) {
                sharpness.accepted(step);
                samples.add(new Sample(step.index(), sharpness.points().getLast()));
              }
            })
        .train(loss.start(), steps)
        .orThrow();
    return new Run(samples, losses);
  }

  private static Panel panel(Run adam) {
    // In the first steps the averages are empty and D is close to 0.
    List<Sample> shown = adam.samples.stream().filter(sample -> sample.step > 2).toList();
    List<Sample> ends = List.of(shown.getFirst(), shown.getLast());
    double[] k = Series.of(shown, Sample::step);
    double[] limit = Series.of(ends, sample -> sample.point.limit());
    Panel panel =
        Panel.wide("Adam on the network", "iteration", "λₘₐₓ(D⁻¹∇²L)")
            .dashes("38/η", Series.of(ends, Sample::step), limit, Panel.DARK)
            .line("Adam", k, Series.of(shown, Sample::preconditioned), 0);
    panel.chart().getStyler().setYAxisMin(0.0);
    return panel;
  }

  /// The loss of a Neural ODE on a spiral, solved by RK4 with a step per measurement.
  private Losses spiral() {
    Mlp network = Mlp.of(Activation.TANH, 2, 8, 2);
    double[] times = Series.map(Series.range(0, 12), i -> i / 4.0);
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
            new DiscreteAdjoint(Integrator.of(Methods.RK4, StepSize.Grid.of(times))),
            times,
            data);
    return new Losses("a spiral's loss", loss, network.initial(new SplittableRandom(seed)));
  }
}
