package org.flowline.neuralode.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class ShardsOfABatchGiveTheSameBits {
  private static final int ROWS = 11;
  private static final ClockedNetwork WHOLE = new ClockedNetwork(ROWS, 3, 5);
  private static final double[] TIMES = {0, 0.4, 1};

  private static ShardedField sharded(int rowsPerShard, int threads) {
    ShardedField field =
        ShardedField.of(
            ROWS,
            rowsPerShard,
            threads,
            rows -> NeuralField.of(WHOLE.layout(), rows, 3, new ClockedNetwork(rows, 3, 5)));
    field.bind(WHOLE.theta(1));
    return field;
  }

  @Test
  void whateverTheNumberOfThreads() {
    TrajectoryGradient one = gradient(sharded(3, 1));
    for (int threads : new int[] {2, 3, 4, 17}) {
      TrajectoryGradient several = gradient(sharded(3, threads));
      assertEquals(one.loss(), several.loss());
      assertArrayEquals(one.theta(), several.theta());
      assertArrayEquals(one.y0(), several.y0());
      assertArrayEquals(one.times(), several.times());
    }
  }

  /// θ̄ is a sum over rows in another order, of a few hundred terms.
  @Test
  void asTheWholeBatchUpToTheOrderOfASum() {
    TrajectoryGradient whole = gradient(WHOLE.field(1));
    for (int rowsPerShard : new int[] {1, 4, 11, 100}) {
      TrajectoryGradient parts = gradient(sharded(rowsPerShard, 2));
      assertEquals(whole.loss(), parts.loss(), 1e-14);
      assertTrue(Differences.relative(parts.theta(), whole.theta()) < 1e-13);
      assertTrue(Differences.relative(parts.y0(), whole.y0()) < 1e-13);
    }
  }

  @Test
  void alsoByBacksolve() {
    Integrator solver = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-6));
    Backsolve backsolve = new Backsolve(solver);
    double[] y0 = WHOLE.state(1);
    TrajectoryLoss loss = WHOLE.trajectoryLoss(TIMES.length);
    assertArrayEquals(
        backsolve.gradient(sharded(4, 1), y0, TIMES, loss).theta(),
        backsolve.gradient(sharded(4, 3), y0, TIMES, loss).theta());
  }

  @Test
  void senselessNumbersAreRefused() {
    assertEquals(
        "sharded field: 11 rows, 0 per shard, 2 threads; want at least 1 of each",
        assertThrows(IllegalArgumentException.class, () -> sharded(0, 2)).getMessage());
  }

  private static TrajectoryGradient gradient(DifferentiableField field) {
    Integrator solver = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-6));
    return new DiscreteAdjoint(solver)
        .gradient(field, WHOLE.state(1), TIMES, WHOLE.trajectoryLoss(TIMES.length));
  }
}
