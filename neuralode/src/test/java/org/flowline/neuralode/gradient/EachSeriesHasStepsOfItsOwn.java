package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Per-sample step sizes are series of a [TrajectoriesObjective], joint ones are rows of one state.
class EachSeriesHasStepsOfItsOwn {
  private static final double[] TIMES = {0, 0.7, 2};
  private static final StepSize SIZE = StepSize.Adaptive.of(1e-6, 1e-6);

  /// `y' = tanh(y·V + …)·W` from a gentle, and a far-off start where it moves fast.
  private static final double[][] STARTS = {{0.1, -0.2, 0.1}, {40, -35, 50}};

  private static TrajectoriesObjective.Series series(double[] start) {
    return new TrajectoriesObjective.Series(
        TIMES, List.of(start, new double[] {1, 0.5, -1}, new double[] {0.2, Double.NaN, 0}));
  }

  /// The end of each step of all solves, `null` between two of them.
  private static final class Ends implements StepObserver {
    private final List<List<Double>> solves = new ArrayList<>();

    @Override
    public void accepted(Step step) {
      if (step.t() == TIMES[0]) {
        solves.add(new ArrayList<>());
      }
      solves.getLast().add(step.end());
    }

    @Override
    public void rejected(Step step) {}
  }

  private static Ends ends(double[] gradient, double[]... starts) {
    Ends ends = new Ends();
    NeuralField field = new ClockedNetwork(1, 3, 5).field(1);
    double[] theta = field.parameters().clone();
    TrajectoriesObjective.of(
            field,
            new DiscreteAdjoint(Integrator.of(Methods.TSIT5, SIZE).withObserver(ends)),
            Arrays.stream(starts).map(EachSeriesHasStepsOfItsOwn::series).toList())
        .gradient(0, theta, gradient);
    return ends;
  }

  @Test
  void whateverItsMates() {
    int p = ClockedNetwork.SMALL.layout().size();
    double[] both = new double[p];
    double[] first = new double[p];
    double[] second = new double[p];
    Ends together = ends(both, STARTS);
    List<Double> firstAlone = ends(first, STARTS[0]).solves.getFirst();
    List<Double> secondAlone = ends(second, STARTS[1]).solves.getFirst();
    assertEquals(List.of(firstAlone, secondAlone), together.solves);
    assertTrue(!firstAlone.equals(secondAlone), "they are not alike");
    // Eight values are measured in each; a half is no rounding.
    double[] mean = new double[p];
    Arrays.setAll(mean, i -> first[i] / 2 + second[i] / 2);
    assertArrayEquals(mean, both, 0);
    assertTrue(Arrays.stream(both).anyMatch(value -> value != 0));
  }

  @Test
  void andRowsOfOneStateShareTheirs() {
    Ends ends = new Ends();
    double[] y0 = new double[6];
    System.arraycopy(STARTS[0], 0, y0, 0, 3);
    System.arraycopy(STARTS[1], 0, y0, 3, 3);
    TrajectoryLoss loss = TrajectoryLoss.traced(3, 6, y -> y.square().mean());
    new DiscreteAdjoint(Integrator.of(Methods.TSIT5, SIZE).withObserver(ends))
        .gradient(new ClockedNetwork(2, 3, 5).field(1), y0, TIMES, loss);
    assertEquals(1, ends.solves.size());
  }
}
