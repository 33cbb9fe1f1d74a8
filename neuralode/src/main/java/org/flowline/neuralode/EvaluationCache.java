package org.flowline.neuralode;

import java.util.List;
import org.flowline.autodiff.Backend;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.SplitVjp;
import org.flowline.autodiff.Tape;

/// The forward and backward part of a field's pullback, and slots for the values that the second
/// needs from the first, 64 MB at most. A slot is allocated on first use.
final class EvaluationCache {
  private static final long MAX_BYTES = 1L << 26;

  private final Program forward;
  private final Program backward;
  private final List<Shape> cached;
  private final double[][][] slots;
  private final double[][] forwardIn = new double[3][];
  private final double[][] forwardOut;
  private final double[][] backwardIn;

  /// @param tape `(t, y, θ) ↦ dy/dt`
  EvaluationCache(Backend backend, Tape tape) {
    SplitVjp split = SplitVjp.of(tape);
    this.cached = split.kept();
    this.forward = backend.compile(split.forward());
    this.backward = backend.compile(split.backward());
    long bytes = cached.stream().mapToLong(shape -> 8L * shape.size()).sum();
    this.slots = new double[bytes == 0 ? 0 : (int) Math.min(1 << 16, MAX_BYTES / bytes)][][];
    this.forwardOut = new double[1 + cached.size()][];
    this.backwardIn = new double[4 + cached.size()][];
  }

  int slots() {
    return slots.length;
  }

  void evaluate(int slot, double[] time, double[] y, double[] theta, double[] dydt) {
    if (slots[slot] == null) {
      slots[slot] = cached.stream().map(shape -> new double[shape.size()]).toArray(double[][]::new);
    }
    forwardIn[0] = time;
    forwardIn[1] = y;
    forwardIn[2] = theta;
    forwardOut[0] = dydt;
    System.arraycopy(slots[slot], 0, forwardOut, 1, cached.size());
    forward.run(forwardIn, forwardOut);
  }

  /// Overwrites all three cotangents.
  void pullback(
      int slot, double[] time, double[] y, double[] theta, double[] a, double[][] cotangents) {
    backwardIn[0] = time;
    backwardIn[1] = y;
    backwardIn[2] = theta;
    System.arraycopy(slots[slot], 0, backwardIn, 3, cached.size());
    backwardIn[3 + cached.size()] = a;
    backward.run(backwardIn, cotangents);
  }
}
