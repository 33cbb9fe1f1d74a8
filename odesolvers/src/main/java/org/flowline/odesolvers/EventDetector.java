package org.flowline.odesolvers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds the earliest [Event] of a step, shortens the step to it, and applies it. One per solve.
///
/// Where a jump leaves `g` at its root, the sign of `g` does not tell which change comes next: `g`
/// passes through the root, or returns to the side it came from. A step that begins with a return
/// and has no point on that side is a resting contact or the end of a Zeno sequence, and so is a
/// return of the size of rounding errors.
final class EventDetector {

  /// The largest `|g|` at a root in units of its size nearby, on the side `g` came from.
  private static final double ROUNDING = 1e-9;

  /// The same on the other side, where roots are approximated.
  private static final double AT_ROOT = 1e-3;

  /// The rate of `g` after a jump, in units of the rate before, below which `g` does not pass
  /// through its root.
  private static final double AT_REST = 1e-4;

  /// The largest `|g|` between two events of a jump in units of its rounding error, below which
  /// they are the same.
  private static final double NO_RETURN = 64;

  /// The largest number of events in succession at one time.
  private static final int MOST_STALLED = 100;

  private final Watch[] watches;
  private final double[] y;
  private final double[] shifted;
  final List<Event.Occurrence> occurrences = new ArrayList<>();

  /// The marks within the present step.
  private final List<Passed> passed = new ArrayList<>();

  /// The number of events in succession without progress in time.
  private int stalled;

  /// The event that ended the solve; null if none has.
  Event stop;

  /// The event that occurs again and again at the start of the step; null if there is none.
  Event stuck;

  /// A mark and its place within the step.
  private record Passed(Event event, double fraction) {}

  /// An event with the state of its detection.
  private static final class Watch {
    final Event event;

    /// The last sign of `g`; at a root the sign before it.
    double sign;

    /// The rate of `g` at which it came to the root where it is; NaN if it is not at a root.
    double arrival = Double.NaN;

    /// The distance in time over which that rate was measured.
    double reach;

    /// The time of the last occurrence.
    double last;

    /// The last place of the event within the step, from 0 to 1; 2 if it does not occur.
    double fraction;

    /// The sign of `g` before that place, and its size nearby.
    double side;

    double size;

    /// The largest `|g|` that rounding and the accuracy of the root leave there.
    double gap;

    /// The largest `|g|` read since the last event that left `g` at its root.
    double highest = Double.POSITIVE_INFINITY;

    /// True if `g` left the root at the start of the step for the side it came from, and is back.
    boolean returned;

    /// True if the event occurs at the end of the step.
    boolean happens;

    Watch(Event event) {
      this.event = event;
    }

    boolean isMark() {
      return event.effect() instanceof Event.Effect.Mark;
    }

    boolean atRoot() {
      return !Double.isNaN(arrival);
    }

    /// Returns whether `g` is at its root, up to rounding and the accuracy of the root.
    boolean atRoot(double g) {
      double side = sign * g;
      return side > 0 ? side <= ROUNDING * size : -side <= Math.max(AT_ROOT * size, gap);
    }
  }

  EventDetector(List<Event> events, int dimension) {
    this.watches = events.stream().map(Watch::new).toArray(Watch[]::new);
    this.y = new double[watches.length == 0 ? 0 : dimension];
    this.shifted = new double[y.length];
  }

  /// Reads the signs at the beginning of the solve.
  void initialise(double t, double[] y0) {
    for (Watch watch : watches) {
      watch.sign = Math.signum(watch.event.g().evaluate(t, y0));
      watch.arrival = watch.sign == 0 ? 0 : Double.NaN;
      watch.reach = Double.POSITIVE_INFINITY;
      watch.last = t;
    }
  }

  /// Ends the step at the first event that stops the solve or changes the state, and records the
  /// marks up to there. The step is invalid if the detector is [#stuck] then.
  ///
  /// @return whether there is such an event
  boolean shorten(Step step) {
    double first = 2;
    passed.clear();
    for (Watch watch : watches) {
      findRoots(watch, step);
      first = Math.min(first, watch.isMark() ? 2 : watch.fraction);
    }
    int before = occurrences.size();
    record(step, first);
    if (first <= 1) {
      end(step, first);
    }
    if (stuck != null) {
      occurrences.subList(before, occurrences.size()).clear(); // the step is refused
    }
    return first <= 1;
  }

  /// Records the marks before the end of the step, in the order of time.
  private void record(Step step, double first) {
    passed.sort(Comparator.comparingDouble(Passed::fraction));
    for (Passed mark : passed) {
      if (mark.fraction <= first + accuracy(mark.event, step)) {
        double t = at(step, Math.min(mark.fraction, first));
        step.interpolate(t, y);
        occurrences.add(occurrence(mark.event, step, t, y.clone(), y.clone()));
      }
    }
  }

  private static Event.Occurrence occurrence(
      Event event, Step step, double t, double[] before, double[] after) {
    double accuracy = Math.copySign(event.accuracy(step.t, step.plannedEnd()), step.h);
    return new Event.Occurrence(event, step.index, t, accuracy, before, after);
  }

  /// Ends the step at the first event; those within their accuracy of it happen, too.
  private void end(Step step, double first) {
    double end = at(step, first);
    double length = Math.abs(step.end - step.t);
    stalled = Math.abs(end - step.t) <= 4 * Math.ulp(end) ? stalled + 1 : 0;
    for (Watch watch : watches) {
      watch.happens = Math.abs(watch.fraction - first) <= accuracy(watch.event, step);
      if (watch.happens) {
        double since = Math.abs(end - watch.last);
        watch.reach = (since > 0 ? Math.min(since, length) : length) / 16;
        watch.last = end;
        watch.sign = watch.side;
        step.interpolate(end, y);
        step.derivative(end, shifted);
        double change = changeAlongTangent(watch.event, step, end, shifted, -watch.reach);
        boolean noise = watch.highest <= NO_RETURN * rounding(watch.event, end);
        if (watch.event.effect() instanceof Event.Effect.Jump
            && (noise || watch.returned && watch.side * change <= 0)) {
          stuck = watch.event;
        }
        watch.arrival = Math.abs(change) / watch.reach;
        watch.gap =
            Math.max(
                Math.max(ROUNDING * watch.size, Math.abs(watch.event.g().evaluate(end, y))),
                4 * watch.arrival * watch.event.accuracy(step.t, step.end));
        stuck = stalled > MOST_STALLED && !watch.isMark() ? watch.event : stuck;
      }
    }
    if (first < 1) {
      step.shorten(end);
    }
  }

  /// Returns `g(t + δ, y + δ ẏ) − g(t, y)` for the state `y` and a slope at `t`, with `δ` in the
  /// direction of the solve; `shifted` may be the slope.
  private double changeAlongTangent(
      Event event, Step step, double t, double[] slope, double delta) {
    double signed = Math.copySign(1, step.h) * delta;
    for (int j = 0; j < y.length; j++) {
      shifted[j] = y[j] + signed * slope[j];
    }
    return event.g().evaluate(t + signed, shifted) - event.g().evaluate(t, y);
  }

  /// Returns a rounding error of `g` at the state `y`: its change where components change in their
  /// last places, with the signs of the sequence of Thue and Morse.
  private double rounding(Event event, double t) {
    for (int j = 0; j < y.length; j++) {
      shifted[j] = y[j] + ((Integer.bitCount(j) & 1) == 0 ? 1 : -1) * Math.ulp(y[j]);
    }
    return Math.abs(event.g().evaluate(t, shifted) - event.g().evaluate(t, y));
  }

  /// Returns the sign of `g` after the root at the start of the step: it passes through if it
  /// leaves along the tangent, where errors of order `δ²` are removed by extrapolation.
  private double leaves(Watch watch, Step step) {
    double delta = Math.min(watch.reach, Math.abs(step.end - step.t) / 16);
    step.interpolate(step.t, y);
    double[] slope = step.startSlope();
    double near = changeAlongTangent(watch.event, step, step.t, slope, delta / 2);
    double far = changeAlongTangent(watch.event, step, step.t, slope, delta);
    if (watch.sign == 0) {
      return Math.signum(near);
    }
    double slowest = AT_REST * watch.arrival * delta;
    boolean through = watch.sign * near < 0 && watch.sign * (4 * near - far) < -slowest;
    return through ? -watch.sign : watch.sign;
  }

  /// Returns whether `g` moved away from the root before the jump at the start of the step, as the
  /// field has it: then it is an error of the solve that `g` came to the root, and passes through.
  private boolean awayFromRoot(Watch watch, Step step) {
    for (Event.Occurrence last : occurrences.reversed()) {
      if (last.event() == watch.event && last.t() == step.t) {
        double[] slope = new double[y.length];
        step.evaluate(step.t, last.before(), slope);
        System.arraycopy(last.before(), 0, y, 0, y.length);
        double delta = Math.min(watch.reach, Math.abs(step.end - step.t) / 16);
        return watch.sign * changeAlongTangent(watch.event, step, step.t, slope, delta) >= 0;
      }
    }
    return false;
  }

  /// Finds the first sign change of `g` that counts, or all of a mark, which are collected in
  /// `passed`.
  private void findRoots(Watch watch, Step step) {
    Event event = watch.event;
    boolean leaving = watch.atRoot();
    double before = leaving ? leaves(watch, step) : watch.sign;
    double from = 0;
    int parts = event.checks() + 1;
    boolean returns =
        leaving
            && before != 0
            && before == watch.sign
            && event.effect() instanceof Event.Effect.Jump;
    if (leaving) {
      boolean noise = before == -watch.sign && before != 0 && Double.isFinite(watch.highest);
      stuck = noise && awayFromRoot(watch, step) ? event : stuck;
      watch.highest = returns ? 0 : Double.POSITIVE_INFINITY;
    }
    watch.returned = false;
    watch.arrival = Double.NaN;
    watch.fraction = 2;
    for (int part = 1; part <= parts && (watch.fraction > 1 || watch.isMark()); part++) {
      double to = (double) part / parts;
      double g = value(event, step, to);
      double now = Math.signum(g);
      if (leaving && now != before) {
        from = lastOn(before, event, step, to);
        if (from == 0 && returns) {
          stuck = before * g < -2 * watch.gap ? event : stuck;
          continue;
        }
        before = from == 0 ? now : before;
      }
      leaving = false;
      boolean counts = event.direction().counts(before, now);
      if (counts) {
        double start = value(event, step, from);
        watch.fraction = now == 0 ? to : refine(event, step, from, start, to, g);
        watch.side = before;
        watch.size = Math.max(Math.abs(start), Math.abs(g));
        watch.returned = returns;
        double middle = returns ? Math.abs(value(event, step, watch.fraction / 2)) : 0;
        watch.highest = Math.max(watch.highest, middle);
        if (watch.isMark()) {
          passed.add(new Passed(event, watch.fraction));
        }
      }
      watch.highest = now == before ? Math.max(watch.highest, Math.abs(g)) : watch.highest;
      before = now == 0 && !counts ? before : now;
      from = to;
    }
    if (leaving) {
      watch.arrival = Double.POSITIVE_INFINITY; // it has come to rest
    } else {
      watch.sign = before;
    }
  }

  /// Returns the last of the halves of halves up to `to` at which `g` has this sign; 0 if none has.
  private double lastOn(double sign, Event event, Step step, double to) {
    double accuracy = accuracy(event, step);
    for (double at = to / 2; at >= accuracy; at /= 2) {
      if (Math.signum(value(event, step, at)) == sign) {
        return at;
      }
    }
    return 0;
  }

  /// Returns the root between two places with the values `ga` and `gb`, approximated from above, by
  /// inverse quadratic interpolation where that is safe, and bisection. Chandrupatla (1997), Adv.
  /// Eng. Softw. 28, 145–149.
  private double refine(Event event, Step step, double from, double ga, double to, double gb) {
    double accuracy = accuracy(event, step);
    double sign = Math.signum(gb);
    double a = to, fa = gb;
    double b = from, fb = ga;
    double part = 0.5;
    for (int i = 0; Math.abs(b - a) > accuracy; i++) {
      double x = a + part * (b - a);
      double fx = value(event, step, x);
      boolean sameSide =
          (Math.signum(fx) == sign || fx == 0) == (Math.signum(fa) == sign || fa == 0);
      double c = sameSide ? a : b;
      double fc = sameSide ? fa : fb;
      b = sameSide ? b : a;
      fb = sameSide ? fb : fa;
      a = x;
      fa = fx;
      double xi = (a - b) / (c - b);
      double phi = (fa - fb) / (fc - fb);
      boolean safe = i < 50 && phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi;
      part =
          safe
              ? fa / (fb - fa) * fc / (fb - fc)
                  + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
              : 0.5;
      double least = Math.min(0.5, accuracy / 2 / Math.abs(b - a));
      part = Math.clamp(part, least, 1 - least);
    }
    return Math.max(a, b);
  }

  private double value(Event event, Step step, double fraction) {
    double t = at(step, fraction);
    step.interpolate(t, y);
    return event.g().evaluate(t, y);
  }

  /// The accuracy of an event in the step, as a part of it.
  private static double accuracy(Event event, Step step) {
    return event.accuracy(step.t, step.end) / Math.abs(step.end - step.t);
  }

  private static double at(Step step, double fraction) {
    double t = step.t + fraction * (step.end - step.t);
    return fraction == 1 || (t - step.end) * step.h > 0 ? step.end : t;
  }

  /// Applies the events at the step's end: they change `y1`, or stop the solve.
  void apply(Step step) {
    for (Watch watch : watches) {
      if (watch.happens && !watch.isMark()) {
        double[] before = step.y1.clone();
        switch (watch.event.effect()) {
          case Event.Effect.Stop _ -> stop = watch.event;
          case Event.Effect.Jump(var reset) -> reset.apply(step.end, step.y1);
          case Event.Effect.Mark _ -> {}
        }
        occurrences.add(occurrence(watch.event, step, step.end, before, step.y1.clone()));
      }
    }
    readSigns(step);
  }

  /// Reads the signs of the functions that are not at their roots after the events, which is no
  /// event of theirs.
  private void readSigns(Step step) {
    for (Watch watch : watches) {
      double g = watch.event.g().evaluate(step.end, step.y1);
      if (!watch.atRoot() || !watch.atRoot(g)) {
        watch.sign = Math.signum(g);
        watch.arrival = Double.NaN;
      }
    }
  }

  /// Returns the numbers that a resumed solve needs.
  double[] saveState() {
    double[] state = new double[7 * watches.length + 1];
    state[0] = stalled;
    for (int e = 0; e < watches.length; e++) {
      Watch watch = watches[e];
      double[] numbers = {
        watch.sign, watch.arrival, watch.reach, watch.last, watch.size, watch.gap, watch.highest
      };
      System.arraycopy(numbers, 0, state, 7 * e + 1, 7);
    }
    return state;
  }

  void restoreState(double[] state, List<Event.Occurrence> earlier) {
    stalled = (int) state[0];
    for (int e = 0; e < watches.length; e++) {
      watches[e].sign = state[7 * e + 1];
      watches[e].arrival = state[7 * e + 2];
      watches[e].reach = state[7 * e + 3];
      watches[e].last = state[7 * e + 4];
      watches[e].size = state[7 * e + 5];
      watches[e].gap = state[7 * e + 6];
      watches[e].highest = state[7 * e + 7];
    }
    occurrences.addAll(earlier);
  }
}
