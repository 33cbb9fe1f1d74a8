package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A loss times `s` has the gradient times `s`, from `s = 1e-300` to `1e300`, by every method and
/// to
/// the same accuracy: tolerances of backward solves are relative to the loss' cotangents.
class GradientsAreLinearInTheLoss {
  private static final Integrator SOLVER =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-10));

  private static final double[] SCALES = {1e-300, 1e-12, 1e-9, 1e-6, 1, 1e6, 1e12, 1e300};

  static Stream<GradientMethod> methods() {
    return Stream.of(
        new DiscreteAdjoint(SOLVER),
        new Checkpointed(SOLVER, 4),
        new ReversibleAdjoint(Integrator.of(Reversible.of(Methods.DOPRI5), SOLVER.stepSize())),
        new InterpolatedAdjoint(SOLVER),
        new InterpolatedAdjoint(SOLVER).with(ErrorControl.STATE),
        new Backsolve(SOLVER),
        new Backsolve(SOLVER).withAnchors(3),
        new ForwardSensitivity(SOLVER));
  }

  static Stream<GradientMethod> continuous() {
    return Stream.of(
        new InterpolatedAdjoint(SOLVER),
        new InterpolatedAdjoint(SOLVER).with(ErrorControl.STATE),
        new Backsolve(SOLVER),
        new ForwardSensitivity(SOLVER));
  }

  /// The last state times `s`.
  private static TrajectoryLoss end(double s) {
    return (y, yBar) -> {
      Arrays.fill(yBar, 0);
      yBar[yBar.length - 1] = s;
      return s * y[y.length - 1];
    };
  }

  /// `y' = p y cos 9t`, hence `y = y0 exp(p sin 9t / 9)`.
  @ParameterizedTest
  @MethodSource("methods")
  void onAMovingSolution(GradientMethod method) {
    NeuralField field = field((t, y, theta) -> y.mul(theta.get("p")).mul(t.mul(9).cos()), 1);
    double end = Math.exp(Math.sin(18) / 9);
    for (double s : SCALES) {
      TrajectoryGradient gradient =
          method.gradient(field, new double[] {1}, new double[] {0, 2}, end(s));
      assertTrue(gradient.status().succeeded());
      // Fifty steps, each within 1e-8.
      assertEquals(end * Math.sin(18) / 9, gradient.theta()[0] / s, 5e-7, method + " × " + s);
      assertEquals(end, gradient.y0()[0] / s, 5e-7, method + " × " + s);
      assertEquals(end * Math.cos(18), gradient.times()[1] / s, 5e-7, method + " × " + s);
    }
  }

  /// `y' = p − y` at rest, hence `∂y/∂p = 1 − e^{−t}`: nothing but the adjoint limits the steps.
  @ParameterizedTest
  @MethodSource("continuous")
  void atRest(GradientMethod method) {
    NeuralField field = field((t, y, theta) -> y.neg().add(theta.get("p")), 1);
    for (double s : SCALES) {
      TrajectoryGradient gradient =
          method.gradient(field, new double[] {1}, new double[] {0, 3}, end(s));
      assertTrue(gradient.status().succeeded());
      assertEquals(1 - Math.exp(-3), gradient.theta()[0] / s, 5e-7, method + " × " + s);
      assertEquals(Math.exp(-3), gradient.y0()[0] / s, 5e-7, method + " × " + s);
    }
  }

  /// The time `−ln(½)/p` at which `y' = −p y` falls to ½ of `y0 = 1`.
  @ParameterizedTest
  @MethodSource("methods")
  void throughAnEvent(GradientMethod method) {
    if (method instanceof ReversibleAdjoint) {
      return;
    }
    NeuralField field = field((t, y, theta) -> y.mul(theta.get("p")).neg(), 2);
    Event half = TracedEvents.of(field).stop("half", (t, y, theta) -> y.sub(0.5));
    GradientMethod through = over(method, SOLVER.withEvent(half));
    for (double s : SCALES) {
      EventLoss time =
          (states, events, statesBar, eventsBar) -> {
            Arrays.fill(statesBar, 0);
            Arrays.fill(eventsBar, 0);
            eventsBar[0] = s;
            return s * events.getFirst().t();
          };
      TrajectoryGradient gradient =
          through.gradient(field, new double[] {1}, new double[] {0, 3}, time);
      assertEquals(Math.log(0.5) / 4, gradient.theta()[0] / s, 5e-7, method + " × " + s);
      assertEquals(0.5, gradient.y0()[0] / s, 5e-7, method + " × " + s);
    }
  }

  private static GradientMethod over(GradientMethod method, Integrator forward) {
    Integrator backward = forward.withoutEvents();
    return switch (method) {
      case DiscreteAdjoint _ -> new DiscreteAdjoint(forward);
      case Checkpointed checkpointed -> new Checkpointed(forward, checkpointed.slots());
      case ReversibleAdjoint reversible -> reversible;
      case InterpolatedAdjoint one -> new InterpolatedAdjoint(forward, backward, one.control());
      case Backsolve one ->
          new Backsolve(forward, backward, one.anchors(), one.control(), one.limit());
      case ForwardSensitivity one -> new ForwardSensitivity(forward, one.control());
    };
  }

  private static NeuralField field(NeuralField.Dynamics dynamics, double p) {
    NeuralField field = NeuralField.of(Parameters.none().with("p", 1, 1), 1, 1, dynamics);
    field.bind(new double[] {p});
    return field;
  }

  /// The values are at the ends of what doubles represent, and their exponents alone differ.
  @ParameterizedTest
  @MethodSource("methods")
  void powersOfTwoChangeNoOtherBit(GradientMethod method) {
    NeuralField field = field((t, y, theta) -> y.mul(theta.get("p")).mul(t.mul(9).cos()), 1);
    double[] y0 = {1};
    double[] times = {0, 2};
    TrajectoryGradient one = method.gradient(field, y0, times, end(1));
    for (int k : List.of(-900, -30, 30, 900)) {
      TrajectoryGradient other = method.gradient(field, y0, times, end(Math.scalb(1.0, k)));
      assertEquals(one.theta()[0], Math.scalb(other.theta()[0], -k), method + " × 2^" + k);
      assertEquals(one.y0()[0], Math.scalb(other.y0()[0], -k), method + " × 2^" + k);
    }
  }
}
