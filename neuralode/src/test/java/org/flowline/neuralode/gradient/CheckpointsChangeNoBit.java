package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointsChangeNoBit {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;

  static Stream<SolveCase> solves() {
    return SolveCase.all();
  }

  @ParameterizedTest
  @MethodSource("solves")
  void ofAnyExplicitSolve(SolveCase solve) {
    for (int slots : new int[] {2, 3, 7}) {
      TrajectoryGradient few =
          new Checkpointed(solve.integrator(), slots)
              .gradient(
                  SolveCase.NETWORK.field(1),
                  solve.y0(),
                  solve.times(),
                  SolveCase.NETWORK.trajectoryLoss(solve.times().length));
      assertSame(solve.discrete(), few);
    }
  }

  /// The number of steps is between fewer than the slots and far more than their cube.
  @Property(tries = 60)
  void whateverTheNumberOfSteps(
      @ForAll @IntRange(min = 1, max = 400) int steps,
      @ForAll @IntRange(min = 2, max = 6) int slots) {
    for (Method method : new Method[] {Methods.DOPRI5, Methods.HEUN, Methods.KVAERNO3}) {
      int length = method == Methods.KVAERNO3 ? 1 + steps / 20 : steps;
      StepSize.Constant size = StepSize.Constant.of(0.01, length);
      compare(Integrator.of(method, size), slots, 0, size.end(0));
    }
  }

  /// An adaptive solve has an unknown number of steps.
  @ParameterizedTest
  @MethodSource("adaptive")
  void ofAdaptiveSolves(Method method) {
    Integrator integrator =
        Integrator.of(method, StepSize.Adaptive.of(1e-7, 1e-7).withStops(0.5).withJumps(1.25));
    compare(integrator, 3, 0, 0.2, 0.71, 1.4, 2);
    compare(integrator, 5, 2, 1.4, 0.71, 0.2, 0);
  }

  static Stream<Method> adaptive() {
    return Stream.of(Methods.DOPRI5, Methods.TSIT5, Methods.BOSH3, Methods.RODAS5P);
  }

  private static void compare(Integrator integrator, int slots, double... times) {
    double[] y0 = NETWORK.state(1);
    TrajectoryLoss loss = NETWORK.trajectoryLoss(times.length);
    TrajectoryGradient all =
        new DiscreteAdjoint(integrator).gradient(NETWORK.field(1), y0, times, loss);
    TrajectoryGradient few =
        new Checkpointed(integrator, slots).gradient(NETWORK.field(1), y0, times, loss);
    assertSame(all, few);
  }

  private static void assertSame(TrajectoryGradient all, TrajectoryGradient few) {
    assertTrue(all.status().succeeded());
    assertEquals(all.loss(), few.loss());
    assertArrayEquals(all.theta(), few.theta());
    assertArrayEquals(all.y0(), few.y0());
    assertArrayEquals(all.times(), few.times());
    assertEquals(all.backwardEvaluations(), few.backwardEvaluations());
    assertEquals(all.forward().accepted(), few.forward().accepted());
    assertEquals(all.forward().rejected(), few.forward().rejected());
  }

  @Test
  void theObserversOfTheSolveSeeItsStepsOnce() {
    long[] seen = new long[1];
    Integrator integrator =
        Integrator.of(Methods.RK4, StepSize.Constant.of(0.01, 100)).withObserver(step -> seen[0]++);
    new Checkpointed(integrator, 3)
        .gradient(
            NETWORK.field(1),
            NETWORK.state(1),
            new double[] {0, 0.01 * 100},
            NETWORK.trajectoryLoss(2));
    assertEquals(100, seen[0]);
  }

  /// A budget of 5 kB holds about fifteen steps of the 400.
  @Test
  void theDiscreteAdjointKeepsToItsBudget() {
    long[] seen = new long[1];
    StepSize.Constant size = StepSize.Constant.of(0.01, 400);
    Integrator integrator = Integrator.of(Methods.RK4, size).withObserver(step -> seen[0]++);
    double[] times = {0, 1.234, size.end(0)};
    TrajectoryLoss loss = NETWORK.trajectoryLoss(times.length);
    double[] y0 = NETWORK.state(1);
    TrajectoryGradient small =
        new DiscreteAdjoint(integrator, 5_000).gradient(NETWORK.field(1), y0, times, loss);
    assertEquals(400, seen[0]);
    assertSame(new DiscreteAdjoint(integrator).gradient(NETWORK.field(1), y0, times, loss), small);
    assertEquals(
        "discrete adjoint: a budget of 0 bytes; want a positive number",
        assertThrows(IllegalArgumentException.class, () -> new DiscreteAdjoint(integrator, 0))
            .getMessage());
  }

  @Test
  void fewerThanTwoSlotsAreRefused() {
    Integrator integrator = Integrator.of(Methods.RK4, StepSize.Constant.of(0.01, 100));
    assertEquals(
        "checkpointed: 1 slots; want at least 2",
        assertThrows(IllegalArgumentException.class, () -> new Checkpointed(integrator, 1))
            .getMessage());
  }
}
