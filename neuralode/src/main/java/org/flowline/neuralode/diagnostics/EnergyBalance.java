package org.flowline.neuralode.diagnostics;

import java.util.Arrays;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;

/// The energy balance of a training: the lost loss against the dissipation along the path,
///
///     L(θ(0)) − L(θ(T)) = −∫ ⟨∇L, dθ/dτ⟩ dτ,   along the gradient flow ∫ ‖∇L‖² dτ
///
/// - For a gradient flow by fixed steps of a Runge–Kutta method the integral is `h Σ bᵢ ‖kᵢ‖²`, the
///   method on `dE/dτ = ‖dθ/dτ‖²` with the slopes at hand: the balance closes with the method's
///   order, and the gap measures the distance of the run from the flow. Costs two losses in all.
/// - For all others it is the trapezoidal rule along each step, which closes with order 2, for a
///   quadratic loss to rounding: also for adaptive steps, whose slopes at a loose tolerance are far
///   from the path. Costs a gradient for each step, and one more.
///
/// A new balance is opened where the objective changes its phase, and where a step starts elsewhere
/// than the last one ended, as after a slowdown; a balance that ends in a loss that is not finite
/// is dropped. With batches, use the objective of all samples.
public final class EnergyBalance implements StepObserver {

  /// The balance so far.
  ///
  /// @param lost `L(θ(0)) − L(θ(T))`
  /// @param dissipated the integral
  /// @param gradients evaluated for it
  public record Balance(double lost, double dissipated, long gradients) {

    /// The relative gap, `(lost − dissipated)/lost`.
    public double gap() {
      return (lost - dissipated) / lost;
    }
  }

  private final Objective objective;
  private final TrainingFlow flow;

  /// True if the integral is taken from the slopes.
  private boolean bySlopes;

  private double[] weights;

  /// The current balance: its first loss, its dissipation, and the last θ.
  private boolean open;

  private int phase;
  private double tau;
  private double first;
  private double current;
  private final double[] theta;
  private final double[] earlier;

  /// The loss at the last θ, NaN if unknown, and the gradient there if `known`.
  private double last;

  private double[] gradient;
  private boolean known;
  private double[] previous;

  /// The sums over closed balances.
  private double lost;

  private double dissipated;
  private long gradients;

  private EnergyBalance(Objective objective, TrainingFlow flow, boolean bySlopes) {
    if (objective.varies()) {
      throw new IllegalArgumentException(
          "energy balance: the objective varies from step to step; want the one of all samples");
    }
    this.objective = objective;
    this.flow = flow;
    this.bySlopes = bySlopes;
    int p = objective.dimension();
    this.theta = new double[p];
    this.earlier = new double[p];
    this.gradient = new double[p];
    this.previous = new double[p];
  }

  /// Returns the balance of a training by this optimiser.
  ///
  /// @param descended the trained objective: `objective`, its batches, or it with noise
  /// @throws IllegalArgumentException if the objective varies from step to step
  public static EnergyBalance of(Objective objective, Optimizer optimizer, Objective descended) {
    TrainingFlow flow = optimizer.flow().apply(objective);
    boolean same = descended == objective && GradientFlow.is(flow, objective);
    boolean fixed = optimizer.stepSize().apply(1) instanceof StepSize.Fixed;
    return new EnergyBalance(objective, flow, same && fixed);
  }

  /// Returns the balance of a training of `objective` by this optimiser.
  ///
  /// @throws IllegalArgumentException if the objective varies from step to step
  public static EnergyBalance of(Objective objective, Optimizer optimizer) {
    return of(objective, optimizer, objective);
  }

  @Override
  public void accepted(Step step) {
    flow.copyParameters(step.y0(), earlier);
    boolean elsewhere = open && !Arrays.equals(earlier, theta);
    if (elsewhere || open && objective.phase(step.t()) != phase) {
      close();
    }
    if (!open) {
      open = true;
      phase = objective.phase(step.t());
      moveTo(step.t(), step.y0());
      if (elsewhere) { // perhaps at another speed
        bySlopes &= isSteepest(step);
      }
      first = lastLoss();
    }
    if (bySlopes
        && step.end() == step.plannedEnd()
        && step.method() instanceof ButcherTableau tableau) {
      current += step.h() * squares(step, tableau);
      moveTo(step.t(), step.y1());
    } else {
      requireGradient();
      double[] held = previous;
      previous = gradient;
      gradient = held;
      moveTo(step.t(), step.y1());
      requireGradient();
      for (int i = 0; i < theta.length; i++) {
        current -= (previous[i] + gradient[i]) / 2 * (theta[i] - earlier[i]);
      }
    }
  }

  /// Moves to a θ whose loss is the one at `time`, the start of a step, which fixes the phase.
  private void moveTo(double time, double[] state) {
    tau = time;
    flow.copyParameters(state, theta);
    last = Double.NaN;
    known = false;
  }

  private void requireGradient() {
    if (!known) {
      gradients++;
      last = objective.gradient(tau, theta, gradient);
      known = true;
    }
  }

  private double lastLoss() {
    if (Double.isNaN(last)) {
      last = objective.loss(tau, theta);
    }
    return last;
  }

  /// Returns whether the step begins along the negative gradient.
  private boolean isSteepest(Step step) {
    requireGradient();
    double[] slope = step.slope(0);
    boolean steepest = true;
    for (int i = 0; i < theta.length; i++) {
      steepest &= slope[i] == -gradient[i];
    }
    return steepest;
  }

  /// `Σ bᵢ ‖kᵢ‖²`
  private double squares(Step step, ButcherTableau tableau) {
    if (weights == null) {
      weights = new double[tableau.stages()];
      tableau.endWeights(weights);
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        double square = 0;
        for (double slope : step.slope(i)) {
          square += slope * slope;
        }
        sum += weights[i] * square;
      }
    }
    return sum;
  }

  private void close() {
    double gone = first - lastLoss();
    if (Double.isFinite(gone)) {
      lost += gone;
      dissipated += current;
    }
    current = 0;
    open = false;
  }

  /// The balance up to the last step; all zero before the first.
  public Balance balance() {
    return open
        ? new Balance(lost + first - lastLoss(), dissipated + current, gradients)
        : new Balance(lost, dissipated, gradients);
  }
}
