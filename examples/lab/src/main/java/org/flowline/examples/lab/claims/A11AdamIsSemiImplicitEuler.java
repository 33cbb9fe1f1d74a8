package org.flowline.examples.lab.claims;

import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.flow.AdamFlow;
import org.flowline.odesolvers.method.Methods;

/// A11: Adam and RMSprop are semi-implicit Euler on a flow of θ and running averages.
final class A11AdamIsSemiImplicitEuler {
  private static final int STEPS = 1000;
  private static final Losses VALLEY = Losses.rosenbrock();
  private static final double TIME = 0.5;

  /// The learning rate that sets the time scales of the averages while the step is varied.
  private static final double SCALE = 4e-3;

  /// A step rounds numbers of size one a few times, by half a unit in the last place each, mostly
  /// in opposite directions.
  private static final double ROUNDING = STEPS * Math.ulp(1.0);

  void run(Notebook notes) {
    TextbookLoop.Rule adam = TextbookLoop::adam;
    agree(notes, "Adam on a quadratic", Losses.quadratic(), Optimizer.adam(3e-3), adam);
    agree(notes, "Adam in the valley", VALLEY, Optimizer.adam(3e-3), adam);
    agree(notes, "RMSprop in the valley", VALLEY, Optimizer.rmsprop(3e-4), TextbookLoop::rmsprop);
    TrainingFlow flow = new AdamFlow(VALLEY.objective(), SCALE);
    double[] start = flow.initialState(VALLEY.start());
    double[] exact = flow.parameters(Orbit.adaptive(flow, start, TIME, 1e-10).last());
    double[] eta = {2e-3, 1e-3, 5e-4, 2.5e-4};
    double[] distances =
        Series.map(
            eta,
            h -> {
              int steps = (int) Math.round(TIME / h);
              double[] last =
                  flow.parameters(
                      Orbit.steps(flow, start, Methods.SEMI_IMPLICIT_EULER, h, steps).last());
              return Math.hypot(last[0] - exact[0], last[1] - exact[1]);
            });
    // The next term is η over the shortest time scale as large.
    notes.near("slope of the distance to Adam's flow", Series.power(eta, distances), 1, 0.1);
    notes.picture(
        "A11-adam",
        "Left, every twentieth step in Rosenbrock's valley. Right, shorter steps of one flow.",
        Panel.half("1000 steps of Adam, η = 0.003", "x", "y")
            .path("textbook's loop", TextbookLoop.run(VALLEY, 3e-3, STEPS, adam), 0)
            .marks("semi-implicit Euler", train(VALLEY, Optimizer.adam(3e-3)).every(20), 1),
        Panel.half("Distance to Adam's flow at τ = 0.5", "step h", "distance")
            .markedLine("semi-implicit Euler", eta, distances, 0)
            .line("slope 1", eta, h -> 0.7 * distances[0] * h / eta[0], Panel.DARK)
            .logLog());
  }

  private static Orbit train(Losses loss, Optimizer optimizer) {
    return Orbit.training(optimizer, loss.objective(), loss.start(), STEPS);
  }

  private static void agree(
      Notebook notes, String what, Losses loss, Optimizer optimizer, TextbookLoop.Rule rule) {
    double[][] actual = train(loss, optimizer).y();
    double[][] expected = TextbookLoop.run(loss, optimizer.interval(), STEPS, rule).y();
    double largest =
        Series.max(
            0,
            STEPS + 1,
            k -> Series.max(0, loss.start().length, i -> Math.abs(actual[k][i] - expected[k][i])));
    notes.atMost(what + ": largest difference in 1000 steps", largest, ROUNDING);
  }
}
