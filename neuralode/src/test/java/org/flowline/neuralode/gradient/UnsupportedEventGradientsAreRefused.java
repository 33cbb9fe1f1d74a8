package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnsupportedEventGradientsAreRefused {
  private static final Integrator SOLVER =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-8));
  private static final double[] TIMES = {0, 1, 3};

  /// `y' = −θy`
  private static NeuralField decay() {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("rate", 1, 1), 1, 1, (t, y, p) -> y.mul(p.get("rate")).neg());
    field.bind(new double[] {1});
    return field;
  }

  private static final EventLoss WHEN = EventLoss.traced(3, 1, 1, (y, e) -> e.slice(1, 0, 1).sum());

  static Stream<Function<Integrator, GradientMethod>> methods() {
    return Stream.of(
        DiscreteAdjoint::new,
        solver -> new Checkpointed(solver, 3),
        InterpolatedAdjoint::new,
        Backsolve::new,
        ForwardSensitivity::new);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void jumpsWithoutDerivatives(Function<Integrator, GradientMethod> method) {
    Event plain = Event.jump("kick", (t, y) -> y[0] - 0.5, (t, y) -> y[0] = 1);
    ends(
        ": event kick jumps by functions without derivatives; make it by TracedEvents",
        () -> method.apply(SOLVER.withEvent(plain)));
  }

  /// A solve that stops, or is marked, needs no derivatives as long as nothing depends on when.
  @ParameterizedTest
  @MethodSource("methods")
  void timesOfFunctionsWithoutDerivatives(Function<Integrator, GradientMethod> method) {
    NeuralField field = decay();
    for (Event plain :
        new Event[] {
          Event.stop("low", (t, y) -> y[0] - 0.2), Event.mark("low", (t, y) -> y[0] - 0.2)
        }) {
      GradientMethod watching = method.apply(SOLVER.withEvent(plain));
      EventLoss before = EventLoss.traced(3, 1, 1, (y, e) -> y.slice(0, 1, 2).sum());
      double[] y0 = {1};
      assertArrayEquals(
          new double[] {-Math.exp(-1)}, watching.gradient(field, y0, TIMES, before).theta(), 1e-6);
      is(
          "gradient: something depends on the time of event low, whose g has no derivatives;"
              + " make it by TracedEvents",
          () -> watching.gradient(field, y0, TIMES, WHEN));
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void statesAfterAStop(Function<Integrator, GradientMethod> method) {
    NeuralField field = decay();
    Event stop = TracedEvents.of(field).stop("low", (t, y, p) -> y.sub(0.2));
    GradientMethod stopping = method.apply(SOLVER.withEvent(stop));
    TrajectoryLoss all = TrajectoryLoss.traced(3, 1, Var::sum);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> stopping.gradient(field, new double[] {1}, TIMES, all))
            .getMessage();
    assertTrue(
        message.startsWith(
            "gradient: the loss depends on the state at t = 3.0, after the event low at t = 1.6"),
        message);
    assertTrue(
        message.endsWith("; want a loss that leaves out states that are NaN, such as an EventLoss"),
        message);
  }

  /// `(t − 1)³` crosses 0 at its inflection, and `−(t − 1)²` touches it at the end of a step: where
  /// a little more or less has its root moves as a cubic root, or there is none.
  @ParameterizedTest
  @MethodSource("methods")
  void tangentialCrossings(Function<Integrator, GradientMethod> method) {
    NeuralField field = decay();
    Integrator stopping =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-8).withStops(1));
    TracedEvents events = TracedEvents.of(field);
    Event[] tangents = {
      events.mark("root", (t, y, p) -> t.sub(1).pow(3)),
      events.mark("root", (t, y, p) -> t.sub(1).square().neg())
    };
    for (Event tangent : tangents) {
      GradientMethod watching = method.apply(stopping.withEvent(tangent));
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> watching.gradient(field, new double[] {1}, TIMES, WHEN))
              .getMessage();
      assertTrue(
          message.matches(
              "gradient: event root at t = .* is a tangential crossing, dg/dt = .*, where its time"
                  + " has no derivative; want a g that crosses 0"),
          message);
    }
  }

  /// `y = y₀ − 1 − (t − 1)³` reaches 0.001 a little before its inflection, at `(t* − 1)² = 0.01`:
  /// `dt*/dy₀ = 1/(3 (t* − 1)²)`.
  @ParameterizedTest
  @MethodSource("methods")
  void butNotNearlyTangentialOnes(Function<Integrator, GradientMethod> method) {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("unused", 1, 1),
            1,
            1,
            (t, y, p) -> y.mul(0).sub(t.sub(1).square().mul(3)));
    field.bind(new double[1]);
    Event root = TracedEvents.of(field).mark("root", (t, y, p) -> y.sub(1e-3));
    TrajectoryGradient gradient =
        method.apply(SOLVER.withEvent(root)).gradient(field, new double[] {1}, TIMES, WHEN);
    assertEquals(0.9, gradient.loss(), 1e-6);
    assertEquals(1 / 0.03, gradient.y0()[0], 1e-4);
  }

  @Test
  void eventsOfAnotherField() {
    NeuralField field = decay();
    NeuralField other = decay();
    Event stop = TracedEvents.of(other).stop("low", (t, y, p) -> y.sub(0.2));
    DiscreteAdjoint method = new DiscreteAdjoint(SOLVER.withEvent(stop));
    is(
        "gradient: event low reads the θ of another field; make it by TracedEvents.of the field that"
            + " is solved",
        () -> method.gradient(field, new double[] {1}, TIMES, WHEN));
    other.bind(field.parameters());
    assertEquals(1, method.gradient(field, new double[] {1}, TIMES, WHEN).y0()[0], 1e-6);
  }

  @Test
  void functionsThatDoNotFit() {
    NeuralField field = decay();
    is(
        "event low: g is of shape [1, 2]; want []",
        () -> TracedEvents.of(field).stop("low", (t, y, p) -> Var.concat(1, List.of(y, y))));
    is(
        "event kick: the reset is of shape [1, 2]; want [1, 1]",
        () ->
            TracedEvents.of(field)
                .jump("kick", (t, y, p) -> y, (t, y, p) -> Var.concat(1, List.of(y, y))));
    is(
        "events: θ of 0 numbers and a state [2, 1]; want 1 and 1 numbers, as the field has",
        () -> TracedEvents.of(field, Parameters.none(), Shape.of(2, 1)));
  }

  @Test
  void anotherNumberOfEventsThanWasTraced() {
    NeuralField field = decay();
    Event stop = TracedEvents.of(field).stop("low", (t, y, p) -> y.sub(0.2));
    EventLoss two = EventLoss.traced(3, 1, 2, (y, e) -> e.sum());
    is(
        "event loss: 1 events happened, want 2; write an EventLoss that counts them, or trace the"
            + " number",
        () ->
            new DiscreteAdjoint(SOLVER.withEvent(stop))
                .gradient(field, new double[] {1}, TIMES, two));
  }

  @Test
  void eventsBackwardAndOfMethodsThatCannot() {
    NeuralField field = decay();
    Integrator jumping =
        SOLVER.withEvent(
            TracedEvents.of(field).jump("kick", (t, y, p) -> y.sub(0.2), (t, y, p) -> y.add(1)));
    is(
        "backsolve: the integrator has events; want one without",
        () -> new Backsolve(SOLVER, jumping));
    is(
        "interpolated adjoint: the integrator has events; want one without",
        () -> new InterpolatedAdjoint(SOLVER, jumping));
    Event kick = jumping.events().getFirst();
    Integrator noisy =
        Integrator.of(Methods.EULER_MARUYAMA, StepSize.Constant.of(0.1, 10)).withEvent(kick);
    is(
        "discrete adjoint: event kick jumps on a random path, which has no slope there; want a solve"
            + " without noise",
        () -> new DiscreteAdjoint(noisy));
  }

  private static void is(String wanted, Executable refused) {
    assertEquals(wanted, assertThrows(IllegalArgumentException.class, refused).getMessage());
  }

  private static void ends(String wanted, Executable refused) {
    String message = assertThrows(IllegalArgumentException.class, refused).getMessage();
    assertTrue(message.endsWith(wanted), message);
  }
}
