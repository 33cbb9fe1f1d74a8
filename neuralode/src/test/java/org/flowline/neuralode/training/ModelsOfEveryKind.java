package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;

/// Models of two measured trajectories with gaps, of each kind and of all at once.
final class ModelsOfEveryKind {
  static final double GAP = Double.NaN;
  private static final double[][] TIMES = {{3, 3.7, 5, 7}, {5, 8.5, 9}};
  private static final Architecture PLAIN = new Architecture(List.of(4), Activation.TANH);

  private ModelsOfEveryKind() {}

  static Stream<Model> all() {
    return Stream.of(
        model(PLAIN, false),
        model(PLAIN.withAugment(2), false),
        model(PLAIN.withTime(), false),
        model(PLAIN.withOrder(2), false),
        model(PLAIN, true),
        model(PLAIN.withAugment(1).withTime().withOrder(2), true));
  }

  /// θ is all random, the velocities' too.
  private static Model model(Architecture architecture, boolean driven) {
    Model model = Model.untrained(measured(driven), architecture, new SplittableRandom(1));
    return model.with(new SplittableRandom(2).doubles(model.theta().length, -0.2, 0.2).toArray());
  }

  static Measurements measured(boolean driven) {
    return new Measurements(
        Clock.NUMBER,
        List.of(
            experiment(
                "one",
                driven,
                TIMES[0],
                new double[] {1, 20},
                new double[] {GAP, 23},
                new double[] {GAP, GAP},
                new double[] {4, GAP}),
            experiment(
                "two",
                driven,
                TIMES[1],
                new double[] {2, 21},
                new double[] {3, 19},
                new double[] {1, 20})));
  }

  private static Experiment experiment(
      String name, boolean driven, double[] times, double[]... rows) {
    DoubleFunction<double[]> inputs =
        t -> driven ? new double[] {Math.sin(t), 100 + 30 * Math.cos(2 * t)} : new double[0];
    List<String> names = driven ? List.of("u", "w") : List.of();
    return new Experiment(
        name,
        new TimeSeries("t", List.of("a", "b"), times, List.of(rows)),
        new TimeSeries("t", names, times, Arrays.stream(times).mapToObj(inputs).toList()));
  }

  static Measurements measured(Model model) {
    return measured(!model.inputs().isEmpty());
  }
}
