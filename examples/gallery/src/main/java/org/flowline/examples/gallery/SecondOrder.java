package org.flowline.examples.gallery;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;

/// Learns accelerations and the initial velocity from positions alone: a model of second order with
/// a linear acceleration `a(y, v)`, trained on `y(t) = 2 cos 2t + ½ sin 2t`.
///
/// Expected: the initial velocity `y'(0) = 1`, which was not measured.
public final class SecondOrder {
  private SecondOrder() {}

  static Outcome run(long iterations) {
    double[] times = new double[20];
    Arrays.setAll(times, i -> 0.1 * i);
    List<double[]> positions =
        Arrays.stream(times)
            .mapToObj(t -> new double[] {2 * Math.cos(2 * t) + 0.5 * Math.sin(2 * t)})
            .toList();
    Measurements measured = Measurements.of(new TimeSeries("t", List.of("y"), times, positions));

    Architecture linear = new Architecture(List.of(), Activation.IDENTITY).withOrder(2);
    Model model = Model.untrained(measured, linear, new SplittableRandom(1));
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(model, measured, new DiscreteAdjoint(model.solver().integrator()));
    double[] near =
        Trainer.of(loss, Optimizer.adam(0.02))
            .train(new double[loss.dimension()], iterations)
            .theta();
    double[] theta = Trainer.of(loss, Optimizer.dampedNewton(1e4)).train(near, 30).theta();

    // The state is (position, velocity) in standardised units.
    double[] start =
        model.initialState().state(theta, model.scaling().scaled(positions.getFirst()));
    double velocity = start[1] * model.scaling().deviation()[0] / model.scaling().unit();
    double[] grid = Outcome.grid(0, 4);
    List<double[]> fit = model.with(theta).predict(positions.getFirst(), grid);
    return Outcome.of(SecondOrder.class, "An oscillation", "t", "position")
        .figure("initial velocity", velocity, 1, 1e-4)
        .line("fit", grid, Outcome.column(fit, 0))
        .dots("data", times, Outcome.column(positions, 0));
  }

  public static void main(String[] args) {
    run(1000).show(args);
  }
}
