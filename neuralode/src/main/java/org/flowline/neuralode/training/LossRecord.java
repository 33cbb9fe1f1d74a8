package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.Optional;
import org.flowline.odesolvers.Status;

/// An objective that remembers the loss at the start of the step being made, so that those who
/// watch the solve need not compute it again.
///
/// The objective is asked at the time of the step's start, so that it does not change within a
/// step. A loss that is not finite makes the gradient NaN, so that the solve ends there. What was
/// asked aside, where the next step starts, is not computed again.
final class LossRecord implements Objective {
  private final Objective objective;
  private final double[] scratch;
  private final double[] aside;
  private double asideTau = Double.NaN;
  private double asideLoss = Double.NaN;
  private double start;
  private boolean atStart = true;
  private double startLoss = Double.NaN;
  private double lastTau = Double.NaN;
  private double lastLoss = Double.NaN;

  LossRecord(Objective objective) {
    this.objective = objective;
    this.scratch = new double[objective.dimension()];
    this.aside = new double[objective.dimension()];
  }

  /// What a flow is to descend: this, with the Hessian of the objective if it knows it.
  Objective descended() {
    return TwiceDifferentiableObjective.known(objective)
        .<Objective>map(twice -> new WithHessian(this, twice))
        .orElse(this);
  }

  /// The next step starts here. Its first evaluation is there, unless the last stage of the step
  /// before was.
  void startAt(double tau) {
    start = tau;
    atStart = true;
    startLoss = lastTau == tau ? lastLoss : Double.NaN;
  }

  /// What the next step, whose start is set, knows of the losses before.
  double[] memory() {
    return new double[] {start, startLoss, lastTau, lastLoss};
  }

  void recall(double[] memory) {
    start = memory[0];
    startLoss = memory[1];
    lastTau = memory[2];
    lastLoss = memory[3];
    atStart = true;
  }

  /// The loss where the current step starts, NaN until it is computed.
  double atStart() {
    return startLoss;
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
    lastTau = tau;
    lastLoss = loss;
    if (atStart && tau == start) {
      startLoss = loss;
    }
    atStart = false;
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

  private record WithHessian(LossRecord losses, TwiceDifferentiableObjective twice)
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
