package org.flowline.examples.explore;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.Integrator;

/// What follows from the settings: where flow and descent go.
///
/// @param settings what the user chose
/// @param bowl their bowl
/// @param flow the gradient flow, its times in units of η
/// @param descent the iterates, at their numbers; an adaptive step at its time in units of η
public record Scene(Settings settings, Bowl bowl, Orbit flow, Orbit descent) {

  /// Iterations.
  static final int STEPS = 50;

  /// A coordinate of a start on an axis of the bowl, or of an iterate at rest, may be so large; and
  /// an axis at the limit so much shorter.
  private static final double ROUNDING = 1e-9;

  /// How descent goes.
  public enum Verdict {
    STRAIGHT("never overshoots"),
    OVERSHOOTS("overshoots"),
    DIVERGES("diverges");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// Solves both.
  public static Scene of(Settings settings) {
    Bowl bowl = Bowl.of(settings.a(), settings.b(), Math.toRadians(settings.angle()));
    double[] start = {settings.x(), settings.y()};
    double eta = settings.eta();
    Optimizer optimizer = settings.descent().optimizer().apply(eta);
    TrainingFlow training = optimizer.flow().apply(bowl);
    Orbit states =
        Orbit.asFarAsItGoes(
            training,
            training.start(start),
            optimizer.interval() * STEPS,
            Integrator.of(optimizer.method(), optimizer.stepSize().apply(STEPS)));
    double[][] iterates =
        Arrays.stream(states.y()).map(training::parameters).toArray(double[][]::new);
    return new Scene(
        settings,
        bowl,
        scaled(Orbit.flow(bowl, start, eta * STEPS), eta),
        scaled(new Orbit(states.t(), iterates), optimizer.interval()));
  }

  private static Orbit scaled(Orbit orbit, double unit) {
    return new Orbit(Arrays.stream(orbit.t()).map(t -> t / unit).toArray(), orbit.y());
  }

  /// The step from which descent diverges, `limit / λₘₐₓ`; infinite if none does, empty where the
  /// bowl does not decide it.
  public OptionalDouble criticalStep() {
    OptionalDouble limit = settings.descent().limit();
    return limit.isPresent()
        ? OptionalDouble.of(limit.getAsDouble() / bowl.largest())
        : OptionalDouble.empty();
  }

  /// Whether descent grows without bound, else whether the part along one of the bowl's axes
  /// changed its sign.
  public Verdict verdict() {
    if (diverges()) {
      return Verdict.DIVERGES;
    }
    return changesSign(0) || changesSign(Math.PI / 2) ? Verdict.OVERSHOOTS : Verdict.STRAIGHT;
  }

  /// Where ηcrit is known, whether `ηλ` is beyond the limit along an axis, `λ = 1/a²` or `1/b²`, on
  /// which the start is not at rest; else from the iterates, [#grows].
  private boolean diverges() {
    OptionalDouble limit = settings.descent().limit();
    if (limit.isEmpty()) {
      return grows(descent.losses(bowl));
    }
    double reach = Math.sqrt(settings.eta() / limit.getAsDouble()) * (1 - ROUNDING);
    return (settings.a() < reach && Math.abs(along(0)[0]) > ROUNDING)
        || (settings.b() < reach && Math.abs(along(Math.PI / 2)[0]) > ROUNDING);
  }

  /// Ends out of all numbers, or far above the start and each quarter higher than the one before:
  /// what only jumps off a minimum, or swings around it, does not.
  private static boolean grows(double[] losses) {
    if (losses.length <= STEPS) {
      return true;
    }
    double before = losses[0];
    for (int quarter = 0; quarter < 4; quarter++) {
      int from = quarter * losses.length / 4;
      int to = (quarter + 1) * losses.length / 4;
      double highest = Arrays.stream(losses, from, to).max().orElseThrow();
      if (quarter > 0 && highest <= before) {
        return false;
      }
      before = highest;
    }
    return losses[losses.length - 1] > 100 * losses[0];
  }

  private boolean changesSign(double turn) {
    double[] parts = along(turn);
    return Arrays.stream(parts).anyMatch(part -> part < -ROUNDING)
        && Arrays.stream(parts).anyMatch(part -> part > ROUNDING);
  }

  /// The iterates' parts along the first semi-axis, or along what is so far turned from it.
  double[] along(double turn) {
    double direction = Math.toRadians(settings.angle()) + turn;
    return Arrays.stream(descent.y())
        .mapToDouble(y -> Math.cos(direction) * y[0] + Math.sin(direction) * y[1])
        .toArray();
  }

  /// Where the limit is, such as `ηcrit = 2/λₘₐₓ = 0.5`.
  public String limit() {
    OptionalDouble limit = settings.descent().limit();
    if (limit.isEmpty()) {
      return "no ηcrit, its steps are about η long";
    }
    double critical = criticalStep().getAsDouble();
    return Double.isInfinite(critical)
        ? "no ηcrit, stable for every η"
        : "ηcrit = %s/λₘₐₓ = %s"
            .formatted(
                Measurement.number(rounded(limit.getAsDouble())),
                Measurement.number(rounded(critical)));
  }

  /// In a line: the eigenvalues, the limit, the start, and how descent goes.
  @Override
  public String toString() {
    return "λₘᵢₙ = %s, λₘₐₓ = %s; %s; from (%s, %s) %s %s"
        .formatted(
            Measurement.number(rounded(bowl.smallest())),
            Measurement.number(rounded(bowl.largest())),
            limit(),
            Measurement.number(rounded(settings.x())),
            Measurement.number(rounded(settings.y())),
            settings.descent().name(),
            verdict());
  }

  private static double rounded(double value) {
    return Math.round(1000 * value) / 1000.0;
  }
}
