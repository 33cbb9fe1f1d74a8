package org.flowline.neuralode.training.objective;

import java.util.Optional;
import java.util.function.DoubleToIntFunction;
import java.util.function.IntFunction;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.odesolvers.Status;

/// One objective after the other on the same parameters, such as a horizon that grows, or pieces of
/// trajectories that become longer:
///
///     L(τ, θ) = L_s(τ, θ)        with the stage s = stage(τ)
///
/// Losses of different stages are not compared: a stage is a [#phase]. Each objective is made when
/// its stage begins, and forgotten at the next.
///
/// Not thread-safe.
public final class Curriculum implements TwiceDifferentiableObjective {
  private final DoubleToIntFunction stage;
  private final IntFunction<? extends TwiceDifferentiableObjective> objectives;
  private final boolean varies;
  private TwiceDifferentiableObjective current;
  private int number;

  /// By the objectives before.
  private Costs spent = Costs.NONE;

  private Curriculum(
      DoubleToIntFunction stage, IntFunction<? extends TwiceDifferentiableObjective> objectives) {
    this.stage = stage;
    this.objectives = objectives;
    this.number = stage.applyAsInt(0);
    this.current = objectives.apply(number);
    this.varies = current.varies();
  }

  /// Objectives by the numbers of their stages; that of `τ = 0` is made at once.
  ///
  /// @param stage the number of the stage that a training time is in
  /// @param objectives of each stage; if one varies from step to step, so does the first
  public static Curriculum of(
      DoubleToIntFunction stage, IntFunction<? extends TwiceDifferentiableObjective> objectives) {
    return new Curriculum(stage, objectives);
  }

  private TwiceDifferentiableObjective at(double tau) {
    int wanted = phase(tau);
    if (wanted != number) {
      spent = costs();
      current = objectives.apply(wanted);
      number = wanted;
    }
    return current;
  }

  @Override
  public int dimension() {
    return current.dimension();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    return at(tau).gradient(tau, theta, gradient);
  }

  @Override
  public Curvature hessian(double tau, double[] theta) {
    return at(tau).hessian(tau, theta);
  }

  /// That of the present stage: want objectives alike.
  @Override
  public boolean hasHessian() {
    return current.hasHessian();
  }

  /// The number of the stage.
  @Override
  public int phase(double tau) {
    return stage.applyAsInt(tau);
  }

  @Override
  public boolean varies() {
    return varies;
  }

  @Override
  public Costs costs() {
    return spent.plus(current.costs());
  }

  @Override
  public Optional<Status> failure() {
    return current.failure();
  }
}
