package org.flowline.neuralode.training;

import java.util.Optional;
import java.util.OptionalDouble;
import org.flowline.odesolvers.Method;
import org.flowline.odesolvers.PartitionedField;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StochasticField;

/// A flow whose `dθ/dτ`, the last components of its rate, is changed; velocities and averages move
/// as before. A partitioned flow stays one.
final class ParameterRates {

  /// Changes `rate[from …]` in place.
  @FunctionalInterface
  interface Change {
    void apply(double tau, double[] state, double[] rate, int from);

    /// What becomes of the eigenvalue up to which steps are stable; empty where that is not known.
    default OptionalDouble stable(double tau, double limit) {
      return OptionalDouble.empty();
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
    public OptionalDouble stable(double tau, double limit) {
      return OptionalDouble.of(limit / factor);
    }
  }

  private ParameterRates() {}

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

  private record Whole(TrainingFlow flow, Change change) implements TrainingFlow {
    @Override
    public Objective objective() {
      return flow.objective();
    }

    @Override
    public double[] start(double[] theta) {
      return flow.start(theta);
    }

    @Override
    public Optional<Status> failure() {
      return flow.failure();
    }

    @Override
    public int dimension() {
      return flow.dimension();
    }

    @Override
    public void evaluate(double tau, double[] state, double[] rate) {
      flow.evaluate(tau, state, rate);
      change.apply(tau, state, rate, from(flow));
    }

    @Override
    public void preconditioner(double tau, double[] state, double[] diagonal) {
      flow.preconditioner(tau, state, diagonal);
    }

    @Override
    public OptionalDouble stableUpTo(Method method, double tau, double h) {
      OptionalDouble limit = flow.stableUpTo(method, tau, h);
      return limit.isEmpty() ? limit : change.stable(tau, limit.getAsDouble());
    }
  }

  private record Partitioned(TrainingFlow flow, PartitionedField parts, Change change)
      implements TrainingFlow, PartitionedField {
    Partitioned {
      if (parts.split() != from(flow)) {
        throw new IllegalArgumentException(
            "flow: the second block does not begin with θ; want velocities first, then θ");
      }
    }

    @Override
    public Objective objective() {
      return flow.objective();
    }

    @Override
    public double[] start(double[] theta) {
      return flow.start(theta);
    }

    @Override
    public Optional<Status> failure() {
      return flow.failure();
    }

    @Override
    public int dimension() {
      return flow.dimension();
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

    @Override
    public void preconditioner(double tau, double[] state, double[] diagonal) {
      flow.preconditioner(tau, state, diagonal);
    }

    @Override
    public OptionalDouble stableUpTo(Method method, double tau, double h) {
      OptionalDouble limit = flow.stableUpTo(method, tau, h);
      return limit.isEmpty() ? limit : change.stable(tau, limit.getAsDouble());
    }
  }
}
