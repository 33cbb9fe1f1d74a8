package org.flowline.neuralode.event;

import java.util.List;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.odesolvers.Event;

/// A loss of states and events recorded as a tape; see [EventLoss#traced].
final class TracedEventLoss implements EventLoss {
  private final Program gradient;
  private final int events;
  private final int width;
  private final double[] value = new double[1];

  TracedEventLoss(Tape tape, int events, int width) {
    this.gradient = JvmBackend.best().compile(Derivative.gradient(tape));
    this.events = events;
    this.width = width;
  }

  @Override
  public double evaluate(
      double[] y, List<Event.Occurrence> occurrences, double[] yBar, double[] eventsBar) {
    if (occurrences.size() != events) {
      throw new IllegalArgumentException(
          "event loss: %s events happened, want %s; write an EventLoss that counts them, or trace the number"
              .formatted(occurrences.size(), events));
    }
    double[] rows = new double[events * width];
    for (int i = 0; i < events; i++) {
      Event.Occurrence event = occurrences.get(i);
      int n = event.before().length;
      rows[i * width] = event.t();
      System.arraycopy(event.before(), 0, rows, i * width + 1, n);
      System.arraycopy(event.after(), 0, rows, i * width + 1 + n, n);
    }
    gradient.run(new double[][] {y, rows}, new double[][] {value, yBar, eventsBar});
    return value[0];
  }
}
