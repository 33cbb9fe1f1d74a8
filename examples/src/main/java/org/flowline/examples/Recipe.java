package org.flowline.examples;

import java.util.List;
import org.flowline.neuralode.GradientMethod;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.TrajectoryObjective;
import org.flowline.odesolvers.StepObserver;

/// How `train` fits a model: on the trajectory from the first measurement, over a horizon that
/// grows from a few points to all of them during the first part of the training.
record Recipe(
    Model untrained,
    TimeSeries series,
    GradientMethod gradient,
    Optimizer optimizer,
    int iterations) {
  private static final int FEWEST = 4;

  /// The share of the points with which training starts.
  private static final double FIRST_HORIZON = 0.15;

  /// The share of the iterations after which the horizon spans all of the data.
  private static final double GROWN_AFTER = 0.6;

  TrajectoryObjective objective() {
    int points = series.size();
    int first = Math.max(FEWEST, (int) (FIRST_HORIZON * points));
    double grown = GROWN_AFTER * optimizer.interval() * iterations;
    return objective(gradient).withHorizon(tau -> first + (int) ((points - first) * tau / grown));
  }

  /// The loss over all of the data, its gradient by some method.
  TrajectoryObjective objective(GradientMethod method) {
    return TrajectoryObjective.of(
        untrained.field(),
        method,
        untrained.scaling().scaledTimes(series.times()),
        untrained.scaling().scaled(series.rows()));
  }

  Trainer.Result train(TrajectoryObjective objective, Trainer.Observer... observers) {
    return trainer(objective, List.of(), observers).train(untrained.theta(), iterations);
  }

  /// Watched by observers of iterations and of steps.
  Trainer trainer(
      TrajectoryObjective objective, List<StepObserver> steps, Trainer.Observer... observers) {
    Trainer trainer = Trainer.of(objective, optimizer);
    for (StepObserver observer : steps) {
      trainer = trainer.withStepObserver(observer);
    }
    for (Trainer.Observer observer : observers) {
      trainer = trainer.withObserver(observer);
    }
    return trainer;
  }
}
