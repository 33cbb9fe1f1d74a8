package org.flowline.neuralode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Event.Effect;
import org.flowline.odesolvers.Event.Occurrence;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;

/// A loss of an adaptive solve with events on the steps it once accepted, as a function of `(θ, y0,
/// times)`: each stretch between two jumps is a solve of its own on a grid of the same step sizes,
/// which an event stops. Only the last step fills the gap to the end.
final class FrozenEvents {
  private final DifferentiableField field;
  private final Integrator solver;
  private final double[] times;
  private final EventLoss loss;
  private final Trajectory steps = new Trajectory();

  /// The steps behind which the state jumped, and the last one.
  private final List<Integer> ends = new ArrayList<>();

  FrozenEvents(
      DifferentiableField field, Integrator solver, double[] y0, double[] times, EventLoss loss) {
    this.field = field;
    this.solver = solver;
    this.times = times;
    this.loss = loss;
    Solution solution = solver.withObserver(steps).solve(field, y0, times).orThrow();
    for (Occurrence occurrence : solution.occurrences()) {
      if (occurrence.event().effect() instanceof Effect.Jump) {
        ends.add(Math.toIntExact(occurrence.step()));
      }
    }
    ends.add(steps.steps() - 1);
  }

  double at(double[] theta, double[] y0, double[] moved) {
    field.bind(theta);
    int n = y0.length;
    double[] observed = new double[moved.length * n];
    Arrays.fill(observed, Double.NaN);
    System.arraycopy(y0, 0, observed, 0, n);
    List<Occurrence> happened = new ArrayList<>();
    double t = moved[0];
    double[] y = y0;
    int first = 0;
    for (int end : ends) {
      double[] nodes = nodes(t, first, end, moved);
      double[] wanted = within(nodes, moved);
      Solution stretch =
          stopping(Integrator.of(solver.method(), new StepSize.Grid(nodes)))
              .solve(field, y, wanted)
              .orThrow();
      for (int i = 1; i < wanted.length; i++) {
        int at = Arrays.stream(moved).boxed().toList().indexOf(wanted[i]);
        if (at >= 0 && !Double.isNaN(stretch.values()[i][0])) {
          System.arraycopy(stretch.values()[i], 0, observed, at * n, n);
        }
      }
      y = stretch.last().clone();
      t = stretch.status().t();
      for (Occurrence occurrence : stretch.occurrences()) {
        if (jump(occurrence.event()) instanceof Effect.Jump(var reset)) {
          reset.apply(t, y);
        }
        double[] after = occurrence.t() == t ? y : occurrence.after();
        happened.add(
            new Occurrence(occurrence.event(), 0, occurrence.t(), occurrence.before(), after));
      }
      first = end + 1;
    }
    return loss.evaluate(
        observed, happened, new double[observed.length], new double[happened.size() * (1 + 2 * n)]);
  }

  private double[] nodes(double start, int first, int end, double[] moved) {
    double[] nodes = new double[end - first + 2];
    for (int step = first; step <= end; step++) {
      nodes[step - first] = start + (steps.t(step) - steps.t(first));
    }
    boolean last = steps.aim(end) == times[times.length - 1];
    nodes[end - first + 1] =
        last ? moved[moved.length - 1] : start + (steps.aim(end) - steps.t(first));
    return nodes;
  }

  /// The ends of the stretch and the observation times between them.
  private static double[] within(double[] nodes, double[] moved) {
    double start = nodes[0];
    double end = nodes[nodes.length - 1];
    DoubleStream between = Arrays.stream(moved).filter(time -> (time - start) * (end - time) > 0);
    return DoubleStream.concat(
            DoubleStream.concat(DoubleStream.of(start), between), DoubleStream.of(end))
        .toArray();
  }

  private Integrator stopping(Integrator stretch) {
    Integrator stopping = stretch;
    for (Event event : solver.events()) {
      boolean jumps = event.effect() instanceof Effect.Jump;
      Effect effect = jumps ? new Effect.Stop() : event.effect();
      stopping =
          stopping.withEvent(
              new Event(
                  event.name(),
                  event.g(),
                  event.direction(),
                  effect,
                  event.tolerance(),
                  event.checks()));
    }
    return stopping;
  }

  private Effect jump(Event stopping) {
    for (Event event : solver.events()) {
      if (event.g() == stopping.g()) {
        return event.effect();
      }
    }
    throw new IllegalArgumentException(stopping.name());
  }
}
