package org.flowline.odesolvers;

import java.util.Arrays;
import java.util.List;

/// The state of an unfinished solve, from which [Integrator#resume] continues it with the same bits
/// as without the interruption.
///
/// @param times the requested times
/// @param values the state at the times reached, NaN at the others; empty if [#light]
/// @param t the time reached
/// @param y the state at `t`
/// @param stats the cost so far
/// @param firstTime the time of the slope at the start of the next step, see [Step#stageTime]
/// @param freshSlope whether that slope was evaluated in a trial already, see [Step#freshSlope]
/// @param control the state of the control of step sizes
/// @param stepper the state of the method
/// @param detector the state of the detection of events
/// @param occurrences the events so far
public record Checkpoint(
    double[] times,
    double[][] values,
    double t,
    double[] y,
    Stats stats,
    double firstTime,
    boolean freshSlope,
    double[] control,
    double[] stepper,
    double[] detector,
    List<Event.Occurrence> occurrences) {

  /// @throws IllegalArgumentException if there are no times, not as many values as times, or a time
  ///     is not finite
  public Checkpoint {
    if (times.length == 0 || values.length != times.length || !Double.isFinite(t + firstTime)) {
      throw new IllegalArgumentException(
          "checkpoint: %s times and %s values at t = %s, slope at %s; want as many of each, and finite times"
              .formatted(times.length, values.length, t, firstTime));
    }
    if (!Arrays.stream(times).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("checkpoint: a time is not finite");
    }
    times = times.clone();
    values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    y = y.clone();
    control = control.clone();
    stepper = stepper.clone();
    detector = detector.clone();
    occurrences = List.copyOf(occurrences);
  }

  /// A copy of the requested times.
  @Override
  public double[] times() {
    return times.clone();
  }

  /// A copy of the state.
  @Override
  public double[] y() {
    return y.clone();
  }

  /// A copy of the control's state.
  @Override
  public double[] control() {
    return control.clone();
  }

  /// A copy of the method's state.
  @Override
  public double[] stepper() {
    return stepper.clone();
  }

  /// A copy of the event detector's state.
  @Override
  public double[] detector() {
    return detector.clone();
  }

  /// A copy of the values.
  @Override
  public double[][] values() {
    return Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
  }

  /// Returns this checkpoint without the values at the requested times, except at the end: the
  /// state, as a rule at most a slope or a companion state of the method, and a few numbers.
  public Checkpoint light() {
    double[] ends = {times[0], times[times.length - 1]};
    double[][] none = new double[2][0];
    return new Checkpoint(
        ends, none, t, y, stats, firstTime, freshSlope, control, stepper, detector, List.of());
  }

  /// A copy of the companion state `z` of a [org.flowline.odesolvers.method.Reversible] method.
  public double[] companion() {
    return stepper.length == 0 ? y.clone() : Arrays.copyOf(stepper, y.length);
  }

  /// The size of its numbers in bytes.
  public long bytes() {
    long numbers = times.length + y.length + control.length + stepper.length + detector.length;
    return 8 * (numbers + 9 + Arrays.stream(values).mapToLong(row -> row.length).sum());
  }

  @Override
  public String toString() {
    return "checkpoint at t = %s after %s steps, on the way to %s"
        .formatted(t, stats.accepted(), times[times.length - 1]);
  }
}
