package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.objective.Curriculum;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// The loss of a model is what its predictions miss of measurements, in standard deviations.
class ModelsHaveTheirLossOnMeasurements {
  private static final double NONE = Double.NaN;

  private static Experiment experiment(String name, double[] times, double[]... rows) {
    return new Experiment(
        name,
        new TimeSeries("t", List.of("a", "b"), times, List.of(rows)),
        new TimeSeries(
            "t", List.of(), times, List.of(rows).stream().map(_ -> new double[0]).toList()));
  }

  private static final Measurements MEASURED =
      new Measurements(
          Clock.NUMBER,
          List.of(
              experiment(
                  "one",
                  new double[] {3, 4, 7},
                  new double[] {1, 20},
                  new double[] {NONE, 23},
                  new double[] {4, NONE}),
              experiment(
                  "two", new double[] {5, 5.5}, new double[] {2, 21}, new double[] {3, 19})));

  @Test
  void thatIsOfTheirPredictions() {
    Model model =
        Model.untrained(
            MEASURED, new Architecture(List.of(5), Activation.TANH), new SplittableRandom(1));
    Integrator tight = model.solver().integrator();
    double[] gradient = new double[model.theta().length];
    double loss =
        TrajectoriesObjective.of(model, MEASURED, new DiscreteAdjoint(tight))
            .gradient(0, model.theta(), gradient);
    double sum = 0;
    int count = 0;
    for (TimeSeries states : MEASURED.states()) {
      List<double[]> predicted = model.predict(states.rows().getFirst(), states.times());
      for (int i = 0; i < states.size(); i++) {
        for (int j = 0; j < 2; j++) {
          double residual = states.rows().get(i)[j] - predicted.get(i)[j];
          if (!Double.isNaN(residual)) {
            sum += Math.pow(residual / model.scaling().deviation()[j], 2);
            count++;
          }
        }
      }
    }
    assertEquals(8, count);
    assertEquals(sum / count, loss, 1e-12 * loss);
    assertEquals(3, model.provenance().from());
    assertEquals(7, model.provenance().to());
    assertEquals(List.of(1.0, 19.0), model.provenance().low());
    assertEquals(List.of(4.0, 23.0), model.provenance().high());
  }

  @Test
  void andNotOnThoseOfOthers() {
    Architecture small = new Architecture(List.of(2), Activation.TANH);
    Model model = Model.untrained(MEASURED, small, new SplittableRandom(1));
    TimeSeries swapped =
        new TimeSeries(
            "t",
            List.of("b", "a"),
            new double[] {0, 1},
            List.of(new double[] {20, 1}, new double[] {21, 2}));
    assertEquals(
        "trajectories objective: measurements of [b, a], the model is of [a, b]; want the same, in"
            + " this order",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TrajectoriesObjective.of(
                        model,
                        Measurements.of(swapped),
                        new DiscreteAdjoint(model.solver().integrator())))
            .getMessage());
  }

  /// A batch of them, in one phase of several, says why it has none.
  @Test
  void whichTellsWhySolvesFail() {
    Architecture small = new Architecture(List.of(2), Activation.TANH);
    Model model = Model.untrained(MEASURED, small, new SplittableRandom(1));
    Integrator hasty =
        Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-8, 1e-8).withMaxSteps(2));
    TrajectoriesObjective all =
        TrajectoriesObjective.of(model, MEASURED, new DiscreteAdjoint(hasty));
    Curriculum phases =
        Curriculum.of(_ -> 0, _ -> MiniBatches.of(all.size(), all::batch).withSize(1, 1));
    Trainer.Result result = Trainer.of(phases, Optimizer.adam(0.01)).train(model.theta(), 5);
    assertEquals(Status.Reason.MAX_STEPS, result.status().reason());
  }

  @Test
  void phasesHaveAHessianIfTheirObjectivesHaveOne() {
    TwiceDifferentiableObjective plain =
        MiniBatches.of(2, _ -> Objective.of(1, (theta, gradient) -> gradient[0] = theta[0]));
    assertFalse(Curriculum.of(_ -> 0, _ -> plain).hasHessian());
    assertTrue(Curriculum.of(_ -> 0, _ -> Losses.quadratic(1)).hasHessian());
  }
}
