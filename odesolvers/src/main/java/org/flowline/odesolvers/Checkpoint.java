package org.flowline.odesolvers;

import java.util.Arrays;
import java.util.List;

/// Where a solve stands: all that [Integrator#resume] needs to go on as if it had never stopped, to
/// the same bits.
///
/// @param times the requested times
/// @param values the state at those reached so far, NaN at the others; nothing if [#light]
/// @param t the time reached
/// @param y the state there
/// @param stats what it cost so far
/// @param firstTime where the slope at the start of the next step is evaluated, see
///     [Step#stageTime]
/// @param freshSlope whether that slope was evaluated for a trial of it already, see
///     [Step#freshSlope]
/// @param control what the control of step sizes remembers
/// @param stepper what the method remembers
/// @param detector what the watch over events remembers
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

  public Checkpoint {
    times = times.clone();
    values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    y = y.clone();
    control = control.clone();
    stepper = stepper.clone();
    detector = detector.clone();
    occurrences = List.copyOf(occurrences);
  }

  /// This point without the values at the requested times, for going on where only the steps
  /// matter: the solution has that of the end alone. Holds the state, what the method remembers, at
  /// most a slope or a companion state as a rule, and a few numbers.
  public Checkpoint light() {
    int last = times.length - 1;
    return new Checkpoint(
        new double[] {times[0], times[last]},
        new double[2][0],
        t,
        y,
        stats,
        firstTime,
        freshSlope,
        control,
        stepper,
        detector,
        List.of());
  }

  /// A copy of the companion state `z` of a [org.flowline.odesolvers.method.Reversible] method.
  public double[] companion() {
    return stepper.length == 0 ? y.clone() : Arrays.copyOf(stepper, y.length);
  }

  /// Bytes of its numbers.
  public long bytes() {
    long numbers = times.length + y.length + control.length + stepper.length + detector.length;
    for (double[] row : values) {
      numbers += row.length;
    }
    return 8 * (numbers + 9);
  }
}
