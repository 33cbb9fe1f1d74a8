package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Recording;
import org.flowline.odesolvers.StepSize;

/// A10: heavy ball and Nesterov's method are semi-implicit Euler on equations of second order, and
/// Nesterov's loss falls with the square of the iterations.
final class A10MomentumIsSecondOrder {
  private static final double ANGLE = Math.PI / 6;
  private static final Bowl BOWL = Bowl.of(1, 0.25, ANGLE);
  private static final double[] START = {1.2, 0.4};
  private static final double ETA = 0.04;
  private static final double MU = 0.8;

  /// The number of unit steps on a spectrum that fills `(0, 1]`.
  private static final int STEPS = 100;

  private static final int DIRECTIONS = 20_000;

  void run(Notebook notes) {
    // Each of 100 steps rounds some ten times in numbers of size one.
    double rounding = 100 * 10 * Math.ulp(1.0);
    Orbit nesterov = Orbit.training(Optimizer.nesterov(ETA), BOWL, START, 100);
    Orbit ball = Orbit.training(Optimizer.heavyBall(ETA, MU), BOWL, START, 100);
    double[] k = Series.range(1, STEPS);
    double[] descent = spread(Flows.gradient(), Optimizer.gradientDescent(1));
    double[] momentum = spread(Flows.heavyBall(1 - MU), Optimizer.heavyBall(1, MU));
    double[] accelerated =
        spread(Flows.nesterov(NesterovFlow.vanishing(), 1), Optimizer.nesterov(1));
    notes.atMost(
        "Nesterov: flow against textbook, largest distance",
        distance(nesterov, textbook(j -> (j - 1.0) / (j + 2), true)),
        rounding);
    notes.atMost(
        "heavy ball: flow against textbook, largest distance",
        distance(ball, textbook(_ -> MU, false)),
        rounding);
    // Closed forms up to terms of O(1/k) from 20 on, a few percent.
    notes.near(
        "power of k, Nesterov's loss, k = 20 … 100",
        slope(k, accelerated),
        slope(k, Series.map(k, A10MomentumIsSecondOrder::closed)),
        0.03);
    notes.near("power of k, loss of descent", slope(k, descent), -1, 0.05);
    String what = "changes of sign of the steep component in 20 steps, ";
    notes.near(what + "descent", changes(Orbit.descent(BOWL, START, ETA, 20)), 0, 0);
    notes.atLeast(what + "heavy ball", changes(ball), 2);
    notes.within("loss of descent after 100 steps", descent[99], 1.0 / (2 * 201), 1e-3);
    notes.within("loss of Nesterov's method after 100 steps", accelerated[99], closed(100), 0.03);
    notes.picture(
        "A10-momentum",
        "Left, paths in a narrow bowl. Right, the loss on a spectrum without gap.",
        paths(nesterov, ball),
        rates(k, descent, momentum, accelerated));
  }

  /// Counts changes of sign of `vᵀx` with the eigenvector `v` of the largest eigenvalue, in the
  /// first 20 steps, after which descent is close to rounding.
  private static long changes(Orbit orbit) {
    double[] part = orbit.values(x -> Math.cos(ANGLE) * x[1] - Math.sin(ANGLE) * x[0]);
    return IntStream.range(0, 20).filter(k -> part[k] * part[k + 1] < 0).count();
  }

  /// The loops of the textbooks, independent oracles. Heavy ball: `θ ← θ + μ (θ − θ₋) − η ∇f(θ)`
  /// with the previous iterate `θ₋`; Nesterov: `x ← y − η ∇f(y)`, `y ← x + μ (x − x₋)`.
  private static double[][] textbook(LongToDoubleFunction mu, boolean nesterov) {
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
        if (nesterov) {
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

  private static double distance(Orbit orbit, double[][] expected) {
    return Series.max(
        0,
        expected.length,
        k -> Math.hypot(orbit.y()[k][0] - expected[k][0], orbit.y()[k][1] - expected[k][1]));
  }

  /// The loss after each step on a spectrum that fills `(0, 1]`; for Nesterov's method at the
  /// main sequence `x`.
  private static double[] spread(Flows kind, Optimizer optimizer) {
    double[] lambda = Series.map(Series.range(1, DIRECTIONS), i -> (i - 0.5) / DIRECTIONS);
    double[] start = Series.map(lambda, l -> 1 / Math.sqrt(l * DIRECTIONS));
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
        .solve(flow, flow.initialState(start), 0, STEPS)
        .orThrow();
    return Arrays.stream(losses.values()).skip(1).mapToDouble(row -> row[0]).toArray();
  }

  /// `2/k² (1 − 2/√(πk))`, from `4/t² ∫ J₁(s)²/s ds` of the flow, whose integral is ½. The term
  /// `−h∇f` of a step makes the energy of a direction decay as `e^(−λt) = e^(−s²/t)`, and
  /// `J₁² ≈ 1/(πs)`.
  private static double closed(double k) {
    return 2 / (k * k) * (1 - 2 / Math.sqrt(Math.PI * k));
  }

  private static double slope(double[] k, double[] loss) {
    return Series.power(k, loss, STEPS - 19);
  }

  private static Panel paths(Orbit nesterov, Orbit ball) {
    int shown = 40;
    double h = Math.sqrt(ETA);
    TrainingFlow rolling = NesterovFlow.heavyBall(BOWL, (1 - MU) / h);
    Orbit flow =
        Orbit.adaptive(rolling, rolling.initialState(START), shown * h, 1e-10)
            .map(rolling::parameters);
    return Panel.half("Inertia in a narrow bowl, η = " + ETA, "x", "y")
        .path("flow of the ball", flow, 1)
        .marks("gradient descent", Orbit.descent(BOWL, START, ETA, shown), 0)
        .marks("heavy ball, μ = " + MU, ball.first(shown + 1), 1)
        .marks("Nesterov", nesterov.first(shown + 1), 2);
  }

  private static Panel rates(
      double[] k, double[] descent, double[] momentum, double[] accelerated) {
    int[] shown = {0, 1, 2, 3, 5, 7, 11, 15, 21, 29, 39, 53, 73, 99};
    double[] tail = Series.tail(k, STEPS - 2);
    return Panel.half("1/k² against 1/k", "iteration k", "loss f")
        .markedLine("gradient descent", some(k, shown), some(descent, shown), 0)
        .markedLine("heavy ball, μ = " + MU, some(k, shown), some(momentum, shown), 1)
        .markedLine("Nesterov", some(k, shown), some(accelerated, shown), 2)
        .line("1/(4k)", tail, x -> 1 / (4 * x), Panel.DARK)
        .line("2/k²", tail, x -> 2 / (x * x), 4)
        .logLog();
  }

  private static double[] some(double[] values, int[] indices) {
    return IntStream.of(indices).mapToDouble(i -> values[i]).toArray();
  }
}
