package org.flowline.examples.lab.claims;

import java.util.function.DoubleFunction;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.flow.ModifiedFlow;

/// A17: descent with a finite step follows the flow of `f + η/4 ‖∇f‖²`, one order closer than the
/// flow of `f`.
final class A17DescentFollowsAModifiedFlow {
  private static final Losses LOSS = Losses.network(8, 1);
  private static final double TIME = 2;

  /// Numbers of steps of a run: steps so small that the leading term of the error dominates.
  private static final double[] STEPS = {40, 80, 160, 320, 640};

  void run(Notebook notes) {
    double[] eta = Series.map(STEPS, n -> TIME / n);
    double[] plain = distances(_ -> new GradientFlow(LOSS.objective()));
    double[] modified = distances(h -> new ModifiedFlow(LOSS.objective(), h));
    // The next term of either expansion is η times as large, a few percent here.
    notes.near("slope of the distance to the modified flow", Series.power(eta, modified), 2, 0.1);
    notes.near("slope of the distance to the gradient flow", Series.power(eta, plain), 1, 0.1);
    notes.picture(
        "A17-modified",
        "Left, distances at the end of training. Right, a bowl with ηλₘₐₓ = ½.",
        Panel.half("Training a network, time 2", "step η", "distance of descent")
            .markedLine("to the gradient flow", eta, plain, 0)
            .markedLine("to the modified flow", eta, modified, 1)
            .logLog(),
        bowl());
  }

  private static double[] distances(DoubleFunction<TrainingFlow> flow) {
    return Series.map(
        STEPS,
        n -> {
          double h = TIME / n;
          Orbit exact = Orbit.adaptive(flow.apply(h), LOSS.start(), TIME, 1e-13);
          return Series.distance(LOSS.descent(h, (int) n).last(), exact.last());
        });
  }

  private static Panel bowl() {
    double[][] a = {{1, 0}, {0, 4}};
    Losses bowl = new Losses("bowl", Losses.quadratic(a), new double[] {1, 1});
    double eta = 0.5 / 4;
    int steps = 16;
    TrainingFlow modified = new ModifiedFlow(bowl.objective(), eta);
    return Panel.half("A bowl, η = 1/(2λₘₐₓ)", "x", "y")
        .path("gradient flow", bowl.flow(eta * steps), 0)
        .path("modified flow", Orbit.adaptive(modified, bowl.start(), eta * steps, 1e-13), 1)
        .marks("descent", bowl.descent(eta, steps), 2);
  }
}
