package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stochastic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The order `q` of each method's dense output beside its own order `p`. The values between the
/// steps converge with the order `min(p, q + 1)`, since the error within a step is O(h^{q+1}): a
/// dense output is good enough from `q = p − 1` on.
class DenseOutputIsAsGoodAsTheSteps {

  @ParameterizedTest(name = "{0}: dense order {2}, order {1}")
  @CsvSource({
    "EULER, 1, 1",
    "MIDPOINT, 2, 2",
    "RALSTON, 2, 2",
    "HEUN, 2, 2",
    "FEHLBERG21, 2, 2",
    "HEUN3, 3, 3",
    "SSPRK3, 3, 3",
    "BOSH3, 3, 3",
    "RK4, 4, 3",
    "RK38, 4, 3",
    "DOPRI5, 5, 4",
    "TSIT5, 5, 4",
    "VERN7, 7, 6",
    "DOP853, 8, 7",
    "BACKWARD_EULER, 1, 1",
    "IMPLICIT_MIDPOINT, 2, 2",
    "TRAPEZOID, 2, 2",
    "SDIRK2, 2, 2",
    "TRBDF2, 2, 2",
    "KVAERNO3, 3, 3",
    "KVAERNO4, 4, 3",
    "KVAERNO5, 5, 4",
    "ROSENBROCK23, 2, 2",
    "RODAS5P, 5, 4",
    "SEMI_IMPLICIT_EULER, 1, 1",
    "LEAPFROG, 2, 2",
    "YOSHIDA4, 4, 3",
    "BLANES_MOAN4, 4, 3",
    "RKC2, 2, 2",
  })
  void betweenTheSteps(String name, int order, int denseOrder) {
    Method method = Methods.named(name);
    assertEquals(order, method.order());
    assertEquals(denseOrder, method.denseOrder());
    assertTrue(denseOrder >= order - 1);

    int steps = order > 6 ? 8 : 32;
    double coarse = error(method, steps);
    double fine = error(method, 2 * steps);
    double slope = Math.log(coarse / fine) / Math.log(2);
    // Orders are reached in the limit only; a wrong dense output loses one.
    assertTrue(slope > order - 0.5, "slope %s, errors %s and %s".formatted(slope, coarse, fine));
  }

  /// The largest error of a pendulum between the steps to `t = 4`.
  private static double error(Method method, int steps) {
    VectorField field = new Pendulum();
    double[] start = {1, 0.5};
    double[] times = new double[3 * steps + 1];
    for (int i = 0; i < times.length; i++) {
      times[i] = 4.0 * i / (times.length - 1);
    }
    double[][] values =
        Integrator.of(method, StepSize.Constant.of(4.0 / steps, steps))
            .solve(field, start, times)
            .orThrow()
            .values();
    double[][] exact =
        Integrator.of(Methods.DOP853, StepSize.Adaptive.of(1e-14, 1e-14).withStops(times))
            .solve(field, start, times)
            .orThrow()
            .values();
    double error = 0;
    for (int i = 0; i < times.length; i++) {
      for (int j = 0; j < 2; j++) {
        error = Math.max(error, Math.abs(values[i][j] - exact[i][j]));
      }
    }
    return error;
  }

  @Test
  void forEveryMethodThatHasOne() {
    Map<String, Integer> missing = new LinkedHashMap<>();
    for (Method method : Methods.all()) {
      if (!(method instanceof Stochastic) && method.denseOrder() < method.order() - 1) {
        missing.put(method.name(), method.denseOrder());
      }
    }
    assertEquals(Map.of(), missing);
    for (HipparchusMethod method : Methods.hipparchus()) {
      assertTrue(method.denseOrder() >= method.order() - 1, method.name());
    }
  }
}
