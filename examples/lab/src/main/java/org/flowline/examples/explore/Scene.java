package org.flowline.examples.explore;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.Integrator;

/// The paths of flow and descent for given settings.
///
/// @param settings the user's choice
/// @param bowl the bowl of the settings
/// @param flow the gradient flow, with times in units of η
/// @param descent the iterates, with their numbers as times; for adaptive steps, times in units of
/// η
public record Scene(Settings settings, Bowl bowl, Orbit flow, Orbit descent) {

  /// The number of iterations.
  static final int STEPS = 50;

  /// The tolerance for coordinates that are 0 and for axes that are at the limit.
  private static final double ROUNDING = 1e-9;

  /// The qualitative behaviour of descent.
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

  public static Scene of(Settings settings) {
    Bowl bowl = Bowl.of(settings.a(), settings.b(), Math.toRadians(settings.angle()));
    double[] start = {settings.x(), settings.y()};
    double eta = settings.eta();
    Optimizer optimizer = settings.descent().optimizer().apply(eta);
    TrainingFlow training = optimizer.flow().apply(bowl);
    Orbit states =
        Orbit.untilFailure(
            training,
            training.initialState(start),
            optimizer.interval() * STEPS,
            Integrator.of(optimizer.method(), optimizer.stepSize().apply(STEPS)));
    return new Scene(
        settings,
        bowl,
        scaled(Orbit.flow(bowl, start, eta * STEPS), eta),
        scaled(states.map(training::parameters), optimizer.interval()));
  }

  private static Orbit scaled(Orbit orbit, double unit) {
    return new Orbit(Series.map(orbit.t(), t -> t / unit), orbit.y());
  }

  /// The step beyond which descent diverges, `limit / λₘₐₓ`; infinite if there is none, empty if it
  /// does not depend on the bowl alone.
  public OptionalDouble criticalStep() {
    OptionalDouble limit = settings.descent().limit();
    return limit.isPresent()
        ? OptionalDouble.of(limit.getAsDouble() / bowl.largest())
        : OptionalDouble.empty();
  }

  /// Returns whether descent diverges, and otherwise whether its component along one of the bowl's
  /// axes changes sign.
  public Verdict verdict() {
    if (diverges()) {
      return Verdict.DIVERGES;
    }
    return changesSign(0) || changesSign(Math.PI / 2) ? Verdict.OVERSHOOTS : Verdict.STRAIGHT;
  }

  /// Returns whether `ηλ` exceeds the limit along an axis, `λ = 1/a²` or `1/b²`, along which the
  /// start is not 0; if there is no limit, decides by the iterates ([#grows]).
  private boolean diverges() {
    OptionalDouble limit = settings.descent().limit();
    if (limit.isEmpty()) {
      return grows(descent.losses(bowl));
    }
    double reach = Math.sqrt(settings.eta() / limit.getAsDouble()) * (1 - ROUNDING);
    return (settings.a() < reach && Math.abs(along(0)[0]) > ROUNDING)
        || (settings.b() < reach && Math.abs(along(Math.PI / 2)[0]) > ROUNDING);
  }

  /// Returns whether the losses end in an overflow, or far above the start with each quarter higher
  /// than the one before, unlike iterates that jump off a minimum or oscillate around it.
  private static boolean grows(double[] losses) {
    if (losses.length <= STEPS) {
      return true;
    }
    int n = losses.length;
    double[] highest = new double[4];
    Arrays.setAll(highest, q -> Series.max(q * n / 4, (q + 1) * n / 4, k -> losses[k]));
    return losses[n - 1] > 100 * losses[0]
        && IntStream.range(1, 4).noneMatch(q -> highest[q] <= highest[q - 1]);
  }

  private boolean changesSign(double turn) {
    double[] parts = along(turn);
    return Arrays.stream(parts).anyMatch(part -> part < -ROUNDING)
        && Arrays.stream(parts).anyMatch(part -> part > ROUNDING);
  }

  /// The iterates' components along the direction at this angle from the first semi-axis.
  double[] along(double turn) {
    double direction = Math.toRadians(settings.angle()) + turn;
    return descent.values(y -> Math.cos(direction) * y[0] + Math.sin(direction) * y[1]);
  }

  /// Describes the limit, such as `ηcrit = 2/λₘₐₓ = 0.5`.
  public String limit() {
    OptionalDouble limit = settings.descent().limit();
    if (limit.isEmpty()) {
      return "no ηcrit, its steps are about η long";
    }
    double critical = criticalStep().getAsDouble();
    return Double.isInfinite(critical)
        ? "no ηcrit, stable for every η"
        : "ηcrit = %s/λₘₐₓ = %s".formatted(rounded(limit.getAsDouble()), rounded(critical));
  }

  /// Returns the eigenvalues, the limit, the start and the verdict in one line.
  @Override
  public String toString() {
    return "λₘᵢₙ = %s, λₘₐₓ = %s; %s; from (%s, %s) %s %s"
        .formatted(
            rounded(bowl.smallest()),
            rounded(bowl.largest()),
            limit(),
            rounded(settings.x()),
            rounded(settings.y()),
            settings.descent().name(),
            verdict());
  }

  private static String rounded(double value) {
    return Measurement.number(Math.round(1000 * value) / 1000.0);
  }
}
