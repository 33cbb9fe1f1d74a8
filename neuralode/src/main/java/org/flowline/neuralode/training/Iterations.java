package org.flowline.neuralode.training;

import java.util.List;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;

/// Sees the steps of the flow as iterations.
final class Iterations implements StepObserver {
  private final LossCache losses;
  private final TrainingFlow flow;
  private final Trainer.Observer[] observers;
  private final StepObserver[] stepObservers;
  private final double[] theta;
  private final double[] aside;
  private final double[] best;
  private double bestLoss = Double.NaN;
  private int bestPhase;
  private long bestIteration = -1;
  private long iteration;

  Iterations(
      LossCache losses,
      TrainingFlow flow,
      List<Trainer.Observer> observers,
      List<StepObserver> stepObservers,
      double[] theta) {
    this.losses = losses;
    this.flow = flow;
    this.observers = observers.toArray(Trainer.Observer[]::new);
    this.stepObservers = stepObservers.toArray(StepObserver[]::new);
    this.theta = theta.clone();
    this.aside = theta.clone();
    this.best = theta.clone();
  }

  @Override
  public void accepted(Step step) {
    double loss = start(step);
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
    losses.startAt(step.end(), theta);
  }

  /// A step that cannot be made may still start from the best parameters.
  @Override
  public void rejected(Step step) {
    start(step);
    for (Trainer.Observer observer : observers) {
      observer.rejected(iteration, step.t(), step.h());
    }
    for (StepObserver observer : stepObservers) {
      observer.rejected(step);
    }
  }

  /// The next step starts at `tau` from where the best ones started, slower.
  void slowed(double tau, double speed) {
    losses.startAt(tau);
    for (Trainer.Observer observer : observers) {
      observer.slowed(iteration, speed);
    }
  }

  /// The event that the loss falls to `target`. A loss that is not a number has not fallen.
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

  /// Considers the parameters that the step starts from.
  private double start(Step step) {
    flow.copyParameters(step.y0(), theta);
    double loss = losses.atStart(theta);
    consider(step.t(), loss, theta);
    return loss;
  }

  void consider(double tau, double loss, double[] candidate) {
    int phase = losses.phase(tau);
    if (phase != bestPhase && !Double.isNaN(bestLoss)) {
      bestLoss = losses.lossOf(tau, best);
    }
    bestPhase = phase;
    if (Double.isFinite(loss) && !(loss >= bestLoss)) {
      System.arraycopy(candidate, 0, best, 0, best.length);
      bestLoss = loss;
      bestIteration = iteration;
    }
  }

  /// Whether the last one started from the best parameters.
  boolean wasBest() {
    return bestIteration == iteration - 1;
  }

  /// The number of those made.
  long made() {
    return iteration;
  }

  double[] best() {
    return best;
  }

  double bestLoss() {
    return bestLoss;
  }

  int bestPhase() {
    return bestPhase;
  }

  LossCache losses() {
    return losses;
  }

  /// Goes on behind those of a state.
  void recall(TrainingState from) {
    iteration = from.iteration();
    System.arraycopy(from.best(), 0, best, 0, best.length);
    bestLoss = from.bestLoss();
    bestPhase = from.bestPhase();
    losses.recall(from.losses());
  }
}
