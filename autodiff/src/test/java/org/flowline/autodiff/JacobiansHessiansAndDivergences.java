package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowline.autodiff.fixtures.RandomExpression;
import org.flowline.autodiff.fixtures.Running;

/// Jacobians, Hessians and divergences equal the products that define them.
class JacobiansHessiansAndDivergences {
  /// Round-off of a handful of operations on numbers of about 1.
  private static final double ROUNDED = 1e-12;

  /// `[rows, 3] ↦ [rows, columns]`, with independent rows
  private static Tape layer(int rows, int columns) {
    double[] weights = new SplittableRandom(1).doubles(3 * columns, -1, 1).toArray();
    return Tape.record(
        Shape.of(rows, 3),
        x ->
            x.matmul(x.constant(Shape.of(3, columns), weights))
                .tanh()
                .add(x.sum(1).reshape(rows, 1)));
  }

  /// Columns with more outputs than inputs, rows with fewer.
  @Property(tries = 30)
  void aJacobianTimesAVectorIsAPushforward(
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll long seed) {
    Tape f = layer(rows, columns);
    int n = 3 * rows;
    int m = columns * rows;
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = random.doubles(n, -1, 1).toArray();
    double[] v = random.doubles(n, -1, 1).toArray();
    double[] w = random.doubles(m, -1, 1).toArray();
    Tape jacobian = Derivative.jacobian(f);
    assertEquals(List.of(Shape.of(m, n)), jacobian.outputShapes());
    double[] j = Running.run(jacobian, x)[0];
    double[] pushed = Running.run(Derivative.jvp(f), x, v)[1];
    double[] pulled = Running.run(Derivative.vjp(f), x, w)[1];
    for (int i = 0; i < m; i++) {
      double sum = 0;
      for (int k = 0; k < n; k++) {
        sum += j[i * n + k] * v[k];
      }
      assertEquals(pushed[i], sum, ROUNDED);
    }
    for (int k = 0; k < n; k++) {
      double sum = 0;
      for (int i = 0; i < m; i++) {
        sum += j[i * n + k] * w[i];
      }
      assertEquals(pulled[k], sum, ROUNDED);
    }
  }

  @Property(tries = 20)
  void aHessianIsItsProducts(@ForAll long seed, @ForAll @IntRange(min = 1, max = 15) int size) {
    Tape tape = RandomExpression.any(seed, size);
    double[] x = RandomExpression.point(seed);
    int n = x.length;
    double[] hessian = Running.run(Derivative.hessian(tape), x)[0];
    Tape hvp = Derivative.hvp(tape);
    for (int k = 0; k < n; k++) {
      double[] unit = new double[n];
      unit[k] = 1;
      double[] column = Running.run(hvp, x, unit)[2];
      for (int i = 0; i < n; i++) {
        assertEquals(column[i], hessian[i * n + k], 1e-11 * (1 + Math.abs(column[i])));
      }
    }
  }

  /// `x⁴`: `4x³, 12x², 24x, 24`.
  @Example
  void anyOrderByRepetition() {
    Tape f = Tape.record(Shape.scalar(), x -> x.pow(4));
    double[] want = {4 * 8, 12 * 4, 24 * 2, 24, 0};
    Tape derivative = f;
    for (double value : want) {
      derivative = Derivative.gradient(derivative).select(1);
      assertEquals(value, Running.run(derivative, new double[] {2})[0][0], 1e-12);
    }
  }

  @Example
  void theDivergenceIsTheTraceForEachRow() {
    int rows = 4;
    Tape f = layer(rows, 3);
    double[] x = new SplittableRandom(3).doubles(3 * rows, -1, 1).toArray();
    double[][] out = Running.run(Derivative.divergence(f, 0), x);
    double[] j = Running.run(Derivative.jacobian(f), x)[0];
    assertArrayEquals(Running.run(f, x)[0], out[0]);
    for (int row = 0; row < rows; row++) {
      double trace = 0;
      for (int k = 3 * row; k < 3 * row + 3; k++) {
        trace += j[k * 3 * rows + k];
      }
      assertTrue(Math.abs(trace) > 0.1, "a test of zeros proves nothing");
      assertEquals(trace, out[1][row], ROUNDED);
    }
  }

  /// The mean of the estimator over all vectors of signs is the trace.
  @Example
  void hutchinsonsEstimatorIsUnbiased() {
    Tape f = layer(1, 3);
    double[] x = {0.3, -0.8, 0.5};
    double trace = Running.run(Derivative.divergence(f, 0), x)[1][0];
    Tape estimator = Derivative.hutchinson(f, 0);
    double sum = 0;
    for (int signs = 0; signs < 8; signs++) {
      double[] noise = {signs & 1, signs >> 1 & 1, signs >> 2};
      for (int k = 0; k < 3; k++) {
        noise[k] = 2 * noise[k] - 1;
      }
      sum += Running.run(estimator, x, noise)[1][0];
    }
    assertEquals(trace, sum / 8, ROUNDED);
  }

  @Example
  void whatDoesNotDependHasNone() {
    Tape f = Tape.record(List.of(Shape.of(2, 3), Shape.of(2, 3)), in -> List.of(in.get(1).mul(2)));
    double[] zeros = new double[6];
    assertArrayEquals(new double[2], Running.run(Derivative.divergence(f, 0), zeros, zeros)[1]);
    assertArrayEquals(
        new double[2], Running.run(Derivative.hutchinson(f, 0), zeros, zeros, zeros)[1]);
    Tape constant = Tape.record(Shape.of(2), x -> x.constant(3).broadcast(Shape.of(2)));
    assertArrayEquals(new double[4], Running.run(Derivative.jacobian(constant), new double[2])[0]);
  }

  @Example
  void whatDoesNotFitIsRefused() {
    refused(
        "jacobian: inputs [[], []] and outputs [[]]; want one of each",
        () -> Derivative.jacobian(Tape.record(Shape.scalar(), Shape.scalar(), Var::add)));
    refused(
        "divergence: a program from [2] to [[]]; want one output of the state's shape",
        () -> Derivative.divergence(Tape.record(Shape.of(2), x -> x.sum()), 0));
    refused(
        "hutchinson: no input 3",
        () -> Derivative.hutchinson(Tape.record(Shape.of(2), Var::tanh), 3));
  }

  private static void refused(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  /// Derivatives stop, values do not.
  @Example
  void stoppedGradients() {
    Tape f = Tape.record(Shape.scalar(), x -> x.stopGradient().mul(x));
    double[][] out = Running.run(Derivative.gradient(f), new double[] {3});
    assertEquals(9, out[0][0]);
    assertEquals(3, out[1][0]);
    assertEquals(3, Running.run(Derivative.jvp(f), new double[] {3}, new double[] {1})[1][0]);
  }
}
