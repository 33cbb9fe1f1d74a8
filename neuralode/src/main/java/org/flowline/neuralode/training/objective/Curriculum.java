package org.flowline.neuralode.training.objective;

import java.util.function.DoubleToIntFunction;
import java.util.function.IntFunction;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.ForwardingObjective;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;

/// A curriculum: one objective after the other on the same parameters, such as a horizon that
/// grows, or pieces of trajectories that become longer (multiple shooting):
///
///     L(τ, θ) = L_s(τ, θ)        with s = phase(τ)
///
/// Losses of different phases are not compared. Each objective is made when its phase begins and
/// dropped at the next one. Not thread-safe.
public final class Curriculum implements ForwardingObjective {
  private final DoubleToIntFunction phase;
  private final IntFunction<? extends Objective> objectives;
  private final boolean varies;
  private Objective current;
  private int number;

  /// The costs of earlier phases.
  private Costs spent = Costs.NONE;

  private Curriculum(DoubleToIntFunction phase, IntFunction<? extends Objective> objectives) {
    this.phase = phase;
    this.objectives = objectives;
    this.number = phase.applyAsInt(0);
    this.current = objectives.apply(number);
    this.varies = current.varies();
  }

  /// Returns the curriculum of these objectives; the one at `τ = 0` is made at once.
  ///
  /// @param phase from training time to the number of the phase
  /// @param objectives from the phase to its objective; all of them vary from step to step if the
  ///     first one does, and all have a Hessian if the first one does
  public static Curriculum of(
      DoubleToIntFunction phase, IntFunction<? extends Objective> objectives) {
    return new Curriculum(phase, objectives);
  }

  /// The objective of the current phase.
  @Override
  public Objective objective() {
    return current;
  }

  private Objective at(double tau) {
    int wanted = phase(tau);
    if (wanted != number) {
      spent = costs();
      current = objectives.apply(wanted);
      number = wanted;
    }
    return current;
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    return at(tau).gradient(tau, theta, gradient);
  }

  @Override
  public double loss(double tau, double[] theta) {
    return at(tau).loss(tau, theta);
  }

  @Override
  public Curvature hessian(double tau, double[] theta) {
    return TwiceDifferentiableObjective.require("hessian", at(tau)).hessian(tau, theta);
  }

  @Override
  public int phase(double tau) {
    return phase.applyAsInt(tau);
  }

  @Override
  public boolean varies() {
    return varies;
  }

  @Override
  public Costs costs() {
    return spent.plus(current.costs());
  }
}
