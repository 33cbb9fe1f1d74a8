package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Both differ from the gradient of the true trajectory by the solver's error, hence from each
/// other as `O(hᵖ)`.
class ContinuousAdjointTendsToTheDiscreteOne {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;

  static Stream<ButcherTableau> tableaux() {
    return SolveCase.tableaux();
  }

  @ParameterizedTest
  @MethodSource("tableaux")
  void atTheSolversOrder(ButcherTableau tableau) {
    for (int i = 0; i < 3; i++) {
      // The two gradients of Heun's method share their leading error in θ and `y0`: there,
      // measured, they are closer by one order than either is to the truth.
      int order = tableau == Methods.HEUN && i < 2 ? 3 : tableau.order();
      requireOrder(order, slope(tableau, Backsolve::new, i), tableau);
    }
  }

  /// Steps of order `p` along dense output of order `q`, off by `O(h^{q+1})`.
  @ParameterizedTest
  @MethodSource("tableaux")
  void atThatOfTheSolverOrTheDenseOutput(ButcherTableau tableau) {
    for (int i = 0; i < 3; i++) {
      int order = Math.min(tableau.order(), tableau.denseOrder() + 1);
      requireOrder(order, slope(tableau, InterpolatedAdjoint::new, i), tableau);
    }
  }

  /// The next power of h is a few tenths of the slope at finite steps; where it nearly cancels the
  /// leading one (the times of TSIT5), the slope is steeper by one.
  private static void requireOrder(int order, double slope, ButcherTableau tableau) {
    assertTrue(order - 0.3 <= slope && slope <= order + 1, tableau + ": " + slope);
  }

  private static double slope(
      ButcherTableau tableau,
      BiFunction<Integrator, Integrator, GradientMethod> continuous,
      int gradient) {
    // Order 8 is at rounding from 16 steps on, order 7 from 32 on.
    int coarse = tableau.order() > 7 ? 3 : tableau.order() > 6 ? 4 : tableau.order() > 3 ? 8 : 32;
    double far = distances(tableau, coarse, continuous)[gradient];
    double near = distances(tableau, 4 * coarse, continuous)[gradient];
    return Math.log(far / near) / Math.log(4);
  }

  /// Between the gradients with respect to θ, `y0` and the times.
  private static double[] distances(
      ButcherTableau tableau,
      int steps,
      BiFunction<Integrator, Integrator, GradientMethod> method) {
    double h = 1.5 / steps;
    double[] times = {0.2, StepSize.Constant.of(h, steps).end(0.2)};
    Integrator forward = Integrator.of(tableau, StepSize.Constant.of(h, steps));
    Integrator backward = Integrator.of(tableau, StepSize.Constant.of(-h, steps));
    TrajectoryGradient continuous = gradient(method.apply(forward, backward), times);
    TrajectoryGradient discrete = gradient(new DiscreteAdjoint(forward), times);
    assertEquals(discrete.loss(), continuous.loss());
    return new double[] {
      Differences.relative(continuous.theta(), discrete.theta()),
      Differences.relative(continuous.y0(), discrete.y0()),
      Differences.relative(continuous.times(), discrete.times())
    };
  }

  private static TrajectoryGradient gradient(GradientMethod method, double[] times) {
    return method.gradient(NETWORK.field(1), NETWORK.state(1), times, NETWORK.trajectoryLoss(2));
  }
}
