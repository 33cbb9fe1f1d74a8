package org.flowline.examples.explore;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.TrainingFlow;
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

  /// From the iterates themselves: whether the loss grew, else whether the part along one of the
  /// bowl's axes changed its sign.
  public Verdict verdict() {
    double[] losses = descent.losses(bowl);
    if (losses[losses.length - 1] > losses[0]) {
      return Verdict.DIVERGES;
    }
    return changesSign(0) || changesSign(Math.PI / 2) ? Verdict.OVERSHOOTS : Verdict.STRAIGHT;
  }

  private boolean changesSign(double turn) {
    double[] parts = along(turn);
    double rounding = 1e-9;
    return Arrays.stream(parts).anyMatch(part -> part < -rounding)
        && Arrays.stream(parts).anyMatch(part -> part > rounding);
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
