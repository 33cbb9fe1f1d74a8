package org.flowline.examples.bench;

import java.util.ArrayList;
import java.util.List;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.problems.ClassicProblems;
import org.flowline.odesolvers.problems.Detest;
import org.flowline.odesolvers.problems.StiffProblems;
import org.flowline.odesolvers.problems.TestProblem;

/// Work–precision diagrams: three non-stiff and two stiff problems, solved by suitable methods at
/// tolerances from 1e-3 down in steps of a decade.
public record WorkPrecision(List<Diagram> diagrams) {

  /// A method, and the exponent of its tightest tolerance: beyond it methods of low order become
  /// too expensive, and errors of methods of high order are dominated by rounding.
  private record Range(OdeCode code, int tightest) {}

  private record Task(String file, String title, TestProblem problem, List<Range> methods) {}

  private static final List<Range> NON_STIFF =
      List.of(
          new Range(OdeCode.of(Methods.BOSH3), 7),
          new Range(OdeCode.of(Methods.DOPRI5), 11),
          new Range(OdeCode.of(Methods.TSIT5), 11),
          new Range(OdeCode.of(Methods.VERN7), 12),
          new Range(OdeCode.of(Methods.DOP853), 12),
          new Range(OdeCode.HIPPARCHUS_54, 11),
          new Range(OdeCode.HIPPARCHUS_853, 12));

  private static final List<Range> STIFF =
      List.of(
          new Range(OdeCode.of(Methods.TRBDF2), 6),
          new Range(OdeCode.of(Methods.ROSENBROCK23), 6),
          new Range(OdeCode.of(Methods.KVAERNO3), 7),
          new Range(OdeCode.of(Methods.KVAERNO4), 8),
          new Range(OdeCode.of(Methods.KVAERNO5), 9),
          new Range(OdeCode.of(Methods.RODAS5P), 9));

  private static final List<Task> TASKS =
      List.of(
          new Task("van-der-pol", "Van der Pol, μ = 1", Detest.named("E2"), NON_STIFF),
          new Task("orbit", "Orbit of eccentricity 0.9", Detest.named("D5"), NON_STIFF),
          new Task("pleiades", "Pleiades, seven bodies", ClassicProblems.PLEIADES, NON_STIFF),
          new Task(
              "stiff-van-der-pol",
              "Van der Pol, μ = 1000, exact Jacobian",
              StiffProblems.VAN_DER_POL,
              STIFF),
          new Task("oregonator", "Oregonator, exact Jacobian", StiffProblems.OREGONATOR, STIFF));

  private static final int LOOSEST = 3;

  /// One solve.
  ///
  /// @param error the final error, `max_i |y_i − ŷ_i| / (1 + |ŷ_i|)`
  public record Point(double tolerance, long nfe, double error, double medianMs) {}

  /// One method, from the loosest tolerance to the tightest.
  public record Series(String method, List<Point> points) {}

  /// One problem.
  ///
  /// @param file the prefix of the pictures' names
  public record Diagram(String file, String problem, List<Series> series) {}

  /// Measures for about this long.
  public static WorkPrecision measure(double seconds) {
    List<Runnable> works = new ArrayList<>();
    for (Task task : TASKS) {
      for (Range range : task.methods()) {
        for (int k = LOOSEST; k <= range.tightest(); k++) {
          double tolerance = Math.pow(10, -k);
          works.add(() -> range.code().solver().solve(task.problem(), tolerance));
        }
      }
    }
    InterleavedTimer rounds = InterleavedTimer.of(works, seconds);
    List<Diagram> diagrams = new ArrayList<>();
    int work = 0;
    for (Task task : TASKS) {
      List<Series> series = new ArrayList<>();
      for (Range range : task.methods()) {
        List<Point> points = new ArrayList<>();
        for (int k = LOOSEST; k <= range.tightest(); k++) {
          double tolerance = Math.pow(10, -k);
          OdeCode.Run run = range.code().solver().solve(task.problem(), tolerance);
          double error = TestProblem.distance(run.last(), task.problem().end());
          points.add(new Point(tolerance, run.evaluations(), error, rounds.nanos(work++) / 1e6));
        }
        series.add(new Series(range.code().name(), points));
      }
      diagrams.add(new Diagram(task.file(), task.title(), series));
    }
    return new WorkPrecision(diagrams);
  }
}
