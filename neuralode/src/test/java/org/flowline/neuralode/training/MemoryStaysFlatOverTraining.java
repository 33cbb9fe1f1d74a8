package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.Checkpointed;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.ForwardSensitivity;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.InterpolatedAdjoint;
import org.flowline.neuralode.gradient.ReversibleAdjoint;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A thousand iterations hold no more memory at their end than at their beginning, and allocate no
/// more in the second half than in the first; nor does an iteration allocate what grows with the
/// steps of its solve, once the first has.
class MemoryStaysFlatOverTraining {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ITERATIONS = 1000;

  /// Early enough to leave most of them, late enough for memory that grows up to the longest solve.
  private static final int EARLY = 200;

  /// Steps hardly change at this rate.
  private static final double ETA = 1e-6;

  /// Bytes that the JVM may hold in addition, profiles and code; less than a hundredth of
  /// what 800 iterations would leave, each its gradient alone.
  private static final long OTHERS = 400_000;

  private static final Integrator ADAPTIVE =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-6));
  private static final double[] TIMES = {0, 0.5, 1};

  static Stream<GradientMethod> all() {
    return Stream.of(
        new DiscreteAdjoint(ADAPTIVE),
        new DiscreteAdjoint(ADAPTIVE, 1),
        new Checkpointed(ADAPTIVE, 3),
        new ReversibleAdjoint(
            Integrator.of(Reversible.of(Methods.BOSH3), StepSize.Adaptive.of(1e-4, 1e-4))),
        new InterpolatedAdjoint(ADAPTIVE),
        new Backsolve(ADAPTIVE).withAnchors(1),
        new ForwardSensitivity(ADAPTIVE));
  }

  @ParameterizedTest
  @MethodSource("all")
  void byEveryGradientMethod(GradientMethod method) {
    Mlp mlp = Mlp.of(Activation.TANH, 2, 8, 2);
    Meter meter = new Meter();
    Trainer.Result result =
        Trainer.of(objective(mlp, 1, method), Optimizer.gradientDescent(ETA))
            .withObserver((iteration, _, _) -> meter.at(iteration))
            .train(mlp.initial(new SplittableRandom(1)), ITERATIONS + 1);
    assertTrue(result.status().succeeded(), result.status()::message);
    assertTrue(
        meter.heldLate <= meter.heldEarly + OTHERS,
        () ->
            "held after %d, %d iterations: %d, %d bytes"
                .formatted(EARLY, ITERATIONS, meter.heldEarly, meter.heldLate));
    // The compiler only ever takes allocations away, but for a step more or less.
    assertTrue(
        meter.leastLate <= 1.1 * meter.leastEarly,
        () ->
            "allocated by an iteration: %d bytes early, %d late"
                .formatted(meter.leastEarly, meter.leastLate));
  }

  private static TrajectoriesObjective objective(Mlp mlp, int rows, GradientMethod method) {
    NeuralField field =
        NeuralField.of(
            JvmBackend.scalar(), // vectors are objects until they are compiled
            mlp.parameters(),
            Shape.of(rows, 2),
            (_, y, theta) -> mlp.apply(theta, y));
    double[] row = new double[2 * rows];
    Arrays.setAll(row, i -> Math.cos(i));
    return TrajectoriesObjective.of(field, method, TIMES, List.of(row, row, row));
  }

  /// Measures the held bytes and the fewest bytes that an iteration allocates, in two parts of the
  /// run.
  private static final class Meter {
    private long heldEarly;
    private long heldLate;
    private long leastEarly = Long.MAX_VALUE;
    private long leastLate = Long.MAX_VALUE;
    private long before;

    void at(long iteration) {
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (iteration > 1 && iteration <= EARLY) {
        leastEarly = Math.min(leastEarly, allocated);
      } else if (iteration > ITERATIONS - EARLY) {
        leastLate = Math.min(leastLate, allocated);
      }
      if (iteration == EARLY) {
        heldEarly = held();
      } else if (iteration == ITERATIONS) {
        heldLate = held();
      }
      before = THREADS.getCurrentThreadAllocatedBytes();
    }

    private static long held() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }

  /// 90 steps more are 144 000 bytes more to record: 40 numbers, and 4 slopes of as many.
  @Test
  void withNothingThatGrowsWithTheSteps() {
    List<Function<Integrator, GradientMethod>> methods =
        List.of(DiscreteAdjoint::new, solver -> new InterpolatedAdjoint(solver, ADAPTIVE));
    for (Function<Integrator, GradientMethod> method : methods) {
      long few = perGradient(method.apply(rk4(10)));
      long many = perGradient(method.apply(rk4(100)));
      assertTrue(many - few < 10_000, () -> few + " bytes, and of more steps " + many);
    }
  }

  private static Integrator rk4(int steps) {
    return Integrator.of(Methods.RK4, StepSize.Constant.of(1.0 / steps, steps));
  }

  private static long perGradient(GradientMethod method) {
    Mlp mlp = Mlp.of(Activation.TANH, 2, 8, 2);
    TrajectoriesObjective objective = objective(mlp, 20, method);
    double[] theta = mlp.initial(new SplittableRandom(1));
    double[] gradient = new double[theta.length];
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 300; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      objective.gradient(0, theta, gradient);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
