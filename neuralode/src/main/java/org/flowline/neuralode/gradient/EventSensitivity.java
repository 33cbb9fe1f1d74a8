package org.flowline.neuralode.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.event.DifferentiableReset;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Event.Effect;
import org.flowline.odesolvers.Integrator;

/// Events on `(y, S)` with the sensitivities `S = ∂y/∂(y0, θ)`, row by row. `S` jumps where `y`
/// does; with the derivative `t'` of the event's time,
///
///     t' = −(∂g/∂y S⁻ + ∂g/∂θ) / (∂g/∂t + ∂g/∂y f⁻)
///     S⁺ = ∂r/∂y (S⁻ + f⁻ t') + ∂r/∂t t' + ∂r/∂θ − f⁺ t'
///
/// which is the saltation matrix times `S⁻`, plus the part of θ. [EventAdjoint] is its transpose.
final class EventSensitivity {
  private final DifferentiableField field;
  private final List<Event> original;
  private final List<Event> augmented;
  private final EventTimeDerivative derivative;
  private final int n;
  private final int columns;

  /// The time of the last jump and its derivative, which simultaneous events share.
  private double lastTime = Double.NaN;

  private double[] lastSlope;

  /// The size of the last accepted step, which contains the event that happens.
  private double length;

  EventSensitivity(DifferentiableField field, List<Event> original) {
    this.field = field;
    this.original = original;
    this.augmented = original.stream().map(this::augmented).toList();
    this.derivative = new EventTimeDerivative(field);
    this.n = field.dimension();
    this.columns = n + field.parameterCount();
  }

  /// The integrator with its events on `(y, S)`.
  Integrator over(Integrator integrator) {
    Integrator solver =
        integrator.withoutEvents().withObserver(step -> length = step.plannedEnd() - step.t());
    for (Event event : augmented) {
      solver = solver.withEvent(event);
    }
    return solver;
  }

  private Event augmented(Event event) {
    Effect effect =
        switch (event.effect()) {
          case Effect.Stop stop -> stop;
          case Effect.Mark mark -> mark;
          case Effect.Jump(var reset) ->
              new Effect.Jump((t, state) -> jump(event, (DifferentiableReset) reset, t, state));
        };
    return new Event(
        event.name(),
        (t, state) -> event.g().evaluate(t, Arrays.copyOf(state, n)),
        event.direction(),
        effect,
        event.tolerance(),
        event.checks());
  }

  private void jump(Event event, DifferentiableReset reset, double t, double[] state) {
    double[] before = state.clone();
    if (t != lastTime) {
      double near = Math.copySign(event.accuracy(t - length, t), length);
      lastSlope = timeSlope(event, t, near, before);
      lastTime = t;
    }
    double[] y = Arrays.copyOf(before, n);
    double[] arriving = atEvent(t, before, lastSlope);
    double[] after = y.clone();
    reset.apply(t, after);
    System.arraycopy(after, 0, state, 0, n);
    double[] leaving = new double[n];
    field.evaluate(t, after, leaving);

    double[] unit = new double[n];
    double[] row = new double[n];
    for (int i = 0; i < n; i++) {
      double[] thetaRow = new double[columns - n];
      unit[i] = 1;
      double timeSlope = reset.pullback(t, y, unit, row, thetaRow);
      unit[i] = 0;
      for (int j = 0; j < columns; j++) {
        double sum = (timeSlope - leaving[i]) * lastSlope[j] + (j < n ? 0 : thetaRow[j - n]);
        for (int k = 0; k < n; k++) {
          sum += row[k] * arriving[k * columns + j];
        }
        state[n + i * columns + j] = sum;
      }
    }
  }

  /// `t'`, the derivative of the time of an event before which the state is `(y, S)`.
  private double[] timeSlope(Event event, double t, double near, double[] state) {
    double[] y = Arrays.copyOf(state, n);
    double[] rate = new double[n];
    field.evaluate(t, y, rate);
    double dgdt = derivative.of(event, t, near, y, rate);
    double[] slope = new double[columns];
    System.arraycopy(derivative.thetaBar, 0, slope, n, columns - n);
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < columns; j++) {
        slope[j] += derivative.yBar[k] * state[n + k * columns + j];
      }
    }
    for (int j = 0; j < columns; j++) {
      slope[j] /= -dgdt;
    }
    return slope;
  }

  /// `S + f t'`: the derivative of the state *at the event* by `(y0, θ)`.
  private double[] atEvent(double t, double[] state, double[] timeSlope) {
    double[] rate = new double[n];
    field.evaluate(t, Arrays.copyOf(state, n), rate);
    double[] sensitivity = Arrays.copyOfRange(state, n, state.length);
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < columns; j++) {
        sensitivity[k * columns + j] += rate[k] * timeSlope[j];
      }
    }
    return sensitivity;
  }

  /// Converts occurrences to occurrences of the original events, on `y` alone.
  List<Event.Occurrence> occurrences(List<Event.Occurrence> events) {
    List<Event.Occurrence> occurrences = new ArrayList<>();
    for (Event.Occurrence event : events) {
      occurrences.add(
          new Event.Occurrence(
              original(event),
              event.step(),
              event.t(),
              event.accuracy(),
              Arrays.copyOf(event.before(), n),
              Arrays.copyOf(event.after(), n)));
    }
    return occurrences;
  }

  private Event original(Event.Occurrence event) {
    return original.get(augmented.indexOf(event.event()));
  }

  /// Adds the derivative of the loss through times and states of events to `∂L/∂(y0, θ)`.
  ///
  /// @param bars `∂L/∂(t, before, after)`, `[events, 1 + 2n]`
  void addGradient(List<Event.Occurrence> events, double[] bars, double[] gradient) {
    int cause = 0;
    for (int i = 0; i < events.size(); i++) {
      Event.Occurrence event = events.get(i);
      if (!simultaneous(events.get(cause), event)) {
        cause = i;
      }
      int row = i * (1 + 2 * n);
      if (Arrays.stream(bars, row, row + 1 + 2 * n).anyMatch(bar -> bar != 0)) {
        Event.Occurrence first = events.get(cause);
        double[] timeSlope =
            timeSlope(original(first), first.t(), first.accuracy(), first.before());
        Vectors.axpy(bars[row], timeSlope, 0, gradient);
        addProduct(bars, row + 1, atEvent(event.t(), event.before(), timeSlope), gradient);
        addProduct(bars, row + 1 + n, atEvent(event.t(), event.after(), timeSlope), gradient);
      }
    }
  }

  private static boolean simultaneous(Event.Occurrence one, Event.Occurrence other) {
    return one.step() == other.step()
        && !(one.event().effect() instanceof Effect.Mark)
        && !(other.event().effect() instanceof Effect.Mark);
  }

  private void addProduct(double[] bars, int from, double[] sensitivity, double[] gradient) {
    for (int k = 0; k < n; k++) {
      Vectors.axpy(bars[from + k], sensitivity, k * columns, gradient);
    }
  }
}
