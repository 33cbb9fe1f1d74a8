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
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Reversible;
import org.flowline.odesolvers.method.Stochastic;

/// A comparison of all gradient methods on one problem with a reference: errors, cost and memory.
///
///     System.out.println(GradientAudit.of(field, y0, times, loss, solver));
///
/// The reference is the discrete adjoint of a tight solve, which is itself compared with
/// extrapolated differences of its loss on frozen steps and with sensitivities of controlled error,
/// unless these are more than 20 000, or 200 for a stiff solver, which factorises a matrix of that
/// size: `check` is the larger difference. Above 1e-4 no
/// method's gradient can be trusted, and [#doubt] says so: the field's pullback is wrong, or the
/// field jumps. For a stochastic solver, whose path has no tighter solve, the reference is the
/// adjoint of that solve.
///
/// Adaptive solves with events are not frozen, since no grid holds the steps after one: their
/// differences, and the Taylor slopes of loose ones, have the noise of steps that change.
///
/// Errors are largest differences relative to the largest component. An exact derivative of a loose
/// solve has the solve's error; its Taylor slope, 2, shows that it is exact all the same. Memory is
/// measured by repeated garbage collections during one gradient, to some kilobytes in a program
/// that does nothing else meanwhile.
///
/// @param loss the loss of the reference
/// @param check the reference against differences
/// @param rows one row per method that applies
/// @param refused the other methods, with the reason
public record GradientAudit(double loss, Errors check, List<Row> rows, List<Refused> refused) {

  /// Largest errors relative to the largest component; NaN where there is no derivative.
  public record Errors(double theta, double y0, double times) {}

  /// A method's result and cost.
  ///
  /// @param name the method
  /// @param errors against the reference
  /// @param taylorSlope the slope of the Taylor remainder of its own computed loss along `(θ, y0)`:
  ///     2 for the exact derivative, less otherwise; NaN where the remainder is all round-off
  /// @param nfeForward evaluations of `f` by the forward solve
  /// @param nfeBackward pullbacks
  /// @param peakBytes the peak memory; 0 if not measured
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

  /// A method that does not apply, and the reason.
  public record Refused(String name, String reason) {}

  public GradientAudit {
    rows = List.copyOf(rows);
    refused = List.copyOf(refused);
  }

  /// A method to audit; its construction may be refused.
  private record Candidate(String name, Supplier<GradientMethod> method) {}

  /// The largest error of a trusted reference.
  private static final double DOUBT = 1e-4;

  /// The largest number of sensitivities that are audited.
  private static final int MOST_SENSITIVITIES = 20_000;
  private static final int MOST_IMPLICIT_SENSITIVITIES = 200;

  private static List<Candidate> candidates(DifferentiableField field, Integrator solver) {
    return List.of(
        new Candidate("discrete", () -> new DiscreteAdjoint(solver)),
        new Candidate("checkpointed 4", () -> new Checkpointed(solver, 4)),
        new Candidate("checkpointed 16", () -> new Checkpointed(solver, 16)),
        new Candidate("reversible", () -> quiet(new ReversibleAdjoint(reversible(solver)))),
        new Candidate("interpolated", () -> new InterpolatedAdjoint(solver)),
        new Candidate("backsolve", () -> quiet(new Backsolve(solver))),
        new Candidate("backsolve 10 anchors", () -> quiet(new Backsolve(solver).withAnchors(10))),
        new Candidate("sensitivity", () -> sensitivity(field, solver)));
  }

  /// The method without a warning, since its row shows the error.
  private static Backsolve quiet(Backsolve method) {
    return method.withWarning(Double.POSITIVE_INFINITY);
  }

  private static ReversibleAdjoint quiet(ReversibleAdjoint method) {
    return method.withWarning(Double.POSITIVE_INFINITY);
  }

  /// The solver with the reversible version of its method if that is a Runge–Kutta one.
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
    long numbers = sensitivities(field);
    if (numbers > MOST_SENSITIVITIES) {
      throw new IllegalArgumentException(
          "forward sensitivity: " + numbers + " numbers; want " + MOST_SENSITIVITIES + " or fewer");
    }
    return new ForwardSensitivity(solver);
  }

  private static long sensitivities(DifferentiableField field) {
    int n = field.dimension();
    return (long) n * (1 + n + field.parameterCount());
  }

  /// Audits all methods with this forward solver. The field's θ is bound to other values during the
  /// call and restored.
  ///
  /// @throws IllegalArgumentException if the reference solve fails
  public static GradientAudit of(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      Integrator solver) {
    return audit(
        field,
        new AuditMeasurements(field, y0, times, loss, solver),
        solver,
        AuditMeasurements::row);
  }

  /// Audits all methods without memory and time, which take most of the time of an audit.
  ///
  /// @throws IllegalArgumentException if the reference solve fails
  public static GradientAudit withoutCosts(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      Integrator solver) {
    return audit(
        field,
        new AuditMeasurements(field, y0, times, loss, solver),
        solver,
        AuditMeasurements::result);
  }

  /// A measurement of a method.
  private interface Measurement {
    Row row(AuditMeasurements run, String name, GradientMethod method);
  }

  private static GradientAudit audit(
      DifferentiableField field,
      AuditMeasurements run,
      Integrator solver,
      Measurement measurement) {
    double[] theta = field.parameters();
    List<Row> rows = new ArrayList<>();
    List<Refused> refused = new ArrayList<>();
    try {
      for (Candidate candidate : candidates(field, solver)) {
        try {
          rows.add(measurement.row(run, candidate.name, candidate.method.get()));
        } catch (IllegalArgumentException | SolveException e) {
          refused.add(new Refused(candidate.name, e.getMessage()));
        }
      }
      return new GradientAudit(run.reference().loss(), check(field, run), rows, refused);
    } finally {
      field.bind(theta);
    }
  }

  /// The errors of the reference against differences and, where that is affordable, sensitivities.
  private static Errors check(DifferentiableField field, AuditMeasurements run) {
    Errors differences = run.check();
    Method method = run.tight().method();
    boolean explicit = method instanceof ButcherTableau tableau && tableau.explicit();
    long most = explicit ? MOST_SENSITIVITIES : MOST_IMPLICIT_SENSITIVITIES;
    if (method instanceof Stochastic || sensitivities(field) > most) {
      return differences;
    }
    Errors other = run.against(new ForwardSensitivity(run.tight()));
    return new Errors(
        Math.max(differences.theta, other.theta),
        Math.max(differences.y0, other.y0),
        Math.max(differences.times, other.times));
  }

  /// The reason not to trust the reference; empty if it agrees with differences, which keep some
  /// ten digits for a tight solve.
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
