package org.flowline.neuralode.training;

import java.util.Optional;
import java.util.OptionalDouble;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.flow.MirrorFlow;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.method.Method;

/// A flow whose `dθ/dτ`, the last components of its rate, is changed; velocities and averages move
/// as before. A partitioned flow stays one.
final class RateModifier {

  /// Changes `rate[from …]` in place.
  @FunctionalInterface
  interface Change {
    void apply(double tau, double[] state, double[] rate, int from);

    /// The factor `s` of `s · dθ/dτ − λθ`, which this changes the rate to.
    default double speed(double tau) {
      return 1;
    }

    /// Its `λ`.
    default double decay(double tau) {
      return 0;
    }
  }

  /// θ moves faster or slower, by the iteration.
  record Scheduled(Schedule schedule, double interval) implements Change {
    @Override
    public void apply(double tau, double[] state, double[] rate, int from) {
      double factor = speed(tau);
      for (int i = from; i < rate.length; i++) {
        rate[i] *= factor;
      }
    }

    @Override
    public double speed(double tau) {
      return schedule.at(tau / interval);
    }
  }

  /// `dθ/dτ = … − λθ`
  record Decay(double lambda) implements Change {
    @Override
    public void apply(double tau, double[] state, double[] rate, int from) {
      for (int i = from; i < rate.length; i++) {
        rate[i] -= lambda * state[i];
      }
    }

    @Override
    public double decay(double tau) {
      return lambda;
    }
  }

  /// θ moves so many times as fast.
  record Speed(double factor) implements Change {
    @Override
    public void apply(double tau, double[] state, double[] rate, int from) {
      for (int i = from; i < rate.length; i++) {
        rate[i] *= factor;
      }
    }

    @Override
    public double speed(double tau) {
      return factor;
    }
  }

  private RateModifier() {}

  /// Whether the rates of this flow can be changed.
  static boolean suits(TrainingFlow flow) {
    return !(flow instanceof StochasticField) && !(flow instanceof MirrorFlow);
  }

  /// @throws IllegalArgumentException if the flow has noise, or its state is not θ
  static TrainingFlow changed(TrainingFlow flow, Change change) {
    if (flow instanceof StochasticField) {
      throw new IllegalArgumentException(
          "flow: a schedule or weight decay would leave its noise as it is; want them in the"
              + " objective");
    }
    if (flow instanceof MirrorFlow) {
      throw new IllegalArgumentException(
          "flow: its state are duals of θ, which a schedule or weight decay would not know; want"
              + " them in the objective");
    }
    return flow instanceof PartitionedField parts
        ? new Partitioned(flow, parts, change)
        : new Whole(flow, change);
  }

  private static int from(TrainingFlow flow) {
    return flow.dimension() - flow.objective().dimension();
  }

  /// Flows that are changed: in all but the rate of θ and its limit as they were.
  private sealed interface Changed extends TrainingFlow {
    TrainingFlow flow();

    Change change();

    /// What all changes come to, the outer ones of the inner: `s` and `λ`.
    private double[] all(double tau) {
      double[] inner = flow() instanceof Changed more ? more.all(tau) : new double[] {1, 0};
      double speed = change().speed(tau);
      return new double[] {speed * inner[0], speed * inner[1] + change().decay(tau)};
    }

    private TrainingFlow unchanged() {
      return flow() instanceof Changed more ? more.unchanged() : flow();
    }

    /// With `l`, up to which steps of the flow as it was are stable: where θ is all of the state, a
    /// method sees `s a + λ` of an eigenvalue `a`, so that it is `(l − λ)/s`; as it is where
    /// averages or velocities `v` are before it, of semi-implicit Euler
    ///
    ///     v⁺ = μ v − κ a θ,   θ⁺ = (1 − hλ) θ + h s v⁺
    ///
    /// the determinant is `μ (1 − hλ)`, and `1 + trace + determinant > 0` says `h s κ a < (1 + μ)
    /// (2 − hλ)`: the limit is `(1 − hλ/2) l/s`. Nesterov's, whose velocities look ahead, has the
    /// same factor.
    @Override
    default OptionalDouble stableUpTo(Method method, double tau, double h) {
      OptionalDouble limit = unchanged().stableUpTo(method, tau, h);
      if (limit.isEmpty()) {
        return limit;
      }
      double[] all = all(tau);
      double left =
          this instanceof PartitionedField
              ? limit.getAsDouble() * (1 - h * all[1] / 2)
              : limit.getAsDouble() - all[1];
      return OptionalDouble.of(left / all[0]);
    }

    @Override
    default Objective objective() {
      return flow().objective();
    }

    @Override
    default double[] start(double[] theta) {
      return flow().start(theta);
    }

    @Override
    default Optional<Status> failure() {
      return flow().failure();
    }

    @Override
    default int dimension() {
      return flow().dimension();
    }

    @Override
    default boolean smooth() {
      return flow().smooth();
    }

    @Override
    default void preconditioner(double tau, double[] state, double[] diagonal) {
      flow().preconditioner(tau, state, diagonal);
    }
  }

  private record Whole(TrainingFlow flow, Change change) implements Changed {
    @Override
    public void evaluate(double tau, double[] state, double[] rate) {
      flow.evaluate(tau, state, rate);
      change.apply(tau, state, rate, from(flow));
    }
  }

  /// @param parts the flow
  private record Partitioned(TrainingFlow flow, PartitionedField parts, Change change)
      implements Changed, PartitionedField {
    Partitioned {
      if (parts.split() != from(flow)) {
        throw new IllegalArgumentException(
            "flow: the second block does not begin with θ; want velocities first, then θ");
      }
    }

    @Override
    public int split() {
      return parts.split();
    }

    @Override
    public void evaluateFirst(double tau, double[] state, double[] rate) {
      parts.evaluateFirst(tau, state, rate);
    }

    @Override
    public void evaluateSecond(double tau, double[] state, double[] rate) {
      parts.evaluateSecond(tau, state, rate);
      change.apply(tau, state, rate, parts.split());
    }
  }
}
