package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Tolerance;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterpolatedAdjointErrorFallsWithItsTolerances {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;
  private static final double[][] TIMES = {{0.2, 0.5, 1.1, 1.3, 2.4}, {2.4, 1.3, 1.1, 0.5, 0.2}};

  @ParameterizedTest
  @EnumSource
  void ofBothSolvesTogether(ErrorControl control) {
    for (double[] times : TIMES) {
      TrajectoryGradient exact = gradient(new DiscreteAdjoint(adaptive(1e-13)), times);
      double last = Double.POSITIVE_INFINITY;
      for (double tolerance : new double[] {1e-4, 1e-6, 1e-8, 1e-10}) {
        GradientMethod method = new InterpolatedAdjoint(adaptive(tolerance)).with(control);
        double error = error(gradient(method, times), exact);
        // A factor of 100 in the tolerance of a step, and the global error follows roughly in
        // proportion: by 10 at least. Two solves of some ten steps each, of numbers of size 1.
        assertTrue(error <= last / 10, error + " after " + last);
        assertTrue(error <= 20 * tolerance, error + " at " + tolerance);
        last = error;
      }
    }
  }

  /// Down to what the other one leaves.
  @Test
  void ofEitherSolveAlone() {
    TrajectoryGradient exact = gradient(new DiscreteAdjoint(adaptive(1e-13)), TIMES[0]);
    for (double tolerance : new double[] {1e-4, 1e-6, 1e-8}) {
      double forward = error(with(tolerance, 1e-12), exact);
      double backward = error(with(1e-12, tolerance), exact);
      assertTrue(forward <= 20 * tolerance, forward + " at " + tolerance);
      assertTrue(backward <= 20 * tolerance, backward + " at " + tolerance);
      // It is not the other solve's.
      assertTrue(forward > 1e-11 && backward > 1e-11, forward + ", " + backward);
    }
  }

  /// The loss and the dense output depend on the forward solve alone.
  @Test
  void theLossIsTheForwardSolves() {
    TrajectoryGradient loose = with(1e-8, 1e-2);
    assertEquals(with(1e-8, 1e-10).loss(), loose.loss());
    assertEquals(gradient(new DiscreteAdjoint(adaptive(1e-8)), TIMES[0]).loss(), loose.loss());
  }

  /// 48 components, of which the first 6 are `a`: bit for bit.
  @Test
  void aQuadratureOutsideTheNormIsATolerance() {
    Integrator byHand =
        Integrator.of(
            Methods.DOPRI5, StepSize.Adaptive.of(Tolerance.only(1e-6, 1e-6, 0, 6, 6 + 42)));
    TrajectoryGradient some =
        gradient(new InterpolatedAdjoint(adaptive(1e-6)).with(ErrorControl.STATE), TIMES[0]);
    TrajectoryGradient same = gradient(new InterpolatedAdjoint(adaptive(1e-6), byHand), TIMES[0]);
    assertEquals(0, Differences.relative(same.theta(), some.theta()));
    assertEquals(same.backwardEvaluations(), some.backwardEvaluations());
  }

  /// `y' = θ cos 20t − y`, where `a' = a` is smooth and `g' = −a cos 20t` is not:
  ///
  ///     y(2) = θ ∫ e^{s−2} cos 20s ds = θ (cos 40 + 20 sin 40 − e^{−2}) / 401
  @Test
  void aQuadratureOutsideTheNormCostsLessAndIsNotWatched() {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("theta", 1),
            1,
            1,
            (t, y, view) -> view.get("theta").reshape(1, 1).mul(t.mul(20).cos()).sub(y));
    field.bind(new double[] {1.5});
    TrajectoryLoss end = TrajectoryLoss.traced(2, 1, y -> y.slice(0, 1, 2).sum());
    double exact = (Math.cos(40) + 20 * Math.sin(40) - Math.exp(-2)) / 401;
    InterpolatedAdjoint all = new InterpolatedAdjoint(adaptive(1e-6));
    double[] y0 = {0};
    double[] times = {0, 2};
    TrajectoryGradient watched = all.gradient(field, y0, times, end);
    TrajectoryGradient free = all.with(ErrorControl.STATE).gradient(field, y0, times, end);
    assertTrue(3 * free.backwardEvaluations() < watched.backwardEvaluations());
    // Two solves of some hundred steps within 1e-6 of numbers of size 1.
    assertEquals(exact, watched.theta()[0], 1e-5);
    assertEquals(Math.exp(-2), free.y0()[0], 1e-5);
    assertTrue(Math.abs(free.theta()[0] - exact) > 1e-3);
  }

  @Test
  void solvesItIsNotMadeForAreRefused() {
    Integrator good = adaptive(1e-6);
    Integrator fixed = Integrator.of(Methods.RK4, StepSize.Constant.of(0.1, 10));
    Integrator stopping = good.withEvent(Event.stop("down", (t, y) -> y[0]));
    Integrator jumping = good.withEvent(Event.jump("up", (t, y) -> y[0], (t, y) -> y[0] = 1));
    Integrator noisy = Integrator.of(Methods.EULER_MARUYAMA, StepSize.Constant.of(0.1, 10));
    refused(
        "interpolated adjoint: fixed steps go one way only; give a forward and a backward"
            + " integrator",
        () -> new InterpolatedAdjoint(fixed));
    refused(
        "interpolated adjoint: event up jumps by functions without derivatives; make it by TracedEvents",
        () -> new InterpolatedAdjoint(jumping, good));
    refused(
        "interpolated adjoint: the integrator has events; want one without",
        () -> new InterpolatedAdjoint(good, stopping));
    refused(
        "interpolated adjoint: EULER_MARUYAMA is stochastic; use DiscreteAdjoint",
        () -> new InterpolatedAdjoint(noisy, good));
    Integrator beyond = Integrator.of(Methods.KVAERNO5, StepSize.Adaptive.of(1e-6, 1e-6));
    refused(
        "interpolated adjoint: KVAERNO5 backward evaluates beyond its steps, at c = "
            + Methods.KVAERNO5.c(2)
            + "; want one that does not, such as KVAERNO4 or RODAS5P",
        () -> new InterpolatedAdjoint(good, beyond));
  }

  private static void refused(String message, Runnable making) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, making::run).getMessage());
  }

  private static TrajectoryGradient with(double forward, double backward) {
    return gradient(new InterpolatedAdjoint(adaptive(forward), adaptive(backward)), TIMES[0]);
  }

  private static double error(TrajectoryGradient gradient, TrajectoryGradient exact) {
    return Math.max(
        Math.max(
            Differences.relative(gradient.theta(), exact.theta()),
            Differences.relative(gradient.y0(), exact.y0())),
        Differences.relative(gradient.times(), exact.times()));
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
