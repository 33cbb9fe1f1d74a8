package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.Basis;
import org.flowline.neuralode.dynamics.ControlledField;
import org.flowline.neuralode.dynamics.RunningCost;
import org.flowline.neuralode.dynamics.Signal;
import org.flowline.neuralode.dynamics.TimedDynamics;
import org.flowline.neuralode.dynamics.WeightsInTime;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.Augmentation;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each way for a field to depend on time gives what its formula says, with the right gradients.
class TimedFieldsDependOnTime {
  private static final Mlp LAYER = Mlp.of(Activation.TANH, 2, 4, 2);
  private static final double[] TIMES = {0.1, 0.6, 1.1};
  private static final double[] KNOTS = {0, 0.4, 0.7, 1.5};
  private static final List<double[]> INPUTS = rows(KNOTS, Math::sin, Math::exp);
  private static final Integrator SOLVER =
      Integrator.of(Methods.RK4, StepSize.Constant.of(0.25, 4));

  private static List<double[]> rows(double[] times, DoubleUnaryOperator u, DoubleUnaryOperator w) {
    return Arrays.stream(times)
        .mapToObj(t -> new double[] {u.applyAsDouble(t), w.applyAsDouble(t)})
        .toList();
  }

  static Stream<TimedDynamics> all() {
    int p = LAYER.parameters().size();
    return Stream.of(
        TimedDynamics.withTime(Mlp.of(Activation.TANH, 3, 4, 2)),
        new WeightsInTime(LAYER, Basis.fourier(2, 1.7)),
        new WeightsInTime(LAYER, Basis.polynomial(3, 0, 1.1)),
        new WeightsInTime(LAYER, Basis.pieces(3, 0.1, 0.35)),
        TimedDynamics.hyperNetwork(LAYER, Mlp.of(Activation.TANH, 1, 3, p)),
        ControlledField.dynamics(
            TimedDynamics.of(Mlp.of(Activation.TANH, 4, 4, 2)), Signal.linear(KNOTS, INPUTS)),
        ControlledField.dynamics(
            TimedDynamics.of(Mlp.of(Activation.TANH, 4, 4, 2)), Signal.cubic(KNOTS, INPUTS)));
  }

  private static double[] random(int length) {
    return new SplittableRandom(3).doubles(length, -0.8, 0.8).toArray();
  }

  @ParameterizedTest
  @MethodSource("all")
  void theirGradientsAreThoseOfDifferences(TimedDynamics dynamics) {
    NeuralField field = dynamics.field(3, 2);
    double[] theta = random(dynamics.parameters().size());
    double[] y0 = random(6);
    TrajectoryLoss loss = TrajectoryLoss.traced(TIMES.length, 6, y -> y.sin().square().mean());
    field.bind(theta);
    TrajectoryGradient gradient = new DiscreteAdjoint(SOLVER).gradient(field, y0, TIMES, loss);
    FrozenStepLoss computed = FrozenStepLoss.of(field, SOLVER, y0, TIMES, loss);
    double[] differences = Differences.gradient(at -> computed.at(at, y0, TIMES), theta);
    // Truncation and rounding 3e-13, times a factor of a few hundred from the fifth derivative.
    assertTrue(Differences.relative(gradient.theta(), differences) <= 1e-9);
    double[] early = new double[6];
    double[] late = new double[6];
    field.bind(theta);
    field.evaluate(0.2, y0, early);
    field.evaluate(0.9, y0, late);
    assertTrue(Differences.relative(early, late) > 1e-3, "it depends on time");
    assertEquals(
        theta.length, dynamics.initial(new SplittableRandom(1)).length, "as many initial weights");
  }

  /// The weights of each layer a row: a residual network with weights of its own in each block.
  @Test
  void piecewiseConstantWeightsAreLayersBitForBit() {
    int p = LAYER.parameters().size();
    double h = 0.3;
    WeightsInTime dynamics = new WeightsInTime(LAYER, Basis.pieces(4, 0.1, h));
    double[] theta = dynamics.initialOfEach(new SplittableRandom(9));
    NeuralField field = dynamics.field(1, 2);
    field.bind(theta);
    StepSize.Constant steps = StepSize.Constant.of(h, 4);
    double[] end =
        Integrator.of(Methods.EULER, steps).solve(field, random(2), 0.1, steps.end(0.1)).last();
    NeuralField block = NeuralField.of(LAYER, 1, 2);
    double[] y = random(2);
    double[] rate = new double[2];
    for (int layer = 0; layer < 4; layer++) {
      block.bind(Arrays.copyOfRange(theta, layer * p, (layer + 1) * p));
      block.evaluate(0, y, rate);
      for (int j = 0; j < 2; j++) {
        y[j] = y[j] + h * rate[j];
      }
    }
    assertArrayEquals(y, end);
  }

  private static double[] at(Signal signal, double time) {
    Program program = JvmBackend.best().compile(Tape.record(Shape.scalar(), signal::at));
    double[] u = new double[signal.width()];
    program.run(new double[][] {{time}}, new double[][] {u});
    return u;
  }

  @Test
  void signalsGoThroughTheirValues() {
    for (Signal signal : List.of(Signal.linear(KNOTS, INPUTS), Signal.cubic(KNOTS, INPUTS))) {
      for (int i = 0; i < KNOTS.length; i++) {
        assertArrayEquals(INPUTS.get(i), at(signal, KNOTS[i]), 1e-14);
      }
      assertArrayEquals(INPUTS.getFirst(), at(signal, -3));
      assertArrayEquals(INPUTS.getLast(), at(signal, 9), 1e-14);
    }
    double[] middle = at(Signal.linear(KNOTS, INPUTS), 0.55);
    assertEquals((INPUTS.get(1)[0] + INPUTS.get(2)[0]) / 2, middle[0], 1e-14);
    // Parabolas are exact where neither slope is an end's.
    Signal cubic = Signal.cubic(KNOTS, rows(KNOTS, t -> t * t, t -> 1 - t));
    assertArrayEquals(new double[] {0.55 * 0.55, 0.45}, at(cubic, 0.55), 1e-14);
    assertArrayEquals(new double[] {0.5 * 0.5, 0.5}, at(cubic, 0.5), 1e-14);
  }

  /// `dy/dt = −y`, `dq/dt = y²`: `q = (1 − e^{−2t}) y0²/2`, and half of its derivative by `y0`.
  @Test
  void integralsAlongATrajectoryAreLosses() {
    TimedDynamics decay = TimedDynamics.withTime(Mlp.of(Activation.IDENTITY, 2, 1));
    TimedDynamics costed = RunningCost.dynamics(decay, (_, y, _) -> y.square());
    NeuralField field = costed.field(1, 2);
    field.bind(new double[] {-1, 0, 0});
    double[] times = {0, 0.5, 2};
    Integrator tight = Integrator.of(Methods.VERN7, StepSize.Adaptive.of(1e-12, 1e-12));
    TrajectoryGradient gradient =
        new DiscreteAdjoint(tight)
            .gradient(
                field,
                new Augmentation(1, 1, 1).start(new double[] {1.5}),
                times,
                RunningCost.atEnd(3, 1, 2));
    double whole = 1 - Math.exp(-4);
    assertEquals(whole * 1.5 * 1.5 / 2, gradient.loss(), 1e-10);
    assertEquals(whole * 1.5, gradient.y0()[0], 1e-10);
    // With weight w, ∫₀² e^{2wt} dt y0² = (e^{4w} − 1)/(2w) y0².
    double byWeight = (4 * Math.exp(-4) * -2 - 2 * (Math.exp(-4) - 1)) / 4;
    assertEquals(byWeight * 1.5 * 1.5, gradient.theta()[0], 1e-10);
  }

  @Test
  void augmentedColumnsStartAtZeroAndPullOnNothing() {
    Augmentation more = new Augmentation(2, 2, 1);
    assertArrayEquals(new double[] {1, 2, 0, 3, 4, 0}, more.start(new double[] {1, 2, 3, 4}));
    NeuralField field = NeuralField.of(Mlp.of(Activation.TANH, 3, 5, 3), 2, 3);
    double[] theta = random(field.parameterCount());
    field.bind(theta);
    double[] y0 = random(4);
    TrajectoryLoss seen = TrajectoryLoss.traced(TIMES.length, 4, y -> y.sin().square().mean());
    TrajectoryGradient gradient =
        new DiscreteAdjoint(SOLVER).gradient(field, more.start(y0), TIMES, more.loss(seen));
    FrozenStepLoss computed =
        FrozenStepLoss.of(field, SOLVER, more.start(y0), TIMES, more.loss(seen));
    assertTrue(
        Differences.relative(
                more.measured(gradient.y0()),
                Differences.gradient(at -> computed.at(theta, more.start(at), TIMES), y0))
            <= 1e-9);
    double[] yBar = new double[18];
    more.loss(seen).evaluate(random(18), yBar);
    for (int i = 2; i < 18; i += 3) {
      assertEquals(0, yBar[i]);
    }
  }

  @Test
  void seriesOfDifferentLengthsWithHolesAreOneLoss() {
    NeuralField field = NeuralField.of(LAYER, 1, 2);
    double[] theta = random(field.parameterCount());
    double nan = Double.NaN;
    List<TrajectoriesObjective.Series> all =
        List.of(
            new TrajectoriesObjective.Series(
                new double[] {0, 0.5, 0.8},
                List.of(new double[] {1, 2}, new double[] {nan, 1}, new double[] {nan, nan})),
            new TrajectoriesObjective.Series(
                new double[] {2, 3}, List.of(new double[] {0, -1}, new double[] {0.5, nan})));
    Integrator tight = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-11, 1e-11));
    TrajectoriesObjective objective =
        TrajectoriesObjective.of(field, new DiscreteAdjoint(tight), all);
    double[] gradient = new double[theta.length];
    double loss = objective.gradient(0, theta, gradient);
    field.bind(theta);
    double first = tight.solve(field, new double[] {1, 2}, 0, 0.5).last()[1] - 1;
    double second = tight.solve(field, new double[] {0, -1}, 2, 3).last()[0] - 0.5;
    // Six values are measured: two pairs of starts, whose distance is 0, and these.
    assertEquals((first * first + second * second) / 6, loss, 1e-9);
    double[] differences =
        Differences.gradient(at -> objective.gradient(0, at, new double[theta.length]), theta);
    // The steps of a solve to 1e-11 change with θ: noise of that size over 7e-4.
    assertTrue(Differences.relative(gradient, differences) <= 1e-6);

    MiniBatches batches = MiniBatches.of(objective.size(), objective::batch).withSize(1, 0.1);
    List<Double> losses = new ArrayList<>();
    losses.add(batches.gradient(0, theta, new double[theta.length]));
    losses.add(batches.gradient(0.1, theta, new double[theta.length]));
    losses.sort(null);
    double[] wanted = {first * first / 3, second * second / 3};
    Arrays.sort(wanted);
    assertArrayEquals(wanted, losses.stream().mapToDouble(x -> x).toArray(), 1e-9);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    says(
        "hyper-network: 3 weights, the layer has 22; want a hyper-network with as many outputs",
        () -> TimedDynamics.hyperNetwork(LAYER, Mlp.of(Activation.TANH, 1, 3)).field(1, 2));
    says(
        "signal: 2 times and 2 rows; want two or more increasing times and as many finite rows of"
            + " equal length",
        () -> Signal.linear(new double[] {1, 1}, List.of(new double[1], new double[1])));
    says("fourier: -1 harmonics of period 1.0; want ≥ 0 and > 0", () -> Basis.fourier(-1, 1));
    says(
        "polynomial: degree 1 on [1.0, 1.0]; want ≥ 0 and t0 < t1",
        () -> Basis.polynomial(1, 1, 1));
    says(
        "pieces: 0 of length 1.0; want 1 … 1048576, and a length above 0",
        () -> Basis.pieces(0, 0, 1));
    says(
        "augmentation: 1 rows of 0 + 1 columns; want 1 or more rows and columns, 0 or more extra",
        () -> new Augmentation(1, 0, 1));
    says(
        "series: the first row is not complete; start at one that is, or fill it in",
        () ->
            new TrajectoriesObjective.Series(
                new double[2], List.of(new double[] {Double.NaN}, new double[1])));
    says(
        "series: 1 times and 1 rows; want two or more of each, and as many",
        () -> new TrajectoriesObjective.Series(new double[1], List.of(new double[1])));
    says(
        "series: a row [1.0]; want 2 finite numbers in each as in the first, or NaN where one is"
            + " missing",
        () ->
            new TrajectoriesObjective.Series(
                new double[] {0, 1}, List.of(new double[2], new double[] {1})));
    says(
        "series: a row [Infinity]; want 1 finite numbers in each as in the first, or NaN where one"
            + " is missing",
        () ->
            new TrajectoriesObjective.Series(
                new double[] {0, 1},
                List.of(new double[1], new double[] {Double.POSITIVE_INFINITY})));
    Augmentation more = new Augmentation(2, 2, 1);
    says("augmentation: 3 values for start; want 4, 2 rows", () -> more.start(new double[3]));
    says("augmentation: 4 values for measured; want 6, 2 rows", () -> more.measured(new double[4]));
    says(
        "mean squared error: 2 rows of lengths [2, 3]; want one row for each time, all of the"
            + " state's length",
        () -> TrajectoryLoss.meanSquaredError(List.of(new double[2], new double[3])));
    says(
        "mean squared error: 0 rows of lengths []; want one row for each time, all of the state's"
            + " length",
        () -> TrajectoryLoss.meanSquaredError(List.of()));
    NeuralField field = NeuralField.of(LAYER, 1, 2);
    field.bind(new double[field.parameterCount()]);
    DiscreteAdjoint method = new DiscreteAdjoint(SOLVER);
    says(
        "loss: 6 numbers observed; want [2, 2] [times, components], as it was recorded for",
        () ->
            method.gradient(
                field, new double[2], TIMES, TrajectoryLoss.traced(2, 2, y -> y.square().sum())));
    says(
        "trajectories objective: a batch of no series; want one or more",
        () ->
            TrajectoriesObjective.of(
                    field,
                    method,
                    List.of(
                        new TrajectoriesObjective.Series(
                            new double[] {0, 1}, List.of(new double[2], new double[2]))))
                .batch());
    says(
        "series: a row [1.0, Infinity]; want 2 finite numbers in each as in the first, or NaN where"
            + " one is missing",
        () ->
            TrajectoriesObjective.of(
                field,
                method,
                new double[] {0, 1},
                List.of(new double[2], new double[] {1, Double.POSITIVE_INFINITY})));
    says(
        "trajectories objective: no series; want one or more",
        () -> TrajectoriesObjective.of(field, method, List.of()));
    List<double[]> rows = List.of(new double[2], new double[2], new double[2]);
    says(
        "series: time 2 is 0.5, after 1.0; want finite times, all rising or all falling",
        () -> new TrajectoriesObjective.Series(new double[] {0, 1, 0.5}, rows));
    says(
        "series: time 1 is 4.0, after 3.0; want finite times, all rising or all falling",
        () -> TrajectoriesObjective.of(field, method, new double[] {3, 4, 2}, rows));
    for (double strange : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      says(
          "series: time 1 is "
              + strange
              + ", after 0.0; want finite times, all rising or all falling",
          () -> new TrajectoriesObjective.Series(new double[] {0, strange, 1}, rows));
    }
    TrajectoriesObjective falling =
        TrajectoriesObjective.of(
            field,
            method,
            List.of(new TrajectoriesObjective.Series(new double[] {3, 2.5, 1}, rows)));
    for (int sample : new int[] {-1, 1}) {
      says(
          "trajectories objective: series "
              + sample
              + " of a batch; want 0 … 0, as in MiniBatches of size()",
          () -> falling.batch(0, sample));
    }
    TrajectoriesObjective.Series narrow =
        new TrajectoriesObjective.Series(
            new double[] {0, 1}, List.of(new double[1], new double[1]));
    says(
        "trajectories objective: a row of 1 values; the field has 2 components",
        () -> TrajectoriesObjective.of(field, method, List.of(narrow)));
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
