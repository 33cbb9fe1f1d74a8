package org.flowline.neuralode.diagnostics;

import org.flowline.neuralode.training.GradientFlow;
import org.flowline.neuralode.training.Objective;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.TrainingFlow;
import org.flowline.odesolvers.ButcherTableau;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;

/// Where the loss that is gone went:
///
///     L(θ(0)) − L(θ(T)) = −∫ ⟨∇L, dθ/dτ⟩ dτ,   along the gradient flow ∫ ‖∇L‖² dτ
///
/// - Of a gradient flow by a Runge–Kutta method the integral is `h Σ bᵢ ‖kᵢ‖²`: what the method
///   makes of `dE/dτ = ‖dθ/dτ‖²` with the slopes that it has anyhow, so that the balance closes
///   with the method's order. Costs two losses in all.
/// - Of all else it is the trapezoidal rule along each step, which closes with order 2, whatever
///   moved θ. Costs a gradient for each step, and one more.
///
/// What does not close says how far the run is from the flow. Where the objective changes its
/// phase, a new balance is opened, and the sums are of all; batches want the objective of all
/// samples.
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
  private long gradients;

  private EnergyBalance(Objective objective, TrainingFlow flow) {
    this.objective = objective;
    this.flow = flow;
    this.p = objective.dimension();
    this.theta = new double[p];
    this.earlier = new double[p];
    this.before = new double[p];
    this.behind = new double[p];
  }

  /// Of one run, in which `flow` descends the objective.
  ///
  /// @param objective the loss
  /// @param flow what descends it
  public static EnergyBalance of(Objective objective, TrainingFlow flow) {
    return new EnergyBalance(objective, flow);
  }

  /// Of a training run with this optimiser.
  public static EnergyBalance of(Objective objective, Optimizer optimizer) {
    return of(objective, optimizer.flow().apply(objective));
  }

  @Override
  public void accepted(Step step) {
    if (open && objective.phase(step.t()) != phase) {
      close();
    }
    if (!open) {
      phase = objective.phase(step.t());
      first = gradient(step.t(), step.y0());
      open = true;
    }
    tau = step.t();
    if (GradientFlow.is(flow) && step.method() instanceof ButcherTableau tableau) {
      dissipated += step.h() * squares(step, tableau);
      System.arraycopy(step.y1(), 0, theta, 0, p);
      fresh = false;
    } else {
      double[] held = before;
      before = behind;
      behind = held;
      System.arraycopy(theta, 0, earlier, 0, p);
      last = gradient(tau, step.y1());
      for (int i = 0; i < p; i++) {
        dissipated -= (before[i] + behind[i]) / 2 * (theta[i] - earlier[i]);
      }
      fresh = true;
    }
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
        for (double slope : step.stage(i)) {
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

  private void close() {
    lost += first - lastLoss();
    open = false;
  }

  /// The balance up to the last step; all zero before the first.
  public Balance balance() {
    return new Balance(lost + (open ? first - lastLoss() : 0), dissipated, gradients);
  }
}
