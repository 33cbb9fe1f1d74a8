package org.flowline.autodiff.jvm;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.jvm.Instruction.Place;
import org.flowline.autodiff.jvm.kernels.Kernels;

/// Instructions between a small shape and a large one in which it repeats: broadcasts, sums,
/// maxima.
final class Reductions {
  private Reductions() {}

  static Instruction broadcast(Place x, Place out) {
    Repetition repetition = Repetition.of(x.shape(), out.shape());
    int n = repetition.length();
    int[] offsets = repetition.offsets();
    boolean alongRow = repetition.alongRow();
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int row = 0; row < offsets.length; row++) {
        int source = x.offset() + offsets[row];
        int target = out.offset() + row * n;
        if (alongRow) {
          Arrays.fill(to, target, target + n, from[source]);
        } else {
          System.arraycopy(from, source, to, target, n);
        }
      }
    };
  }

  static Instruction sum(Kernels kernels, List<Integer> axes, Place x, Place out) {
    Repetition repetition = Repetition.ofReduced(x.shape(), axes);
    int n = repetition.length();
    int[] offsets = repetition.offsets();
    boolean alongRow = repetition.alongRow();
    if (repetition.isOfOneRow(out.shape())) {
      return new ColumnSums(kernels, offsets.length, x, out);
    }
    Instruction clear = Copies.zeros(out);
    return buffers -> {
      clear.run(buffers);
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int row = 0; row < offsets.length; row++) {
        int source = x.offset() + row * n;
        int target = out.offset() + offsets[row];
        if (alongRow) {
          to[target] += Kernels.sum(from, source, n);
        } else {
          kernels.accumulate(from, source, to, target, n);
        }
      }
    };
  }

  static Instruction max(List<Integer> axes, Place x, Place out) {
    Repetition repetition = Repetition.ofReduced(x.shape(), axes);
    int n = repetition.length();
    int[] offsets = repetition.offsets();
    boolean alongRow = repetition.alongRow();
    int end = out.offset() + out.size();
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      Arrays.fill(to, out.offset(), end, Double.NEGATIVE_INFINITY);
      for (int row = 0; row < offsets.length; row++) {
        int source = x.offset() + row * n;
        int target = out.offset() + offsets[row];
        if (alongRow) {
          to[target] = Math.max(to[target], Kernels.max(from, source, n));
        } else {
          raise(from, source, to, target, n);
        }
      }
    };
  }

  /// `to = max(to, from)`
  private static void raise(double[] from, int source, double[] to, int target, int n) {
    for (int j = 0; j < n; j++) {
      to[target + j] = Math.max(to[target + j], from[source + j]);
    }
  }

  /// Sums of columns. (A class, since the JVM takes three milliseconds to link a lambda that
  /// captures this many values.)
  private record ColumnSums(Kernels kernels, int rows, Place x, Place out) implements Instruction {
    @Override
    public void run(double[][] buffers) {
      double[] from = buffers[x.buffer()];
      kernels.columnSums(rows, out.size(), from, x.offset(), buffers[out.buffer()], out.offset());
    }
  }
}
