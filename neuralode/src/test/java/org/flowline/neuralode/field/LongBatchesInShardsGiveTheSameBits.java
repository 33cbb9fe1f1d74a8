package org.flowline.neuralode.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.Checkpointed;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.InterpolatedAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// States and parameters are long enough that the arithmetic of the solver, of the reverse sweep
/// and of the sum over shards is divided among threads, too.
class LongBatchesInShardsGiveTheSameBits {
  private static final int ROWS = 300;
  private static final ClockedNetwork WHOLE = new ClockedNetwork(ROWS, 16, 130);
  private static final double[] TIMES = {0, 0.3, 1};
  private static final Integrator ADAPTIVE =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-4, 1e-4));
  private static final Integrator FIXED =
      Integrator.of(Methods.RK4, StepSize.Constant.of(0.125, 8));

  static Stream<GradientMethod> methods() {
    return Stream.of(
        new DiscreteAdjoint(ADAPTIVE),
        new DiscreteAdjoint(FIXED),
        new Checkpointed(FIXED, 3),
        new InterpolatedAdjoint(ADAPTIVE),
        new Backsolve(ADAPTIVE));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void whateverTheNumberOfThreads(GradientMethod method) {
    TrajectoryGradient one = gradient(method, sharded(64, 1));
    for (int threads : new int[] {2, 3, 5}) {
      assertSame(one, gradient(method, sharded(64, threads)));
    }
  }

  /// θ̄ is a sum over rows in another order, of a few hundred terms.
  @ParameterizedTest
  @MethodSource("methods")
  void asTheWholeBatchUpToTheOrderOfASum(GradientMethod method) {
    TrajectoryGradient whole = gradient(method, WHOLE.field(1));
    TrajectoryGradient parts = gradient(method, sharded(64, 2));
    assertTrue(Differences.relative(parts.theta(), whole.theta()) < 1e-13);
    assertTrue(Differences.relative(parts.y0(), whole.y0()) < 1e-13);
  }

  @Test
  void alsoWhereShardsKeepTheirActivations() {
    ShardedField keeping = sharded(64, 2);
    assertTrue(keeping.slots() > 100);
    DiscreteAdjoint method = new DiscreteAdjoint(FIXED);
    assertSame(gradient(method, new Forgetful(sharded(64, 2))), gradient(method, keeping));
  }

  @Test
  void andKeepNoMoreThanOneFieldMay() {
    int one = sharded(ROWS, 1).slots();
    int inThree = sharded(100, 1).slots();
    assertTrue(Math.abs(one - inThree) <= 1, one + " slots, " + inThree);
    assertEquals(
        "sharded field: slot %s of %s; want one from 0 on".formatted(one, one),
        assertThrows(
                IllegalArgumentException.class,
                () -> sharded(ROWS, 1).evaluateAndCache(one, 0, WHOLE.state(1), WHOLE.state(2)))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "255, 255",
    "256, 128 128",
    "300, 150 150",
    "1000, 143 143 143 143 143 143 142"
  })
  void areCutFrom256RowsOn(int rows, String wanted) {
    List<String> shards = new ArrayList<>();
    ShardedField.of(
        rows,
        count -> {
          shards.add(Integer.toString(count));
          return new ClockedNetwork(count, 1, 1).field(1);
        });
    assertEquals(wanted, String.join(" ", shards));
  }

  /// Rows are computed alike in any batch.
  @Test
  void ofALayerAreTheFieldOfTheLayer() {
    Mlp mlp = Mlp.of(Activation.TANH, 3, 20, 3);
    double[] theta = mlp.initial(new SplittableRandom(1));
    double[] y = new SplittableRandom(2).doubles(3 * ROWS, -1, 1).toArray();
    assertArrayEquals(
        rate(NeuralField.of(mlp, ROWS, 3), theta, y),
        rate(ShardedField.of(mlp, ROWS, 3), theta, y));
  }

  private static double[] rate(DifferentiableField field, double[] theta, double[] y) {
    double[] dydt = new double[y.length];
    field.bind(theta);
    field.evaluate(0, y, dydt);
    return dydt;
  }

  @Test
  void oneFieldCannotBeTwoShards() {
    NeuralField field = new ClockedNetwork(4, 2, 3).field(1);
    assertEquals(
        "sharded field: shards 0 and 1 are the same field; want a new one for each, as of fork()",
        assertThrows(IllegalArgumentException.class, () -> ShardedField.of(8, 4, 2, _ -> field))
            .getMessage());
  }

  @Test
  void whatAShardThrowsIsThrown() {
    List<DifferentiableField> fields = List.of(new Broken(0), new Broken(1));
    int[] next = {0};
    ShardedField field = ShardedField.of(2, 1, 2, _ -> fields.get(next[0]++));
    assertEquals(
        "shard 1",
        assertThrows(
                IllegalStateException.class, () -> field.evaluate(0, new double[2], new double[2]))
            .getMessage());
  }

  private static ShardedField sharded(int rowsPerShard, int threads) {
    ShardedField field =
        ShardedField.of(
            ROWS, rowsPerShard, threads, rows -> new ClockedNetwork(rows, 16, 130).field(1));
    field.bind(WHOLE.theta(1));
    return field;
  }

  private static TrajectoryGradient gradient(GradientMethod method, DifferentiableField field) {
    return method.gradient(field, WHOLE.state(1), TIMES, WHOLE.trajectoryLoss(TIMES.length));
  }

  private static void assertSame(TrajectoryGradient wanted, TrajectoryGradient came) {
    assertEquals(wanted.loss(), came.loss());
    assertArrayEquals(wanted.theta(), came.theta());
    assertArrayEquals(wanted.y0(), came.y0());
    assertArrayEquals(wanted.times(), came.times());
  }

  /// The field without its slots.
  private record Forgetful(DifferentiableField field) implements ForwardingField {}

  /// Throws in the second shard.
  private record Broken(int shard) implements DifferentiableField {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public int parameterCount() {
      return 0;
    }

    @Override
    public void bind(double[] theta) {}

    @Override
    public double[] parameters() {
      return new double[0];
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      if (shard == 1) {
        throw new IllegalStateException("shard 1");
      }
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      return 0;
    }
  }
}
