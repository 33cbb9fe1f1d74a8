package org.flowline.odesolvers.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThreadTeamsSolveToTheSameBits {

  /// A length that is shared, and prime to all block sizes.
  private static final int N = 4_111;

  private static final double[] START =
      IntStream.range(0, N).mapToDouble(i -> Math.sin(1 + i)).toArray();

  static Stream<ButcherTableau> explicit() {
    return Methods.all().stream()
        .filter(method -> method instanceof ButcherTableau tableau && tableau.explicit())
        .map(ButcherTableau.class::cast);
  }

  @ParameterizedTest
  @MethodSource("explicit")
  void withConstantSteps(ButcherTableau method) {
    same(Integrator.of(method, StepSize.Constant.of(0.125, 8)));
  }

  @ParameterizedTest
  @MethodSource("explicit")
  void withAdaptiveSteps(ButcherTableau method) {
    if (method.embedded()) {
      same(Integrator.of(method, StepSize.Adaptive.of(1e-4, 1e-4)));
    }
  }

  private static void same(Integrator integrator) {
    Trajectory wanted = new Trajectory();
    Solution alone = solve(integrator, new Oscillators(ThreadTeam.SERIAL), wanted);
    for (int size : new int[] {2, 3, 7}) {
      Trajectory came = new Trajectory();
      Solution shared = solve(integrator, new Oscillators(ThreadTeam.of(size)), came);
      assertEquals(alone.stats(), shared.stats());
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(alone.values()[i], shared.values()[i]);
      }
      assertArrayEquals(dense(wanted), dense(came));
      assertEquals(wanted.bytes(), came.bytes());
    }
  }

  private static Solution solve(Integrator integrator, VectorField field, Trajectory trajectory) {
    return integrator.withObserver(trajectory).solve(field, START, 0, 0.3, 1).orThrow();
  }

  private static double[] dense(Trajectory trajectory) {
    double[] y = new double[N];
    trajectory.evaluate(0.77, y);
    return y;
  }

  /// `dyᵢ/dt = cos(t + i) − yᵢ y_{i+1}`
  private record Oscillators(ThreadTeam team) implements ParallelField {
    @Override
    public int dimension() {
      return N;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      for (int i = 0; i < N; i++) {
        dydt[i] = Math.cos(t + i) - y[i] * y[(i + 1) % N];
      }
    }
  }
}
