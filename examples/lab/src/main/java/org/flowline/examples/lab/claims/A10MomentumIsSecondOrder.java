package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Recording;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.knowm.xchart.XYChart;

/// A10: heavy ball and Nesterov's method are semi-implicit Euler on equations of second order, and
/// Nesterov's loss falls with the square of the iterations.
final class A10MomentumIsSecondOrder implements Experiment {
  private static final double ANGLE = Math.PI / 6;
  private static final Bowl BOWL = Bowl.of(1, 0.25, ANGLE);
  private static final double[] START = {1.2, 0.4};
  private static final double ETA = 0.04;
  private static final double MU = 0.8;

  /// Steps of size one on a spectrum that fills `(0, 1]`.
  private static final int STEPS = 100;

  private static final int DIRECTIONS = 20_000;

  @Override
  public Claim claim() {
    return new Claim(
        "A10",
        "Momentum is an equation of second order",
        "The heavy ball and Nesterov's method are semi-implicit Euler, with step √η, on a ball that"
            + " rolls on the loss with friction. With Nesterov's friction 3/t the loss falls as 1/k²,"
            + " where gradient descent manages 1/k.",
        "θ″ + γ θ′ + ∇f(θ) = 0,   h = √η:   γ = (1 − μ)/h  heavy ball,   γ = 3/t  Nesterov",
        "Runs both flows beside the textbooks' loops in a narrow bowl. Then descends ½Σλᵢxᵢ² with"
            + " 20 000 eigenvalues spread evenly over (0, 1] and all λᵢxᵢ² alike at the start, which"
            + " is as hard as it gets without being hopeless: there f is 1/(2(2k + 1)) after k steps"
            + " of descent with η = 1, and Nesterov's is 2/k² (1 − 2/√(πk)), for large k.",
        "Equal to rounding. Momentum is no trick but inertia: with a step, 0.64/λₘₐₓ, with which"
            + " descent comes down on one side and then creeps along the bottom, the ball swings across"
            + " it and rolls on. A constant friction only makes descent faster by a factor, 1/(1 − μ); one that"
            + " fades as 3/t changes the power. Nesterov's own step is not quite the ball's: it adds"
            + " −h∇f to the velocity, which the limit of small steps does not show.",
        "Polyak (1964); Nesterov (1983); Su, Boyd & Candès (2016)");
  }

  @Override
  public Findings run() {
    double h = Math.sqrt(ETA);
    // Each of 100 steps rounds some ten times in numbers of size one.
    double rounding = 100 * 10 * Math.ulp(1.0);
    Orbit nesterov = orbit(Optimizer.nesterov(ETA), 100);
    Orbit ball = orbit(Optimizer.heavyBall(ETA, MU), 100);
    double[] k = IntStream.rangeClosed(1, STEPS).asDoubleStream().toArray();
    double[] descent = spread(Flows.gradient(), Optimizer.gradientDescent(1));
    double[] momentum = spread(Flows.heavyBall(1 - MU), Optimizer.heavyBall(1, MU));
    double[] accelerated =
        spread(Flows.nesterov(NesterovFlow.vanishing(), 1), Optimizer.nesterov(1));
    return new Findings(
        List.of(
            Measurement.atMost(
                "Nesterov: flow against textbook, largest distance",
                distance(nesterov, textbook(j -> (j - 1.0) / (j + 2), true)),
                rounding),
            Measurement.atMost(
                "heavy ball: flow against textbook, largest distance",
                distance(ball, textbook(_ -> MU, false)),
                rounding),
            // Closed forms up to terms of O(1/k) from 20 on, a few percent.
            Measurement.near(
                "power of k, Nesterov's loss, k = 20 … 100",
                slope(k, accelerated),
                slope(k, Arrays.stream(k).map(A10MomentumIsSecondOrder::closed).toArray()),
                0.03),
            Measurement.near("power of k, descent's loss", slope(k, descent), -1, 0.05),
            Measurement.near(
                "changes of sign of the steep part in 20 steps, descent",
                changes(Orbit.descent(BOWL, START, ETA, 20)),
                0,
                0),
            Measurement.atLeast(
                "changes of sign of the steep part in 20 steps, heavy ball", changes(ball), 2),
            Measurement.within(
                "loss of descent after 100 steps", descent[99], 1.0 / (2 * 201), 1e-3),
            Measurement.within(
                "loss of Nesterov's method after 100 steps", accelerated[99], closed(100), 0.03)),
        List.of(
            Picture.of(
                "A10-momentum",
                "Left: paths in a narrow bowl; the ball's flow overshoots as momentum does. Right: loss"
                    + " on a spectrum without gap.",
                paths(h, nesterov, ball),
                rates(k, descent, momentum, accelerated))));
  }

  private static Orbit orbit(Optimizer optimizer, int steps) {
    TrainingFlow flow = optimizer.flow().apply(BOWL);
    double h = optimizer.interval();
    Integrator integrator = Integrator.of(optimizer.method(), StepSize.Constant.of(h, steps));
    return parameters(flow, Orbit.of(flow, flow.start(START), h * steps, integrator));
  }

  /// Of `v·x` with the eigenvector `v` of the largest eigenvalue, in the first 20 steps, after
  /// which descent's is next to rounding.
  private static long changes(Orbit orbit) {
    double[] part =
        Arrays.stream(orbit.y())
            .mapToDouble(x -> Math.cos(ANGLE) * x[1] - Math.sin(ANGLE) * x[0])
            .toArray();
    return IntStream.range(0, 20).filter(k -> part[k] * part[k + 1] < 0).count();
  }

  private static Orbit parameters(TrainingFlow flow, Orbit orbit) {
    return new Orbit(
        orbit.t(), Arrays.stream(orbit.y()).map(flow::parameters).toArray(double[][]::new));
  }

  /// The loops of the textbooks, the independent oracles: `θ ← θ + μ (θ − θ before) − η ∇f` with
  /// the gradient at θ, or, looking ahead, iterates `y ← x + μ (x − x before)`, `x ← y − η ∇f(y)`.
  private static double[][] textbook(LongToDoubleFunction mu, boolean ahead) {
    double[][] all = new double[101][];
    all[0] = START.clone();
    double[] x = START.clone();
    double[] gradient = new double[2];
    for (int k = 1; k <= 100; k++) {
      double[] at = all[k - 1];
      BOWL.gradient(0, at, gradient);
      all[k] = new double[2];
      for (int i = 0; i < 2; i++) {
        double before = x[i];
        if (ahead) {
          x[i] = at[i] - ETA * gradient[i];
          all[k][i] = x[i] + mu.applyAsDouble(k) * (x[i] - before);
        } else {
          all[k][i] = at[i] + mu.applyAsDouble(k) * (at[i] - before) - ETA * gradient[i];
          x[i] = at[i];
        }
      }
    }
    return all;
  }

  private static double distance(Orbit orbit, double[][] wanted) {
    return IntStream.range(0, wanted.length)
        .mapToDouble(
            k -> Math.hypot(orbit.y()[k][0] - wanted[k][0], orbit.y()[k][1] - wanted[k][1]))
        .max()
        .orElseThrow();
  }

  /// The loss behind each step where eigenvalues fill `(0, 1]`; of Nesterov's points that do not
  /// look ahead.
  private static double[] spread(Flows kind, Optimizer optimizer) {
    double[] lambda = new double[DIRECTIONS];
    double[] start = new double[DIRECTIONS];
    for (int i = 0; i < DIRECTIONS; i++) {
      lambda[i] = (i + 0.5) / DIRECTIONS;
      start[i] = 1 / Math.sqrt(lambda[i] * DIRECTIONS);
    }
    Objective loss =
        Objective.of(
            DIRECTIONS,
            (theta, gradient) -> {
              double sum = 0;
              for (int i = 0; i < DIRECTIONS; i++) {
                gradient[i] = lambda[i] * theta[i];
                sum += gradient[i] * theta[i];
              }
              return sum / 2;
            });
    TrainingFlow flow = kind.apply(loss);
    double[] gradient = new double[DIRECTIONS];
    Recording losses =
        Recording.everyStep(
            1,
            (t, state, out) -> {
              double[] x =
                  flow instanceof NesterovFlow ahead
                      ? ahead.main(t, state)
                      : flow.parameters(state);
              out[0] = loss.gradient(t, x, gradient);
            });
    Integrator.of(optimizer.method(), StepSize.Constant.of(1, STEPS))
        .withObserver(losses)
        .solve(flow, flow.start(start), 0, STEPS)
        .orThrow();
    return Arrays.stream(losses.values()).skip(1).mapToDouble(row -> row[0]).toArray();
  }

  /// `2/k² (1 − 2/√(πk))`: the flow's `4/t² ∫ J₁(s)²/s ds`, of which the integral is ½, where a
  /// step's `−h∇f` lets the energy of a direction decay as `e^(−λt) = e^(−s²/t)`, and `J₁² ≈
  /// 1/(πs)`.
  private static double closed(double k) {
    return 2 / (k * k) * (1 - 2 / Math.sqrt(Math.PI * k));
  }

  private static double slope(double[] k, double[] loss) {
    return LogLog.slope(Arrays.copyOfRange(k, 19, STEPS), Arrays.copyOfRange(loss, 19, STEPS));
  }

  private static XYChart paths(double h, Orbit nesterov, Orbit ball) {
    XYChart chart = Pictures.panel("Inertia in a narrow bowl, η = " + ETA, "x", "y");
    int shown = 40;
    TrainingFlow rolling = NesterovFlow.heavyBall(BOWL, (1 - MU) / h);
    Integrator fine = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-10, 1e-10));
    Orbit flow = parameters(rolling, Orbit.of(rolling, rolling.start(START), shown * h, fine));
    Pictures.line(chart, "ball's flow", flow.component(0), flow.component(1), Pictures.colour(1));
    Orbit descent = Orbit.descent(BOWL, START, ETA, shown);
    Orbit[] orbits = {descent, ball, nesterov};
    String[] names = {"gradient descent", "heavy ball, μ = " + MU, "Nesterov"};
    for (int i = 0; i < orbits.length; i++) {
      Pictures.marks(
          chart,
          names[i],
          Arrays.copyOf(orbits[i].component(0), shown + 1),
          Arrays.copyOf(orbits[i].component(1), shown + 1),
          i);
    }
    return chart;
  }

  private static XYChart rates(
      double[] k, double[] descent, double[] momentum, double[] accelerated) {
    XYChart chart = Pictures.panel("1/k² against 1/k", "iteration k", "loss f");
    double[][] losses = {descent, momentum, accelerated};
    String[] names = {"gradient descent", "heavy ball, μ = " + MU, "Nesterov"};
    int[] shown = {0, 1, 2, 3, 5, 7, 11, 15, 21, 29, 39, 53, 73, 99};
    double[] at = Arrays.stream(shown).mapToDouble(j -> k[j]).toArray();
    for (int i = 0; i < losses.length; i++) {
      double[] loss = losses[i];
      Pictures.markedLine(
          chart, names[i], at, Arrays.stream(shown).mapToDouble(j -> loss[j]).toArray(), i);
    }
    double[] tail = Arrays.copyOfRange(k, 2, STEPS);
    Pictures.line(
        chart,
        "1/(4k)",
        tail,
        Arrays.stream(tail).map(x -> 1 / (4 * x)).toArray(),
        Pictures.colour(6));
    Pictures.line(
        chart,
        "2/k²",
        tail,
        Arrays.stream(tail).map(x -> 2 / (x * x)).toArray(),
        Pictures.colour(4));
    Pictures.logarithmic(chart);
    return chart;
  }
}
