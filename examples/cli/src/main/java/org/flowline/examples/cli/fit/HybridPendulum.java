package org.flowline.examples.cli.fit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.examples.cli.report.Text;
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

/// A hybrid model: known physics and a network for the rest. A pendulum with known gravity and
/// unknown friction,
///
///     φ' = v        v' = −ω² sin φ − (mlp(v; θ) − mlp(−v; θ))
///
/// where friction is an odd function of the speed, learned from noisy angles alone.
///
/// Printed by `--json`.
///
/// @param rmse of the angles
/// @param noise of the angles, its deviation
/// @param frictionError the largest distance to the true friction, relative to the largest friction
/// @param wanted the largest accepted error
/// @param out the folder of the results
public record HybridPendulum(
    double rmse,
    double noise,
    double frictionError,
    double wanted,
    double seconds,
    String out,
    @JsonIgnore Picture picture) {
  private static final double OMEGA_SQUARED = 4;
  private static final double NOISE = 0.01;
  private static final double[] RELEASED_AT = {2.4, 1.4, -2};
  private static final double[] TIMES = evenly(0, 8, 81);
  private static final int ITERATIONS = 1500;
  private static final double WANTED = 0.03;

  private static final Integrator SOLVER =
      Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-7));

  /// The true friction, of bearing and air.
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

  private static Var pendulum(Mlp network, Var state, Parameters.View theta) {
    Var angle = state.slice(1, 0, 1);
    Var speed = state.slice(1, 1, 2);
    Var friction = network.apply(theta, speed).sub(network.apply(theta, speed.neg()));
    return Var.concat(1, List.of(speed, angle.sin().mul(-OMEGA_SQUARED).sub(friction)));
  }

  /// Generates the angles, learns the friction from them and compares it with the true one.
  ///
  /// @param seed of the noise and the weights
  public static HybridPendulum of(long seed, Path out) {
    SplittableRandom random = new SplittableRandom(seed);
    List<TrajectoriesObjective.Series> measured = new ArrayList<>();
    double fastest = 0;
    for (double angle : RELEASED_AT) {
      double[][] states = SOLVER.solve(TRUE, new double[] {angle, 0}, TIMES).orThrow().values();
      fastest = Math.max(fastest, largest(Arrays.stream(states).mapToDouble(y -> y[1])));
      measured.add(angles(states, random));
    }
    Mlp network = Mlp.of(Activation.TANH, 1, 12, 1);
    NeuralField field =
        NeuralField.of(network.parameters(), 1, 2, (_, y, theta) -> pendulum(network, y, theta));
    Optimizer optimizer = Optimizer.adam(0.05).withSchedule(Schedule.cosine(ITERATIONS));
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(field, new DiscreteAdjoint(SOLVER), measured);
    long begin = System.nanoTime();
    Trainer.Result trained =
        Trainer.of(loss, optimizer).train(frictionless(network, random), ITERATIONS);
    double seconds = (System.nanoTime() - begin) * 1e-9;
    field.bind(trained.theta());

    double limit = Math.floor(2 * fastest) / 2;
    double[] speeds = evenly(-limit, limit, 201);
    DoubleUnaryOperator learned = v -> learned(field, v);
    double error =
        largest(Arrays.stream(speeds).map(v -> learned.applyAsDouble(v) - friction(v)))
            / largest(Arrays.stream(speeds).map(HybridPendulum::friction));
    Picture picture =
        Picture.of(
            "hybrid",
            "The learned friction, and a trajectory.",
            frictions(speeds, learned),
            trajectory(field, measured.getFirst()));
    double rmse = Math.sqrt(trained.loss());
    return new HybridPendulum(rmse, NOISE, error, WANTED, seconds, out.toString(), picture);
  }

  /// Returns whether the friction was found.
  public boolean holds() {
    return frictionError <= wanted;
  }

  /// Returns the summary for the terminal.
  ///
  /// @param written the files
  public String text(Object written) {
    return Text.format(
            """
            pendulum    known: gravity; unknown: friction, a network of the speed
            data        angles of %d releases at %d times each; %d iterations; noise %.3f
            fit         RMSE %.4f of the angles
            """,
            RELEASED_AT.length, TIMES.length, ITERATIONS, noise, rmse)
        + Text.format(
            "friction    error at most %.1f %% of the largest, want %.0f %% (%s)\n",
            100 * frictionError, 100 * wanted, holds() ? "holds" : "DOES NOT HOLD")
        + Text.format("cost        %.1f s\nwritten     %s", seconds, written);
  }

  /// Random weights, and 0 in the last layer: training starts from the known physics.
  private static double[] frictionless(Mlp network, SplittableRandom random) {
    double[] theta = network.initial(random);
    Arrays.fill(theta, network.parameters().entry("layer2.weight").offset(), theta.length, 0);
    return theta;
  }

  /// Noisy angles; the speed is known at the release only.
  private static TrajectoriesObjective.Series angles(double[][] states, SplittableRandom random) {
    List<double[]> rows = new ArrayList<>(List.of(states[0]));
    for (int i = 1; i < states.length; i++) {
      rows.add(new double[] {states[i][0] + NOISE * random.nextGaussian(), Double.NaN});
    }
    return new TrajectoriesObjective.Series(TIMES, rows);
  }

  /// The deceleration at angle 0, where gravity has no part.
  private static double learned(NeuralField field, double speed) {
    double[] rates = new double[2];
    field.evaluate(0, new double[] {0, speed}, rates);
    return -rates[1];
  }

  private static double largest(DoubleStream values) {
    return values.map(Math::abs).max().orElseThrow();
  }

  private static double[] evenly(double from, double to, int count) {
    return IntStream.range(0, count)
        .mapToDouble(i -> from + (to - from) * i / (count - 1))
        .toArray();
  }

  private static XYChart frictions(double[] speeds, DoubleUnaryOperator learned) {
    XYChart chart = Pictures.panel("Friction, not measured", "speed", "deceleration");
    double[] values = Arrays.stream(speeds).map(learned).toArray();
    Pictures.line(chart, "learned", speeds, values, Pictures.colour(0));
    double[] some = evenly(speeds[0], -speeds[0], 25);
    double[] exact = Arrays.stream(some).map(HybridPendulum::friction).toArray();
    Pictures.points(chart, "true", some, exact, Pictures.colour(1));
    chart.getStyler().setXAxisMaxLabelCount(7);
    return chart;
  }

  private static XYChart trajectory(NeuralField field, TrajectoriesObjective.Series measured) {
    XYChart chart = Pictures.panel("A measured trajectory", "time", "angle");
    double[] fine = evenly(TIMES[0], TIMES[TIMES.length - 1], 601);
    double[][] values = SOLVER.solve(field, measured.rows().getFirst(), fine).orThrow().values();
    Pictures.line(chart, "model", fine, first(Arrays.asList(values)), Pictures.colour(0));
    Pictures.points(chart, "angles", TIMES, first(measured.rows()), Pictures.colour(1));
    return chart;
  }

  private static double[] first(List<double[]> rows) {
    return rows.stream().mapToDouble(row -> row[0]).toArray();
  }
}
