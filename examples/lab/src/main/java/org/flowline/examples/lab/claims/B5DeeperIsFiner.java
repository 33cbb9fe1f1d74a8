package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.nn.ResidualStack;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.stat.StatUtils;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.lines.SeriesLines;

/// B5: a network is a Neural ODE if finer layers than it was trained with change nothing.
final class B5DeeperIsFiner implements Experiment {
  private static final Mlp BLOCK = Mlp.of(Activation.TANH, 2, 16, 2);
  private static final double TIME = 1;
  private static final int TRAINED_ON = 128;
  private static final int TESTED_ON = 1000;
  private static final int COARSE = 2;
  private static final int FINE = 32;

  /// Starts of each training.
  private static final int SEEDS = 5;

  private static final Integrator ADAPTIVE =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-8));

  @Override
  public Claim claim() {
    return new Claim(
        "B5",
        "Deeper is finer, if it is an ODE",
        "A residual network trained with fine layers is a Neural ODE: with two or four times as many,"
            + " or an exact solver, it decides as before. One trained with coarse layers uses their"
            + " coarseness, and is lost without it.",
        "x ← x + h f(x; θ), h = T/N:   N → 2N → 4N → ∞",
        "Trains the same network with 2 and with 32 residual layers, five times each from different starts, to tell a disc from the ring"
            + " around it by the sign of a linear function of the end state, then evaluates both on"
            + " fresh points with 2, 4, 8, … layers of the same weights, and with DOPRI5 at a tight"
            + " tolerance.",
        "The network trained with 32 layers decides as well with any more of them and with the ODE"
            + " itself. The one trained with 2 is good with 2 only: its long steps jump over each"
            + " other, which trajectories of an ODE cannot. For the same reason no ODE in the plane"
            + " takes a disc out of its ring without a tear, so that the fine network is not perfect"
            + " either: that is topology, and a third dimension would help.",
        "Ott et al. (2021); Dupont, Doucet & Teh (2019)");
  }

  /// Points and their classes, +1 inside and −1 outside.
  private record Points(double[] x, double[] label) {
    static Points draw(int count, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] x = new double[2 * count];
      double[] label = new double[count];
      for (int i = 0; i < count; i++) {
        boolean inside = i % 2 == 0;
        double radius = inside ? 0.5 * Math.sqrt(random.nextDouble()) : random.nextDouble(0.8, 1.2);
        double angle = random.nextDouble(2 * Math.PI);
        x[2 * i] = radius * Math.cos(angle);
        x[2 * i + 1] = radius * Math.sin(angle);
        label[i] = inside ? 1 : -1;
      }
      return new Points(x, label);
    }
  }

  private static final Points TEST = Points.draw(TESTED_ON, 2);

  @Override
  public Findings run() {
    XYChart chart =
        Pictures.chart(
            "Decisions with other layers than trained with", "log₂ of the layers N", "accuracy, %");
    chart.getStyler().setErrorBarsColorSeriesColor(true);
    double[][] coarse = draw(chart, COARSE, 0);
    double[][] fine = draw(chart, FINE, 1);
    return new Findings(
        List.of(
            // "Kept" is to one point in a hundred on the mean, "lost" ten times as much of each.
            kept("the ODE", fine, 9),
            kept("64", fine, 6),
            kept("128", fine, 7),
            Measurement.atLeast("least accuracy lost, 2 layers to 4, %", least(coarse, 1, 2), 10),
            Measurement.atLeast(
                "least accuracy lost, 2 layers to the ODE, %", least(coarse, 1, 9), 10),
            Measurement.atLeast("least accuracy with 2 layers as trained, %", least(coarse, 1), 90),
            Measurement.atLeast("least accuracy with 32 layers as trained, %", least(fine, 5), 90)),
        List.of(
            Picture.of(
                "B5-layers",
                "Accuracy of two trained networks with 1 to 256 layers of the same weights, the mean"
                    + " of five starts and the standard deviation; dashed, with an exact solver.",
                chart)));
  }

  /// Of the fine networks, evaluated otherwise; with the standard deviation over the starts.
  private static Measurement kept(String by, double[][] accuracy, int to) {
    double[] lost = Arrays.stream(accuracy).mapToDouble(a -> a[5] - a[to]).toArray();
    String spread = String.format(Locale.ROOT, "%.2f", Math.sqrt(StatUtils.variance(lost)));
    return Measurement.near(
        "accuracy lost from 32 layers to " + by + ", %, mean of 5, s = " + spread,
        StatUtils.mean(lost),
        0,
        1);
  }

  private static double least(double[][] accuracy, int from, int to) {
    return Arrays.stream(accuracy).mapToDouble(a -> a[from] - a[to]).min().orElseThrow();
  }

  private static double least(double[][] accuracy, int of) {
    return Arrays.stream(accuracy).mapToDouble(a -> a[of]).min().orElseThrow();
  }

  /// Of each seed, in percent, with `2⁰ … 2⁸` layers and, last, with the ODE.
  private static double[][] draw(XYChart chart, int trainedWith, int colour) {
    double[][] accuracy =
        IntStream.range(0, SEEDS)
            .mapToObj(seed -> accuracies(trained(trainedWith, seed)))
            .toArray(double[][]::new);
    double[] mean = column(accuracy, StatUtils::mean);
    double[] spread = column(accuracy, values -> Math.sqrt(StatUtils.variance(values)));
    String name = "trained with " + trainedWith;
    double[] powers = IntStream.rangeClosed(0, 8).asDoubleStream().toArray();
    Pictures.markedLine(chart, name, powers, Arrays.copyOf(mean, 9), colour)
        .replaceData(powers, Arrays.copyOf(mean, 9), Arrays.copyOf(spread, 9));
    Pictures.line(
            chart,
            name + ", ODE",
            new double[] {0, 8},
            new double[] {mean[9], mean[9]},
            Pictures.colour(colour))
        .setLineStyle(SeriesLines.DASH_DASH);
    return accuracy;
  }

  private static double[] column(double[][] accuracy, ToDoubleFunction<double[]> of) {
    return IntStream.range(0, accuracy[0].length)
        .mapToDouble(
            k -> of.applyAsDouble(Arrays.stream(accuracy).mapToDouble(a -> a[k]).toArray()))
        .toArray();
  }

  private static double[] accuracies(double[] theta) {
    double[] accuracy = new double[10];
    for (int k = 0; k <= 8; k++) {
      accuracy[k] = 100 * accuracy(theta, euler(1 << k));
    }
    accuracy[9] = 100 * accuracy(theta, ADAPTIVE);
    return accuracy;
  }

  private static Integrator euler(int layers) {
    return Integrator.of(Methods.EULER, StepSize.Constant.of(TIME / layers, layers));
  }

  /// The weights of the block, then `v` and `c` of the decision `sign(vᵀx(T) + c)`.
  private static double[] trained(int layers, int seed) {
    Points points = Points.draw(TRAINED_ON, 1);
    ResidualStack stack = new ResidualStack(BLOCK, layers, TIME / layers);
    Parameters all =
        Parameters.none().with("block", stack.parameters()).with("v", 2, 1).with("c", 1);
    Objective loss =
        Objective.traced(
            all.size(),
            theta -> {
              Parameters.View view = all.of(theta);
              Var x = theta.constant(Shape.of(TRAINED_ON, 2), points.x);
              Var end = stack.apply(view.part("block"), x);
              Var score = end.matmul(view.get("v")).add(view.get("c"));
              Var margin = score.mul(theta.constant(Shape.of(TRAINED_ON, 1), points.label));
              return margin.neg().softplus().mean();
            });
    SplittableRandom random = new SplittableRandom(1 + seed);
    double[] start = Arrays.copyOf(BLOCK.initial(random), all.size());
    start[start.length - 3] = 1;
    start[start.length - 2] = 1;
    return Trainer.of(loss, Optimizer.adam(0.02)).train(start, 1500).orThrow().theta();
  }

  /// The part of the test's points that is told right.
  private static double accuracy(double[] theta, Integrator solver) {
    int n = theta.length;
    NeuralField field = NeuralField.of(BLOCK, TESTED_ON, 2);
    field.bind(Arrays.copyOf(theta, n - 3));
    double[] end = solver.solve(field, TEST.x, 0, TIME).orThrow().last();
    int right = 0;
    for (int i = 0; i < TESTED_ON; i++) {
      double score = theta[n - 3] * end[2 * i] + theta[n - 2] * end[2 * i + 1] + theta[n - 1];
      right += score * TEST.label[i] > 0 ? 1 : 0;
    }
    return (double) right / TESTED_ON;
  }
}
