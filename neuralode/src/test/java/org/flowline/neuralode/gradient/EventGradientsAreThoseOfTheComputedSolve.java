package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.fixtures.FrozenEvents;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Event.Effect;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The discrete adjoint of a solve whose state jumps, against extrapolated differences of the same
/// solve on the same steps, at tolerances where the steps' own error is as plain as day. Events and
/// jumps depend on `t`, on `y` and on θ:
///
///     g = sin(ωt) + 0.1 y₀₀ + 0.2 b₀        r = 0.98 y + 0.3 + 0.02 (f(t, y; θ) + cos t + u₀)
///
/// with a mark at `g = 0.5`. After a jump `g` is larger, so that it does not happen again at once.
class EventGradientsAreThoseOfTheComputedSolve {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;

  /// @param frequency of `g`
  private record Case(String name, Integrator solver, double[] times, double frequency) {
    NeuralField field() {
      return NETWORK.field(1);
    }

    Integrator with(NeuralField field) {
      TracedEvents events = TracedEvents.of(field);
      TracedEvents.Function g =
          (t, y, theta) ->
              t.mul(frequency)
                  .sin()
                  .add(y.slice(0, 0, 1).slice(1, 0, 1).reshape().mul(0.1))
                  .add(theta.get("b").slice(0, 0, 1).reshape().mul(0.2));
      Event jump =
          events
              .jump(
                  "jump",
                  g,
                  (t, y, theta) ->
                      y.mul(0.98)
                          .add(0.3)
                          .add(NETWORK.apply(t, y, theta).mul(0.02))
                          .add(t.cos().mul(0.02))
                          .add(theta.get("unused").slice(0, 0, 1).reshape().mul(0.02)))
              .rising();
      Event mark = events.mark("mark", (t, y, theta) -> g.apply(t, y, theta).sub(0.5)).falling();
      return solver
          .withEvent(jump.withTolerance(1e-15).withChecks(15))
          .withEvent(mark.withTolerance(1e-15).withChecks(15));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    List<Method> methods =
        List.of(
            Methods.EULER,
            Methods.HEUN,
            Methods.RK4,
            Methods.BOSH3,
            Methods.DOPRI5,
            Methods.TSIT5,
            Methods.DOP853,
            Methods.KVAERNO3,
            Methods.RODAS5P);
    return methods.stream().flatMap(method -> Stream.of(1, -1).flatMap(sign -> of(method, sign)));
  }

  private static Stream<Case> of(Method method, int sign) {
    String name = method.name() + (sign > 0 ? " forward, " : " backward, ");
    double end = 0.3 + sign * 3.0;
    double[] times = {0.3, 0.3 + sign * 0.61, 0.3 + sign * 1.05, 0.3 + sign * 2.7, end};
    StepSize.Constant constant = StepSize.Constant.of(sign * 0.25, 12);
    times[4] = constant.end(0.3);
    StepSize.Grid grid =
        StepSize.Grid.of(0.3, 0.3 + sign * 0.4, times[1], times[2], 0.3 + sign * 2, times[4]);
    Case fixed = new Case(name + "constant", Integrator.of(method, constant), times, 3);
    Case often = new Case(name + "several in a step", Integrator.of(method, constant), times, 40);
    Case onNodes = new Case(name + "grid", Integrator.of(method, grid), times, 3);
    if (!method.embedded() || method == Methods.KVAERNO3) {
      // Newton's method ends at the tolerance of adaptive steps, which a grid does not have.
      return Stream.of(fixed, often, onNodes);
    }
    double tolerance = method.order() > 5 ? 1e-7 : method.order() > 3 ? 1e-4 : 1e-2;
    Integrator adaptive = Integrator.of(method, StepSize.Adaptive.of(tolerance, tolerance));
    return Stream.of(fixed, often, onNodes, new Case(name + "adaptive", adaptive, times, 3));
  }

  private static EventLoss loss(int times, int events) {
    return EventLoss.traced(
        times,
        NETWORK.size(),
        events,
        (y, e) -> ClockedNetwork.loss(y).add(e.add(0.3).sin().square().mean()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void withRespectToParametersStartAndTimes(Case problem) {
    NeuralField field = problem.field();
    Integrator solver = problem.with(field);
    double[] y0 = NETWORK.state(1);
    double[] times = problem.times;
    Solution solution = solver.solve(field, y0, times).orThrow();
    long jumps =
        solution.occurrences().stream()
            .filter(event -> event.event().effect() instanceof Effect.Jump)
            .count();
    assertTrue(jumps >= 1 && solution.occurrences().size() > jumps, "jumps and marks");
    if (problem.frequency > 10) {
      assertTrue(jumps > 12 && jumps < 30, jumps + " jumps in what would be 12 steps");
    }
    EventLoss loss = loss(times.length, solution.occurrences().size());
    TrajectoryGradient gradient = new DiscreteAdjoint(solver).gradient(field, y0, times, loss);

    double[] theta = field.parameters();
    Computed computed = computed(problem, field, y0, loss);
    assertEquals(computed.at(theta, y0, times), gradient.loss(), 1e-12);
    near(Differences.gradient(p -> computed.at(p, y0, times), theta), gradient.theta());
    near(Differences.gradient(y -> computed.at(theta, y, times), y0), gradient.y0());
    near(Differences.gradient(t -> computed.at(theta, y0, t), times), gradient.times());

    field.bind(theta);
    for (int slots : new int[] {2, 5}) {
      TrajectoryGradient few = new Checkpointed(solver, slots).gradient(field, y0, times, loss);
      assertEquals(gradient.loss(), few.loss());
      assertArrayEquals(gradient.theta(), few.theta(), 0);
      assertArrayEquals(gradient.y0(), few.y0(), 0);
      assertArrayEquals(gradient.times(), few.times(), 0);
    }
    int steps = Math.toIntExact(solution.stats().accepted());
    long budget = 8L * steps * NETWORK.size();
    TrajectoryGradient thrifty =
        new DiscreteAdjoint(solver, budget).gradient(field, y0, times, loss);
    assertArrayEquals(gradient.theta(), thrifty.theta(), 0);
  }

  private interface Computed {
    double at(double[] theta, double[] y0, double[] times);
  }

  private static Computed computed(Case problem, NeuralField field, double[] y0, EventLoss loss) {
    Integrator solver = problem.with(field);
    if (solver.stepSize() instanceof StepSize.Adaptive) {
      return new FrozenEvents(field, solver, y0, problem.times, loss)::at;
    }
    return (theta, start, times) -> {
      field.bind(theta);
      Solution solution =
          solver
              .withStepSize(moved(solver.stepSize(), problem.times, times))
              .solve(field, start, times)
              .orThrow();
      return LossCotangents.of(loss, times, solution, start.length).value();
    };
  }

  private static StepSize moved(StepSize size, double[] times, double[] moved) {
    int last = times.length - 1;
    return switch (size) {
      case StepSize.Constant constant ->
          StepSize.Constant.of((moved[last] - moved[0]) / constant.steps(), constant.steps());
      case StepSize.Grid grid -> {
        double[] nodes = grid.times();
        for (int node = 0; node < nodes.length; node++) {
          int at = Arrays.stream(times).boxed().toList().indexOf(nodes[node]);
          nodes[node] = at >= 0 ? moved[at] : nodes[node];
        }
        yield new StepSize.Grid(nodes);
      }
      case StepSize.Adaptive adaptive -> adaptive;
    };
  }

  /// Times of events are roots to 1e-15, which differences over 7e-4 blow up to 1e-12; their
  /// derivatives of order five, of `sin 3t` and its roots, bring some hundreds times `h⁴ = 3e-13`,
  /// the derivatives of `sin 40t` a few thousands more.
  private static void near(double[] wanted, double[] came) {
    double error = Differences.relative(came, wanted);
    assertTrue(error <= 1e-7, error + ": " + came[0] + " for " + wanted[0]);
  }
}
