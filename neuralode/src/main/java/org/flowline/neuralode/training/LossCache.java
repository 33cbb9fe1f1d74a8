package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.Optional;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.odesolvers.Status;

/// An objective that remembers the loss at the start of the step being made, so that those who
/// watch the solve need not compute it again.
///
/// The objective is asked at the time of the step's start, so that it does not change within a
/// step. A loss that is not finite makes the gradient NaN, so that the solve ends there. What was
/// asked aside, where the next step starts, is not computed again.
final class LossCache implements Objective {
  private final Objective objective;
  private final double[] scratch;
  private final double[] aside;
  private double asideTau = Double.NaN;
  private double asideLoss = Double.NaN;
  private double start;

  /// Whether the current step has evaluated nothing yet.
  private boolean none = true;

  /// Where its first evaluation was, and the loss there.
  private final double[] first;

  private double firstLoss = Double.NaN;

  /// The same of its latest one.
  private final double[] last;

  private double lastLoss = Double.NaN;

  /// The loss where the current step starts, taken over from the step before; NaN if it is not
  /// known.
  private double takenOver = Double.NaN;

  LossCache(Objective objective) {
    int p = objective.dimension();
    this.objective = objective;
    this.scratch = new double[p];
    this.aside = new double[p];
    this.first = new double[p];
    this.last = new double[p];
  }

  /// What a flow is to descend: this, with the Hessian of the objective if it knows it.
  Objective descended() {
    return TwiceDifferentiableObjective.known(objective)
        .<Objective>map(twice -> new WithHessian(this, twice))
        .orElse(this);
  }

  /// The next step starts here, with a loss that nobody knows yet.
  void startAt(double tau) {
    start = tau;
    none = true;
    takenOver = Double.NaN;
  }

  /// The next step starts here, perhaps where the last stage of the one before was.
  void startAt(double tau, double[] theta) {
    boolean known = !changesAt(tau) && !none && Arrays.equals(theta, last);
    startAt(tau);
    takenOver = known ? lastLoss : Double.NaN;
  }

  /// Whether a step that starts there sees another objective than the current one.
  boolean changesAt(double tau) {
    return objective.varies() || objective.phase(start) != objective.phase(tau);
  }

  /// What the next step, whose start is set, knows of the losses before.
  double[] memory() {
    return new double[] {start, takenOver};
  }

  void recall(double[] memory) {
    startAt(memory[0]);
    takenOver = memory[1];
  }

  /// The loss where the current step starts, at `theta`. Most methods have evaluated it; for others
  /// it is computed.
  double atStart(double[] theta) {
    if (!Double.isNaN(takenOver)) {
      return takenOver;
    }
    return !none && Arrays.equals(theta, first) ? firstLoss : lossOf(start, theta);
  }

  /// The loss at `theta`, computed aside.
  double lossOf(double tau, double[] theta) {
    if (asideTau == tau && Arrays.equals(theta, aside)) {
      return asideLoss;
    }
    asideTau = tau;
    System.arraycopy(theta, 0, aside, 0, aside.length);
    asideLoss = objective.gradient(tau, theta, scratch);
    return asideLoss;
  }

  private double lossOfStep(double[] theta, double[] gradient) {
    if (asideTau == start && Arrays.equals(theta, aside)) {
      System.arraycopy(scratch, 0, gradient, 0, gradient.length);
      return asideLoss;
    }
    return objective.gradient(start, theta, gradient);
  }

  @Override
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    double loss = lossOfStep(theta, gradient);
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
  public int phase(double tau) {
    return objective.phase(tau);
  }

  @Override
  public Costs costs() {
    return objective.costs();
  }

  @Override
  public Optional<Status> failure() {
    return objective.failure();
  }

  private record WithHessian(LossCache losses, TwiceDifferentiableObjective twice)
      implements TwiceDifferentiableObjective {
    @Override
    public int dimension() {
      return losses.dimension();
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      return losses.gradient(tau, theta, gradient);
    }

    /// At the time of the step's start, as the gradient.
    @Override
    public Curvature hessian(double tau, double[] theta) {
      return twice.hessian(losses.start, theta);
    }

    @Override
    public int phase(double tau) {
      return losses.phase(tau);
    }

    @Override
    public Costs costs() {
      return losses.costs();
    }

    @Override
    public Optional<Status> failure() {
      return losses.failure();
    }
  }
}
