package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.Architecture;
import org.flowline.neuralode.DiscreteAdjoint;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.nn.Activation;
import org.flowline.odesolvers.Integrator;
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
    assertArrayEquals(new double[] {1, 19}, model.provenance().low());
    assertArrayEquals(new double[] {4, 23}, model.provenance().high());
  }
}
