package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class RequestedTimesDoNotChangeTheSolution {

  @Property(tries = 200)
  void adaptiveStepsAreTheSame(
      @ForAll @IntRange(max = 20) int between, @ForAll long seed, @ForAll boolean backward) {
    double t0 = backward ? 3 : 0;
    double t1 = 3 - t0;
    double[] rising =
        DoubleStream.concat(
                DoubleStream.of(0, 3), new SplittableRandom(seed).doubles(between, 0.001, 2.999))
            .distinct()
            .sorted()
            .toArray();
    double[] times = backward ? reversed(rising) : rising;
    double[] y0 = {1, 2};
    VectorField field = Problem.LINEAR.field();
    var trajectory = new Trajectory();
    var integrator = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-8));
    Solution ends = integrator.withObserver(trajectory).solve(field, y0, t0, t1).orThrow();
    Solution many = integrator.solve(field, y0, times).orThrow();

    assertArrayEquals(ends.last(), many.last());
    assertArrayEquals(many.last(), many.values()[times.length - 1]);
    assertEquals(ends.stats(), many.stats());
    double[] y = new double[2];
    for (int i = 0; i < times.length; i++) {
      trajectory.evaluate(times[i], y);
      assertArrayEquals(y, many.values()[i]);
    }
  }

  @Test
  void valuesAtStepEndsAreTheStepsOwn() {
    Problem problem = Problem.NON_AUTONOMOUS;
    double[][] ends = new double[4][];
    Solution solution =
        Integrator.of(Methods.RK4, StepSize.Constant.of(0.125, 4))
            .withObserver(step -> ends[(int) step.index()] = step.y1().clone())
            .solve(problem.field(), problem.start(), 0.5, 0.625, 0.75, 0.875, 1);
    for (int n = 0; n < 4; n++) {
      assertArrayEquals(ends[n], solution.values()[n + 1]);
    }
    assertArrayEquals(problem.start(), solution.values()[0]);
  }

  @Test
  void valuesThatWereNotReachedAreNaN() {
    VectorField blowUp = VectorField.of(1, (t, y, dydt) -> dydt[0] = y[0] * y[0]);
    Solution solution =
        Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-6))
            .solve(blowUp, new double[] {1}, 0, 0.5, 2);
    assertEquals(2, solution.values()[1][0], 1e-4); // y = 1/(1 − t), tolerance 1e-6, slope 4
    assertEquals(Double.NaN, solution.values()[2][0]);
  }

  private static double[] reversed(double[] x) {
    double[] reversed = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      reversed[i] = x[x.length - 1 - i];
    }
    return reversed;
  }
}
