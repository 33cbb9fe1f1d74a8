package org.flowline.autodiff.jvm;

import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.jvm.Instruction.Place;

/// Instructions that read or write along an axis or at tabulated positions.
final class Moves {
  private Moves() {}

  /// Running sums along an axis: in one number along a row, row by row across rows.
  static Instruction cumulativeSum(Op.CumulativeSum op, Place x, Place out) {
    int length = x.shape().dim(op.axis());
    int inner = x.shape().inner(op.axis());
    int blocks = x.shape().outer(op.axis());
    int step = op.reverse() ? -inner : inner;
    int first = op.reverse() ? (length - 1) * inner : 0;
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int block = 0; block < blocks; block++) {
        int source = x.offset() + block * length * inner + first;
        int target = out.offset() + block * length * inner + first;
        if (inner == 1) {
          runningSum(from, source, to, target, step, length);
        } else {
          runningSums(from, source, to, target, step, length);
        }
      }
    };
  }

  private static void runningSum(
      double[] from, int source, double[] to, int target, int step, int length) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += from[source + k * step];
      to[target + k * step] = sum;
    }
  }

  private static void runningSums(
      double[] from, int source, double[] to, int target, int step, int length) {
    int inner = Math.abs(step);
    for (int k = 0; k < length; k++) {
      for (int j = 0; j < inner; j++) {
        double sum = k == 0 ? 0 : to[target + (k - 1) * step + j];
        to[target + k * step + j] = sum + from[source + k * step + j];
      }
    }
  }

  static Instruction gather(int axis, List<Integer> indices, Place x, Place out) {
    int[] positions = indices.stream().mapToInt(Integer::intValue).toArray();
    int inner = x.shape().inner(axis);
    int blocks = x.shape().outer(axis);
    int length = x.shape().dim(axis);
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int block = 0; block < blocks; block++) {
        for (int k = 0; k < positions.length; k++) {
          int source = x.offset() + (block * length + positions[k]) * inner;
          int target = out.offset() + (block * positions.length + k) * inner;
          System.arraycopy(from, source, to, target, inner);
        }
      }
    };
  }

  /// Adds to a result that holds zeros.
  static Instruction scatter(int axis, List<Integer> indices, Place x, Place out) {
    int[] positions = indices.stream().mapToInt(Integer::intValue).toArray();
    int inner = x.shape().inner(axis);
    int blocks = x.shape().outer(axis);
    int length = out.shape().dim(axis);
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int block = 0; block < blocks; block++) {
        for (int k = 0; k < positions.length; k++) {
          int source = x.offset() + (block * positions.length + k) * inner;
          int target = out.offset() + (block * length + positions[k]) * inner;
          for (int j = 0; j < inner; j++) {
            to[target + j] += from[source + j];
          }
        }
      }
    };
  }

  static Instruction windows(Op.Windows op, Place x, Place out) {
    int[] sources = op.sources(x.shape());
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int i = 0; i < sources.length; i++) {
        to[out.offset() + i] = from[x.offset() + sources[i]];
      }
    };
  }

  /// Adds to a result that holds zeros.
  static Instruction overlap(Op.Windows op, Place x, Place out) {
    int[] targets = op.sources(out.shape());
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int i = 0; i < targets.length; i++) {
        to[out.offset() + targets[i]] += from[x.offset() + i];
      }
    };
  }
}
