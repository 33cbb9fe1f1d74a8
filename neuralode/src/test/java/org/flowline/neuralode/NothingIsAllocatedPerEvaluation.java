package org.flowline.neuralode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.flowline.neuralode.field.ShardedField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.training.Losses;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.flow.AdamFlow;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.VectorField;
import org.junit.jupiter.api.Test;

/// Not one byte, once the compiler has done its work: before that, vectors are objects.
class NothingIsAllocatedPerEvaluation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final ClockedNetwork NETWORK = new ClockedNetwork(3, 2, 17);
  private static final int CALLS = 2_000;

  /// Asking for the number of bytes may itself allocate a few, once for each batch of calls.
  private static final long FOR_ASKING = 512;

  private static final int WARM_UPS = 100;

  @Test
  void ofANeuralField() {
    NeuralField field = NETWORK.field(1);
    double[] y = NETWORK.state(1);
    double[] a = NETWORK.state(2);
    double[] dydt = new double[y.length];
    double[] yBar = new double[y.length];
    double[] thetaBar = new double[field.parameterCount()];
    allocatesNothing(() -> field.evaluate(0.1, y, dydt));
    allocatesNothing(() -> field.pullback(0.1, y, a, yBar, thetaBar));
    allocatesNothing(() -> field.evaluateAndPullback(0.1, y, a, dydt, yBar, thetaBar));
  }

  @Test
  void ofTheAdjointField() {
    allocatesNothing(new AdjointField(NETWORK.field(1)));
  }

  @Test
  void ofShards() {
    ShardedField shards =
        ShardedField.of(3, 1, 2, rows -> new ClockedNetwork(rows, 2, 17).field(1));
    double[] y = NETWORK.state(1);
    double[] a = NETWORK.state(2);
    double[] dydt = new double[y.length];
    double[] yBar = new double[y.length];
    double[] thetaBar = new double[shards.parameterCount()];
    allocatesNothing(new AdjointField(shards));
    allocatesNothing(() -> shards.evaluateAndCache(0, 0.1, y, dydt));
    allocatesNothing(() -> shards.pullbackCached(0, 0.1, y, a, yBar, thetaBar));
  }

  @Test
  void ofTrainingFlows() {
    Objective objective = Losses.network();
    allocatesNothing(new GradientFlow(objective));
    allocatesNothing(NesterovFlow.heavyBall(objective, 0.3));
    allocatesNothing(new AdamFlow(objective, 0.01));
  }

  /// A run of training allocates its workspace, and the same bytes for ten iterations as for a
  /// thousand.
  @Test
  void ofIterations() {
    double[] theta = {4, 5, 6};
    Trainer trainer =
        Trainer.of(new Parabola(), Optimizer.adam(0.01)).withObserver((_, _, _) -> {});
    long few = Long.MAX_VALUE;
    long many = Long.MAX_VALUE;
    for (int i = 0; i < WARM_UPS; i++) {
      few = Math.min(few, allocated(() -> trainer.train(theta, 10)));
      many = Math.min(many, allocated(() -> trainer.train(theta, 1000)));
    }
    assertTrue(Math.abs(many - few) <= FOR_ASKING, few + " bytes, " + many + " bytes");
  }

  private static void allocatesNothing(VectorField field) {
    double[] state = new double[field.dimension()];
    double[] rate = new double[field.dimension()];
    Arrays.fill(state, 0.1);
    allocatesNothing(() -> field.evaluate(0.1, state, rate));
    assertTrue(!(field instanceof PartitionedField) || rate[0] != 0);
  }

  private static void allocatesNothing(Runnable call) {
    long least = Long.MAX_VALUE;
    for (int batch = 0; batch < WARM_UPS && least > FOR_ASKING; batch++) {
      least =
          Math.min(
              least,
              allocated(
                  () -> {
                    for (int i = 0; i < CALLS; i++) {
                      call.run();
                    }
                  }));
    }
    assertTrue(least <= FOR_ASKING, least + " bytes in " + CALLS + " calls");
  }

  private static long allocated(Runnable run) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    run.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /// `½ ‖θ‖²`, without vectors that the compiler must get rid of first.
  private record Parabola() implements Objective {
    @Override
    public int dimension() {
      return 3;
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        gradient[i] = theta[i];
        sum += theta[i] * theta[i] / 2;
      }
      return sum;
    }
  }
}
