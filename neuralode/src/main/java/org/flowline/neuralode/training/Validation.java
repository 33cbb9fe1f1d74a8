package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Judges a training by a loss that it does not descend, such as that of other data, and keeps the
/// best parameters by it. What it knows goes into an array of numbers and comes back to the bit, so
/// that a training that is resumed is judged as if it had never stopped.
///
/// [#isOver] says when to end the training early; [Trainer.Checkpoints] can ask it.
public final class Validation implements Trainer.Observer {

  /// Parameters that were judged.
  ///
  /// @param iteration behind so many iterations
  public record Judged(long iteration, double loss, double[] theta) {}

  private final ToDoubleFunction<double[]> loss;
  private final long every;
  private final long patience;
  private final long from;
  private double last = Double.NaN;
  private Judged best;
  private long latest;

  private Validation(ToDoubleFunction<double[]> loss, long every, long patience, long from) {
    this.loss = loss;
    this.every = every;
    this.patience = patience;
    this.from = from;
  }

  /// Judges before every iteration, and is never over.
  ///
  /// @param loss of θ; one that is not finite is never the best
  public static Validation of(ToDoubleFunction<double[]> loss) {
    return new Validation(loss, 1, Long.MAX_VALUE, 0);
  }

  /// Judges before every so many iterations.
  ///
  /// @throws IllegalArgumentException if the number is not positive
  public Validation withEvery(long iterations) {
    requirePositive("every", iterations);
    return new Validation(loss, iterations, patience, from);
  }

  /// Is over behind so many iterations without a better loss.
  ///
  /// @param from the iteration from which on they count, such as the one at which all data are in
  ///     use
  /// @throws IllegalArgumentException if the number is not positive
  public Validation withPatience(long iterations, long from) {
    requirePositive("patience", iterations);
    return new Validation(loss, every, iterations, from);
  }

  private static void requirePositive(String what, long iterations) {
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "validation: " + what + " " + iterations + " iterations; want 1 or more");
    }
  }

  @Override
  public void iteration(long iteration, double loss, double[] theta) {
    if (iteration % every == 0) {
      judge(iteration, theta);
    }
  }

  /// Judges these parameters, too, such as those at the end.
  public void judge(long iteration, double[] theta) {
    latest = iteration;
    last = loss.applyAsDouble(theta);
    if (Double.isFinite(last) && (best == null || last < best.loss)) {
      best = new Judged(iteration, last, theta.clone());
    }
  }

  /// The last loss; NaN before the first.
  public double last() {
    return last;
  }

  /// The best that was judged, the first of several; none if no loss was finite.
  public Optional<Judged> best() {
    return Optional.ofNullable(best);
  }

  /// Whether patience is at its end.
  public boolean isOver() {
    long since = best == null ? 0 : best.iteration;
    return latest - Math.max(since, from) >= patience;
  }

  /// All of this, for [#recall].
  public double[] state() {
    double[] theta = best == null ? new double[0] : best.theta;
    double[] state = Arrays.copyOf(theta, theta.length + 4);
    state[theta.length] = last;
    state[theta.length + 1] = latest;
    state[theta.length + 2] = best == null ? 0 : best.iteration;
    state[theta.length + 3] = best == null ? 0 : best.loss;
    return state;
  }

  /// Goes on behind what [#state] was.
  ///
  /// @throws IllegalArgumentException if it is not the state of any
  public void recall(double[] state) {
    int size = state.length - 4;
    if (size < 0) {
      throw new IllegalArgumentException(
          "validation: a state of " + state.length + " numbers; want what state() gave");
    }
    last = state[size];
    latest = (long) state[size + 1];
    best =
        size == 0
            ? null
            : new Judged((long) state[size + 2], state[size + 3], Arrays.copyOf(state, size));
  }
}
