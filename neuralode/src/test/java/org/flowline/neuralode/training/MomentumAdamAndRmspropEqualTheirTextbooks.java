package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.AdamFlow;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.neuralode.training.flow.RmspropFlow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Semi-implicit Euler on the three flows gives the textbook's iterates up to rounding, for as long
/// as training is stable. Beyond its stability limit (Adam with η = 0.01 on this network) rounding
/// grows exponentially, and the textbook itself, started one unit in the last place away, ends 1e-5
/// away.
class MomentumAdamAndRmspropEqualTheirTextbooks {
  private static final int ITERATIONS = 1000;

  /// An iteration rounds numbers of size 1 a few times, by ε/2 each, mostly in opposite directions;
  /// stable training does not make more of it.
  private static final double ROUNDING = ITERATIONS * Math.ulp(1.0);

  static Stream<Arguments> momentum() {
    return Stream.of(
        Arguments.of(Losses.quadratic(1, 0.03, 2.1), start(3), 0.03, 0.9),
        Arguments.of(Losses.quadratic(1, 0.03, 2.1), start(3), 1.0 / 3, 0.5),
        Arguments.of(Losses.quadratic(1, 0.03, 2.1), start(3), 0.1, 0.0),
        Arguments.of(Losses.rosenbrock(), new double[] {-1.2, 1}, 1e-4, 0.9),
        Arguments.of(Losses.network(), network(), 0.03, 0.9));
  }

  static Stream<Arguments> adam() {
    return Stream.of(
        Arguments.of(Losses.quadratic(1, 0.03, 2.1), start(3), 0.01),
        Arguments.of(Losses.rosenbrock(), new double[] {-1.2, 1}, 0.003),
        Arguments.of(Losses.network(), network(), 0.001),
        Arguments.of(Losses.network(), network(), 1.0 / 1500));
  }

  /// Not on the network: some components of its gradient nearly vanish, and dividing by their size
  /// makes much of rounding errors.
  static Stream<Arguments> rmsprop() {
    return Stream.of(
        Arguments.of(Losses.quadratic(1, 0.03, 2.1), start(3), 0.001),
        Arguments.of(Losses.rosenbrock(), new double[] {-1.2, 1}, 0.0003));
  }

  private static double[] start(int n) {
    return new SplittableRandom(5).doubles(n, 2, 3).toArray();
  }

  private static double[] network() {
    return Losses.NETWORK.initial(new SplittableRandom(1));
  }

  @ParameterizedTest
  @MethodSource("momentum")
  void momentumInPyTorchsForm(Objective objective, double[] theta, double eta, double mu) {
    List<double[]> textbook = momentum(objective, theta, eta, mu);
    List<double[]> flow = iterates(objective, theta, Optimizer.heavyBall(eta, mu));
    assertTrue(distance(textbook, flow) <= ROUNDING);
  }

  @ParameterizedTest
  @MethodSource("adam")
  void adamByKingmaAndBa(Objective objective, double[] theta, double eta) {
    List<double[]> textbook = adam(objective, theta, eta);
    List<double[]> flow = iterates(objective, theta, Optimizer.adam(eta));
    assertTrue(distance(textbook, flow) <= ROUNDING);
  }

  @ParameterizedTest
  @MethodSource("rmsprop")
  void rmspropByTielemanAndHinton(Objective objective, double[] theta, double eta) {
    List<double[]> textbook = rmsprop(objective, theta, eta);
    List<double[]> flow = iterates(objective, theta, Optimizer.rmsprop(eta));
    assertTrue(distance(textbook, flow) <= ROUNDING);
  }

  /// The gradient is computed once per step and both blocks use it, so that a batch that changes
  /// with training time is the same for both.
  @Test
  void rmspropTakesOneGradientPerStepOfTheBatchAtItsStart() {
    List<Double> taus = new ArrayList<>();
    Objective batches =
        new Objective() {
          @Override
          public int dimension() {
            return 1;
          }

          @Override
          public double gradient(double tau, double[] theta, double[] gradient) {
            taus.add(tau);
            double target = Math.round(tau / 0.125) % 2;
            gradient[0] = theta[0] - target;
            return gradient[0] * gradient[0] / 2;
          }
        };
    Trainer.Result result =
        Trainer.of(batches, Optimizer.rmsprop(0.125)).train(new double[] {0.5}, 2);
    assertEquals(List.of(0.0, 0.125, 0.25), taus, "the last one is the loss at the end");
    double v = 0.01 * 0.25;
    double theta = 0.5 - 0.125 * 0.5 / (Math.sqrt(v) + 1e-8);
    double g = theta - 1;
    v = 0.99 * v + 0.01 * g * g;
    theta -= 0.125 * g / (Math.sqrt(v) + 1e-8);
    assertEquals(theta, result.last()[0], 1e-14);
  }

  private static double distance(List<double[]> a, List<double[]> b) {
    assertEquals(ITERATIONS + 1, a.size());
    assertEquals(ITERATIONS + 1, b.size());
    double largest = 0;
    double moved = 0;
    for (int k = 0; k < a.size(); k++) {
      for (int i = 0; i < a.get(k).length; i++) {
        largest = Math.max(largest, Math.abs(a.get(k)[i] - b.get(k)[i]));
        moved = Math.max(moved, Math.abs(a.get(k)[i] - a.get(0)[i]));
      }
    }
    assertTrue(moved > 0.1, "the iterates move");
    return largest;
  }

  /// θ at the start of each iteration, and the last.
  private static List<double[]> iterates(Objective objective, double[] theta, Optimizer optimizer) {
    List<double[]> all = new ArrayList<>();
    Trainer.Result result =
        Trainer.of(objective, optimizer)
            .withObserver((_, _, at) -> all.add(at.clone()))
            .train(theta, ITERATIONS);
    all.add(result.last());
    return all;
  }

  /// `torch.optim.SGD(momentum=μ)`: `b ← μ b + g`, `θ ← θ − η b`.
  private static List<double[]> momentum(
      Objective objective, double[] start, double eta, double mu) {
    double[] theta = start.clone();
    double[] g = new double[theta.length];
    double[] b = new double[theta.length];
    List<double[]> all = new ArrayList<>(List.of(theta.clone()));
    for (int k = 0; k < ITERATIONS; k++) {
      objective.gradient(0, theta, g);
      for (int i = 0; i < theta.length; i++) {
        b[i] = mu * b[i] + g[i];
        theta[i] -= eta * b[i];
      }
      all.add(theta.clone());
    }
    return all;
  }

  /// Kingma & Ba (2015), algorithm 1.
  private static List<double[]> adam(Objective objective, double[] start, double alpha) {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double[] theta = start.clone();
    double[] g = new double[theta.length];
    double[] m = new double[theta.length];
    double[] v = new double[theta.length];
    List<double[]> all = new ArrayList<>(List.of(theta.clone()));
    for (int t = 1; t <= ITERATIONS; t++) {
      objective.gradient(0, theta, g);
      for (int i = 0; i < theta.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * (g[i] * g[i]);
        double mHat = m[i] / (1 - Math.pow(beta1, t));
        double vHat = v[i] / (1 - Math.pow(beta2, t));
        theta[i] -= alpha * mHat / (Math.sqrt(vHat) + 1e-8);
      }
      all.add(theta.clone());
    }
    return all;
  }

  /// `torch.optim.RMSprop`, after Tieleman & Hinton's lecture 6e: `v ← α v + (1 − α) g²`, `θ ← θ −
  /// η g / (√v + ε)`.
  private static List<double[]> rmsprop(Objective objective, double[] start, double eta) {
    double alpha = 0.99;
    double[] theta = start.clone();
    double[] g = new double[theta.length];
    double[] v = new double[theta.length];
    List<double[]> all = new ArrayList<>(List.of(theta.clone()));
    for (int k = 0; k < ITERATIONS; k++) {
      objective.gradient(0, theta, g);
      for (int i = 0; i < theta.length; i++) {
        v[i] = alpha * v[i] + (1 - alpha) * (g[i] * g[i]);
        theta[i] -= eta * g[i] / (Math.sqrt(v[i]) + 1e-8);
      }
      all.add(theta.clone());
    }
    return all;
  }

  @Test
  void settingsOutsideTheirRangeAreRefused() {
    Objective objective = Losses.quadratic(1);
    says("heavy-ball: momentum 1.0; want 0 ≤ μ < 1", () -> Optimizer.heavyBall(0.1, 1));
    says("heavy-ball: step NaN; want a positive number", () -> Optimizer.heavyBall(-1, 0.5));
    says("adam: step 0.0; want a positive number", () -> Optimizer.adam(0));
    says(
        "gradient-descent: step Infinity; want a positive number",
        () -> Optimizer.gradientDescent(Double.POSITIVE_INFINITY));
    says(
        "friction: constant -1.0, inverse 0.0; want numbers ≥ 0",
        () -> NesterovFlow.heavyBall(objective, -1));
    says("adam: eta NaN; want η > 0", () -> new AdamFlow(objective, Double.NaN));
    says("adam: beta1 1.0; want 0 ≤ β₁ < 1", () -> new AdamFlow(objective, 0.1, 1, 0.9, 1e-8));
    says("adam: beta2 -0.1; want 0 ≤ β₂ < 1", () -> new AdamFlow(objective, 0.1, 0.9, -0.1, 1e-8));
    says("adam: epsilon 0.0; want ε > 0", () -> new AdamFlow(objective, 0.1, 0.9, 0.99, 0));
    says("rmsprop: eta -1.0; want η > 0", () -> new RmspropFlow(objective, -1));
    says("rmsprop: alpha 1.0; want 0 ≤ α < 1", () -> new RmspropFlow(objective, 0.1, 1, 1e-8));
    says("rmsprop: epsilon 0.0; want ε > 0", () -> new RmspropFlow(objective, 0.1, 0.9, 0));
  }

  @Test
  void optimizersTellWhatTheyAre() {
    assertEquals(
        "adam = Adam flow × SEMI_IMPLICIT_EULER × h = 0.01", Optimizer.adam(0.01).toString());
    assertEquals(
        "heavy-ball = heavy-ball flow × SEMI_IMPLICIT_EULER × h = 0.5",
        Optimizer.heavyBall(0.25, 0.9).toString());
    assertEquals(
        "gradient-descent = gradient flow × EULER × h = 0.3",
        Optimizer.gradientDescent(0.3).toString());
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
