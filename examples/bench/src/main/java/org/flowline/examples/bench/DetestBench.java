package org.flowline.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.problems.Detest;
import org.flowline.odesolvers.problems.TestProblem;

/// The suite `--detest`: the 25 problems of [Detest] at one relative and absolute tolerance,
/// compared
/// with the classical codes: evaluations, error of the final state against the published one, time.
public record DetestBench(List<Result> results) {
  private static final double TOLERANCE = 1e-6;

  /// The codes; the first is our method with the fewest evaluations at this tolerance.
  private static final List<OdeCode> CODES =
      List.of(
          OdeCode.of(Methods.DOP853),
          OdeCode.of(Methods.VERN7),
          OdeCode.of(Methods.TSIT5),
          OdeCode.CLASSICAL,
          OdeCode.HIPPARCHUS_54,
          OdeCode.HIPPARCHUS_853);

  /// The lower bound of errors in a mean: the rounding of numbers of size 1.
  private static final double ROUNDING = Math.ulp(1.0);

  /// @param error `max_i |y_i − ŷ_i| / (1 + |ŷ_i|)` at `t = 20`
  public record Problem(String name, long nfe, double error, double medianUs) {}

  /// The results of one code on all problems.
  public record Result(
      String name,
      long totalNfe,
      double geometricMeanError,
      double totalUs,
      List<Problem> problems) {

    static Result of(String name, List<Problem> problems) {
      double meanLog =
          problems.stream()
              .mapToDouble(problem -> Math.log(Math.max(ROUNDING, problem.error())))
              .average()
              .orElseThrow();
      return new Result(
          name,
          problems.stream().mapToLong(Problem::nfe).sum(),
          Math.exp(meanLog),
          problems.stream().mapToDouble(Problem::medianUs).sum(),
          problems);
    }
  }

  /// The output of `--json`.
  public record Report(
      double tolerance,
      String method,
      long totalNfe,
      double geometricMeanError,
      double totalUs,
      List<Problem> problems,
      List<Result> rivals) {}

  /// Measures for about this long.
  public static DetestBench run(double seconds) {
    List<TestProblem> problems = Detest.all();
    List<Runnable> works = new ArrayList<>();
    for (OdeCode code : CODES) {
      for (TestProblem problem : problems) {
        works.add(() -> code.solver().solve(problem, TOLERANCE));
      }
    }
    InterleavedTimer rounds = InterleavedTimer.of(works, seconds);
    List<Result> results = new ArrayList<>();
    int work = 0;
    for (OdeCode code : CODES) {
      List<Problem> solved = new ArrayList<>();
      for (TestProblem problem : problems) {
        OdeCode.Run run = code.solver().solve(problem, TOLERANCE);
        double error = TestProblem.distance(run.last(), problem.end());
        solved.add(
            new Problem(problem.name(), run.evaluations(), error, rounds.nanos(work++) / 1e3));
      }
      results.add(Result.of(code.name(), solved));
    }
    return new DetestBench(results);
  }

  public Report report() {
    Result ours = results.getFirst();
    return new Report(
        TOLERANCE,
        ours.name(),
        ours.totalNfe(),
        ours.geometricMeanError(),
        ours.totalUs(),
        ours.problems(),
        results.subList(1, results.size()));
  }

  /// A line for each problem, a column pair for each code.
  public String text() {
    String heading =
        "DETEST, 25 problems on [0, 20], rtol = atol = %.0e: evaluations, and the error at t = 20%n%n     ";
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, heading, TOLERANCE));
    results.forEach(result -> text.append(String.format("  %16s", result.name())));
    for (int i = 0; i < results.getFirst().problems().size(); i++) {
      text.append(String.format("%n%-5s", results.getFirst().problems().get(i).name()));
      for (Result result : results) {
        Problem problem = result.problems().get(i);
        text.append(String.format(Locale.ROOT, "  %7d %8.1e", problem.nfe(), problem.error()));
      }
    }
    text.append(String.format("%n%n%-5s", "all"));
    for (Result result : results) {
      text.append(
          String.format(
              Locale.ROOT, "  %7d %8.1e", result.totalNfe(), result.geometricMeanError()));
    }
    text.append(String.format("%n%-5s", "µs"));
    results.forEach(
        result -> text.append(String.format(Locale.ROOT, "  %,16.0f", result.totalUs())));
    return text.append(
            """


            all: the sum of evaluations, and the geometric mean of errors max |y − ŷ|/(1 + |ŷ|). µs: the sum of median times.
            classical Dopri5: our engine with the settings of Hairer's code; Hipparchus' codes run without our engine.""")
        .toString();
  }
}
