package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.field.NeuralStochasticField;
import org.flowline.neuralode.field.SecondOrderNeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.StochasticField.Noise;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stochastic;
import org.flowline.odesolvers.method.Symplectic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The discrete adjoint of symplectic and stochastic methods, against differences of the computed
/// trajectory.
class PartialAndRandomStepsAreDifferentiatedExactly {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;
  private static final double[] THETA = NETWORK.theta(1);

  /// See [ImplicitStepsAreDifferentiatedExactly].
  private static final double DIFFERENCES = 1e-9;

  static Stream<Method> symplectic() {
    return Methods.all().stream().filter(Symplectic.class::isInstance);
  }

  static Stream<Method> stochastic() {
    return Methods.all().stream().filter(Stochastic.class::isInstance);
  }

  @ParameterizedTest
  @MethodSource("symplectic")
  void symplecticOnesInParametersStartAndTimes(Method method) {
    SecondOrderNeuralField field = SecondOrderNeuralField.of(NETWORK.field(1));
    double[] y0 = concat(NETWORK.state(1), NETWORK.state(2));
    for (int sign : new int[] {1, -1}) {
      double[] times = {0.3, 0.3 + sign * 0.31, 0.3 + sign * 0.9, 0.3 + sign * 0.25 * 6};
      Integrator integrator = Integrator.of(method, StepSize.Constant.of(sign * 0.25, 6));
      TrajectoryGradient gradient = gradient(integrator, field, y0, times);
      near(byTheta(integrator, field, y0, times), gradient.theta(), method + " θ");
      near(byStart(integrator, field, y0, times), gradient.y0(), method + " y0");
      near(
          Differences.gradient(
              moved -> {
                StepSize size = StepSize.Constant.of((moved[3] - moved[0]) / 6, 6);
                return loss(Integrator.of(method, size), field, y0, moved);
              },
              times),
          gradient.times(),
          method + " times");
    }
  }

  @ParameterizedTest
  @MethodSource("stochastic")
  void stochasticOnesOnTheirFrozenPath(Method method) {
    for (Noise noise : new Noise[] {Noise.DIAGONAL, Noise.ADDITIVE}) {
      NeuralField.Dynamics g =
          noise == Noise.ADDITIVE
              ? (t, y, theta) -> y.mul(0).add(theta.get("c").slice(0, 0, 1).mul(t.cos()).reshape())
              : (t, y, theta) -> y.mul(theta.get("c").slice(0, 0, 1).reshape()).sin().add(0.3);
      NeuralStochasticField field =
          NeuralStochasticField.of(
              NETWORK.layout(),
              NETWORK.rows(),
              NETWORK.columns(),
              NETWORK,
              g,
              noise,
              BrownianPath.of(5, NETWORK.size(), 0, 2));
      field.bind(THETA);
      double[] y0 = NETWORK.state(1);
      double[] times = {0.25, 0.6, 1.1, 0.25 + 0.25 * 6};
      Integrator integrator = Integrator.of(method, StepSize.Constant.of(0.25, 6));
      TrajectoryGradient gradient = gradient(integrator, field, y0, times);
      near(byTheta(integrator, field, y0, times), gradient.theta(), method + " θ");
      near(byStart(integrator, field, y0, times), gradient.y0(), method + " y0");
      for (double time : gradient.times()) {
        assertTrue(Double.isNaN(time), "a path has no slope");
      }
    }
  }

  private static double[] concat(double[] q, double[] v) {
    double[] both = new double[q.length + v.length];
    System.arraycopy(q, 0, both, 0, q.length);
    System.arraycopy(v, 0, both, q.length, v.length);
    return both;
  }

  private static double[] byTheta(
      Integrator integrator, DifferentiableField field, double[] y0, double[] times) {
    double[] gradient =
        Differences.gradient(
            moved -> {
              field.bind(moved);
              return loss(integrator, field, y0, times);
            },
            THETA);
    field.bind(THETA);
    return gradient;
  }

  private static double[] byStart(
      Integrator integrator, DifferentiableField field, double[] y0, double[] times) {
    return Differences.gradient(moved -> loss(integrator, field, moved, times), y0);
  }

  private static void near(double[] differences, double[] gradient, String what) {
    double error = Differences.relative(gradient, differences);
    assertTrue(error <= DIFFERENCES, what + ": " + error);
  }

  private static TrajectoryGradient gradient(
      Integrator integrator, DifferentiableField field, double[] y0, double[] times) {
    TrajectoryLoss loss =
        TrajectoryLoss.traced(times.length, field.dimension(), ClockedNetwork::loss);
    TrajectoryGradient gradient = new DiscreteAdjoint(integrator).gradient(field, y0, times, loss);
    assertTrue(gradient.status().succeeded(), gradient.status().message());
    assertEquals(loss(integrator, field, y0, times), gradient.loss(), 1e-13);
    return gradient;
  }

  private static double loss(
      Integrator integrator, DifferentiableField field, double[] y0, double[] times) {
    return ClockedNetwork.loss(integrator.solve(field, y0, times).orThrow().values());
  }
}
