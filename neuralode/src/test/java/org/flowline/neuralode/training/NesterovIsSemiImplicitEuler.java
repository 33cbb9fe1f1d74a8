package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.special.BesselJ;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Semi-implicit Euler on Nesterov's flow gives the textbook's iterates to rounding, both where the
/// gradient is taken and where it is not; and its limit is the equation of Su, Boyd and Candès.
class NesterovIsSemiImplicitEuler {
  private static final int ITERATIONS = 1000;

  /// The rounding of `MomentumAdamAndRmspropEqualTheirTextbooks`, up to ten times larger by weakly
  /// damped momentum.
  private static final double ROUNDING = 10 * ITERATIONS * Math.ulp(1.0);

  static Stream<Arguments> losses() {
    double[] network = Losses.NETWORK.initial(new SplittableRandom(1));
    return Stream.of(
        Arguments.of(Losses.quadratic(1, 0.03, 2.1), new double[] {2, 3, 2.5}, 0.3),
        Arguments.of(Losses.quadratic(1, 0.03, 2.1), new double[] {2, 3, 2.5}, 1.0 / 30),
        Arguments.of(Losses.network(), network, 0.03));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void withTheMomentumOfSuBoydAndCandes(Objective loss, double[] theta, double eta) {
    agrees(loss, theta, eta, Optimizer.nesterov(eta), k -> (k - 1.0) / (k + 2));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void withConstantMomentum(Objective loss, double[] theta, double eta) {
    agrees(loss, theta, eta, Optimizer.nesterov(eta, 0.9), _ -> 0.9);
  }

  private static void agrees(
      Objective loss, double[] theta, double eta, Optimizer optimizer, LongToDoubleFunction mu) {
    double[][] textbook = textbook(loss, theta, eta, mu);
    double[][] flow = new double[ITERATIONS + 1][];
    Trainer.Result result =
        Trainer.of(loss, optimizer)
            .withObserver((k, _, at) -> flow[(int) k] = at.clone())
            .train(theta, ITERATIONS);
    flow[ITERATIONS] = result.last();
    for (int k = 0; k <= ITERATIONS; k++) {
      assertArrayEquals(textbook[k], flow[k], ROUNDING);
    }
    assertTrue(Math.abs(flow[ITERATIONS][0] - theta[0]) > 0.1, "the iterates move");
    assertEquals(ITERATIONS, result.stats().evaluations());
  }

  /// `xₖ ← yₖ₋₁ − η∇f(yₖ₋₁)`, `yₖ ← xₖ + μₖ (xₖ − xₖ₋₁)`: the `y`, Su, Boyd & Candès (2016), eq. 1.
  private static double[][] textbook(
      Objective f, double[] start, double eta, LongToDoubleFunction mu) {
    double[][] y = new double[ITERATIONS + 1][];
    y[0] = start.clone();
    double[] x = start.clone();
    double[] g = new double[x.length];
    for (int k = 1; k <= ITERATIONS; k++) {
      f.gradient(0, y[k - 1], g);
      y[k] = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double before = x[i];
        x[i] = y[k - 1][i] - eta * g[i];
        y[k][i] = x[i] + mu.applyAsDouble(k) * (x[i] - before);
      }
    }
    return y;
  }

  /// PyTorch's form, `b ← μ b + g`, `θ ← θ − η (g + μ b)`, is the same iterates.
  @Test
  void inPyTorchsForm() {
    double eta = 0.1;
    double[] theta = {2, 3};
    double[] b = new double[2];
    double[] g = new double[2];
    Objective loss = Losses.quadratic(1, 0.3);
    for (int k = 0; k < 50; k++) {
      loss.gradient(0, theta, g);
      for (int i = 0; i < 2; i++) {
        b[i] = 0.8 * b[i] + g[i];
        theta[i] -= eta * (g[i] + 0.8 * b[i]);
      }
    }
    Trainer.Result result =
        Trainer.of(loss, Optimizer.nesterov(eta, 0.8)).train(new double[] {2, 3}, 50);
    assertArrayEquals(theta, result.last(), ROUNDING);
  }

  @Test
  void theMainSequenceIsTheGradientStep() {
    double h = 0.5;
    Objective loss = Losses.quadratic(1, 0.3);
    NesterovFlow flow = new NesterovFlow(loss, NesterovFlow.vanishing(), h);
    double[] before = flow.initialState(new double[] {2, 3});
    Integrator integrator = Integrator.of(Methods.SEMI_IMPLICIT_EULER, StepSize.Constant.of(h, 7));
    double[] y = integrator.solve(flow, before, 0, 3.5).last();
    Integrator one = Integrator.of(Methods.SEMI_IMPLICIT_EULER, StepSize.Constant.of(h, 1));
    double[] after = one.solve(flow, y, 3.5, 4).last();
    double[] g = new double[2];
    double[] theta = flow.parameters(y);
    loss.gradient(0, theta, g);
    double[] wanted = {theta[0] - h * h * g[0], theta[1] - h * h * g[1]};
    assertArrayEquals(wanted, flow.main(4, after), 1e-15);
  }

  /// The solution of `θ'' + 3/τ θ' + λθ = 0` is `θ₀ 2 J₁(s)/s`, `s = √λ τ`.
  @Test
  void theLimitIsBesselsFunctionOnAQuadratic() {
    double[] lambda = {1, 0.25, 7};
    double[] start = {3, -1, 0.5};
    Objective loss =
        Objective.of(
            3,
            (theta, g) -> {
              for (int i = 0; i < 3; i++) {
                g[i] = lambda[i] * theta[i];
              }
              return 0;
            });
    NesterovFlow flow = new NesterovFlow(loss, NesterovFlow.vanishing(), 0);
    double[] state =
        Integrator.of(Methods.DOP853, StepSize.Adaptive.of(1e-12, 1e-12))
            .solve(flow, flow.initialState(start), 0, 6)
            .orThrow()
            .last();
    double[] wanted = new double[3];
    for (int i = 0; i < 3; i++) {
      double s = Math.sqrt(lambda[i]) * 6;
      wanted[i] = start[i] * 2 * new BesselJ(1).value(s) / s;
    }
    assertArrayEquals(wanted, flow.parameters(state), 1e-9);
    assertArrayEquals(
        flow.parameters(state), flow.main(6, state), "with δ = 0 nothing looks ahead");
  }

  /// Iterates on `½λθ²` with constant momentum shrink just below the limit and grow just above.
  @Test
  void theStepsLimitIsWhereItTurns() {
    for (double mu : new double[] {0, 0.5, 0.9}) {
      double eta = 0.09;
      Optimizer nesterov = Optimizer.nesterov(eta, mu);
      double limit =
          nesterov
              .flow()
              .apply(Losses.quadratic(1))
              .stableUpTo(Methods.SEMI_IMPLICIT_EULER, 0, nesterov.interval())
              .orElseThrow();
      for (double factor : new double[] {0.99, 1.01}) {
        Objective loss = Losses.quadratic(factor * limit);
        double[] last = Trainer.of(loss, nesterov).train(new double[] {1}, 3000).last();
        assertEquals(factor < 1, Math.abs(last[0]) < 1, "μ = " + mu + ", factor " + factor);
      }
    }
  }

  @Test
  void settingsOutsideTheirRangeAreRefused() {
    Objective loss = Losses.quadratic(1);
    assertEquals(
        "nesterov: look-ahead -1.0; want δ ≥ 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> new NesterovFlow(loss, NesterovFlow.vanishing(), -1))
            .getMessage());
    assertEquals(
        "friction: constant NaN, inverse 0.0; want numbers ≥ 0",
        assertThrows(IllegalArgumentException.class, () -> NesterovFlow.constant(Double.NaN))
            .getMessage());
    assertEquals(
        "nesterov: momentum 1.0; want 0 ≤ μ < 1",
        assertThrows(IllegalArgumentException.class, () -> Optimizer.nesterov(0.1, 1))
            .getMessage());
  }
}
