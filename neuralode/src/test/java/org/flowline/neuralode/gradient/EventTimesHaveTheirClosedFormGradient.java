package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `∂t*/∂(θ, y0, t₀)` of roots whose times are known functions, by every method.
class EventTimesHaveTheirClosedFormGradient {
  private static final StepSize.Adaptive TIGHT = StepSize.Adaptive.of(1e-11, 1e-11);
  private static final Integrator SOLVER = Integrator.of(Methods.DOPRI5, TIGHT);

  private record Named(String name, Function method) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Function {
    GradientMethod with(Event... events);
  }

  private static Integrator watching(Integrator solver, Event... events) {
    Integrator watching = solver;
    for (Event event : events) {
      watching = watching.withEvent(event);
    }
    return watching;
  }

  static Stream<Named> methods() {
    return Stream.of(
        new Named("discrete", events -> new DiscreteAdjoint(watching(SOLVER, events))),
        new Named("checkpointed", events -> new Checkpointed(watching(SOLVER, events), 5)),
        new Named("interpolated", events -> new InterpolatedAdjoint(watching(SOLVER, events))),
        new Named("backsolve", events -> new Backsolve(watching(SOLVER, events))),
        new Named(
            "backsolve, anchored",
            events -> new Backsolve(watching(SOLVER, events)).withAnchors(9)),
        new Named("forward", events -> new ForwardSensitivity(watching(SOLVER, events))));
  }

  private static NeuralField decay(double... theta) {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("rate", 1, 1).with("level", 1, 1),
            1,
            1,
            (t, y, parameters) -> y.mul(parameters.get("rate")).neg());
    field.bind(theta);
    return field;
  }

  /// `y' = −ky` falls to the level `c` at `t* = t₀ + ln(y₀/c)/k`, where the solve stops; the state
  /// is also observed before.
  @ParameterizedTest
  @MethodSource("methods")
  void whereADecayReachesALevel(Named named) {
    double k = 0.8;
    double c = 0.4;
    double y0 = 1.5;
    for (int sign : new int[] {1, -1}) {
      NeuralField field = decay(sign * k, c);
      Event level =
          TracedEvents.of(field).stop("level", (t, y, theta) -> y.sub(theta.get("level")));
      double[] times = {0.3, 0.3 + sign * 0.5, 0.3 + sign * 3, 0.3 + sign * 5};
      EventLoss loss =
          EventLoss.traced(4, 1, 1, (y, e) -> e.slice(1, 0, 1).add(y.slice(0, 1, 2).mul(2)).sum());
      TrajectoryGradient gradient =
          named.method.with(level).gradient(field, new double[] {y0}, times, loss);
      assertEquals(Reason.EVENT, gradient.status().reason());
      double reached = Math.exp(-0.5 * k);
      double log = Math.log(y0 / c);
      assertEquals(0.3 + sign * log / k + 2 * y0 * reached, gradient.loss(), 1e-8);
      assertArrayEquals(
          new double[] {-sign * log / (k * k) * sign - sign * y0 * reached, -sign / (k * c)},
          gradient.theta(),
          1e-8);
      assertArrayEquals(new double[] {sign / (k * y0) + 2 * reached}, gradient.y0(), 1e-8);
      double rate = -sign * k * 2 * y0 * reached;
      assertArrayEquals(new double[] {1 - rate, rate, 0, 0}, gradient.times(), 1e-8);
    }
  }

  /// The state at a stop is always the level; the test ignores its time.
  @ParameterizedTest
  @MethodSource("methods")
  void andTheStateThereIsTheLevel(Named named) {
    NeuralField field = decay(0.8, 0.4);
    Event level = TracedEvents.of(field).stop("level", (t, y, theta) -> y.sub(theta.get("level")));
    EventLoss loss = EventLoss.traced(2, 1, 1, (y, e) -> e.slice(1, 1, 3).sum());
    TrajectoryGradient gradient =
        named.method.with(level).gradient(field, new double[] {1.5}, new double[] {0, 9}, loss);
    assertArrayEquals(new double[] {0, 2}, gradient.theta(), 1e-9);
    assertArrayEquals(new double[] {0}, gradient.y0(), 1e-9);
    assertArrayEquals(new double[] {0, 0}, gradient.times(), 1e-9);
  }

  /// A neuron `v' = (I − v)/τ` that is reset to `r` at the threshold `c`; the n-th spike is at
  ///
  ///     t₀ + τ ln((I − v₀)/(I − c)) + (n − 1) τ ln((I − r)/(I − c))
  @ParameterizedTest
  @MethodSource("methods")
  void whereANeuronSpikes(Named named) {
    double[] theta = {1.4, 0.7, 1, -0.2};
    NeuralField field =
        NeuralField.of(
            Parameters.none()
                .with("input", 1, 1)
                .with("tau", 1, 1)
                .with("threshold", 1, 1)
                .with("rest", 1, 1),
            1,
            1,
            (t, v, p) -> p.get("input").sub(v).div(p.get("tau")));
    field.bind(theta);
    Event spike =
        TracedEvents.of(field)
            .jump("spike", (t, v, p) -> v.sub(p.get("threshold")), (t, v, p) -> p.get("rest"))
            .rising();
    double[] weights = {1, -0.5, 2};
    EventLoss loss =
        EventLoss.traced(
            3,
            1,
            3,
            (v, e) ->
                e.slice(1, 0, 1)
                    .mul(e.constant(Shape.of(3, 1), weights))
                    .sum()
                    .add(v.slice(0, 2, 3).mul(3).sum()));
    double[] times = {0.1, 1.9, 3.4};
    TrajectoryGradient gradient =
        named.method.with(spike).gradient(field, new double[] {0.3}, times, loss);
    assertEquals(spikes(theta, 0.3, times, weights), gradient.loss(), 1e-8);
    near(Differences.gradient(p -> spikes(p, 0.3, times, weights), theta), gradient.theta());
    near(
        Differences.gradient(v -> spikes(theta, v[0], times, weights), new double[] {0.3}),
        gradient.y0());
    near(Differences.gradient(t -> spikes(theta, 0.3, t, weights), times), gradient.times());
  }

  private static double spikes(double[] theta, double v0, double[] times, double[] weights) {
    double input = theta[0];
    double tau = theta[1];
    double t = times[0] + tau * Math.log((input - v0) / (input - theta[2]));
    double loss = 0;
    double last = t;
    for (double weight : weights) {
      loss += weight * t;
      last = t;
      t += tau * Math.log((input - theta[3]) / (input - theta[2]));
    }
    return loss + 3 * (input + (theta[3] - input) * Math.exp((last - times[2]) / tau));
  }

  private static void near(double[] wanted, double[] came) {
    double error = Differences.relative(came, wanted);
    assertTrue(error <= 1e-7, error + ": " + came[0] + " for " + wanted[0]);
  }

  /// Three rows of which the sum reaches a level: there is one event for the whole batch, and no
  /// row has one of its own. `Σyᵢ e^{−k(t−t₀)} = c`.
  @ParameterizedTest
  @MethodSource("methods")
  void whereABatchDoesAsAWhole(Named named) {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("rate", 1, 1).with("level", 1, 1),
            3,
            1,
            (t, y, theta) -> y.mul(theta.get("rate")).neg());
    field.bind(new double[] {0.8, 0.4});
    Event level =
        TracedEvents.of(field)
            .jump(
                "level",
                (t, y, theta) -> y.sum().sub(theta.get("level")),
                (t, y, theta) -> y.add(theta.get("level")));
    EventLoss loss =
        EventLoss.traced(2, 3, 1, (y, e) -> y.slice(0, 1, 2).sum().add(e.slice(1, 0, 1).sum()));
    TrajectoryGradient gradient =
        named
            .method
            .with(level)
            .gradient(field, new double[] {0.2, 0.7, 0.5}, new double[] {0, 2}, loss);
    double event = Math.log(1.4 / 0.4) / 0.8;
    double end = 4 * 0.4 * Math.exp(-0.8 * (2 - event)); // Σ(yᵢ + c) = 4c
    double slope = 1 + 0.8 * end; // of the loss in t*
    assertEquals(end + event, gradient.loss(), 1e-8);
    double byStart = slope / (0.8 * 1.4);
    assertArrayEquals(new double[] {byStart, byStart, byStart}, gradient.y0(), 1e-8);
    assertArrayEquals(
        new double[] {-slope * event / 0.8 - end * (2 - event), end / 0.4 - slope / (0.8 * 0.4)},
        gradient.theta(),
        1e-8);
    assertArrayEquals(new double[] {slope, -0.8 * end}, gradient.times(), 1e-8);
  }

  /// `y' = Ay` with a threshold `⟨w, y⟩ = 0.3`: by the implicit function theorem `∂t*/∂y0 =
  /// −wᵀ e^{A t*} / ⟨w, A y⟩`, the exponential being solved for column by column.
  @Property(tries = 60)
  void ofAnyLinearSystem(@ForAll long seed, @ForAll @DoubleRange(min = -2, max = 2) double angle) {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("A", 2, 2), 1, 2, (t, y, theta) -> y.matmul(theta.get("A")));
    field.bind(new SplittableRandom(seed).doubles(4, -1, 1).toArray());
    double[] w = {Math.cos(angle), Math.sin(angle)};
    Event level =
        TracedEvents.of(field)
            .mark("level", (t, y, theta) -> y.mul(y.constant(Shape.of(1, 2), w)).sum().sub(0.3));
    double[] y0 = {0.9, -0.4};
    Integrator solver = watching(SOLVER, level);
    var solution = solver.solve(field, y0, 0, 3).orThrow();
    int events = solution.occurrences().size();
    double[] rate = new double[2];
    for (int i = 0; i < events; i++) {
      double t = solution.occurrences().get(i).t();
      field.evaluate(t, solution.occurrences().get(i).before(), rate);
      double speed = w[0] * rate[0] + w[1] * rate[1];
      if (t < 0.1 || Math.abs(speed) < 0.02) {
        continue; // the quotient is ill-conditioned
      }
      int row = i;
      EventLoss time =
          EventLoss.traced(2, 2, events, (y, e) -> e.slice(0, row, row + 1).slice(1, 0, 1).sum());
      double[] wanted = new double[2];
      for (int j = 0; j < 2; j++) {
        double[] column = SOLVER.solve(field, new double[] {1 - j, j}, 0, t).orThrow().last();
        wanted[j] = -(w[0] * column[0] + w[1] * column[1]) / speed;
      }
      for (GradientMethod method :
          new GradientMethod[] {new DiscreteAdjoint(solver), new ForwardSensitivity(solver)}) {
        TrajectoryGradient gradient = method.gradient(field, y0, new double[] {0, 3}, time);
        assertEquals(t, gradient.loss(), 1e-8);
        assertArrayEquals(wanted, gradient.y0(), 1e-6);
        assertArrayEquals(new double[] {1, 0}, gradient.times(), 1e-6); // only the clock moves
      }
    }
  }
}
