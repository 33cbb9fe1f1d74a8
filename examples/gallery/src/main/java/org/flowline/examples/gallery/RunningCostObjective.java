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
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Learns an optimal control by an integral along the trajectory: the feedback `u = w x + b` of
/// `x' = u` that minimises `∫ (x² + u²) dt` from `x(0) = 1` (linear-quadratic regulator).
///
/// Expected: `u = −x` at the cost 1, the solution of the Riccati equation `p² = 1`.
public final class RunningCostObjective {
  private RunningCostObjective() {}

  static Outcome run(long iterations) {
    Linear policy = new Linear(1, 1);
    TimedDynamics controlled =
        RunningCost.dynamics(
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

    field.bind(trained.theta());
    Solution learned = solver.solve(field, start, Outcome.grid(0, 5)).orThrow();
    return Outcome.of(RunningCostObjective.class, "An optimal control", "t", "")
        .figure("w", trained.theta()[0], -1, 1e-4)
        .figure("b", trained.theta()[1], 0, 1e-4)
        .figure("cost", trained.loss(), 1, 1e-4)
        .line("x", learned, 0)
        .line("cost so far", learned, 1)
        .dots("exp(−t)", 0, 5, t -> Math.exp(-t));
  }

  public static void main(String[] args) {
    run(500).show(args);
  }
}
