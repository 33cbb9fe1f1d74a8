package org.flowline.examples.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A task that `flowline bench NAME` times, done by our code and by rivals.
interface Workload {

  /// Every workload, in the order in which they run.
  List<Workload> ALL =
      Stream.<Workload>concat(
              GradientWorkload.ALL.stream(),
              Stream.of(
                  new ProcessWorkload("ode-demo"),
                  SolveWorkload.LORENZ,
                  new FixedStepWorkload("lorenz-rk4"),
                  SolveWorkload.PLEIADES,
                  new PredictWorkload("predict")))
          .toList();

  String name();

  List<Contestant> contestants();

  /// Profiles our gradient for about this long; empty if the workload has no gradient.
  default Optional<GradientProfile> phases(double seconds) {
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

  /// An implementation of the task.
  ///
  /// @param nfeForward the evaluations of the field by the solve, or in total without a gradient
  /// @param nfeBackward the evaluations of the field or its pullback by the gradient, or 0
  /// @param error the error of the states, or null
  /// @param gradientError `max |g − g_ref| / max |g_ref|`, or null without a gradient
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
