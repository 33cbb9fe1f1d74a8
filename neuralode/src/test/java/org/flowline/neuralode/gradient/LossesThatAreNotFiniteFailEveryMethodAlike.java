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
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A loss, a cotangent or a pullback that is NaN or infinite: NaN and the same status by every
/// gradient method, never a success.
class LossesThatAreNotFiniteFailEveryMethodAlike {
  private static final double[] TIMES = {0, 0.4, 1};
  private static final double[] START = {1, -0.5};

  private static final Integrator SOLVER =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-8));

  static Stream<GradientMethod> methods() {
    return Stream.concat(
        withEvents(SOLVER),
        Stream.of(
            new ReversibleAdjoint(
                Integrator.of(Reversible.of(Methods.RK4), StepSize.Constant.of(0.1, 10))),
            new Backsolve(SOLVER).withFallback(0.01)));
  }

  private static Stream<GradientMethod> withEvents(Integrator solver) {
    return Stream.of(
        new DiscreteAdjoint(solver),
        new DiscreteAdjoint(solver, 1),
        new Checkpointed(solver, 3),
        new InterpolatedAdjoint(solver),
        new Backsolve(solver),
        new ForwardSensitivity(solver));
  }

  private static NeuralField field() {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("theta", 1, 1),
            1,
            2,
            (t, y, theta) -> y.mul(theta.get("theta")));
    field.bind(new double[] {-0.7});
    return field;
  }

  @ParameterizedTest
  @MethodSource("methods")
  void theLossItself(GradientMethod method) {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      TrajectoryGradient gradient =
          method.gradient(
              field(),
              START,
              TIMES,
              (y, yBar) -> {
                Arrays.fill(yBar, 1);
                return value;
              });
      requireFailed(
          gradient,
          "gradient: the loss is " + value + "; want a loss that is smooth and finite there");
      assertEquals(1, gradient.status().t());
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aCotangentAtAnyTime(GradientMethod method) {
    for (int i = 0; i < TIMES.length; i++) {
      int at = 2 * i + 1;
      TrajectoryGradient gradient =
          method.gradient(
              field(),
              START,
              TIMES,
              (y, yBar) -> {
                Arrays.fill(yBar, 1);
                yBar[at] = Double.NEGATIVE_INFINITY;
                return 2;
              });
      requireFailed(
          gradient,
          "gradient: ∂L/∂y at t = "
              + TIMES[i]
              + " is -Infinity in component 1; want a loss that is smooth and finite there");
      assertEquals(TIMES[i], gradient.status().t());
      assertEquals(1, gradient.status().worstComponent());
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void finiteOnesDoNot(GradientMethod method) {
    TrajectoryGradient gradient =
        method.gradient(
            field(),
            START,
            TIMES,
            (y, yBar) -> {
              Arrays.fill(yBar, 0);
              yBar[4] = 1;
              return y[4];
            });
    assertEquals(Reason.SUCCESS, gradient.status().reason());
    assertEquals(Math.exp(-0.7), gradient.theta()[0], 1e-4); // ∂/∂θ e^θ, by solves at 1e-6
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aPullbackThatIsNaN(GradientMethod method) {
    // √0 has no slope.
    NeuralField kink =
        NeuralField.of(
            Parameters.none().with("theta", 1, 1),
            1,
            2,
            (t, y, theta) -> y.mul(theta.get("theta").sub(2).sqrt()));
    kink.bind(new double[] {2});
    TrajectoryGradient gradient =
        method.gradient(
            kink,
            START,
            TIMES,
            (y, yBar) -> {
              Arrays.fill(yBar, 1);
              return y[4];
            });
    assertEquals(Reason.NON_FINITE_STATE, gradient.status().reason());
    requireNaN(gradient);
  }

  static Stream<GradientMethod> throughEvents() {
    Event low = TracedEvents.of(field()).mark("low", (t, y, theta) -> y.slice(1, 0, 1).sub(0.7));
    return withEvents(SOLVER.withEvent(low));
  }

  @ParameterizedTest
  @MethodSource("throughEvents")
  void aCotangentOfAnEvent(GradientMethod method) {
    EventLoss loss =
        (y, events, yBar, eventsBar) -> {
          Arrays.fill(yBar, 0);
          Arrays.fill(eventsBar, 0);
          eventsBar[3] = Double.NaN;
          return events.getFirst().t();
        };
    requireFailed(
        method.gradient(field(), START, TIMES, loss),
        "gradient: ∂L/∂(t, before, after) of event 0 is NaN in component 3; want a loss that is"
            + " smooth and finite there");
  }

  private static void requireFailed(TrajectoryGradient gradient, String message) {
    Status status = gradient.status();
    assertEquals(Reason.NON_FINITE_STATE, status.reason());
    assertEquals(message, status.message());
    assertTrue(Double.isNaN(gradient.loss()));
    requireNaN(gradient);
  }

  private static void requireNaN(TrajectoryGradient gradient) {
    for (double[] part : List.of(gradient.theta(), gradient.y0(), gradient.times())) {
      assertTrue(Arrays.stream(part).allMatch(Double::isNaN));
    }
  }
}
