package org.flowline.autodiff.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.backend.Instruction.Place;

/// Instructions that only move values: in another order, part by part, among zeros.
final class Copies {
  private Copies() {}

  /// Row by row of the result, each read with one stride.
  static Instruction permute(List<Integer> order, Place x, Place out) {
    int rank = order.size();
    int[] strides = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      strides[axis] = x.shape().inner(order.get(axis));
    }
    int length = rank == 0 ? 1 : out.shape().dim(-1);
    int stride = rank == 0 ? 1 : strides[rank - 1];
    int[] sources = new int[length == 0 ? 0 : out.size() / length];
    int[] at = new int[rank];
    for (int row = 0; row < sources.length; row++) {
      for (int axis = 0; axis < rank - 1; axis++) {
        sources[row] += at[axis] * strides[axis];
      }
      for (int axis = rank - 2; axis >= 0 && ++at[axis] == out.shape().dim(axis); axis--) {
        at[axis] = 0;
      }
    }
    return buffers -> {
      double[] from = buffers[x.buffer()];
      double[] to = buffers[out.buffer()];
      for (int row = 0; row < sources.length; row++) {
        int source = x.offset() + sources[row];
        int target = out.offset() + row * length;
        for (int j = 0; j < length; j++) {
          to[target + j] = from[source + j * stride];
        }
      }
    };
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

  /// Copies `length` positions along the axes, from one position on to another.
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
      for (int k = 0; k < blocks; k++) {
        System.arraycopy(
            buffers[x.buffer()],
            source + k * sourceStride,
            buffers[out.buffer()],
            target + k * targetStride,
            block);
      }
    };
  }

  /// The values among zeros, from position `before` on along `axis`.
  static Instruction pad(int axis, int before, Place x, Place out) {
    return ontoZeros(out, copy(x, axis, 0, out, axis, before, x.shape().dim(axis)));
  }

  /// Zeros in `out` first.
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
