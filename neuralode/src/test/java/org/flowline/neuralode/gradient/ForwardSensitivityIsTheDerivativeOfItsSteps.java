package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Deriving a step of `y` with respect to `y0` and θ gives the step of `S`.
class ForwardSensitivityIsTheDerivativeOfItsSteps {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;

  static Stream<SolveCase> solves() {
    return SolveCase.all();
  }

  /// Every tableau, step size, direction and place of observations: the loss has the same bits, and
  /// the gradient is the discrete adjoint's.
  @ParameterizedTest
  @MethodSource("solves")
  void onTheSameSteps(SolveCase solve) {
    TrajectoryGradient discrete = solve.discrete();
    TrajectoryGradient forward =
        gradient(
            new ForwardSensitivity(solve.integrator()).with(ErrorControl.STATE), solve.times());
    assertEquals(discrete.loss(), forward.loss());
    // Sums of some hundred products of size 1, in another order.
    assertTrue(Differences.relative(forward.theta(), discrete.theta()) <= 1e-13);
    assertTrue(Differences.relative(forward.y0(), discrete.y0()) <= 1e-13);
  }

  @ParameterizedTest
  @EnumSource
  void timesIncludedItsErrorFallsWithItsTolerance(ErrorControl control) {
    double[] times = {2.4, 1.3, 1.1, 0.5, 0.2};
    TrajectoryGradient exact = gradient(new DiscreteAdjoint(adaptive(1e-13)), times);
    double[] errors = new double[4];
    for (int i = 0; i < 4; i++) {
      double tolerance = Math.pow(10, -4 - 2 * i);
      TrajectoryGradient some =
          gradient(new ForwardSensitivity(adaptive(tolerance)).with(control), times);
      errors[i] =
          Math.max(
              Math.max(
                  Differences.relative(some.theta(), exact.theta()),
                  Differences.relative(some.y0(), exact.y0())),
              Differences.relative(some.times(), exact.times()));
      // One solve of some ten steps, each within its tolerance of numbers of size 1.
      assertTrue(errors[i] <= 20 * tolerance, errors[i] + " at " + tolerance);
      assertTrue(i == 0 || errors[i] < errors[i - 1], errors[i] + " at " + tolerance);
    }
    // Roughly in proportion to the tolerance, over six decades: over four at least.
    assertTrue(errors[3] <= 1e-4 * errors[0], errors[3] + " after " + errors[0]);
  }

  @Test
  void whatItIsNotMadeForIsRefused() {
    Integrator jumping =
        adaptive(1e-6).withEvent(Event.jump("up", (t, y) -> y[0], (t, y) -> y[0] = 1));
    assertEquals(
        "forward sensitivity: event up jumps by functions without derivatives; make it by TracedEvents",
        assertThrows(IllegalArgumentException.class, () -> new ForwardSensitivity(jumping))
            .getMessage());
    ForwardSensitivity method = new ForwardSensitivity(adaptive(1e-6));
    assertEquals(
        "forward sensitivity: y0 has 2 components; the field has 6",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    method.gradient(
                        NETWORK.field(1),
                        new double[2],
                        new double[] {0, 1},
                        NETWORK.trajectoryLoss(2)))
            .getMessage());
  }

  private static Integrator adaptive(double tolerance) {
    return Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(tolerance, tolerance));
  }

  private static TrajectoryGradient gradient(GradientMethod method, double[] times) {
    TrajectoryGradient gradient =
        method.gradient(
            NETWORK.field(1), NETWORK.state(1), times, NETWORK.trajectoryLoss(times.length));
    assertTrue(gradient.status().succeeded());
    return gradient;
  }
}
