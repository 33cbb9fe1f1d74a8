package org.flowline.odesolvers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.analysis.solvers.AllowedSolution;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;

/// Finds the earliest [Event] of a step, shortens the step to it, and applies it. One per solve.
final class EventDetector {

  private static final int MAX_EVALUATIONS = 200;

  private final Event[] events;

  /// The last sign of each `g`; 0 at a root.
  private final double[] sign;

  /// The place of each event within the step, from 0 to 1; 2 if it does not occur.
  private final double[] fraction;

  /// True for events that occurred at the start of the step: their sign is read a little later.
  private final boolean[] just;

  private final double[] y;
  final List<Event.Occurrence> occurrences = new ArrayList<>();

  /// The marks within the present step.
  private final List<Passed> passed = new ArrayList<>();

  /// The event that ended the solve; null if none has.
  Event stop;

  /// A mark and its place within the step.
  private record Passed(Event event, double fraction) {}

  EventDetector(Event[] events, int dimension) {
    this.events = events;
    this.sign = new double[events.length];
    this.fraction = new double[events.length];
    this.just = new boolean[events.length];
    this.y = new double[events.length == 0 ? 0 : dimension];
  }

  /// Reads the signs at the beginning of the solve.
  void initialise(double t, double[] y0) {
    for (int e = 0; e < events.length; e++) {
      sign[e] = Math.signum(events[e].g().evaluate(t, y0));
    }
  }

  /// Ends the step at the first event that stops the solve or changes the state, and records the
  /// marks up to there.
  ///
  /// @return whether there is such an event
  boolean shorten(Step step) {
    double first = 2;
    passed.clear();
    for (int e = 0; e < events.length; e++) {
      fraction[e] = root(e, step);
      first = Math.min(first, fraction[e]);
    }
    record(step, first);
    if (first > 1) {
      return false;
    }
    end(step, first);
    return true;
  }

  /// Records the marks before the end of the step, in the order of time.
  private void record(Step step, double first) {
    passed.sort(Comparator.comparingDouble(Passed::fraction));
    for (Passed mark : passed) {
      if (mark.fraction <= first) {
        double t = at(step, mark.fraction);
        step.interpolate(t, y);
        occurrences.add(new Event.Occurrence(mark.event, step.index, t, y.clone(), y.clone()));
      }
    }
  }

  private void end(Step step, double first) {
    double length = Math.abs(step.end - step.t);
    for (int e = 0; e < events.length; e++) {
      double later = (fraction[e] - first) * length;
      just[e] = fraction[e] <= 1 && later <= events[e].tolerance();
    }
    if (first < 1) {
      step.shorten(at(step, first));
    }
    readSigns(step);
  }

  /// Returns the place of the first sign change of `g` that counts; 2 if there is none, or if the
  /// event is a mark, whose changes are all collected in `passed`.
  private double root(int e, Step step) {
    Event event = events[e];
    double from = 0;
    if (just[e]) {
      from = Math.min(1, 2 * event.tolerance() / Math.abs(step.end - step.t));
      sign[e] = Math.signum(value(event, step, from));
      just[e] = false;
    }
    double root = 2;
    double before = sign[e];
    int parts = event.checks() + 1;
    for (int part = 1; part <= parts && root > 1; part++) {
      double to = Math.max(from, (double) part / parts);
      double now = Math.signum(value(event, step, to));
      boolean counts = event.direction().counts(before, now);
      if (counts) {
        double found = now == 0 ? to : refine(event, step, from, to);
        if (event.effect() instanceof Event.Effect.Mark) {
          passed.add(new Passed(event, found));
        } else {
          root = found;
        }
      }
      before = now == 0 && !counts ? before : now;
      from = to;
    }
    if (root > 1) {
      sign[e] = before;
    }
    return root;
  }

  /// Returns the root between two fractions, approximated from above.
  private double refine(Event event, Step step, double from, double to) {
    double accuracy = Math.max(event.tolerance() / Math.abs(step.end - step.t), 1e-16);
    return new BracketingNthOrderBrentSolver(1e-15, accuracy, 1e-300, 5)
        .solve(MAX_EVALUATIONS, at -> value(event, step, at), from, to, AllowedSolution.RIGHT_SIDE);
  }

  private double value(Event event, Step step, double fraction) {
    double t = at(step, fraction);
    step.interpolate(t, y);
    return event.g().evaluate(t, y);
  }

  private static double at(Step step, double fraction) {
    return fraction == 1 ? step.end : step.t + fraction * (step.end - step.t);
  }

  /// Applies the events at the step's end: they change `y1`, or stop the solve.
  void apply(Step step) {
    for (int e = 0; e < events.length; e++) {
      if (just[e]) {
        double[] before = step.y1.clone();
        switch (events[e].effect()) {
          case Event.Effect.Stop _ -> stop = events[e];
          case Event.Effect.Jump(var reset) -> reset.apply(step.end, step.y1);
          case Event.Effect.Mark _ -> {}
        }
        occurrences.add(
            new Event.Occurrence(events[e], step.index, step.end, before, step.y1.clone()));
      }
    }
    readSigns(step);
  }

  /// Reads the signs of the functions without an event in this step at its end, also after a jump
  /// of the state, which is no event of theirs.
  private void readSigns(Step step) {
    for (int e = 0; e < events.length; e++) {
      if (!just[e] && fraction[e] > 1) {
        sign[e] = Math.signum(events[e].g().evaluate(step.end, step.y1));
      }
    }
  }

  /// Returns the signs, and which events occurred at the end of the last step.
  double[] saveState() {
    double[] state = Arrays.copyOf(sign, 2 * sign.length);
    for (int e = 0; e < events.length; e++) {
      state[sign.length + e] = just[e] ? 1 : 0;
    }
    return state;
  }

  void restoreState(double[] state, List<Event.Occurrence> earlier) {
    for (int e = 0; e < events.length; e++) {
      sign[e] = state[e];
      just[e] = state[sign.length + e] != 0;
    }
    occurrences.addAll(earlier);
  }
}
