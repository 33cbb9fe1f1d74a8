package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.autodiff.fixtures.Network;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;

/// A derivative is a tape and can be differentiated again, in either mode, to any order.
class DerivativesOfDerivatives {
  private final Tape loss = Network.SMALL.loss();
  private final double[][] in = Network.SMALL.arguments(4);
  private final int n = in[0].length;

  /// Forward over reverse: `d/dε ∇L(θ + εu) = H u`, against fourth-order differences of the
  /// gradient (error: `ε/h` of its size, a few 1e-13).
  @Test
  void forwardOverReverseIsTheHessianTimesADirection() {
    double[] u = direction(1);
    double[] product = hessianTimes(u);
    Program gradient = JvmBackend.best().compile(Derivative.gradient(loss, 0));
    double[] differences = new double[n];
    double h = 1e-3;
    for (int[] stencil : new int[][] {{1, 8}, {-1, -8}, {2, -1}, {-2, 1}}) {
      double[] theta = in[0].clone();
      for (int i = 0; i < n; i++) {
        theta[i] += stencil[0] * h * u[i];
      }
      double[] g = Running.run(gradient, theta, in[1], in[2])[1];
      for (int i = 0; i < n; i++) {
        differences[i] += stencil[1] * g[i] / (12 * h);
      }
    }
    assertArrayEquals(differences, product, 1e-10);
  }

  @Test
  void theHessianIsSymmetric() {
    double[] u = direction(1);
    double[] v = direction(2);
    double left = Running.dot(u, hessianTimes(v));
    assertEquals(left, Running.dot(v, hessianTimes(u)), 1e-13 * Math.max(1, Math.abs(left)));
  }

  /// Reverse over reverse pulls `u` back through the gradient: `Hᵀu`, the same vector.
  @Test
  void reverseOverReverseIsTheSame() {
    double[] u = direction(3);
    Tape twice = Derivative.vjp(Derivative.gradient(loss, 0), 0);
    double[][] out = Running.run(twice, in[0], in[1], in[2], new double[1], u);
    assertArrayEquals(hessianTimes(u), out[2], 1e-13);
  }

  /// Forward over forward: `uᵀH u`.
  @Test
  void forwardOverForwardIsTheCurvature() {
    double[] u = direction(5);
    Tape twice = Derivative.jvp(Derivative.jvp(loss));
    double[][] still = zeros(6);
    double[][] along = {u, new double[in[1].length], new double[in[2].length]};
    double[][] all = Running.join(Running.join(in, along), along);
    double[][] out = Running.run(twice, Running.join(all, Arrays.copyOfRange(still, 3, 6)));
    assertEquals(Running.dot(u, hessianTimes(u)), out[3][0], 1e-12);
  }

  /// `sin` five times over, in turn by both modes: `cos x`.
  @Test
  void fiveTimesOver() {
    Tape tape = Tape.record(Shape.scalar(), Var::sin);
    for (int order = 1; order <= 5; order++) {
      Tape inner = tape;
      Tape derivative =
          order % 2 == 0
              ? Derivative.gradient(inner).select(1)
              : Tape.record(
                  Shape.scalar(),
                  x -> Derivative.jvp(inner).apply(List.of(x, x.constant(1))).get(1));
      tape = derivative;
    }
    assertEquals(Math.cos(0.7), Running.run(tape, Running.array(0.7))[0][0], 1e-15);
  }

  /// `x⁴` to the fourth derivative, where `pow` ends in constants, and to the fifth: 0.
  @Test
  void powersRunOut() {
    Tape tape = Tape.record(Shape.scalar(), x -> x.pow(4));
    double[] want = {4 * 27, 12 * 9, 24 * 3, 24, 0};
    for (double each : want) {
      tape = Derivative.gradient(tape).select(1);
      assertEquals(each, Running.run(tape, Running.array(3))[0][0], 1e-12);
    }
  }

  private double[] direction(long seed) {
    return new SplittableRandom(seed).doubles(n, -1, 1).toArray();
  }

  private double[][] zeros(int count) {
    double[][] zeros = new double[count][];
    Arrays.setAll(zeros, i -> new double[in[i % 3].length]);
    return zeros;
  }

  private double[] hessianTimes(double[] u) {
    Tape product = Derivative.jvp(Derivative.gradient(loss, 0));
    double[][] directions = {u, new double[in[1].length], new double[in[2].length]};
    return Running.run(product, Running.join(in, directions))[3];
  }
}
