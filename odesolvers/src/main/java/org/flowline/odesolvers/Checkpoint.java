package org.flowline.odesolvers;

import java.util.Arrays;
import java.util.List;

/// Where a solve stands: all that [Integrator#resume] needs to go on as if it had never stopped,
/// to the same bits.
///
/// @param times the requested times
/// @param values the state at those reached so far, NaN at the others
/// @param t the time reached
/// @param y the state there
/// @param accepted steps that stand
/// @param rejected steps that were tried in vain
/// @param evaluations calls of the field
/// @param lastStep signed size of the last accepted step
/// @param control what the control of step sizes remembers
/// @param stepper what the method remembers
/// @param watch what the watch over events remembers
/// @param occurrences the events so far
public record Checkpoint(
    double[] times,
    double[][] values,
    double t,
    double[] y,
    long accepted,
    long rejected,
    long evaluations,
    double lastStep,
    double[] control,
    double[] stepper,
    double[] watch,
    List<Event.Occurrence> occurrences) {

  public Checkpoint {
    times = times.clone();
    values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    y = y.clone();
    control = control.clone();
    stepper = stepper.clone();
    watch = watch.clone();
    occurrences = List.copyOf(occurrences);
  }
}
