package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.StepSize.Constant;
import org.flowline.odesolvers.StepSize.Grid;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Noise;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CancelledSolvesResumeToTheSameBits {

  private static final double[] Y0 = {0.5, 1};
  private static final double[] TIMES = {0, 0.3, 1.1, 2};

  private static final Event BOUNCE =
      Event.jump("bounce", (t, y) -> y[0] - 0.9, (t, y) -> y[1] = -y[1]);

  static Stream<Method> methods() {
    return Methods.all().stream();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void withConstantSteps(Method method) {
    cancelAndGoOn(Integrator.of(method, Constant.of(0.05, 40)), method);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void onAGridWithEvents(Method method) {
    Grid grid = Grid.of(0, 0.1, 0.25, 0.6, 0.7, 1.1, 1.5, 1.8, 1.9, 2);
    cancelAndGoOn(Integrator.of(method, grid).withEvent(BOUNCE), method);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void withAdaptiveStepsStopsAndEvents(Method method) {
    if (method.embedded()) {
      Adaptive size =
          Adaptive.of(1e-7, 1e-7).withStops(0.77).withJumps(1.3).withGains(0.2, 0.6, 0.05);
      cancelAndGoOn(Integrator.of(method, size), method);
      cancelAndGoOn(Integrator.of(method, size).withEvent(BOUNCE), method);
    }
  }

  /// Cancels after every step.
  private static void cancelAndGoOn(Integrator integrator, Method method) {
    VectorField field = Noise.fitting(method, new Pendulum());
    Solution whole = integrator.solve(field, Y0, TIMES).orThrow();
    Integrator cancelling = integrator.withObserver(Step::cancel);
    Solution part = cancelling.solve(field, Y0, TIMES);
    long pauses = 0;
    while (part.status().reason() == Reason.CANCELLED) {
      pauses++;
      part = cancelling.resume(field, part.checkpoint());
    }
    assertTrue(pauses > 5, method + ": " + pauses + " pauses");
    assertEquals(whole.status().reason(), part.status().reason());
    for (int i = 0; i < TIMES.length; i++) {
      assertArrayEquals(whole.values()[i], part.values()[i], method.name());
    }
    assertArrayEquals(whole.last(), part.last());
    assertEquals(whole.stats().accepted(), part.stats().accepted());
    assertEquals(whole.stats().rejected(), part.stats().rejected());
    assertEquals(whole.occurrences().size(), part.occurrences().size());
  }

  /// A field whose first step is much too long, cancelled at rejections.
  @ParameterizedTest
  @MethodSource("methods")
  void whereStepsAreRejected(Method method) {
    if (!method.embedded()) {
      return;
    }
    Adaptive size = Adaptive.of(1e-4, 1e-4).withInitialStep(0.1).withJumps(0, 0.25);
    for (double end : new double[] {0.4, -0.4}) {
      double[] times = {0, end};
      double rate = Math.copySign(50, end);
      VectorField hasty =
          VectorField.of(1, (t, y, dydt) -> dydt[0] = -rate * (y[0] - 2 - Math.cos(40 * t)) * y[0]);
      List<Boolean> begins = new ArrayList<>();
      Integrator integrator =
          Integrator.of(method, size).withObserver(step -> begins.add(step.freshSlope()));
      Solution whole = integrator.solve(hasty, new double[] {0.5}, times);
      List<Boolean> expected = List.copyOf(begins);
      begins.clear();
      Integrator cancelling = integrator.withObserver(new CancelAtRejections());
      Solution part = cancelling.solve(hasty, new double[] {0.5}, times);
      for (int i = 0; i < 20 && part.status().reason() == Reason.CANCELLED; i++) {
        part = cancelling.resume(hasty, part.checkpoint());
      }
      if (part.status().reason() == Reason.CANCELLED) {
        part = integrator.resume(hasty, part.checkpoint());
      }
      assertArrayEquals(whole.last(), part.last());
      assertEquals(expected, begins);
      assertTrue(whole.stats().rejected() > 0);
      assertEquals(whole.stats().rejected(), part.stats().rejected());
      assertEquals(whole.stats().evaluations(), part.stats().evaluations());
      assertEquals(whole.stats().jacobians(), part.stats().jacobians());
    }
  }

  private static final class CancelAtRejections implements StepObserver {

    @Override
    public void accepted(Step step) {}

    @Override
    public void rejected(Step step) {
      step.cancel();
    }
  }

  @Test
  void whereStepsRanOut() {
    Integrator enough = Integrator.of(Methods.DOPRI5, Adaptive.of(1e-9, 1e-9));
    Integrator few = Integrator.of(Methods.DOPRI5, Adaptive.of(1e-9, 1e-9).withMaxSteps(10));
    Solution part = few.solve(new Pendulum(), Y0, 0, 20);
    assertEquals(Reason.MAX_STEPS, part.status().reason());
    assertArrayEquals(
        enough.solve(new Pendulum(), Y0, 0, 20).last(),
        enough.resume(new Pendulum(), part.checkpoint()).orThrow().last());
  }

  @Test
  void aCancelledSolveSaysHowToGoOn() {
    Status status =
        Integrator.of(Methods.EULER, Constant.of(0.5, 4))
            .withObserver(Step::cancel)
            .solve(new Pendulum(), Y0, 0, 2)
            .status();
    assertEquals(
        "cancelled by an observer at t = 0.5 (h = 0.500, 1 steps): resume from the solution's"
            + " checkpoint",
        status.message());
  }

  @Test
  void anotherFieldIsRefused() {
    Integrator integrator = Integrator.of(Methods.EULER, Constant.of(0.5, 4));
    Checkpoint checkpoint =
        integrator.withObserver(Step::cancel).solve(new Pendulum(), Y0, 0, 2).checkpoint();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> integrator.resume(Problem.NON_LINEAR.field(), checkpoint))
            .getMessage();
    assertEquals("resume: the checkpoint has 2 components, want 1, the field's dimension", message);
  }

  /// A solve cancelled at every rejection finally reports the failure.
  @Test
  void aFailureTakesPrecedenceOverCancelling() {
    VectorField root = VectorField.of(1, (t, y, dydt) -> dydt[0] = -1 / Math.sqrt(1 - t));
    Integrator cancelling =
        Integrator.of(Methods.DOPRI5, Adaptive.of(1e-6, 1e-6))
            .withObserver(
                new StepObserver() {
                  @Override
                  public void accepted(Step step) {}

                  @Override
                  public void rejected(Step step) {
                    step.cancel();
                  }
                });
    Solution part = cancelling.solve(root, new double[] {1}, 0, 2);
    int parts = 1;
    while (part.status().reason() == Reason.CANCELLED && parts < 1000) {
      part = cancelling.resume(root, part.checkpoint());
      parts++;
    }
    assertEquals(Reason.STEP_SIZE_UNDERFLOW, part.status().reason());
  }
}
