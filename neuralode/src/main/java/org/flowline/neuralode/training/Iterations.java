package org.flowline.neuralode.training;

import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;

/// Counts the steps of the flow as iterations, reports them to the observers and keeps the best θ.
final class Iterations implements StepObserver {
  final LossCache losses;
  private final TrainingFlow flow;
  private final Trainer.Observer[] observers;
  private final StepObserver[] stepObservers;
  private final double[] theta;
  private final double[] aside;
  final double[] best;
  double bestLoss = Double.NaN;
  int bestPhase;
  private long bestIteration = -1;

  /// The number of iterations made.
  long iteration;

  Iterations(LossCache losses, TrainingFlow flow, Trainer trainer, double[] theta) {
    this.losses = losses;
    this.flow = flow;
    this.observers = trainer.observers.toArray(Trainer.Observer[]::new);
    this.stepObservers = trainer.stepObservers.toArray(StepObserver[]::new);
    this.theta = theta.clone();
    this.aside = theta.clone();
    this.best = theta.clone();
  }

  @Override
  public void accepted(Step step) {
    double loss = considerStart(step);
    for (Trainer.Observer observer : observers) {
      observer.iteration(iteration, loss, theta);
    }
    for (StepObserver observer : stepObservers) {
      observer.accepted(step);
    }
    iteration++;
    if (losses.changesAt(step.end())) {
      step.fieldJumps();
    }
    flow.copyParameters(step.y1(), theta);
    losses.beginStep(step.end(), theta);
  }

  /// Considers the start of a rejected step, too, which may be the best θ.
  @Override
  public void rejected(Step step) {
    considerStart(step);
    for (Trainer.Observer observer : observers) {
      observer.rejected(iteration, step.t(), step.h());
    }
    for (StepObserver observer : stepObservers) {
      observer.rejected(step);
    }
  }

  /// Continues at `tau` from the start of the best step, slower.
  void slowed(double tau, double speed) {
    losses.beginStep(tau);
    for (Trainer.Observer observer : observers) {
      observer.slowed(iteration, speed);
    }
  }

  /// The event that the loss falls to `target`. A loss that is NaN has not fallen.
  Event fallsTo(double target) {
    return Event.stop(
            "loss = " + target,
            (tau, state) -> {
              flow.copyParameters(state, aside);
              double loss = losses.lossOf(tau, aside);
              return Double.isNaN(loss) ? Double.MAX_VALUE : loss - target;
            })
        .falling();
  }

  private double considerStart(Step step) {
    flow.copyParameters(step.y0(), theta);
    double loss = losses.atStart(theta);
    consider(step.t(), loss, theta);
    return loss;
  }

  /// Keeps `candidate` if its loss is the best one of the phase at `tau`.
  void consider(double tau, double loss, double[] candidate) {
    int phase = losses.phase(tau);
    if (phase != bestPhase && !Double.isNaN(bestLoss)) {
      bestLoss = losses.loss(tau, best);
    }
    bestPhase = phase;
    if (Double.isFinite(loss) && !(loss >= bestLoss)) {
      System.arraycopy(candidate, 0, best, 0, best.length);
      bestLoss = loss;
      bestIteration = iteration;
    }
  }

  /// Returns whether the last iteration started from the best θ.
  boolean wasBest() {
    return bestIteration == iteration - 1;
  }

  /// Continues after the iterations of a saved state.
  void restoreState(TrainingState from) {
    iteration = from.iteration();
    System.arraycopy(from.best(), 0, best, 0, best.length);
    bestLoss = from.bestLoss();
    bestPhase = from.bestPhase();
    losses.restoreState(from.losses());
  }
}
