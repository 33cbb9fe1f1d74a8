package org.flowline.neuralode.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Reversible;

/// Every gradient method on one problem, beside a reference: how exact, how expensive, how large.
///
///     System.out.println(GradientAudit.of(field, y0, times, loss, solver));
///
/// The reference is the discrete adjoint of a tight solve, which itself is held against
/// extrapolated differences of its loss on frozen steps: `check` is what is left between the two.
/// Where that is more than a part in ten thousand no method's gradient can be trusted, and
/// [#doubt] says so: the field's pullback is wrong, or the field jumps.
/// Of a stochastic solver, whose path has no tighter solve, it is the adjoint of that solve.
///
/// Adaptive solves with events are not frozen, since no grid holds the steps behind one: their
/// differences, and the Taylor slopes of loose ones, have the noise of steps that change.
///
/// Errors are largest differences relative to the largest component. An exact derivative of a loose
/// solve has the solve's error; that it is exact all the same is seen by its Taylor slope, 2.
/// Memory is measured by collecting garbage repeatedly during one gradient, good to some kilobytes
/// in a program that does nothing else meanwhile.
///
/// @param loss the reference's
/// @param check the reference against differences
/// @param rows one for each method that applies
/// @param refused the others, with the reason
public record GradientAudit(double loss, Errors check, List<Row> rows, List<Refused> refused) {

  /// Largest errors relative to the largest component; NaN where there is no derivative.
  public record Errors(double theta, double y0, double times) {}

  /// A method's result and cost.
  ///
  /// @param name the method
  /// @param errors against the reference
  /// @param taylorSlope of the remainder of its own computed loss along `(θ, y0)`: 2 if it is that
  ///     loss' derivative, below if it is not; NaN where the remainder is all round-off
  /// @param nfeForward evaluations of `f` by the forward solve
  /// @param nfeBackward pullbacks
  /// @param peakBytes the most held at one time; 0 if not measured
  /// @param milliseconds the fastest of several runs; NaN if not measured
  public record Row(
      String name,
      Errors errors,
      double taylorSlope,
      long nfeForward,
      long nfeBackward,
      long peakBytes,
      double milliseconds) {

    Row with(long peakBytes, double milliseconds) {
      return new Row(name, errors, taylorSlope, nfeForward, nfeBackward, peakBytes, milliseconds);
    }
  }

  /// A method that does not apply, and why.
  public record Refused(String name, String reason) {}

  public GradientAudit {
    rows = List.copyOf(rows);
    refused = List.copyOf(refused);
  }

  /// A method to audit; making it may be refused.
  private record Candidate(String name, Supplier<GradientMethod> method) {}

  /// The largest error of the reference that is no reason to doubt it.
  private static final double DOUBT = 1e-4;

  /// Sensitivities are audited up to so many numbers.
  private static final int MOST_SENSITIVITIES = 20_000;

  private static List<Candidate> candidates(DifferentiableField field, Integrator solver) {
    return List.of(
        new Candidate("discrete", () -> new DiscreteAdjoint(solver)),
        new Candidate("checkpointed 4", () -> new Checkpointed(solver, 4)),
        new Candidate("checkpointed 16", () -> new Checkpointed(solver, 16)),
        new Candidate("reversible", () -> new ReversibleAdjoint(reversible(solver))),
        new Candidate("interpolated", () -> new InterpolatedAdjoint(solver)),
        new Candidate("backsolve", () -> quiet(new Backsolve(solver))),
        new Candidate("backsolve 10 anchors", () -> quiet(new Backsolve(solver).withAnchors(10))),
        new Candidate("sensitivity", () -> sensitivity(field, solver)));
  }

  /// Without a warning: how far off it is stands in its row.
  private static Backsolve quiet(Backsolve method) {
    return method.withWarning(Double.POSITIVE_INFINITY);
  }

  /// The solver with its method made reversible, if that is a Runge–Kutta one.
  private static Integrator reversible(Integrator solver) {
    if (!(solver.method() instanceof ButcherTableau base)) {
      return solver;
    }
    Integrator reversible = Integrator.of(Reversible.of(base), solver.stepSize());
    for (Event event : solver.events()) {
      reversible = reversible.withEvent(event);
    }
    return reversible;
  }

  private static GradientMethod sensitivity(DifferentiableField field, Integrator solver) {
    int n = field.dimension();
    long numbers = (long) n * (1 + n + field.parameterCount());
    if (numbers > MOST_SENSITIVITIES) {
      throw new IllegalArgumentException(
          "forward sensitivity: " + numbers + " numbers; want " + MOST_SENSITIVITIES + " or fewer");
    }
    return new ForwardSensitivity(solver);
  }

  /// Audits all methods with this forward solver. The field's θ is bound to other values during the
  /// call and restored.
  ///
  /// @throws IllegalArgumentException if the reference solve does not get to the end
  public static GradientAudit of(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      Integrator solver) {
    return audit(field, new AuditRun(field, y0, times, loss, solver), solver, AuditRun::row);
  }

  /// The same without memory and time, which take most of an audit's own.
  ///
  /// @throws IllegalArgumentException if the reference solve does not get to the end
  public static GradientAudit withoutCosts(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      Integrator solver) {
    return audit(field, new AuditRun(field, y0, times, loss, solver), solver, AuditRun::result);
  }

  /// What to find out about a method.
  private interface Question {
    Row ask(AuditRun run, String name, GradientMethod method);
  }

  private static GradientAudit audit(
      DifferentiableField field, AuditRun run, Integrator solver, Question question) {
    double[] theta = field.parameters();
    List<Row> rows = new ArrayList<>();
    List<Refused> refused = new ArrayList<>();
    try {
      for (Candidate candidate : candidates(field, solver)) {
        try {
          rows.add(question.ask(run, candidate.name, candidate.method.get()));
        } catch (IllegalArgumentException | SolveException e) {
          refused.add(new Refused(candidate.name, e.getMessage()));
        }
      }
      return new GradientAudit(run.reference().loss(), run.check(), rows, refused);
    } finally {
      field.bind(theta);
    }
  }

  /// Why the reference itself is not to be trusted; empty if it is. Differences of a tight solve
  /// keep some ten digits.
  public Optional<String> doubt() {
    boolean agrees = check.theta <= DOUBT && check.y0 <= DOUBT && !(check.times > DOUBT);
    return agrees
        ? Optional.empty()
        : Optional.of(
            "do not trust these gradients: they are not what differences of the loss say; is the"
                + " field's pullback right, is the loss' cotangent, does either jump?");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "loss %.9g; the reference is off from differences by %.1e in θ, %.1e in y0, %.1e in times%n%n",
            loss,
            check.theta,
            check.y0,
            check.times));
    doubt().ifPresent(doubt -> text.append(doubt).append("\n\n"));
    text.append(
        String.format(
            Locale.ROOT,
            "%-20s %9s %9s %9s %7s %10s %10s %12s %9s%n",
            "method",
            "error θ",
            "y0",
            "times",
            "Taylor",
            "nfe fwd",
            "backward",
            "peak bytes",
            "ms"));
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-20s %9.1e %9.1e %9.1e %7.3f %,10d %,10d %,12d %9.3f%n",
              row.name,
              row.errors.theta,
              row.errors.y0,
              row.errors.times,
              row.taylorSlope,
              row.nfeForward,
              row.nfeBackward,
              row.peakBytes,
              row.milliseconds));
    }
    for (Refused method : refused) {
      text.append(String.format(Locale.ROOT, "%-20s %s%n", method.name, method.reason));
    }
    return text.toString().stripTrailing();
  }
}
