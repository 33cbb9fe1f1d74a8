package org.flowline.neuralode.training.flow;

import java.util.Arrays;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.field.PartitionedField;

/// The scaffolding of flows for semi-implicit Euler: the state is `(u, θ)` with blocks `u` of
/// averages or velocities, which move first, by the gradient; then θ moves with the new `u`.
///
/// A subclass is an optimiser flow: it implements [#evaluateFirst] and [#evaluateSecond], and may
/// state its [#preconditioner] and stability limit. Not thread-safe; evaluating allocates nothing
/// beyond what the objective does.
public abstract class SplitFlow implements TrainingFlow, PartitionedField {
  private final Objective objective;
  private final int blocks;
  private final double[] theta;
  private final double[] gradient;

  /// A flow with this many blocks of θ's length before θ.
  protected SplitFlow(Objective objective, int blocks) {
    this.objective = objective;
    this.blocks = blocks;
    this.theta = new double[objective.dimension()];
    this.gradient = new double[objective.dimension()];
    Arrays.fill(theta, Double.NaN);
  }

  /// @throws IllegalArgumentException unless the condition holds
  static void require(String what, double came, boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException(what + " " + came + "; want " + wanted);
    }
  }

  @Override
  public final Objective objective() {
    return objective;
  }

  @Override
  public final int dimension() {
    return (blocks + 1) * theta.length;
  }

  @Override
  public final int split() {
    return blocks * theta.length;
  }

  /// `∇L` at the θ of a state; the array is reused.
  protected final double[] gradient(double tau, double[] state) {
    System.arraycopy(state, split(), theta, 0, theta.length);
    objective.gradient(tau, theta, gradient);
    return gradient;
  }

  /// The last `∇L` if θ has not moved since, else a new one.
  protected final double[] sameGradient(double tau, double[] state) {
    int from = split();
    return Arrays.equals(theta, 0, theta.length, state, from, from + theta.length)
        ? gradient
        : gradient(tau, state);
  }
}
