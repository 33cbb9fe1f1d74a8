package org.flowline.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The suite `flowline bench [NAME…]`: workloads, each timed interleaved with its rivals
/// ([InterleavedTimer]).
public record WorkloadBench(List<Measured> results) {

  /// The figures of a workload's contestants, ours first.
  record Measured(String workload, List<Rival> figures, GradientProfile phases) {
    private Result result() {
      Rival ours = figures.getFirst();
      return new Result(
          workload,
          ours.name(),
          ours.medianMs(),
          ours.minMs(),
          ours.nfeForward(),
          ours.nfeBackward(),
          ours.error(),
          ours.gradientError(),
          figures.subList(1, figures.size()),
          phases);
    }
  }

  /// A contestant's figures; see [Workload.Contestant].
  ///
  /// @param times the median time over ours
  public record Rival(
      String name,
      double medianMs,
      double minMs,
      long nfeForward,
      long nfeBackward,
      Double error,
      Double gradientError,
      double times) {}

  /// Ours, then the rivals.
  ///
  /// @param phases the profile of our gradient; null unless requested and there is a gradient
  public record Result(
      String workload,
      String method,
      double medianMs,
      double minMs,
      long nfeForward,
      long nfeBackward,
      Double error,
      Double gradientError,
      List<Rival> rivals,
      GradientProfile phases) {}

  /// The output of `--json`.
  public record Report(List<Result> results) {}

  public static List<String> names() {
    return Workload.ALL.stream().map(Workload::name).toList();
  }

  /// The names of the workloads to measure: these, or all if the list is empty.
  ///
  /// @throws IllegalArgumentException if one is unknown
  public static List<String> choose(List<String> names) {
    return names.isEmpty()
        ? names()
        : names.stream().map(name -> Workload.named(name).name()).distinct().toList();
  }

  /// Measures each of them for about this long, and profiles it for half as long, if requested.
  public static WorkloadBench run(List<String> names, double seconds, boolean profile) {
    return new WorkloadBench(
        names.stream().map(name -> measure(Workload.named(name), seconds, profile)).toList());
  }

  private static Measured measure(Workload workload, double seconds, boolean profile) {
    List<Workload.Contestant> all = workload.contestants();
    InterleavedTimer timer =
        InterleavedTimer.of(all.stream().map(Workload.Contestant::run).toList(), seconds);
    List<Rival> figures = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Workload.Contestant contestant = all.get(i);
      figures.add(
          new Rival(
              contestant.name(),
              timer.nanos(i) / 1e6,
              timer.fastestNanos(i) / 1e6,
              contestant.nfeForward(),
              contestant.nfeBackward(),
              contestant.error(),
              contestant.gradientError(),
              timer.nanos(i) / timer.nanos(0)));
    }
    GradientProfile phases = profile ? workload.phases(seconds / 2).orElse(null) : null;
    return new Measured(workload.name(), figures, phases);
  }

  public Report report() {
    return new Report(results.stream().map(Measured::result).toList());
  }

  /// A line for each contestant, ours first.
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-15s %-28s %10s %10s %8s %8s %9s %7s%n",
            "workload", "", "median ms", "min ms", "nfe", "nfe back", "error", "× ours"));
    for (Measured measured : results) {
      String workload = measured.workload;
      for (Rival rival : measured.figures) {
        line(text, workload, rival);
        workload = "";
      }
      if (measured.phases != null) {
        text.append(String.format("%-15s %s%n", "", measured.phases));
      }
    }
    return text.append(
            """

            nfe: evaluations of the field, nfe back: by the gradient. error: of the gradient if there is one, else of the states.
            × ours: median time over the one of the first line.""")
        .toString();
  }

  private static void line(StringBuilder text, String workload, Rival r) {
    Double error = r.gradientError() == null ? r.error() : r.gradientError();
    text.append(
        String.format(
            Locale.ROOT,
            "%-15s %-28s %10.4f %10.4f %8d %8s %9s %7.2f%n",
            workload,
            r.name(),
            r.medianMs(),
            r.minMs(),
            r.nfeForward(),
            r.nfeBackward() == 0 ? "–" : r.nfeBackward(),
            error == null ? "–" : String.format(Locale.ROOT, "%.1e", error),
            r.times()));
  }
}
