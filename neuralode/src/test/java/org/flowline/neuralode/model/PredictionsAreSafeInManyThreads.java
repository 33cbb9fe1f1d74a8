package org.flowline.neuralode.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.nn.Activation;
import org.flowline.odesolvers.Integrator;
import org.junit.jupiter.api.Test;

/// One model, many threads, each with starts of its own: the bits of one thread alone.
class PredictionsAreSafeInManyThreads {
  private static final double[] TIMES = {0, 0.3, 2.5, 4};

  private static final Model MODEL =
      Model.untrained(
          new TimeSeries(
              "t",
              List.of("a", "b"),
              new double[] {0, 1, 4},
              List.of(new double[] {3, 1}, new double[] {5, 2}, new double[] {4, 9})),
          List.of(16),
          Activation.TANH,
          new SplittableRandom(3));

  private static double[] start(int i) {
    return new double[] {3 + 0.01 * i, 9 - 0.02 * i};
  }

  @Test
  void toTheLastBit() throws InterruptedException, ExecutionException {
    List<Future<List<double[]>>> predictions = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 400; i++) {
        double[] start = start(i);
        predictions.add(threads.submit(() -> MODEL.predict(start, TIMES)));
      }
    }
    NeuralField field = MODEL.field();
    Integrator solver = MODEL.solver().integrator();
    for (int i = 0; i < 400; i++) {
      double[] scaled = MODEL.scaling().scaled(start(i));
      double[][] alone = solver.solve(field, scaled, MODEL.scaling().scaledTimes(TIMES)).values();
      List<double[]> values = predictions.get(i).get();
      assertEquals(TIMES.length, values.size());
      for (int j = 0; j < TIMES.length; j++) {
        double[] wanted = j == 0 ? start(i) : MODEL.scaling().unscaled(alone[j]);
        assertArrayEquals(wanted, values.get(j));
      }
    }
  }

  @Test
  void andSayWhereTheyGoBeyondWhatWasSeen() {
    Provenance seen = MODEL.provenance();
    Variables names = MODEL.variables();
    assertEquals(List.of(), seen.beyond(names, 4, new double[] {5, 1}));
    assertEquals(List.of("t"), seen.beyond(names, -1e-9, new double[] {5, 1}));
    assertEquals(List.of("t", "b"), seen.beyond(names, 4.1, new double[] {3, 9.1}));
    assertEquals(List.of("a"), seen.beyond(names, 2, new double[] {2.9, 9}));
  }
}
