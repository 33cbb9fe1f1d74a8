package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The steps of an adaptive solve of Van der Pol's oscillator with `μ = 1000`, for an oscillator
/// whose jumps come a little earlier or later: on long steps they are not resolved, and the result
/// must be a failure that names the way out, not 1e11 and later a smooth decay.
class RigidGridsSayWhereTheyDoNotFit {

  static Stream<Method> methods() {
    return Stream.of(Methods.RODAS5P, Methods.ROSENBROCK23);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void whereTheSolutionHasMoved(Method method) {
    double[] nodes = nodes(method, 1e-4);
    VanDerPol same = new VanDerPol(1000);
    Solution repeated = solve(method, StepSize.Grid.of(nodes), same);
    assertTrue(repeated.status().succeeded(), repeated.status().message());
    assertEquals(1.706, repeated.last()[0], 0.01);
    for (double change : new double[] {1e-6, 1e-4, 1e-3, 1e-2, -1e-3, -1e-2}) {
      Solution moved = solve(method, StepSize.Grid.of(nodes), new VanDerPol(1000 * (1 + change)));
      assertEquals(Reason.NONLINEAR_SOLVER, moved.status().reason(), "μ changed by " + change);
      assertTrue(
          moved
              .status()
              .message()
              .endsWith(
                  ": try smaller steps, or an Adaptive step size; a Grid from another solve does"
                      + " not follow where this one changes fast"),
          moved.status().message());
      assertTrue(Math.abs(moved.last()[0]) < 3, "|y| = " + moved.last()[0]);
    }
  }

  /// Fast components that a single step skips are no failure: decay onto a slow solution, from
  /// above and below, and undamped oscillation.
  @ParameterizedTest
  @MethodSource("methods")
  void butNotWhereFastComponentsAreSkipped(Method method) {
    double[] rates = IntStream.range(0, 60).mapToDouble(i -> Math.pow(10, i / 6.0 - 1)).toArray();
    for (double rate : rates) {
      for (double start : List.of(0.0, 1.0, 2.0)) {
        VectorField decay =
            VectorField.of(1, (t, y, dydt) -> dydt[0] = -rate * (y[0] - Math.cos(0.1 * t)));
        assertTrue(
            Integrator.of(method, StepSize.Constant.of(1, 10))
                .solve(decay, new double[] {start}, 0, 10)
                .status()
                .succeeded(),
            "decay at " + rate);
      }
      VectorField oscillation =
          VectorField.of(
              2,
              (_, y, dydt) -> {
                dydt[0] = rate * y[1];
                dydt[1] = -rate * y[0];
              });
      assertTrue(
          Integrator.of(method, StepSize.Constant.of(1, 10))
              .solve(oscillation, new double[] {1, 0}, 0, 10)
              .status()
              .succeeded(),
          "oscillation at " + rate);
    }
  }

  /// The limit of the estimate for a fast decay, against a step.
  @ParameterizedTest
  @MethodSource("methods")
  void withAKnownEstimateOfFastDecay(Method method) {
    double[] estimate = new double[1];
    VectorField decay = VectorField.of(1, (_, y, dydt) -> dydt[0] = -1e12 * y[0]);
    Integrator.of(method, StepSize.Constant.of(1, 1))
        .withObserver(step -> estimate[0] = Math.abs(step.errors[0]))
        .solve(decay, new double[] {1}, 0, 1)
        .orThrow();
    assertEquals(estimate[0], ((Rosenbrock) method).stiffError(), 1e-6);
  }

  private static double[] nodes(Method method, double tolerance) {
    Trajectory steps = new Trajectory();
    Integrator.of(method, StepSize.Adaptive.of(tolerance, tolerance))
        .withObserver(steps)
        .solve(new VanDerPol(1000), new double[] {2, 0}, 0, 2000)
        .orThrow();
    return IntStream.rangeClosed(0, steps.steps())
        .mapToDouble(n -> n < steps.steps() ? steps.t(n) : 2000)
        .toArray();
  }

  private static Solution solve(Method method, StepSize size, VectorField field) {
    return Integrator.of(method, size).solve(field, new double[] {2, 0}, 0, 2000);
  }

  private record VanDerPol(double mu) implements FieldWithJacobian {
    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = y[1];
      dydt[1] = mu * (1 - y[0] * y[0]) * y[1] - y[0];
    }

    @Override
    public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
      dfdy[0][1] = 1;
      dfdy[1][0] = -2 * mu * y[0] * y[1] - 1;
      dfdy[1][1] = mu * (1 - y[0] * y[0]);
    }
  }

  /// `y' = 1 - 2t` is back at 0 after one step of any size: error and state are both rounding.
  @ParameterizedTest
  @MethodSource("methods")
  void norWhereTheSolutionReturnsToZero(Method method) {
    for (double h : new double[] {1e-9, 1, 1.1, 3, 1e9}) {
      VectorField field = VectorField.of(1, (t, _, dydt) -> dydt[0] = 1 - 2 * t / h);
      Solution solution =
          Integrator.of(method, StepSize.Constant.of(h, 1)).solve(field, new double[1], 0, h);
      assertTrue(solution.status().succeeded(), solution.status().message());
      assertEquals(0, solution.last()[0] / h, 1e-7);
    }
  }
}
