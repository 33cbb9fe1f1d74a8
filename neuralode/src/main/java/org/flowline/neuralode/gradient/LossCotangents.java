package org.flowline.neuralode.gradient;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.Status.Reason;

/// The loss of a solve with the cotangents of observed states and events.
///
/// @param value the loss
/// @param states `∂L/∂y(tᵢ)`, `[times, n]`
/// @param events `∂L/∂(t, before, after)` of each event, `[events, 1 + 2n]`
/// @param reached the number of times that the solve reached before an event stopped it
/// @param status the status of the solve, or of a loss or cotangent that is not finite
record LossCotangents(double value, double[] states, double[] events, int reached, Status status) {

  static LossCotangents of(TrajectoryLoss loss, double[] times, Solution solution, int n) {
    double[] observed = ForwardPass.flat(solution.values(), n);
    return of(loss, times, observed, solution.occurrences(), solution.status());
  }

  /// @throws IllegalArgumentException if the loss depends on a state after the end
  static LossCotangents of(
      TrajectoryLoss loss,
      double[] times,
      double[] observed,
      List<Event.Occurrence> occurrences,
      Status status) {
    double[] states = new double[observed.length];
    int n = observed.length / times.length;
    double[] events = new double[occurrences.size() * (1 + 2 * n)];
    double value =
        loss instanceof EventLoss ofEvents
            ? ofEvents.evaluate(observed, occurrences, states, events)
            : loss.evaluate(observed, states);
    int reached = reached(times, status);
    for (int i = reached * n; i < states.length; i++) {
      if (states[i] != 0) {
        throw new IllegalArgumentException(
            "gradient: the loss depends on the state at t = %s, after the %s; "
                    .formatted(times[i / n], status.message())
                + "want a loss that leaves out states that are NaN, such as an EventLoss");
      }
    }
    Status checked = checked(value, times, states, events, status);
    return new LossCotangents(value, states, events, reached, checked);
  }

  /// The status of the solve, or [Reason#NON_FINITE_STATE] where a value is not finite.
  private static Status checked(
      double value, double[] times, double[] states, double[] events, Status status) {
    int n = states.length / times.length;
    int state = firstNotFinite(states);
    if (!Double.isFinite(value)) {
      return notFinite(status, status.t(), -1, "the loss is " + value);
    }
    if (state >= 0) {
      double t = times[state / n];
      String what = "∂L/∂y at t = " + t + " is " + states[state] + " in component " + state % n;
      return notFinite(status, t, state % n, what);
    }
    int event = firstNotFinite(events);
    if (event >= 0) {
      int row = 1 + 2 * n;
      String what = "∂L/∂(t, before, after) of event %s is %s in component %s";
      return notFinite(
          status, status.t(), -1, what.formatted(event / row, events[event], event % row));
    }
    return status;
  }

  /// Divides the cotangents, in place, by the power of two that brings the sum of their sizes to
  /// `[1, 2)`: those of a mean over many observations then are as small as the mean has them.
  ///
  /// @return the exponent of the power
  int normalise() {
    double largest = Math.max(Vectors.maxNorm(states), Vectors.maxNorm(events));
    int first = Math.getExponent(largest);
    double unit = Math.scalb(1.0, -first);
    double sum =
        DoubleStream.concat(Arrays.stream(states), Arrays.stream(events))
            .map(bar -> Math.abs(bar * unit))
            .sum();
    int exponent = Math.min(Double.MAX_EXPONENT, first + Math.max(0, Math.getExponent(sum)));
    for (double[] bars : List.of(states, events)) {
      Vectors.scale(Math.scalb(1.0, -exponent), bars, bars, 0, bars.length);
    }
    return exponent;
  }

  private static int firstNotFinite(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  private static Status notFinite(Status status, double t, int component, String what) {
    String message = "gradient: " + what + "; want a loss that is smooth and finite there";
    return new Status(Reason.NON_FINITE_STATE, t, status.h(), status.steps(), component, message);
  }

  /// The number of times up to the end.
  static int reached(double[] times, Status status) {
    if (status.reason() != Reason.EVENT) {
      return times.length;
    }
    int direction = times[times.length - 1] > times[0] ? 1 : -1;
    return (int) Arrays.stream(times).filter(time -> (status.t() - time) * direction >= 0).count();
  }
}
