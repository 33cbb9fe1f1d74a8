package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.flowline.neuralode.Objective;

/// Early stopping: validates a training by a loss that it does not descend, such as the loss on
/// other data, keeps the best θ by that loss, and ends the training when its patience is exhausted.
///
/// [Trainer#withEarlyStopping] validates before iterations. The end is decided in [#isExhausted]
/// and acted on in `RestartingSolve.accepted`, which cancels the solve after the step. The state is
/// an array of numbers, so that a resumed training stops at the same iteration, to the same bits.
public final class EarlyStopping implements Trainer.Observer {

  /// The best parameters so far by the validation loss.
  ///
  /// @param iteration the number of iterations before it
  public record Best(long iteration, double loss, double[] theta) {
    @Override
    public String toString() {
      return "validation loss %s after %s iterations".formatted(loss, iteration);
    }
  }

  private final ToDoubleFunction<double[]> loss;
  private final long every;
  private final long patience;
  private final long from;
  private double last = Double.NaN;
  private Best best;
  private long latest;

  private EarlyStopping(ToDoubleFunction<double[]> loss, long every, long patience, long from) {
    this.loss = loss;
    this.every = every;
    this.patience = patience;
    this.from = from;
  }

  /// Returns a validation by this loss before every iteration, with unlimited patience.
  ///
  /// @param loss of θ; a loss that is not finite is never the best
  public static EarlyStopping of(ToDoubleFunction<double[]> loss) {
    return new EarlyStopping(loss, 1, Long.MAX_VALUE, 0);
  }

  /// Returns a validation by [Objective#loss], without gradients.
  public static EarlyStopping of(Objective validation) {
    return of(theta -> validation.loss(0, theta));
  }

  /// Returns this validation before every `iterations`-th iteration only.
  ///
  /// @throws IllegalArgumentException if the number is not positive
  public EarlyStopping withEvery(long iterations) {
    requirePositive("every", iterations);
    return new EarlyStopping(loss, iterations, patience, from);
  }

  /// Returns this validation with a patience of this many iterations without a better loss.
  ///
  /// @param from the iteration at which the count starts at the earliest, such as the one at which
  ///     a curriculum uses all data
  /// @throws IllegalArgumentException if the number is not positive
  public EarlyStopping withPatience(long iterations, long from) {
    requirePositive("patience", iterations);
    return new EarlyStopping(loss, every, iterations, from);
  }

  private static void requirePositive(String what, long iterations) {
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "early stopping: " + what + " " + iterations + " iterations; want 1 or more");
    }
  }

  @Override
  public void iteration(long iteration, double loss, double[] theta) {
    if (iteration % every == 0) {
      validate(iteration, theta);
    }
  }

  /// Validates `theta`, such as the parameters at the end.
  public void validate(long iteration, double[] theta) {
    latest = iteration;
    last = loss.applyAsDouble(theta);
    if (Double.isFinite(last) && (best == null || last < best.loss)) {
      best = new Best(iteration, last, theta.clone());
    }
  }

  /// The last validation loss; NaN before the first.
  public double last() {
    return last;
  }

  /// The first of the best parameters; empty if no loss was finite.
  public Optional<Best> best() {
    return Optional.ofNullable(best);
  }

  /// Returns whether patience is exhausted: this decides on early stopping.
  public boolean isExhausted() {
    long since = best == null ? 0 : best.iteration;
    return latest - Math.max(since, from) >= patience;
  }

  /// The state, for [#restoreState].
  public double[] saveState() {
    double[] theta = best == null ? new double[0] : best.theta;
    double[] state = Arrays.copyOf(theta, theta.length + 4);
    state[theta.length] = last;
    state[theta.length + 1] = latest;
    state[theta.length + 2] = best == null ? 0 : best.iteration;
    state[theta.length + 3] = best == null ? 0 : best.loss;
    return state;
  }

  /// Continues from a saved state.
  ///
  /// @throws IllegalArgumentException if it is not one of [#saveState]
  public void restoreState(double[] state) {
    int size = state.length - 4;
    if (size < 0) {
      throw new IllegalArgumentException(
          "early stopping: a state of " + state.length + " numbers; want what saveState() gave");
    }
    last = state[size];
    latest = (long) state[size + 1];
    Best saved = new Best((long) state[size + 2], state[size + 3], Arrays.copyOf(state, size));
    best = size == 0 ? null : saved;
  }
}
