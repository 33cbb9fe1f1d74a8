package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.examples.cli.fit.OutputFolder;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Schedule;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.knowm.xchart.XYChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Known physics and a network for the rest of it: a pendulum of which gravity is known and
/// friction is not,
///
///     φ' = v        v' = −ω² sin φ − (mlp(v; θ) − mlp(−v; θ))
///
/// an odd function of the speed, since what is known of friction is that it is alike both ways;
/// learned from noisy angles alone, and then compared with the friction that made them.
@Command(
    name = "hybrid",
    description =
        "Known physics and a network for the rest: a pendulum's friction, learned from its angles.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline hybrid --out /tmp/hybrid"})
public final class HybridCommand implements Callable<Integer> {
  private static final double OMEGA_SQUARED = 4;
  private static final double NOISE = 0.01;
  private static final double[] RELEASED_AT = {2.4, 1.4, -2};
  private static final double[] TIMES = evenly(0, 8, 81);
  private static final int ITERATIONS = 1500;

  /// How far the learned friction may be off, in parts of the largest one.
  private static final double WANTED = 0.03;

  private static final Integrator SOLVER =
      Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-7));

  @Mixin private JsonOption json;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the noise and the weights (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/hybrid",
      description = "Folder for the picture (default ${DEFAULT-VALUE}).")
  private Path out;

  @Spec private CommandSpec spec;

  /// What `--json` prints.
  ///
  /// @param frictionError largest distance to the true friction at speeds that were met, in parts
  ///     of the largest friction
  record Report(
      double rmse, double noise, double frictionError, double wanted, double seconds, String out) {}

  /// What the network is to find: of the bearing, and of the air.
  private static double friction(double v) {
    return 0.15 * v + 0.06 * v * Math.abs(v);
  }

  private static final VectorField TRUE =
      VectorField.of(
          2,
          (_, y, dydt) -> {
            dydt[0] = y[1];
            dydt[1] = -OMEGA_SQUARED * Math.sin(y[0]) - friction(y[1]);
          });

  /// Gravity as it is known, and the network where it is not.
  private static Var pendulum(Mlp network, Var state, Parameters.View theta) {
    Var angle = state.slice(1, 0, 1);
    Var speed = state.slice(1, 1, 2);
    Var friction = network.apply(theta, speed).sub(network.apply(theta, speed.neg()));
    return Var.concat(1, List.of(speed, angle.sin().mul(-OMEGA_SQUARED).sub(friction)));
  }

  @Override
  public Integer call() {
    OutputFolder folder = OutputFolder.open(out);
    SplittableRandom random = new SplittableRandom(seed);
    List<double[][]> truth = new ArrayList<>();
    List<TrajectoriesObjective.Series> measured = new ArrayList<>();
    for (double angle : RELEASED_AT) {
      double[][] states = solve(TRUE, angle);
      truth.add(states);
      measured.add(angles(states, random));
    }
    Mlp network = Mlp.of(Activation.TANH, 1, 12, 1);
    NeuralField field =
        NeuralField.of(
            network.parameters(), 1, 2, (_, state, theta) -> pendulum(network, state, theta));
    Optimizer optimizer = Optimizer.adam(0.05).withSchedule(Schedule.cosine(ITERATIONS));
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(field, new DiscreteAdjoint(SOLVER), measured);
    long begin = System.nanoTime();
    Trainer.Result trained =
        Trainer.of(loss, optimizer).train(frictionless(network, random), ITERATIONS);
    double seconds = (System.nanoTime() - begin) * 1e-9;
    field.bind(trained.theta());

    double[] speeds = speeds(truth);
    double[] actual = Arrays.stream(speeds).map(HybridCommand::friction).toArray();
    double[] learned = Arrays.stream(speeds).map(v -> learned(field, v)).toArray();
    Report report =
        new Report(
            Math.sqrt(trained.loss()),
            NOISE,
            largest(IntStream.range(0, speeds.length).mapToDouble(i -> learned[i] - actual[i]))
                / largest(Arrays.stream(actual)),
            WANTED,
            seconds,
            out.toString());
    folder.add(
        Picture.of(
            "hybrid",
            "The learned friction, and a trajectory.",
            frictions(speeds, learned),
            trajectory(field, measured.getFirst())));
    folder.write();
    json.print(spec, report, () -> text(report, folder));
    return report.frictionError <= WANTED ? 0 : 1;
  }

  /// Random weights but for the last layer's, which are 0: training begins with what is known.
  private static double[] frictionless(Mlp network, SplittableRandom random) {
    double[] theta = network.initial(random);
    Arrays.fill(theta, network.parameters().entry("layer2.weight").offset(), theta.length, 0);
    return theta;
  }

  private static double[][] solve(VectorField field, double angle) {
    return SOLVER.solve(field, new double[] {angle, 0}, TIMES).orThrow().values();
  }

  /// Angles with noise; the speed is only known at the release.
  private static TrajectoriesObjective.Series angles(double[][] states, SplittableRandom random) {
    List<double[]> rows = new ArrayList<>(List.of(states[0]));
    for (int i = 1; i < states.length; i++) {
      rows.add(new double[] {states[i][0] + NOISE * random.nextGaussian(), Double.NaN});
    }
    return new TrajectoriesObjective.Series(TIMES, rows);
  }

  /// The network's part of the acceleration, where gravity has none.
  private static double learned(NeuralField field, double speed) {
    double[] rates = new double[2];
    field.evaluate(0, new double[] {0, speed}, rates);
    return -rates[1];
  }

  /// Up to the largest that was met, by halves.
  private static double[] speeds(List<double[][]> truth) {
    double met = largest(truth.stream().flatMap(Arrays::stream).mapToDouble(y -> y[1]));
    double limit = Math.floor(2 * met) / 2;
    return evenly(-limit, limit, 201);
  }

  private static double largest(DoubleStream values) {
    return values.map(Math::abs).max().orElseThrow();
  }

  private static double[] evenly(double from, double to, int count) {
    return IntStream.range(0, count)
        .mapToDouble(i -> from + (to - from) * i / (count - 1))
        .toArray();
  }

  private static XYChart frictions(double[] speeds, double[] learned) {
    XYChart chart = Pictures.panel("Friction, which nobody measured", "speed", "deceleration");
    Pictures.line(chart, "learned", speeds, learned, Pictures.colour(0));
    double[] some = evenly(speeds[0], -speeds[0], 25);
    Pictures.points(
        chart,
        "true",
        some,
        Arrays.stream(some).map(HybridCommand::friction).toArray(),
        Pictures.colour(1));
    chart.getStyler().setXAxisMaxLabelCount(7);
    return chart;
  }

  private static XYChart trajectory(NeuralField field, TrajectoriesObjective.Series measured) {
    XYChart chart = Pictures.panel("What was measured", "time", "angle");
    double[] fine = evenly(TIMES[0], TIMES[TIMES.length - 1], 601);
    double[][] values = SOLVER.solve(field, measured.rows().getFirst(), fine).orThrow().values();
    Pictures.line(chart, "model", fine, first(Arrays.stream(values).toList()), Pictures.colour(0));
    Pictures.points(chart, "angles", TIMES, first(measured.rows()), Pictures.colour(1));
    return chart;
  }

  private static double[] first(List<double[]> rows) {
    return rows.stream().mapToDouble(row -> row[0]).toArray();
  }

  private static String text(Report report, OutputFolder folder) {
    return String.format(
        Locale.ROOT,
        """
        pendulum    known: gravity; unknown: friction, of which a network sees the speed
        measured    the angles of %d releases, %d times each, with noise of %.3f
        fit         RMSE %.4f of the angles
        friction    off by %.1f %% of the largest at most, want %.0f %% (%s)
        cost        %d iterations, %.1f s
        written     %s""",
        RELEASED_AT.length,
        TIMES.length,
        NOISE,
        report.rmse,
        100 * report.frictionError,
        100 * WANTED,
        report.frictionError <= WANTED ? "holds" : "DOES NOT HOLD",
        ITERATIONS,
        report.seconds,
        folder);
  }
}
