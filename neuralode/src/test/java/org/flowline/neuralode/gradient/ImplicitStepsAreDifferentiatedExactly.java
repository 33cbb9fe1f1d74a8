package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.field.ForwardingField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The discrete adjoint of methods that solve equations in their steps, against differences of the
/// computed trajectory with its steps held fixed.
class ImplicitStepsAreDifferentiatedExactly {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;

  /// Values of size 1, solved to 1e-15, in differences over 7e-4: truncation h⁴ and rounding ε/h
  /// are both 3e-13, and the fifth derivative brings a factor of a few hundred.
  private static final double DIFFERENCES = 1e-9;

  static Stream<Method> methods() {
    return Methods.all().stream()
        .filter(
            method ->
                method instanceof Rosenbrock
                    || method instanceof ButcherTableau tableau && !tableau.explicit());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void onConstantSteps(Method method) {
    for (int sign : new int[] {1, -1}) {
      double[] times = {0.3, 0.3 + sign * 0.31, 0.3 + sign * 0.9, 0.3 + sign * 0.25 * 6};
      check(method, StepSize.Constant.of(sign * 0.25, 6), times);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void onAGridThatMovesWithItsObservations(Method method) {
    double[] nodes = {0.3, 0.5, 0.7, 1.2, 1.5};
    check(method, StepSize.Grid.of(nodes), 0.3, 0.5, 0.6, 1.2, 1.5);
  }

  private static void check(Method method, StepSize size, double... times) {
    NeuralField field = NETWORK.field(1);
    double[] theta = NETWORK.theta(1);
    double[] y0 = NETWORK.state(1);
    Integrator integrator = Integrator.of(method, size);
    TrajectoryGradient gradient = gradient(integrator, field, y0, times);

    double[] byTheta =
        Differences.gradient(
            moved -> {
              field.bind(moved);
              return loss(integrator, field, y0, times);
            },
            theta);
    field.bind(theta);
    double[] byStart = Differences.gradient(moved -> loss(integrator, field, moved, times), y0);
    double[] byTimes =
        Differences.gradient(
            moved -> loss(Integrator.of(method, moved(size, times, moved)), field, y0, moved),
            times);
    assertEquals(loss(integrator, field, y0, times), gradient.loss(), 1e-13);
    near(byTheta, gradient.theta(), method + " θ");
    near(byStart, gradient.y0(), method + " y0");
    near(byTimes, gradient.times(), method + " times");
  }

  private static void near(double[] differences, double[] gradient, String what) {
    double error = Differences.relative(gradient, differences);
    assertTrue(error <= DIFFERENCES, what + ": " + error);
  }

  private static StepSize moved(StepSize size, double[] times, double[] moved) {
    int last = times.length - 1;
    return switch (size) {
      case StepSize.Constant constant ->
          StepSize.Constant.of((moved[last] - moved[0]) / constant.steps(), constant.steps());
      case StepSize.Grid grid -> {
        double[] nodes = grid.times();
        for (int i = 0; i <= last; i++) {
          int at = Arrays.binarySearch(nodes, times[i]);
          if (at >= 0) {
            nodes[at] = moved[i];
          }
        }
        yield new StepSize.Grid(nodes);
      }
      case StepSize.Adaptive _ -> throw new IllegalArgumentException("adaptive");
    };
  }

  /// An adaptive solve solves its equations to a part of the tolerance only.
  @ParameterizedTest
  @MethodSource("methods")
  void onTheAcceptedStepsOfAnAdaptiveSolve(Method method) {
    if (!method.embedded()) {
      return;
    }
    double tolerance = method.order() > 3 ? 1e-9 : 1e-6;
    NeuralField field = NETWORK.field(1);
    double[] y0 = NETWORK.state(1);
    double[] times = {0.3, 0.77, 1.1, 2};
    Trajectory steps = new Trajectory();
    Integrator adaptive = Integrator.of(method, StepSize.Adaptive.of(tolerance, tolerance));
    adaptive.withObserver(steps).solve(field, y0, times).orThrow();
    List<Double> nodes = new ArrayList<>();
    for (int n = 0; n < steps.steps(); n++) {
      nodes.add(steps.t(n));
    }
    nodes.add(2.0);
    assertTrue(nodes.size() > 5, method + ": " + nodes.size() + " nodes");
    double[] grid = nodes.stream().mapToDouble(Double::doubleValue).toArray();
    TrajectoryGradient frozen =
        gradient(Integrator.of(method, new StepSize.Grid(grid)), field, y0, times);
    TrajectoryGradient gradient = gradient(adaptive, field, y0, times);
    // Newton's iterations end at a hundredth of the tolerance, and slopes are off by that over h.
    double error = Differences.relative(gradient.theta(), frozen.theta());
    assertTrue(error <= tolerance, method + ": " + error);
  }

  @Test
  void rosenbrockMethodsNeedSecondDerivatives() {
    DifferentiableField once = new OnceDifferentiable(NETWORK.field(1));
    DiscreteAdjoint adjoint =
        new DiscreteAdjoint(Integrator.of(Methods.RODAS5P, StepSize.Constant.of(0.1, 3)));
    assertEquals(
        "discrete adjoint: RODAS5P uses the field's Jacobian, whose derivative the field does not"
            + " know; want a TwiceDifferentiableField, such as a NeuralField",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    adjoint.gradient(
                        once,
                        NETWORK.state(1),
                        new double[] {0, 0.1 * 3},
                        NETWORK.trajectoryLoss(2)))
            .getMessage());
  }

  private static TrajectoryGradient gradient(
      Integrator integrator, NeuralField field, double[] y0, double[] times) {
    TrajectoryGradient gradient =
        new DiscreteAdjoint(integrator)
            .gradient(field, y0, times, NETWORK.trajectoryLoss(times.length));
    assertTrue(gradient.status().succeeded(), gradient.status().message());
    return gradient;
  }

  private static double loss(
      Integrator integrator, NeuralField field, double[] y0, double[] times) {
    Solution solution = integrator.solve(field, y0, times).orThrow();
    return ClockedNetwork.loss(solution.values());
  }

  /// A field with its first derivatives only.
  private record OnceDifferentiable(NeuralField field) implements ForwardingField {}
}
