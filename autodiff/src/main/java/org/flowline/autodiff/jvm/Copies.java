package org.flowline.autodiff.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.jvm.Instruction.Place;

/// Instructions that copy values: permutations, concatenations, padding.
final class Copies {
  private Copies() {}

  /// The longest run that a loop copies faster than `arraycopy`.
  private static final int SHORT = 12;

  /// Writes the result in order, as planes of rows, each row read with one stride. Axes that are
  /// adjacent before and after the permutation are merged, so that rows are as long as possible.
  static Instruction permute(List<Integer> order, Place x, Place out) {
    List<Integer> lengths = new ArrayList<>(List.of(1, 1));
    List<Integer> strides = new ArrayList<>(List.of(0, 0));
    for (int axis : order) {
      int dim = x.shape().dim(axis);
      int inner = x.shape().inner(axis);
      if (dim == 1) {
        continue;
      }
      if (strides.getLast() == dim * inner) {
        lengths.add(lengths.removeLast() * dim);
        strides.removeLast();
      } else {
        lengths.add(dim);
      }
      strides.add(inner);
    }
    int length = lengths.removeLast();
    int stride = strides.removeLast();
    int rows = lengths.removeLast();
    int rowStride = strides.removeLast();
    int[] planes = positions(lengths, strides);
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      int target = out.offset();
      for (int plane : planes) {
        int source = x.offset() + plane;
        for (int row = 0; row < rows; row++) {
          if (stride == 1 && length > SHORT) {
            System.arraycopy(from, source, to, target, length);
          } else {
            gather(from, source, stride, to, target, length);
          }
          source += rowStride;
          target += length;
        }
      }
    };
  }

  private static void gather(
      double[] from, int source, int stride, double[] to, int target, int length) {
    int at = source;
    for (int j = 0; j < length; j++) {
      to[target + j] = from[at];
      at += stride;
    }
  }

  /// Returns the position of each element of an array of these lengths and strides, row by row.
  static int[] positions(List<Integer> lengths, List<Integer> strides) {
    int[] positions = {0};
    for (int axis = 0; axis < lengths.size(); axis++) {
      int length = lengths.get(axis);
      int[] finer = new int[positions.length * length];
      for (int i = 0; i < finer.length; i++) {
        finer[i] = positions[i / length] + i % length * strides.get(axis);
      }
      positions = finer;
    }
    return positions;
  }

  static Instruction concat(Place[] parts, int axis, Place out) {
    List<Instruction> copies = new ArrayList<>();
    int at = 0;
    for (Place part : parts) {
      int length = part.shape().dim(axis);
      boolean inPlace =
          part.buffer() == out.buffer()
              && part.offset() == out.offset() + at * out.shape().inner(axis);
      if (!inPlace || out.shape().outer(axis) > 1) {
        copies.add(copy(part, axis, 0, out, axis, at, length));
      }
      at += length;
    }
    return copies.isEmpty() ? null : inOrder(copies);
  }

  /// Copies `length` positions along an axis.
  static Instruction copy(
      Place x, int fromAxis, int fromPosition, Place out, int toAxis, int toPosition, int length) {
    int inner = x.shape().inner(fromAxis);
    int blocks = x.shape().outer(fromAxis);
    int block = length * inner;
    int sourceStride = x.shape().dim(fromAxis) * inner;
    int targetStride = out.shape().dim(toAxis) * inner;
    int source = x.offset() + fromPosition * inner;
    int target = out.offset() + toPosition * inner;
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int k = 0; k < blocks; k++) {
        System.arraycopy(from, source + k * sourceStride, to, target + k * targetStride, block);
      }
    };
  }

  /// Copies the values from position `before` on along `axis` of zeros.
  static Instruction pad(int axis, int before, Place x, Place out) {
    return ontoZeros(out, copy(x, axis, 0, out, axis, before, x.shape().dim(axis)));
  }

  /// Fills `out` with zeros, then runs `instruction`.
  static Instruction ontoZeros(Place out, Instruction instruction) {
    return inOrder(List.of(zeros(out), instruction));
  }

  static Instruction zeros(Place out) {
    int end = out.offset() + out.size();
    return buffers -> Arrays.fill(buffers[out.buffer()], out.offset(), end, 0);
  }

  private static Instruction inOrder(List<Instruction> parts) {
    Instruction[] all = parts.toArray(new Instruction[0]);
    return buffers -> {
      for (Instruction part : all) {
        part.run(buffers);
      }
    };
  }
}
