package org.flowline.autodiff.backend;

import java.util.List;
import org.flowline.autodiff.Op;

/// Instructions that read or write along an axis or by position.
final class Moves {
  private Moves() {}

  /// One position after the other, each with all that lies behind the axis.
  static Instruction cumulativeSum(
      Op.CumulativeSum op, Instruction.Place x, Instruction.Place out) {
    int axis = op.axis();
    int length = x.shape().dim(axis);
    int inner = x.shape().inner(axis);
    int blocks = x.shape().outer(axis);
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int block = 0; block < blocks; block++) {
        for (int k = 0; k < length; k++) {
          int position = op.reverse() ? length - 1 - k : k;
          int before = op.reverse() ? position + 1 : position - 1;
          int row = block * length * inner;
          for (int j = 0; j < inner; j++) {
            double sum = k == 0 ? 0 : to[out.offset() + row + before * inner + j];
            int at = row + position * inner + j;
            to[out.offset() + at] = sum + from[x.offset() + at];
          }
        }
      }
    };
  }

  static Instruction gather(
      int axis, List<Integer> indices, Instruction.Place x, Instruction.Place out) {
    int[] positions = indices.stream().mapToInt(Integer::intValue).toArray();
    int inner = x.shape().inner(axis);
    int blocks = x.shape().outer(axis);
    int length = x.shape().dim(axis);
    return buffers -> {
      for (int block = 0; block < blocks; block++) {
        for (int k = 0; k < positions.length; k++) {
          System.arraycopy(
              buffers[x.buffer()],
              x.offset() + (block * length + positions[k]) * inner,
              buffers[out.buffer()],
              out.offset() + (block * positions.length + k) * inner,
              inner);
        }
      }
    };
  }

  /// Adds into a result that holds zeros.
  static Instruction scatter(
      int axis, List<Integer> indices, Instruction.Place x, Instruction.Place out) {
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

  static Instruction windows(Op.Windows op, Instruction.Place x, Instruction.Place out) {
    int[] sources = op.sources(x.shape());
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int i = 0; i < sources.length; i++) {
        to[out.offset() + i] = from[x.offset() + sources[i]];
      }
    };
  }

  /// Adds into a result that holds zeros.
  static Instruction overlap(Op.Windows op, Instruction.Place x, Instruction.Place out) {
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
