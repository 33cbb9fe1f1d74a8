package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// A contraction forwards is an expansion backwards.
class BacksolveIsWrongOnContractingFields {
  static final double[] THETA = {1.3, 0.4};
  static final double[] Y0 = {0.5, -0.2};
  static final double[] TIMES = {0, 3};
  static final TrajectoryLoss LOSS =
      TrajectoryLoss.traced(2, 2, y -> y.slice(0, 1, 2).slice(1, 1, 2).square().sum());
  static final Integrator TIGHT = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-9, 1e-9));

  /// The two agree on a field that contracts as much as it expands.
  @Test
  void itIsRightWhereNothingContracts() {
    NeuralField field = field(0.5, 0);
    // Tolerances of 1e-9, forty steps, and growth by e^1.5 over them.
    assertTrue(Differences.relative(backsolve(field).theta(), differences(field)) <= 1e-7);
    assertTrue(Differences.relative(discrete(field).theta(), differences(field)) <= 1e-7);
  }

  /// Backwards, errors of 1e-9 in `u` grow by `e^30`: the solve ends well, with wrong numbers.
  @Test
  void itReportsSuccessWithWrongNumbers() {
    NeuralField field = field(10, 0);
    TrajectoryGradient back = backsolve(field);
    assertTrue(back.status().succeeded());
    assertTrue(Differences.relative(back.theta(), differences(field)) > 1, "θ");
    assertTrue(Differences.relative(back.y0(), discrete(field).y0()) > 1, "y0");
    // The differences' own error: a solve at 1e-9 is smooth in θ only up to its tolerance, over
    // steps of 7e-4.
    assertTrue(Differences.relative(discrete(field).theta(), differences(field)) <= 1e-4);
  }

  /// A cubic term makes the backward solution infinite in finite time.
  @Test
  void itFailsWithNoNumbersAtAll() {
    NeuralField field = field(10, 1);
    TrajectoryGradient back = backsolve(field);
    assertEquals(Status.Reason.STEP_SIZE_UNDERFLOW, back.status().reason());
    for (double[] numbers : new double[][] {back.theta(), back.y0(), back.times()}) {
      assertTrue(Arrays.stream(numbers).allMatch(Double::isNaN));
    }
    assertTrue(Differences.relative(discrete(field).theta(), differences(field)) <= 1e-4);
  }

  static TrajectoryGradient discrete(NeuralField field) {
    return new DiscreteAdjoint(TIGHT).gradient(field, Y0, TIMES, LOSS);
  }

  private static TrajectoryGradient backsolve(NeuralField field) {
    return new Backsolve(TIGHT).gradient(field, Y0, TIMES, LOSS);
  }

  static double[] differences(NeuralField field) {
    double[] differences =
        Differences.gradient(
            theta -> {
              field.bind(theta);
              double v = TIGHT.solve(field, Y0, TIMES).orThrow().last()[1];
              return v * v;
            },
            THETA);
    field.bind(THETA);
    return differences;
  }

  /// A fast component `u` that follows a slow `v`, which it drives:
  ///
  ///     u' = −λ (u − θ₀ cos v) − cubic·u³        v' = θ₁ u² − v
  static NeuralField field(double lambda, double cubic) {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("theta", 2),
            1,
            2,
            (_, y, view) -> {
              Var u = y.slice(1, 0, 1);
              Var v = y.slice(1, 1, 2);
              Var theta = view.get("theta").reshape(1, 2);
              Var target = v.cos().mul(theta.slice(1, 0, 1));
              Var fast = u.sub(target).mul(-lambda).sub(u.pow(3).mul(cubic));
              Var slow = u.square().mul(theta.slice(1, 1, 2)).sub(v);
              return Var.concat(1, List.of(fast, slow));
            });
    field.bind(THETA);
    return field;
  }
}
