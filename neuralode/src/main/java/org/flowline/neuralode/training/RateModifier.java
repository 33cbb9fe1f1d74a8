package org.flowline.neuralode.training;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.flow.MirrorFlow;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.method.Method;

/// Modifies the rate of θ, the last components of a flow's rate, by a learning-rate schedule `s`
/// and weight decay `λ`:
///
///     dθ/dτ = s(τ) · (dθ/dτ of the flow) − λθ
///
/// Velocities and averages move as before. A partitioned flow remains one.
record RateModifier(DoubleUnaryOperator speed, double decay) {

  /// Returns whether the rates of this flow can be modified.
  static boolean suits(TrainingFlow flow) {
    return !(flow instanceof StochasticField) && !(flow instanceof MirrorFlow);
  }

  /// The modified flow.
  ///
  /// @throws IllegalArgumentException if the flow has noise, or its state is not θ
  TrainingFlow of(TrainingFlow flow) {
    if (!suits(flow)) {
      throw new IllegalArgumentException(
          flow instanceof StochasticField
              ? "flow: a schedule or weight decay would leave its noise as it is; want them in the objective"
              : "flow: its state are duals of θ, to which a schedule or weight decay does not apply; want them in the objective");
    }
    return flow instanceof PartitionedField parts
        ? new Partitioned(flow, parts, this)
        : new Whole(flow, this);
  }

  private void apply(double tau, double[] state, double[] rate, int from) {
    double factor = speed.applyAsDouble(tau);
    for (int i = from; i < rate.length; i++) {
      rate[i] = factor * rate[i] - decay * state[i];
    }
  }

  private static int from(TrainingFlow flow) {
    return flow.dimension() - flow.objective().dimension();
  }

  /// A flow with a modified rate of θ.
  private sealed interface Modified extends TrainingFlow {
    TrainingFlow flow();

    RateModifier modifier();

    /// The total `s` and `λ` of this modifier and the inner ones.
    private double[] total(double tau) {
      double[] inner = flow() instanceof Modified more ? more.total(tau) : new double[] {1, 0};
      double speed = modifier().speed.applyAsDouble(tau);
      return new double[] {speed * inner[0], speed * inner[1] + modifier().decay};
    }

    private TrainingFlow unmodified() {
      return flow() instanceof Modified more ? more.unmodified() : flow();
    }

    /// The limit, given the limit `l` of the unmodified flow. Where θ is all of the state, a method
    /// is applied to `s a + λ` instead of an eigenvalue `a`: the limit is `(l − λ)/s`. With
    /// averages or velocities `v` and semi-implicit Euler,
    ///
    ///     v⁺ = μ v − κ a θ,   θ⁺ = (1 − hλ) θ + h s v⁺
    ///
    /// the determinant is `μ (1 − hλ)`, and `1 + trace + determinant > 0` means `h s κ a < (1 + μ)
    /// (2 − hλ)`: the limit is `(1 − hλ/2) l/s`, also for Nesterov's look-ahead.
    @Override
    default OptionalDouble stableUpTo(Method method, double tau, double h) {
      OptionalDouble limit = unmodified().stableUpTo(method, tau, h);
      if (limit.isEmpty()) {
        return limit;
      }
      double[] total = total(tau);
      double left =
          this instanceof PartitionedField
              ? limit.getAsDouble() * (1 - h * total[1] / 2)
              : limit.getAsDouble() - total[1];
      return OptionalDouble.of(left / total[0]);
    }

    @Override
    default Objective objective() {
      return flow().objective();
    }

    @Override
    default double[] initialState(double[] theta) {
      return flow().initialState(theta);
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

  private record Whole(TrainingFlow flow, RateModifier modifier) implements Modified {
    @Override
    public void evaluate(double tau, double[] state, double[] rate) {
      flow.evaluate(tau, state, rate);
      modifier.apply(tau, state, rate, from(flow));
    }
  }

  /// @param parts the flow
  private record Partitioned(TrainingFlow flow, PartitionedField parts, RateModifier modifier)
      implements Modified, PartitionedField {
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
      modifier.apply(tau, state, rate, parts.split());
    }
  }
}
