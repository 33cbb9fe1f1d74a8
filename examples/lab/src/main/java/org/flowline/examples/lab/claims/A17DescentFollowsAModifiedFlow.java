package org.flowline.examples.lab.claims;

import java.util.function.DoubleFunction;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.flow.ModifiedFlow;
import org.hipparchus.linear.MatrixUtils;

/// A17: descent with a finite step follows the flow of `f + η/4 ‖∇f‖²`, one order closer than the
/// flow of `f`.
final class A17DescentFollowsAModifiedFlow implements Experiment {
  private static final Losses LOSS = Losses.network(Activation.TANH, 8, 20, 1);
  private static final double TIME = 2;

  /// Numbers of steps of a run: steps so small that the leading term of the error dominates.
  private static final double[] STEPS = {40, 80, 160, 320, 640};

  @Override
  public Claim claim() {
    return new Claim(
        "A17",
        "Descent follows a modified flow",
        "Gradient descent with a finite step η stays closer to the gradient flow of a modified loss"
            + " than to the flow of its own loss: to O(η²) instead of O(η).",
        "θ′ = −∇(f + η/4 ‖∇f‖²) = −(∇f + η/2 ∇²f ∇f)",
        "A small network is trained with a decreasing step over a fixed time. The distances to both"
            + " flows, solved to twelve digits, are measured; the modified flow uses Hessian–vector"
            + " products. Then descent on a bowl with a large step, and both flows.",
        "The lines have slopes 1 and 2. The finite step acts as a regulariser of strength η: it"
            + " favours points with a small gradient. On a bowl with ηλₘₐₓ = ½ the modified flow covers"
            + " most of the distance between the flow and descent; higher terms of the expansion in η"
            + " account for the rest.",
        "Barrett & Dherin (2021), theorem 3.1; Hairer, Lubich & Wanner (2006), IX");
  }

  @Override
  public void run(Notebook notes) {
    double[] eta = Series.map(STEPS, n -> TIME / n);
    double[] plain = distances(_ -> new GradientFlow(LOSS.objective()));
    double[] modified = distances(h -> new ModifiedFlow(LOSS.objective(), h));
    // The next term of either expansion is η times as large, a few percent here.
    notes.near("slope of the distance to the modified flow", Series.power(eta, modified), 2, 0.1);
    notes.near("slope of the distance to the gradient flow", Series.power(eta, plain), 1, 0.1);
    notes.picture(
        "A17-modified",
        "Left: distances at the end of training. Right: a bowl with ηλₘₐₓ = ½; descent is closer to"
            + " the modified flow than to the gradient flow.",
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
    Losses bowl =
        new Losses("bowl", Losses.quadratic(MatrixUtils.createRealMatrix(a)), new double[] {1, 1});
    double eta = 0.5 / 4;
    int steps = 16;
    TrainingFlow modified = new ModifiedFlow(bowl.objective(), eta);
    return Panel.half("A bowl, η = 1/(2λₘₐₓ)", "x", "y")
        .path("gradient flow", bowl.flow(eta * steps), 0)
        .path("modified flow", Orbit.adaptive(modified, bowl.start(), eta * steps, 1e-13), 1)
        .marks("descent", bowl.descent(eta, steps), 2);
  }
}
