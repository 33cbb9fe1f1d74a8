package org.flowline.examples.gallery;

import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.dynamics.RunningCost;
import org.flowline.neuralode.dynamics.TimedDynamics;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.loss.Augmentation;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Learns an optimal control by an integral along the trajectory: the feedback `u = w x + b` of
/// `x' = u` that minimises `∫ (x² + u²) dt` from `x(0) = 1` (linear-quadratic regulator).
///
/// Expected: `u = −x` at the cost 1, the solution of the Riccati equation `p² = 1`.
public final class RunningCostObjective {
  private RunningCostObjective() {}

  /// Returns `w`, `b` and the cost, learned from `u = −½ x`.
  static double[] run(long iterations) {
    Linear policy = new Linear(1, 1);
    RunningCost controlled =
        new RunningCost(
            TimedDynamics.of(policy),
            (_, x, theta) -> x.square().add(policy.apply(theta, x).square()));
    NeuralField field = controlled.field(1, 2); // x and the cost so far
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-9, 1e-9));
    DiscreteAdjoint method = new DiscreteAdjoint(solver);
    TrajectoryLoss cost = RunningCost.atEnd(2, 1, 2);

    double[] start = new Augmentation(1, 1, 1).start(new double[] {1});
    double[] times = {0, 10};
    Objective loss = TrajectoriesObjective.of(field, method, start, times, cost);
    Trainer.Result trained =
        Trainer.of(loss, Optimizer.heavyBall(0.1, 0.8)).train(new double[] {-0.5, 0}, iterations);
    return new double[] {trained.theta()[0], trained.theta()[1], trained.loss()};
  }

  public static void main(String[] args) {
    double[] found = run(500);
    System.out.printf(
        "u = %.5f x + %.5f at the cost %.6f, expected u = -x at 1%n", found[0], found[1], found[2]);
  }
}
