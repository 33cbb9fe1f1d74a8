package org.flowline.examples.gallery;

import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Learns the coefficient of restitution `e` of a bouncing ball from the times of two bounces,
///
///     x' = v,   v' = −g;        v ← −e v   at   x = 0
///
/// The gradient goes through the event times (implicit function theorem) and the jumps (saltation).
/// Expected: `e = 0.7`, with which the measured times were computed in closed form.
public final class EventWithLearnedParameter {
  private static final double G = 9.81;
  private static final double RESTITUTION = 0.7;
  private static final double[] START = {1.3, 0.6};

  private EventWithLearnedParameter() {}

  static Outcome run(long iterations) {
    Parameters layout = Parameters.none().with("e", 1, 1);
    NeuralField ball =
        NeuralField.of(layout, 1, 2, (_, y, _) -> row(column(y, 1), column(y, 1).mul(0).sub(G)));
    Event bounce =
        TracedEvents.of(ball)
            .jump(
                "bounce",
                (_, y, _) -> column(y, 0),
                (_, y, theta) -> row(column(y, 0), column(y, 1).mul(theta.get("e")).neg()))
            .falling();
    Integrator solver =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-9, 1e-9)).withEvent(bounce);

    // The bounces (v₀ + w)/g and then after 2 e w/g, with the speed of impact w = √(v₀² + 2 g x₀).
    double impact = Math.sqrt(START[1] * START[1] + 2 * G * START[0]);
    double first = (START[1] + impact) / G;
    double[] data = {first, first + 2 * RESTITUTION * impact / G};
    EventLoss squaredError = // of the first column of the events (t, before, after)
        EventLoss.traced(
            2, 2, 2, (_, e) -> column(e, 0).sub(e.constant(Shape.of(2, 1), data)).square().sum());
    double[] times = {0, 1.5}; // two bounces happen for every e between 0.57 and 0.88
    Objective loss =
        TrajectoriesObjective.of(ball, new DiscreteAdjoint(solver), START, times, squaredError);
    Trainer trainer = Trainer.of(loss, Optimizer.gradientDescent(0.3));
    ball.bind(trainer.train(new double[] {0.6}, iterations).theta());

    Solution fit = solver.solve(ball, START, Outcome.grid(0, 1.6)).orThrow();
    return Outcome.of(EventWithLearnedParameter.class, "A bouncing ball", "time", "height")
        .figure("restitution", ball.parameters()[0], RESTITUTION, 1e-9)
        .line("fit", fit, 0)
        .dots("measured bounces", data, new double[2]);
  }

  private static Var column(Var y, int i) {
    return y.slice(1, i, i + 1);
  }

  private static Var row(Var... columns) {
    return Var.concat(1, List.of(columns));
  }

  public static void main(String[] args) {
    run(30).show(args);
  }
}
