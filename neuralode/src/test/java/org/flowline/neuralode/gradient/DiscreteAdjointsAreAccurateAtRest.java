package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The error of the adjoint limits the steps of the reverse sweep where the solution, which rests,
/// limits none.
class DiscreteAdjointsAreAccurateAtRest {
  private static final StepSize SIZE = StepSize.Adaptive.of(1e-8, 1e-10);

  static List<Method> methods() {
    return List.of(
        Methods.DOPRI5,
        Methods.TSIT5,
        Methods.VERN7,
        Methods.DOP853,
        Methods.RODAS5P,
        Methods.KVAERNO5);
  }

  private static NeuralField field(double[] theta, NeuralField.Dynamics dynamics) {
    NeuralField field =
        NeuralField.of(Parameters.none().with("theta", 1, theta.length), 1, 1, dynamics);
    field.bind(theta);
    return field;
  }

  private static TrajectoryLoss end(double s) {
    return (y, yBar) -> {
      Arrays.fill(yBar, 0);
      yBar[yBar.length - 1] = s;
      return s * y[y.length - 1];
    };
  }

  /// The gradient of `s` times the last state; checkpoints give the same bits.
  private static TrajectoryGradient gradient(
      Method method, NeuralField field, double y0, double end, double s) {
    Integrator solver = Integrator.of(method, SIZE);
    double[] start = {y0};
    double[] times = {0, end / 3, end};
    TrajectoryGradient gradient = new DiscreteAdjoint(solver).gradient(field, start, times, end(s));
    assertTrue(gradient.status().succeeded(), gradient.status().message());
    TrajectoryGradient other = new Checkpointed(solver, 2).gradient(field, start, times, end(s));
    assertArrayEquals(gradient.theta(), other.theta());
    assertArrayEquals(gradient.y0(), other.y0());
    assertArrayEquals(gradient.times(), other.times());
    return gradient;
  }

  /// `y' = θ (1 − y)` from 1 and near it, hence `∂y/∂y0 = e^{−θt}`, at scales of the loss and time.
  @ParameterizedTest
  @MethodSource("methods")
  void anEquilibriumForgetsItsStart(Method method) {
    for (double unit : new double[] {1e-12, 1, 1e9}) {
      NeuralField field =
          field(new double[] {1 / unit}, (_, y, theta) -> y.neg().add(1).mul(theta.get("theta")));
      for (double y0 : new double[] {1, 1 + 1e-12}) {
        for (double s : new double[] {1e-300, 1, 1e300}) {
          double byStart = gradient(method, field, y0, 10 * unit, s).y0()[0] / s;
          assertEquals(Math.exp(-10), byStart, 1e-5 * Math.exp(-10), method.name() + " " + unit);
        }
      }
    }
  }

  /// `y' = −y` from 0.
  @ParameterizedTest
  @MethodSource("methods")
  void zeroIsAnEquilibrium(Method method) {
    NeuralField field = field(new double[] {-1}, (_, y, theta) -> y.mul(theta.get("theta")));
    assertEquals(Math.exp(-1), gradient(method, field, 0, 1, 1).y0()[0], 1e-7);
  }

  /// `y' = w tanh(2y) + 1` with `w = 0`, hence `y = t − 1` and `∂y/∂w = ∫ tanh(2t − 2) dt`.
  @ParameterizedTest
  @MethodSource("methods")
  void aLastLayerOfZerosLearns(Method method) {
    NeuralField field =
        field(
            new double[] {0, 2},
            (_, y, theta) -> {
              Var p = theta.get("theta");
              return y.mul(p.slice(1, 1, 2)).tanh().mul(p.slice(1, 0, 1)).add(1);
            });
    double wanted = (Math.log(Math.cosh(8)) - Math.log(Math.cosh(2))) / 2;
    assertEquals(wanted, gradient(method, field, -1, 5, 1).theta()[0], 1e-5);
  }

  /// `y' = w sin 9t` from 1 with `w = 0`, hence `∂y/∂w = (1 − cos 9t) / 9`; also while `y` drifts.
  @ParameterizedTest
  @MethodSource("methods")
  void aForcedLastLayerOfZerosLearns(Method method) {
    for (double drift : new double[] {0, 1e-3}) {
      NeuralField field =
          field(
              new double[] {0},
              (t, y, theta) -> t.mul(9).sin().mul(theta.get("theta")).add(y.mul(0)).add(drift));
      double byTheta = gradient(method, field, 1, 3, 1).theta()[0];
      assertEquals((1 - Math.cos(27)) / 9, byTheta, 1e-5, "drift " + drift);
    }
  }

  /// Windows of one or two steps of networks that move have errors of rounding size, too.
  @Test
  void shortWindowsTakeNoMorePullbacks() {
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      double[] theta = random.doubles(64 + 32 + 64, -1, 1).toArray();
      for (double last : new double[] {0.02, 0.2}) {
        NeuralField field =
            NeuralField.of(
                Parameters.none().with("a", 2, 32).with("b", 1, 32).with("c", 32, 2),
                1,
                2,
                (_, y, p) ->
                    y.matmul(p.get("a")).add(p.get("b")).tanh().matmul(p.get("c")).mul(last));
        field.bind(theta);
        double[] y0 = {random.nextGaussian(), random.nextGaussian()};
        for (double rtol : new double[] {1e-3, 1e-5, 1e-7, 1e-9}) {
          Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(rtol, rtol));
          double[] times = {0, 0.02, 0.05};
          TrajectoryGradient gradient =
              new DiscreteAdjoint(solver).gradient(field, y0, times, end(1));
          // Six stages of each step, and the last one, which the observation reaches.
          assertTrue(
              gradient.backwardEvaluations() <= 6 * gradient.forward().accepted() + 1,
              gradient.toString());
        }
      }
    }
  }
}
