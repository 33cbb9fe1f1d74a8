package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `y' = −ky` jumps to `2y + c` at `t = c`, to the bit the time of an observation and the end of a
/// step. An observation there is the state right after it, with the derivative of
///
///     y(t) = (2 y₀ e^{−k(c − t₀)} + c) e^{−k(t − c)}        t ≥ c
class ObservationsAtJumpsAreThoseAfterThem {
  private static final double C = 1;
  private static final double[] THETA = {0.7, C};
  private static final double[] START = {1.2};

  private interface Made {
    GradientMethod with(List<Event> events, double end);
  }

  private record Named(String name, Made method) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Integrator watching(Integrator solver, List<Event> events) {
    Integrator watching = solver;
    for (Event event : events) {
      watching = watching.withEvent(event);
    }
    return watching;
  }

  private static Integrator adaptive(List<Event> events) {
    StepSize size = StepSize.Adaptive.of(1e-10, 1e-10).withStops(C);
    return watching(Integrator.of(Methods.DOPRI5, size), events);
  }

  /// Steps of 1/64, of which 1 is a node.
  private static Integrator fixed(List<Event> events, double end) {
    StepSize size = StepSize.Constant.of(1.0 / 64, Math.round(64 * end));
    return watching(Integrator.of(Methods.RK4, size), events);
  }

  static Stream<Arguments> methods() {
    List<Named> methods =
        List.of(
            new Named("discrete", (events, end) -> new DiscreteAdjoint(adaptive(events))),
            new Named("discrete, fixed", (events, end) -> new DiscreteAdjoint(fixed(events, end))),
            new Named("checkpointed", (events, end) -> new Checkpointed(fixed(events, end), 4)),
            new Named("interpolated", (events, end) -> new InterpolatedAdjoint(adaptive(events))),
            new Named("backsolve", (events, end) -> new Backsolve(adaptive(events))),
            new Named("forward", (events, end) -> new ForwardSensitivity(adaptive(events))));
    return methods.stream()
        .flatMap(method -> Stream.of(1, 2).map(jumps -> Arguments.of(method, jumps)));
  }

  private static NeuralField field() {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("k", 1, 1).with("c", 1, 1),
            1,
            1,
            (t, y, theta) -> y.mul(theta.get("k")).neg());
    field.bind(THETA);
    return field;
  }

  /// The jump as one event, or as two that happen together in this order.
  private static List<Event> jumps(NeuralField field, int count) {
    TracedEvents events = TracedEvents.of(field);
    TracedEvents.Function g = (t, y, theta) -> t.sub(theta.get("c"));
    return count == 1
        ? List.of(events.jump("both", g, (t, y, theta) -> y.mul(2).add(theta.get("c"))))
        : List.of(
            events.jump("twice", g, (t, y, theta) -> y.mul(2)),
            events.jump("shift", g, (t, y, theta) -> y.add(t)));
  }

  @ParameterizedTest(name = "{0}, {1} events")
  @MethodSource("methods")
  void atAnObservation(Named named, int jumps) {
    check(named, jumps, 0, C, 2);
  }

  @ParameterizedTest(name = "{0}, {1} events")
  @MethodSource("methods")
  void atTheEnd(Named named, int jumps) {
    check(named, jumps, 0, C);
  }

  private static void check(Named named, int jumps, double... times) {
    NeuralField field = field();
    GradientMethod method = named.method.with(jumps(field, jumps), times[times.length - 1]);
    TrajectoryLoss loss =
        TrajectoryLoss.traced(times.length, 1, y -> y.slice(0, 1, times.length).sin().sum());
    TrajectoryGradient gradient = method.gradient(field, START, times, loss);
    assertEquals(exact(THETA, START, times), gradient.loss(), 1e-7);
    near(Differences.gradient(theta -> exact(theta, START, times), THETA), gradient.theta());
    near(Differences.gradient(y0 -> exact(THETA, y0, times), START), gradient.y0());
    near(Differences.gradient(t -> exact(THETA, START, t), times), gradient.times());
  }

  private static double exact(double[] theta, double[] y0, double[] times) {
    double k = theta[0];
    double c = theta[1];
    double behind = 2 * y0[0] * Math.exp(-k * (c - times[0])) + c;
    double loss = 0;
    for (int i = 1; i < times.length; i++) {
      loss += Math.sin(behind * Math.exp(-k * (times[i] - c)));
    }
    return loss;
  }

  private static void near(double[] wanted, double[] came) {
    double error = Differences.relative(came, wanted);
    assertTrue(error <= 1e-6, error + ": " + came[0] + " for " + wanted[0]);
  }

  /// A stop at an observation does not change it, and nothing is observed after it.
  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void aStopThereLeavesThemAsTheyAre(Named named) {
    NeuralField field = field();
    Event stop = TracedEvents.of(field).stop("stop", (t, y, theta) -> t.sub(theta.get("c")));
    GradientMethod method = named.method.with(List.of(stop), 2);
    EventLoss loss =
        EventLoss.traced(
            3, 1, 1, (y, e) -> y.slice(0, 1, 2).sum().add(e.slice(1, 0, 1).mul(3).sum()));
    TrajectoryGradient gradient = method.gradient(field, START, new double[] {0, C, 2}, loss);
    assertEquals(Reason.EVENT, gradient.status().reason());
    double y = START[0] * Math.exp(-THETA[0] * C);
    assertEquals(y + 3, gradient.loss(), 1e-7);
    assertArrayEquals(new double[] {-C * y, 3}, gradient.theta(), 1e-6);
    assertArrayEquals(new double[] {y / START[0]}, gradient.y0(), 1e-6);
    assertArrayEquals(new double[] {THETA[0] * y, -THETA[0] * y, 0}, gradient.times(), 1e-6);
  }
}
