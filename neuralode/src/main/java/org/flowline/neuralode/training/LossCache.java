package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.Optional;
import org.flowline.neuralode.ForwardingObjective;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.Status;

/// Caches the loss at the start of the current step and the loss of the last evaluated θ, so that
/// observers, targets and early stopping do not compute it again.
///
/// Gradients are taken at the time of the step's start, so that the objective does not change
/// within a step. A loss that is not finite makes the gradient NaN, which ends the solve; so does a
/// [SolveException] of the loss, its gradient or its Hessian, and [#failure] has its status.
final class LossCache implements ForwardingObjective {
  private final Objective objective;

  /// The loss last computed outside of a step, and its gradient if `outsideGradient`.
  private final double[] outside;

  private double outsideTau = Double.NaN;
  private double outsideLoss = Double.NaN;
  private boolean outsideGradient;
  private final double[] scratch;

  /// The θ that the objective receives.
  private final double[] own;

  /// The time at which the current step starts, and whether it has evaluated nothing yet.
  private double start;

  private boolean none = true;

  /// The first evaluation of the current step.
  private final double[] first;

  private double firstLoss = Double.NaN;

  /// The last evaluation of the current step.
  private final double[] last;

  private double lastLoss = Double.NaN;

  /// The loss at the start of the current step, taken over from the previous step; NaN if unknown.
  private double takenOver = Double.NaN;

  /// True if the method begins a step with the gradient at its start, as Euler does, so that a
  /// gradient there is worth keeping.
  private boolean evaluatesStart = true;

  /// The status of the last solve of this step that failed by an exception; null if none did.
  private Status thrown;

  LossCache(Objective objective) {
    int p = objective.dimension();
    this.objective = objective;
    this.scratch = new double[p];
    this.own = new double[p];
    this.outside = new double[p];
    this.first = new double[p];
    this.last = new double[p];
  }

  @Override
  public Objective objective() {
    return objective;
  }

  /// Begins a step at `tau` whose loss is unknown.
  void beginStep(double tau) {
    start = tau;
    none = true;
    takenOver = Double.NaN;
    thrown = null;
  }

  /// Begins a step at `tau` and `theta`, where the last stage of the previous step may have been.
  void beginStep(double tau, double[] theta) {
    double loss = isLast(tau, theta) ? lastLoss : Double.NaN;
    beginStep(tau);
    takenOver = loss;
  }

  private boolean isLast(double tau, double[] theta) {
    return !none && !changesAt(tau) && Arrays.equals(theta, last);
  }

  /// Returns whether a step that starts at `tau` has another objective than the current step.
  boolean changesAt(double tau) {
    return objective.varies() || objective.phase(start) != objective.phase(tau);
  }

  /// The state of a cache between two steps.
  double[] saveState() {
    return new double[] {start, takenOver};
  }

  void restoreState(double[] state) {
    beginStep(state[0]);
    takenOver = state[1];
  }

  /// The loss at `theta`, where the current step starts. Most methods have evaluated it.
  double atStart(double[] theta) {
    evaluatesStart = !none && Arrays.equals(theta, first);
    if (!Double.isNaN(takenOver)) {
      return takenOver;
    }
    return evaluatesStart ? firstLoss : lossOf(start, theta);
  }

  /// The loss at `theta`, from which the next step may start.
  double lossOf(double tau, double[] theta) {
    if (outsideTau == tau && Arrays.equals(theta, outside)) {
      return outsideLoss;
    }
    if (isLast(tau, theta)) {
      return lastLoss;
    }
    outsideTau = tau;
    System.arraycopy(theta, 0, outside, 0, outside.length);
    outsideGradient = evaluatesStart;
    outsideLoss = outsideGradient ? evaluate(tau, theta, scratch) : loss(tau, theta);
    return outsideLoss;
  }

  @Override
  public double loss(double tau, double[] theta) {
    try {
      return objective.loss(tau, copy(theta));
    } catch (SolveException e) {
      thrown = e.status();
      return Double.NaN;
    }
  }

  /// Evaluates the objective on a copy of `theta`, which it may overwrite without harm.
  private double evaluate(double tau, double[] theta, double[] gradient) {
    try {
      return objective.gradient(tau, copy(theta), gradient);
    } catch (SolveException e) {
      thrown = e.status();
      return Double.NaN;
    }
  }

  @Override
  public Optional<Status> failure() {
    return Optional.ofNullable(thrown).or(objective::failure);
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    double loss;
    if (outsideGradient && outsideTau == start && Arrays.equals(theta, outside)) {
      System.arraycopy(scratch, 0, gradient, 0, gradient.length);
      loss = outsideLoss;
    } else {
      loss = evaluate(start, theta, gradient);
    }
    System.arraycopy(theta, 0, last, 0, last.length);
    lastLoss = loss;
    if (none) {
      System.arraycopy(theta, 0, first, 0, first.length);
      firstLoss = loss;
      none = false;
    }
    if (!Double.isFinite(loss)) {
      Arrays.fill(gradient, Double.NaN);
    }
    return loss;
  }

  @Override
  public Curvature hessian(double tau, double[] theta) {
    try {
      Curvature hessian =
          TwiceDifferentiableObjective.require("hessian", objective).hessian(start, theta);
      return (v, product) -> {
        try {
          hessian.times(v, product);
        } catch (SolveException e) {
          failed(e).times(v, product);
        }
      };
    } catch (SolveException e) {
      return failed(e);
    }
  }

  private double[] copy(double[] theta) {
    System.arraycopy(theta, 0, own, 0, own.length);
    return own;
  }

  private Curvature failed(SolveException e) {
    thrown = e.status();
    return (_, product) -> Arrays.fill(product, Double.NaN);
  }
}
