package org.flowline.examples.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A whole task that `flowline bench NAME` times: ours, then rivals at the same.
interface Workload {

  /// Every workload, in the order in which they run.
  List<Workload> ALL =
      Stream.<Workload>concat(
              GradientWorkload.ALL.stream(),
              Stream.of(
                  new OdeDemo(),
                  SolveOnly.LORENZ,
                  new FixedSteps(),
                  SolveOnly.PLEIADES,
                  new PredictWorkload()))
          .toList();

  String name();

  /// Ours first.
  List<Contestant> contestants();

  /// Where the time of ours goes, measured for about so long; empty where there is no gradient.
  default Optional<Phases> phases(double seconds) {
    return Optional.empty();
  }

  /// The workload of this name, in upper or lower case.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists all names
  static Workload named(String name) {
    return ALL.stream()
        .filter(workload -> workload.name().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "workload: \"%s\" is unknown; want one of %s"
                        .formatted(
                            name,
                            ALL.stream().map(Workload::name).collect(Collectors.joining(", ")))));
  }

  /// One who does the task.
  ///
  /// @param nfeForward evaluations of the field by the solve, or in all where there is one only
  /// @param nfeBackward evaluations of the field or its pullback by the gradient; 0 without one
  /// @param error of the states; null where there are none to compare
  /// @param gradientError `max |g − g_ref| / max |g_ref|`; null without a gradient
  record Contestant(
      String name,
      Runnable run,
      long nfeForward,
      long nfeBackward,
      Double error,
      Double gradientError) {

    /// A solve without a gradient.
    static Contestant solve(String name, Runnable run, long nfe, Double error) {
      return new Contestant(name, run, nfe, 0, error, null);
    }
  }
}
