package org.flowline.neuralode.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Schedule;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.flow.AdamFlow;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.neuralode.training.flow.RmspropFlow;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Steps on quadratics shrink the steepest component where the observed sharpness is below its
/// limit and make it grow where it is above; the sharpness equals a dense decomposition's.
class StepsAreStableUpToTheSharpnessLimit {
  private static final double H = 0.1;

  /// An `ε` so large that gradients do not change `D = ε`, as the limit's derivation assumes.
  private static final double EPSILON = 3;

  /// An optimiser, and `D` times the limit in closed form.
  private record Case(Optimizer optimizer, double limit) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(Optimizer.gradientDescent(H), 2 / H),
        new Case(Optimizer.of(Flows.gradient(), Methods.HEUN, H), 2 / H),
        // R(−x) = 1 − x + x²/2 − x³/6 + x⁴/24 is 1 at this x.
        new Case(Optimizer.of(Flows.gradient(), Methods.RK4, H), 2.785293563405282 / H),
        new Case(Optimizer.gradientDescent(H).withSchedule(Schedule.constant(0.25)), 8 / H),
        new Case(Optimizer.heavyBall(H, 0.9), 3.8 / H),
        new Case(Optimizer.nesterov(H, 0.9), 3.8 / (2.8 * H)),
        new Case(Optimizer.gradientDescent(H).withWeightDecay(2), 2 / H - 2),
        new Case(
            Optimizer.of(Flows.gradient(), Methods.RK4, H).withWeightDecay(2),
            2.785293563405282 / H - 2),
        new Case(
            Optimizer.gradientDescent(H).withWeightDecay(2).withSchedule(Schedule.constant(0.25)),
            8 / H - 2),
        new Case(
            Optimizer.gradientDescent(H).withSchedule(Schedule.constant(0.25)).withWeightDecay(2),
            8 / H - 8),
        // 2 − hλ in place of 2, h = √η.
        new Case(Optimizer.heavyBall(H, 0.9).withWeightDecay(2), 1.9 * (2 - 2 * Math.sqrt(H)) / H),
        new Case(
            Optimizer.nesterov(H, 0.9).withWeightDecay(2),
            1.9 * (2 - 2 * Math.sqrt(H)) / (2.8 * H)),
        new Case(
            Optimizer.heavyBall(H, 0.9).withWeightDecay(2).withSchedule(Schedule.constant(0.25)),
            4 * 1.9 * (2 - 0.5 * Math.sqrt(H)) / H),
        new Case(
            Optimizer.of(
                    new Flows("adam", f -> new AdamFlow(f, H, 0.9, 0.999, EPSILON)),
                    Methods.SEMI_IMPLICIT_EULER,
                    H)
                .withWeightDecay(2),
            19 * (2 - 2 * H) * EPSILON / H),
        new Case(
            Optimizer.of(
                new Flows("ball", f -> NesterovFlow.heavyBall(f, 2)),
                Methods.SEMI_IMPLICIT_EULER,
                H),
            (2 + 2 * (1 - 2 * H)) / (H * H)),
        new Case(
            Optimizer.of(
                new Flows("rmsprop", f -> new RmspropFlow(f, H, 0.99, EPSILON)),
                Methods.SEMI_IMPLICIT_EULER,
                H),
            2 * EPSILON / H),
        new Case(
            Optimizer.of(
                new Flows("adam", f -> new AdamFlow(f, H, 0.9, 0.999, EPSILON)),
                Methods.SEMI_IMPLICIT_EULER,
                H),
            38 * EPSILON / H));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void growsBeyondAndShrinksBelow(Case one) {
    for (double part : new double[] {0.97, 1.03}) {
      double lambda = part * one.limit;
      TwiceDifferentiableObjective loss =
          Objective.traced(1, x -> x.square().sum().mul(lambda / 2));
      Sharpness sharpness = Sharpness.of(loss, one.optimizer).withEvery(100);
      List<Double> sizes = new ArrayList<>();
      Trainer.of(loss, one.optimizer)
          .withObserver((_, _, theta) -> sizes.add(Math.abs(theta[0])))
          .withStepObserver(sharpness)
          .train(new double[] {1e-140}, 801);
      List<Sharpness.Point> points = sharpness.points();
      assertEquals(9, points.size());
      boolean same = points.getLast().hessian() == points.getLast().preconditioned();
      assertEquals(same ? 9 : 18, sharpness.products());
      assertEquals(lambda, points.getLast().hessian().largest(), 1e-9 * lambda);
      double ratio = points.getLast().preconditioned().largest() / points.getLast().limit();
      // The average square is far below ε, and Adam's averages have seen 800 steps.
      assertEquals(part, ratio, 1e-9);
      assertEquals(part > 1, points.getLast().beyond());
      boolean grown = sizes.getLast() > sizes.get(600);
      assertEquals(part > 1, grown, () -> sizes.get(600) + " → " + sizes.getLast());
    }
  }

  @Test
  void ofANetworkItIsTheDenseOne() {
    TwiceDifferentiableObjective loss = Networks.loss();
    double[] theta = Networks.start();
    Sharpness sharpness =
        Sharpness.of(loss, Optimizer.rmsprop(0.01)).with(new Lanczos(1e-12, 500, 1));
    double[][] states = new double[4][];
    int[] count = {0};
    Trainer.of(loss, Optimizer.rmsprop(0.01))
        .withStepObserver(sharpness)
        .withStepObserver(step -> states[count[0]++] = both(step.y0(), step.y1()))
        .train(theta, 4);
    int p = theta.length;
    for (int k = 0; k < 4; k++) {
      double[] at = Arrays.copyOfRange(states[k], p, 2 * p);
      RealMatrix hessian = dense(loss, at);
      RealMatrix scaled = hessian.copy();
      for (int i = 0; i < p; i++) {
        for (int j = 0; j < p; j++) {
          double di = Math.sqrt(states[k][2 * p + i]) + 1e-8;
          double dj = Math.sqrt(states[k][2 * p + j]) + 1e-8;
          scaled.setEntry(i, j, hessian.getEntry(i, j) / Math.sqrt(di * dj));
        }
      }
      Sharpness.Point point = sharpness.points().get(k);
      double[] plain = new EigenDecompositionSymmetric(hessian).getEigenvalues();
      double[] other = new EigenDecompositionSymmetric(scaled).getEigenvalues();
      assertEquals(plain[0], point.hessian().largest(), 1e-10 * plain[0]);
      assertEquals(plain[p - 1], point.hessian().smallest(), 1e-10 * plain[0]);
      assertTrue(plain[p - 1] < -1e-4 * plain[0], "a negative curvature is there to be found");
      assertEquals(other[0], point.preconditioned().largest(), 1e-10 * other[0]);
      assertEquals(200, point.limit(), 1e-12);
    }
  }

  private static double[] both(double[] a, double[] b) {
    double[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  private static RealMatrix dense(TwiceDifferentiableObjective loss, double[] theta) {
    int p = theta.length;
    RealMatrix matrix = new Array2DRowRealMatrix(p, p);
    TwiceDifferentiableObjective.Curvature hessian = loss.hessian(0, theta);
    for (int j = 0; j < p; j++) {
      double[] unit = new double[p];
      double[] column = new double[p];
      unit[j] = 1;
      hessian.times(unit, column);
      matrix.setColumn(j, column);
    }
    return matrix.add(matrix.transpose()).scalarMultiply(0.5);
  }

  @Test
  void whereNoLimitIsKnownThereIsNone() {
    TwiceDifferentiableObjective loss = Networks.loss();
    Optimizer ball = Optimizer.of(Flows.heavyBall(1), Methods.RK4, 0.1).withWeightDecay(0.1);
    Sharpness sharpness = Sharpness.of(loss, ball);
    Trainer.of(loss, ball).withStepObserver(sharpness).train(Networks.start(), 1);
    assertTrue(Double.isNaN(sharpness.points().getFirst().limit()));
    assertFalse(sharpness.points().getFirst().beyond());
  }

  @Test
  void everyNoStepIsRefused() {
    Sharpness sharpness = Sharpness.of(Networks.loss(), Optimizer.gradientDescent(0.1));
    assertEquals(
        "sharpness: every 0 steps; want 1 or more",
        assertThrows(IllegalArgumentException.class, () -> sharpness.withEvery(0)).getMessage());
  }
}
