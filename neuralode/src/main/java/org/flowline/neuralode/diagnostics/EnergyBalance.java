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

/// Where the loss that is gone went:
///
///     L(θ(0)) − L(θ(T)) = −∫ ⟨∇L, dθ/dτ⟩ dτ,   along the gradient flow ∫ ‖∇L‖² dτ
///
/// - Of a gradient flow by fixed steps of a Runge–Kutta method the integral is `h Σ bᵢ ‖kᵢ‖²`: what
///   the method makes of `dE/dτ = ‖dθ/dτ‖²` with the slopes that it has anyhow, so that the balance
///   closes with the method's order, and what does not close says how far the run is from the
///   flow. Costs two losses in all.
/// - Of all else it is the trapezoidal rule along each step, which closes with order 2, and for a
///   quadratic loss to rounding, whatever moved θ: so of adaptive steps, whose slopes at a loose
///   tolerance lie far from the path. Costs a gradient for each step, and one more.
///
/// Where the objective changes its phase, or a step starts elsewhere than the last one ended, as
/// when training goes back, a new balance is opened, and the sums are of all but of what led to a
/// loss that is not finite. Of batches the objective of all samples is to be watched.
public final class EnergyBalance implements StepObserver {

  /// What was found so far.
  ///
  /// @param lost `L(θ(0)) − L(θ(T))`
  /// @param dissipated the integral
  /// @param gradients evaluated for it
  public record Balance(double lost, double dissipated, long gradients) {

    /// What does not close, in parts of what was lost.
    public double gap() {
      return (lost - dissipated) / lost;
    }
  }

  private final Objective objective;
  private final TrainingFlow flow;

  /// Whether slopes serve for the integral.
  private boolean bySlopes;

  private final int p;
  private double[] weights;

  /// The current balance: the loss it was opened with, and the last θ with its gradient.
  private boolean open;

  private int phase;
  private double tau;
  private double first;
  private double last;
  private final double[] theta;
  private final double[] earlier;
  private double[] before;
  private double[] behind;
  private boolean fresh;
  private double lost;
  private double dissipated;

  /// What the current balance has dissipated.
  private double current;
  private long gradients;

  private EnergyBalance(Objective objective, TrainingFlow flow, boolean bySlopes) {
    if (objective.varies()) {
      throw new IllegalArgumentException(
          "energy balance: the objective is another one in each step; want that of all samples");
    }
    this.objective = objective;
    this.flow = flow;
    this.bySlopes = bySlopes;
    this.p = objective.dimension();
    this.theta = new double[p];
    this.earlier = new double[p];
    this.before = new double[p];
    this.behind = new double[p];
  }

  /// Of a run of `flow` by fixed steps.
  ///
  /// @param objective the loss
  /// @param flow what moves θ, perhaps with another objective
  /// @throws IllegalArgumentException if the objective varies from step to step
  public static EnergyBalance of(Objective objective, TrainingFlow flow) {
    return new EnergyBalance(objective, flow, GradientFlow.is(flow, objective));
  }

  /// Of a training run with this optimiser, which descends this objective, its batches, or it with
  /// noise.
  ///
  /// @throws IllegalArgumentException if the objective varies from step to step
  public static EnergyBalance of(Objective objective, Optimizer optimizer, Objective descended) {
    TrainingFlow flow = optimizer.flow().apply(objective);
    boolean same = descended == objective && GradientFlow.is(flow, objective);
    boolean fixed = optimizer.stepSize().apply(1) instanceof StepSize.Fixed;
    return new EnergyBalance(objective, flow, same && fixed);
  }

  /// Of a training run in which this optimiser descends this objective.
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
      phase = objective.phase(step.t());
      last = gradient(step.t(), step.y0());
      first = last;
      fresh = true;
      open = true;
      // Behind a jump it may go on at another speed.
      bySlopes &= !elsewhere || isSteepest(step);
    }
    tau = step.t();
    boolean whole = step.end() == step.plannedEnd();
    if (bySlopes && whole && step.method() instanceof ButcherTableau tableau) {
      current += step.h() * squares(step, tableau);
      System.arraycopy(step.y1(), 0, theta, 0, p);
      fresh = false;
    } else {
      lastLoss(); // whose gradient is the one before
      double[] held = before;
      before = behind;
      behind = held;
      last = gradient(tau, step.y1());
      for (int i = 0; i < p; i++) {
        current -= (before[i] + behind[i]) / 2 * (theta[i] - earlier[i]);
      }
    }
  }

  /// Whether the step begins along the gradient in `behind`.
  private boolean isSteepest(Step step) {
    double[] slope = step.slope(0);
    boolean steepest = true;
    for (int i = 0; i < p; i++) {
      steepest &= slope[i] == -behind[i];
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

  /// The loss; its gradient is left in `behind`.
  private double gradient(double tau, double[] state) {
    flow.copyParameters(state, theta);
    gradients++;
    return objective.gradient(tau, theta, behind);
  }

  private double lastLoss() {
    if (!fresh) {
      gradients++;
      last = objective.gradient(tau, theta, behind);
      fresh = true;
    }
    return last;
  }

  /// Of a way that led where there is no loss nothing is kept.
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
