package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.flowline.neuralode.CachingField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The discrete adjoint of a field that keeps what costs much of its stages has the bits of the one
/// that computes them again, however many it can keep.
class CachedStagesChangeNoBit {
  private static final ClockedNetwork NETWORK = SolveCase.NETWORK;

  static Stream<SolveCase> all() {
    return SolveCase.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void whateverTheMethodAndTheSteps(SolveCase solve) {
    same(Integrator.of(solve.tableau(), solve.stepSize()), solve.times());
  }

  @Test
  void alsoAfterRejectedSteps() {
    StepSize size = StepSize.Adaptive.of(1e-9, 1e-9).withInitialStep(2);
    for (ButcherTableau tableau : List.of(Methods.DOPRI5, Methods.TSIT5, Methods.VERN7)) {
      TrajectoryGradient gradient = same(Integrator.of(tableau, size), 0.3, 1.1, 2.3);
      assertTrue(gradient.forward().rejected() > 0);
    }
  }

  /// Within the stretches between checkpoints, in which the slots are used again and again.
  @ParameterizedTest
  @MethodSource("all")
  void alsoBetweenCheckpoints(SolveCase solve) {
    Set<Integer> used = new HashSet<>();
    int[] pulled = new int[1];
    CachingField keeping =
        limited(
            NETWORK.field(1),
            Integer.MAX_VALUE,
            slot -> {
              used.add(slot);
              pulled[0]++;
            });
    TrajectoryLoss loss = NETWORK.trajectoryLoss(solve.times().length);
    TrajectoryGradient kept =
        new Checkpointed(solve.integrator(), 2).gradient(keeping, solve.y0(), solve.times(), loss);
    TrajectoryGradient all = solve.discrete();
    assertArrayEquals(all.theta(), kept.theta());
    assertArrayEquals(all.y0(), kept.y0());
    assertArrayEquals(all.times(), kept.times());
    // A stretch is two steps; the very first may be preceded by the estimate of its size.
    assertTrue(used.size() <= 2 * solve.tableau().stages() + 1, used.toString());
    long steps = all.forward().accepted();
    assertTrue(pulled[0] + steps >= all.backwardEvaluations(), pulled[0] + " pulled back");
  }

  private static TrajectoryGradient same(Integrator integrator, double... times) {
    TrajectoryGradient again = gradient(integrator, times, 0, new HashSet<>());
    for (int slots : new int[] {1, 7, Integer.MAX_VALUE}) {
      Set<Integer> pulled = new HashSet<>();
      TrajectoryGradient kept = gradient(integrator, times, slots, pulled);
      assertTrue(!pulled.isEmpty() && pulled.size() <= slots, pulled.toString());
      if (slots == Integer.MAX_VALUE) {
        // All stages, but the first of a step where that was evaluated in the step before.
        long steps = again.forward().accepted();
        assertTrue(pulled.size() + steps >= again.backwardEvaluations(), pulled.toString());
      }
      assertEquals(again.loss(), kept.loss());
      assertArrayEquals(again.theta(), kept.theta());
      assertArrayEquals(again.y0(), kept.y0());
      assertArrayEquals(again.times(), kept.times());
    }
    return again;
  }

  private static TrajectoryGradient gradient(
      Integrator integrator, double[] times, int slots, Set<Integer> pulled) {
    return new DiscreteAdjoint(integrator)
        .gradient(
            limited(
                NETWORK.field(1),
                slots,
                slot -> assertTrue(pulled.add(slot), "a slot is pulled back once")),
            NETWORK.state(1),
            times,
            NETWORK.trajectoryLoss(times.length));
  }

  /// A field with a limited number of slots that reports each slot pulled back.
  private static CachingField limited(CachingField field, int slots, IntConsumer pulled) {
    return (CachingField)
        Proxy.newProxyInstance(
            CachingField.class.getClassLoader(),
            new Class<?>[] {CachingField.class},
            (_, method, arguments) -> {
              if (method.getName().equals("slots")) {
                return Math.min(slots, field.slots());
              }
              if (method.getName().equals("pullbackCached")) {
                pulled.accept((Integer) arguments[0]);
              }
              try {
                return method.invoke(field, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
