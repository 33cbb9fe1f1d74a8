package org.flowline.odesolvers.field;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// The times at which a field is not smooth in `t`: steps end there, and evaluate the field next to
/// such a time, on the side of the step.
///
/// @param kinks where derivatives of `f` by `t` jump, ascending
/// @param jumps where `f` itself jumps, ascending; an integrator reuses no slope across them
public record Breakpoints(double[] kinks, double[] jumps) {

  /// No such times.
  public static final Breakpoints NONE = new Breakpoints(new double[0], new double[0]);

  /// Sorts the times.
  ///
  /// @throws IllegalArgumentException if a time is not finite
  public Breakpoints {
    kinks = sorted(kinks);
    jumps = sorted(jumps);
  }

  private static double[] sorted(double[] times) {
    for (double time : times) {
      if (!Double.isFinite(time)) {
        throw new IllegalArgumentException(
            "breakpoints: %s, want finite times".formatted(Arrays.toString(times)));
      }
    }
    return Arrays.stream(times).map(time -> time + 0.0).sorted().distinct().toArray(); // no −0
  }

  /// A copy of the times where derivatives jump.
  @Override
  public double[] kinks() {
    return kinks.clone();
  }

  /// A copy of the times where the field jumps.
  @Override
  public double[] jumps() {
    return jumps.clone();
  }

  @Override
  public String toString() {
    return "%s kinks, %s jumps".formatted(kinks.length, jumps.length);
  }

  /// Returns the breakpoints of several fields together.
  public static Breakpoints union(Stream<Breakpoints> all) {
    var parts = all.filter(part -> !part.isEmpty()).distinct().toList();
    return switch (parts.size()) {
      case 0 -> NONE;
      case 1 -> parts.getFirst();
      default ->
          new Breakpoints(
              parts.stream().flatMapToDouble(part -> Arrays.stream(part.kinks)).toArray(),
              parts.stream().flatMapToDouble(part -> Arrays.stream(part.jumps)).toArray());
    };
  }

  /// Returns whether there are none.
  public boolean isEmpty() {
    return kinks.length + jumps.length == 0;
  }

  /// Returns whether the field jumps at this time.
  public boolean jumpsAt(double time) {
    return Arrays.binarySearch(jumps, time + 0.0) >= 0;
  }

  /// Returns whether the field is not smooth at this time.
  public boolean contains(double time) {
    return jumpsAt(time) || Arrays.binarySearch(kinks, time + 0.0) >= 0;
  }

  /// Returns the first breakpoint strictly after this time in a direction; infinite if there is
  /// none.
  ///
  /// @param direction 1 or −1
  public double next(double time, int direction) {
    double kink = next(kinks, time, direction);
    double jump = next(jumps, time, direction);
    return direction > 0 ? Math.min(kink, jump) : Math.max(kink, jump);
  }

  private static double next(double[] times, double time, int direction) {
    int found = Arrays.binarySearch(times, time + 0.0);
    int next = found >= 0 ? found + direction : direction > 0 ? -found - 1 : -found - 2;
    return next >= 0 && next < times.length ? times[next] : direction * Double.POSITIVE_INFINITY;
  }

  /// Returns the breakpoints strictly between two times.
  public DoubleStream between(double low, double high) {
    return DoubleStream.concat(between(kinks, low, high), between(jumps, low, high));
  }

  private static DoubleStream between(double[] times, double low, double high) {
    int first = Arrays.binarySearch(times, low + 0.0);
    int last = Arrays.binarySearch(times, high + 0.0);
    int from = first >= 0 ? first + 1 : -first - 1;
    return Arrays.stream(times, from, Math.max(from, last >= 0 ? last : -last - 1));
  }

  /// Returns the neighbour of a breakpoint on its side in a direction, any other time itself.
  ///
  /// @param direction 1 or −1
  public double beside(double time, int direction) {
    return isEmpty() || !contains(time)
        ? time
        : Math.nextAfter(time, direction * Double.POSITIVE_INFINITY);
  }
}
