package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// Compares bit for bit, without tolerances.
class ConstantStepIsTheTextbookLoop {

  private static final VectorField FIELD =
      VectorField.of(
          2,
          (t, y, dydt) -> {
            dydt[0] = Math.sin(y[1]) - 0.3 * y[0] + t;
            dydt[1] = Math.cos(y[0]) * y[1];
          });

  @Property(tries = 200)
  void euler(@ForAll @DoubleRange(min = 0.01, max = 0.3) double h, @ForAll boolean backward) {
    double eta = backward ? -h : h;
    double[] y = {0.4, 1.1};
    double[] k = new double[2];
    for (int n = 0; n < 57; n++) {
      FIELD.evaluate(0.7 + n * eta, y, k);
      for (int i = 0; i < 2; i++) {
        y[i] = y[i] + eta * k[i];
      }
    }
    assertArrayEquals(y, solve(Methods.EULER, FIELD, eta, 57, 0.7, 0.4, 1.1));
  }

  @Property(tries = 200)
  void rk4(
      @ForAll @DoubleRange(min = 0.01, max = 0.3) double h,
      @ForAll @IntRange(min = 1, max = 50) int steps) {
    double[] y = {0.4, 1.1};
    double[][] k = new double[4][2];
    double[] stage = new double[2];
    for (int n = 0; n < steps; n++) {
      double t = 0.7 + n * h;
      FIELD.evaluate(t, y, k[0]);
      for (int i = 0; i < 2; i++) {
        stage[i] = y[i] + h * (0.5 * k[0][i]);
      }
      FIELD.evaluate(t + 0.5 * h, stage, k[1]);
      for (int i = 0; i < 2; i++) {
        stage[i] = y[i] + h * (0.5 * k[1][i]);
      }
      FIELD.evaluate(t + 0.5 * h, stage, k[2]);
      for (int i = 0; i < 2; i++) {
        stage[i] = y[i] + h * k[2][i];
      }
      FIELD.evaluate(0.7 + (n + 1) * h, stage, k[3]);
      for (int i = 0; i < 2; i++) {
        y[i] =
            y[i]
                + h
                    * (1.0 / 6 * k[0][i]
                        + 1.0 / 3 * k[1][i]
                        + 1.0 / 3 * k[2][i]
                        + 1.0 / 6 * k[3][i]);
      }
    }
    assertArrayEquals(y, solve(Methods.RK4, FIELD, h, steps, 0.7, 0.4, 1.1));
  }

  /// Heavy ball with a time-dependent gradient: velocity first, then the position with the new
  /// velocity.
  @Property(tries = 200)
  void semiImplicitEuler(@ForAll @DoubleRange(min = 0.01, max = 0.3) double h) {
    var field = new TimedOscillator();
    double u = 0.4;
    double w = 1.1;
    for (int n = 0; n < 57; n++) {
      double t = 0.7 + n * h;
      u = u + h * (-0.1 * u - w * t);
      w = w + h * (u + 0.3 * (0.7 + (n + 1) * h) * w);
    }
    double[] last = solve(Methods.SEMI_IMPLICIT_EULER, field, h, 57, 0.7, 0.4, 1.1);
    assertArrayEquals(new double[] {u, w}, last);
  }

  @Property(tries = 50)
  void aGridTakesItsOwnDifferences(@ForAll @DoubleRange(min = 0.01, max = 0.2) double first) {
    double[] nodes = {0.7, 0.7 + first, 1.0, 1.5};
    double[] y = {0.4, 1.1};
    double[] k = new double[2];
    for (int n = 0; n < 3; n++) {
      FIELD.evaluate(nodes[n], y, k);
      for (int i = 0; i < 2; i++) {
        y[i] = y[i] + (nodes[n + 1] - nodes[n]) * k[i];
      }
    }
    var solution =
        Integrator.of(Methods.EULER, StepSize.Grid.of(nodes))
            .solve(FIELD, new double[] {0.4, 1.1}, 0.7, 1.5);
    assertArrayEquals(y, solution.last());
    assertEquals(3, solution.stats().evaluations());
  }

  private static double[] solve(
      Method method, VectorField field, double h, long steps, double t0, double... y0) {
    var size = StepSize.Constant.of(h, steps);
    return Integrator.of(method, size).solve(field, y0, t0, size.end(t0)).orThrow().last();
  }

  private record TimedOscillator() implements PartitionedField {
    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public int split() {
      return 1;
    }

    @Override
    public void evaluateFirst(double t, double[] y, double[] dydt) {
      dydt[0] = -0.1 * y[0] - y[1] * t;
    }

    @Override
    public void evaluateSecond(double t, double[] y, double[] dydt) {
      dydt[1] = y[0] + 0.3 * t * y[1];
    }
  }
}
