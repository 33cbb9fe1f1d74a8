package org.flowline.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The suite `flowline bench [NAME…]`: workloads, each timed interleaved with its rivals
/// ([InterleavedTimer]).
public final class WorkloadBench {
  private final List<Result> results;

  private WorkloadBench(List<Result> results) {
    this.results = results;
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

  /// The names of all workloads.
  public static List<String> names() {
    return Workload.ALL.stream().map(Workload::name).toList();
  }

  /// Workloads to measure.
  public static final class Chosen {
    private final List<Workload> workloads;

    private Chosen(List<Workload> workloads) {
      this.workloads = workloads;
    }

    public int count() {
      return workloads.size();
    }

    /// Measures each of them for about this long, and profiles it for half as long, if requested.
    public WorkloadBench run(double seconds, boolean profile) {
      return new WorkloadBench(
          workloads.stream().map(workload -> measure(workload, seconds, profile)).toList());
    }
  }

  /// The workloads with these names, or all if the list is empty.
  ///
  /// @throws IllegalArgumentException if one is unknown
  public static Chosen choose(List<String> names) {
    return new Chosen(
        names.isEmpty() ? Workload.ALL : names.stream().map(Workload::named).distinct().toList());
  }

  private static Result measure(Workload workload, double seconds, boolean profile) {
    List<Workload.Contestant> all = workload.contestants();
    InterleavedTimer rounds =
        InterleavedTimer.of(
            all.stream().map(Workload.Contestant::run).toList(),
            () -> 0,
            InterleavedTimer.Budget.ofSeconds(seconds));
    List<Rival> figures = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Workload.Contestant contestant = all.get(i);
      figures.add(
          new Rival(
              contestant.name(),
              rounds.nanos(i) / 1e6,
              rounds.fastestNanos(i) / 1e6,
              contestant.nfeForward(),
              contestant.nfeBackward(),
              contestant.error(),
              contestant.gradientError(),
              rounds.nanos(i) / rounds.nanos(0)));
    }
    Rival ours = figures.getFirst();
    return new Result(
        workload.name(),
        ours.name(),
        ours.medianMs(),
        ours.minMs(),
        ours.nfeForward(),
        ours.nfeBackward(),
        ours.error(),
        ours.gradientError(),
        figures.subList(1, figures.size()),
        profile ? workload.phases(seconds / 2).orElse(null) : null);
  }

  public Report report() {
    return new Report(results);
  }

  /// A line for each contestant, ours first.
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-15s %-28s %10s %10s %8s %8s %9s %7s%n",
            "workload", "", "median ms", "min ms", "nfe", "nfe back", "error", "× ours"));
    for (Result r : results) {
      line(text, r.workload(), ours(r));
      r.rivals().forEach(rival -> line(text, "", rival));
      if (r.phases() != null) {
        text.append(String.format("%-15s %s%n", "", r.phases()));
      }
    }
    return text.append(
            """

            nfe: evaluations of the field, nfe back: by the gradient. error: of the states, or of the gradient where there is one.
            × ours: median time over that of the first line.""")
        .toString();
  }

  private static Rival ours(Result r) {
    return new Rival(
        r.method(),
        r.medianMs(),
        r.minMs(),
        r.nfeForward(),
        r.nfeBackward(),
        r.error(),
        r.gradientError(),
        1);
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
