package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Noise;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AcceptedStepsAllocateNothing {

  private static final VectorField FIELD = new Pendulum();

  static Stream<Method> methods() {
    return Methods.all().stream();
  }

  static Stream<Method> implicit() {
    return methods().filter(AcceptedStepsAllocateNothing::factorises);
  }

  private static boolean factorises(Method method) {
    return method instanceof Rosenbrock
        || method instanceof ButcherTableau tableau && !tableau.explicit();
  }

  /// Methods that factorise once; Rosenbrock methods factorise in every step.
  @ParameterizedTest
  @MethodSource("implicit")
  void ofImplicitMethodsOnALinearField(Method method) {
    VectorField linear = Problem.LINEAR.field();
    Runnable few = () -> linear(method, linear, 10);
    Runnable many = () -> linear(method, linear, 1000);
    long factorisations = method instanceof Rosenbrock ? 990 : 0;
    assertTrue(allocated(many) - allocated(few) < 512 + factorisations * FACTORISATION);
  }

  private static void linear(Method method, VectorField field, long steps) {
    Integrator.of(method, StepSize.Constant.of(0.01, steps))
        .solve(field, new double[] {1, 0.5}, 0, steps * 0.01)
        .orThrow();
  }

  /// Hipparchus' decomposition of a 2×2 matrix: three matrices, a permutation and their wrappers.
  private static final long FACTORISATION = 1000;

  /// Everything except the factorisations.
  @ParameterizedTest
  @MethodSource("implicit")
  void butForTheFactorisationsOfImplicitMethods(Method method) {
    var integrator = Integrator.of(method, StepSize.Constant.of(0.01, 1000));
    long[] factorisations = new long[1];
    Runnable solve =
        () ->
            factorisations[0] =
                integrator
                    .solve(FIELD, new double[] {0.5, 1}, 0, 10)
                    .orThrow()
                    .stats()
                    .factorisations();
    assertTrue(allocated(solve) < 10_000 + factorisations[0] * FACTORISATION);
  }

  /// A solve allocates its workspace, and the same bytes for ten steps as for ten thousand.
  @ParameterizedTest
  @MethodSource("methods")
  void withConstantSteps(Method method) {
    if (factorises(method)) {
      return;
    }
    long few = constant(method, 10);
    long many = constant(method, 10_000);
    assertSameAllocation(few, many);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void withAdaptiveSteps(Method method) {
    if (method.embedded() && !factorises(method)) {
      long few = adaptive(method, 1);
      long many = adaptive(method, 200);
      assertSameAllocation(few, many);
    }
  }

  @Test
  void intoAWarmTrajectory() {
    var trajectory = new Trajectory();
    var integrator =
        Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-6)).withObserver(trajectory);
    Runnable few = () -> record(integrator, trajectory, 1);
    Runnable many = () -> record(integrator, trajectory, 200);
    many.run();
    long bytes = trajectory.bytes();
    assertSameAllocation(allocated(few), allocated(many));
    assertTrue(trajectory.steps() > 100);
    assertEquals(bytes, trajectory.bytes());
  }

  private static void record(Integrator integrator, Trajectory trajectory, double t1) {
    trajectory.clear();
    integrator.solve(FIELD, new double[] {0.5, 1}, 0, t1).orThrow();
  }

  private static long constant(Method method, long steps) {
    var integrator = Integrator.of(method, StepSize.Constant.of(0.01, steps));
    double[] y0 = {0.5, 1};
    double t1 = steps * 0.01;
    VectorField field = Noise.fitting(method, FIELD);
    return allocated(() -> integrator.solve(field, y0, 0, t1).orThrow());
  }

  private static long adaptive(Method method, double t1) {
    var integrator = Integrator.of(method, StepSize.Adaptive.of(1e-5, 1e-5));
    double[] y0 = {0.5, 1};
    return allocated(() -> integrator.solve(FIELD, y0, 0, t1).orThrow());
  }

  /// A single object per step would be 16 bytes times thousands of steps; the messages of two
  /// statuses differ by a few characters.
  private static void assertSameAllocation(long few, long many) {
    assertEquals(few, many, 512, "bytes");
  }

  /// Returns the least of several runs, since the first ones load classes on this thread.
  private static long allocated(Runnable run) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      run.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
