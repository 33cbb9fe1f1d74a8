package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
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

/// B5: a network is a Neural ODE if finer layers than in training do not change its decisions.
final class B5DeeperIsFiner {
  private static final Mlp BLOCK = Mlp.of(Activation.TANH, 2, 16, 2);
  private static final double TIME = 1;
  private static final int TRAINING_POINTS = 128;
  private static final int TEST_POINTS = 1000;

  /// The number of random starts of each training.
  private static final int SEEDS = 5;

  /// The largest `k` of the tested `2ᵏ` layers; the entry after it is the ODE.
  private static final int FINEST = 8;

  private static final int ODE = FINEST + 1;

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

  private static final Points TEST = Points.draw(TEST_POINTS, 2);

  void run(Notebook notes) {
    Panel panel =
        Panel.wide(
            "Accuracy with other numbers of layers than in training",
            "log₂ of the layers N",
            "accuracy, %");
    panel.chart().getStyler().setErrorBarsColorSeriesColor(true);
    double[][] coarse = train(panel, 2, 0);
    double[][] fine = train(panel, 32, 1);
    // "Kept" is to one percentage point on the mean, "lost" at least ten of each.
    kept(notes, "the ODE", fine, ODE);
    kept(notes, "64", fine, 6);
    kept(notes, "128", fine, 7);
    notes.atLeast("smallest accuracy lost, 2 layers to 4, %", least(coarse, a -> a[1] - a[2]), 10);
    notes.atLeast(
        "smallest accuracy lost, 2 layers to the ODE, %", least(coarse, a -> a[1] - a[ODE]), 10);
    notes.atLeast("smallest accuracy with 2 layers as trained, %", least(coarse, a -> a[1]), 90);
    notes.atLeast("smallest accuracy with 32 layers as trained, %", least(fine, a -> a[5]), 90);
    notes.picture(
        "B5-layers",
        "Accuracy with 1 to 256 layers over five starts; dashed, with an exact solver.",
        panel);
  }

  /// Records the mean accuracy lost by the network trained with 32 layers, and its spread.
  private static void kept(Notebook notes, String by, double[][] accuracy, int to) {
    double[] lost = Arrays.stream(accuracy).mapToDouble(a -> a[5] - a[to]).toArray();
    String spread = String.format(Locale.ROOT, "%.2f", Math.sqrt(StatUtils.variance(lost)));
    notes.near(
        "accuracy lost from 32 layers to " + by + ", %, mean of 5, s = " + spread,
        StatUtils.mean(lost),
        0,
        1);
  }

  private static double least(double[][] accuracy, ToDoubleFunction<double[]> of) {
    return Arrays.stream(accuracy).mapToDouble(of).min().orElseThrow();
  }

  /// Trains and returns the accuracy of each seed in percent, with `2⁰ … 2⁸` layers and the ODE.
  private static double[][] train(Panel panel, int layers, int colour) {
    double[][] accuracy =
        IntStream.range(0, SEEDS)
            .mapToObj(seed -> accuracies(trained(layers, seed)))
            .toArray(double[][]::new);
    double[] mean = column(accuracy, StatUtils::mean);
    double[] spread = column(accuracy, values -> Math.sqrt(StatUtils.variance(values)));
    String name = "trained with " + layers;
    double[] powers = Series.range(0, FINEST);
    double[] shown = Arrays.copyOf(mean, ODE);
    panel.markedLine(name, powers, shown, colour);
    panel.last().replaceData(powers, shown, Arrays.copyOf(spread, ODE));
    panel.dashes(name + ", ODE", new double[] {0, FINEST}, _ -> mean[ODE], colour);
    return accuracy;
  }

  private static double[] column(double[][] accuracy, ToDoubleFunction<double[]> of) {
    return IntStream.rangeClosed(0, ODE)
        .mapToDouble(
            k -> of.applyAsDouble(Arrays.stream(accuracy).mapToDouble(a -> a[k]).toArray()))
        .toArray();
  }

  private static double[] accuracies(double[] theta) {
    double[] accuracy = new double[ODE + 1];
    for (int k = 0; k <= FINEST; k++) {
      StepSize steps = StepSize.Constant.of(TIME / (1 << k), 1 << k);
      accuracy[k] = 100 * accuracy(theta, Integrator.of(Methods.EULER, steps));
    }
    accuracy[ODE] =
        100 * accuracy(theta, Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-8)));
    return accuracy;
  }

  /// The weights of the block, then `v` and `c` of the decision `sign(vᵀx(T) + c)`.
  private static double[] trained(int layers, int seed) {
    Points points = Points.draw(TRAINING_POINTS, 1);
    ResidualStack stack = new ResidualStack(BLOCK, layers, TIME / layers);
    Parameters all =
        Parameters.none().with("block", stack.parameters()).with("v", 2, 1).with("c", 1);
    Objective loss =
        Objective.traced(
            all.size(),
            theta -> {
              Parameters.View view = all.of(theta);
              Var x = theta.constant(Shape.of(TRAINING_POINTS, 2), points.x);
              Var end = stack.apply(view.part("block"), x);
              Var score = end.matmul(view.get("v")).add(view.get("c"));
              Var margin = score.mul(theta.constant(Shape.of(TRAINING_POINTS, 1), points.label));
              return margin.neg().softplus().mean();
            });
    SplittableRandom random = new SplittableRandom(1 + seed);
    double[] start = Arrays.copyOf(BLOCK.initial(random), all.size());
    start[start.length - 3] = 1;
    start[start.length - 2] = 1;
    return Trainer.of(loss, Optimizer.adam(0.02)).train(start, 1500).orThrow().theta();
  }

  /// The share of test points that are classified correctly.
  private static double accuracy(double[] theta, Integrator solver) {
    int n = theta.length;
    NeuralField field = NeuralField.of(BLOCK, TEST_POINTS, 2);
    field.bind(Arrays.copyOf(theta, n - 3));
    double[] end = solver.solve(field, TEST.x, 0, TIME).orThrow().last();
    int right = 0;
    for (int i = 0; i < TEST_POINTS; i++) {
      double score = theta[n - 3] * end[2 * i] + theta[n - 2] * end[2 * i + 1] + theta[n - 1];
      right += score * TEST.label[i] > 0 ? 1 : 0;
    }
    return (double) right / TEST_POINTS;
  }
}
