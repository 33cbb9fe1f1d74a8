package org.flowline.autodiff.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;

/// One operation with its operands' and its result's places fixed, ready to run on a program's
/// buffers.
@FunctionalInterface
interface Instruction {
  void run(double[][] buffers);

  /// `size` values from `offset` on in the buffer of this number.
  record Place(int buffer, int offset, Shape shape) {
    int size() {
      return shape.size();
    }
  }

  /// The instruction for a node, or null if its result lies in its operand.
  ///
  /// @param scratch where a matrix to be transposed may be laid
  static Instruction of(Tape tape, int node, MemoryPlan plan, Kernels kernels, int scratch) {
    Tape.Node computed = tape.nodes().get(node);
    Place out = place(tape, node, plan);
    Place[] x =
        Arrays.stream(computed.operands())
            .mapToObj(i -> place(tape, i, plan))
            .toArray(Place[]::new);
    return switch (computed.op()) {
      case Op.Input _, Op.Constant _, Op.Reshape _ -> null;
      case Op.Unary op -> unary(kernels, op, x[0], out);
      case Op.Binary op -> binary(kernels, op, x[0], x[1], out);
      case Op.Power(double p) ->
          buffers ->
              kernels.power(
                  p,
                  buffers[x[0].buffer],
                  x[0].offset,
                  buffers[out.buffer],
                  out.offset,
                  out.size());
      case Op.MatMul product ->
          matmul(
              kernels,
              product,
              x[0],
              x[1],
              out,
              new Place(plan.workspaceBuffer(), scratch, x[1].shape));
      case Op.Transpose _ -> transpose(x[0], out);
      case Op.Broadcast _ -> broadcast(x[0], out);
      case Op.Sum sum -> sum(kernels, sum, x[0], out);
      case Op.Slice(int axis, int from, int _) ->
          plan.isView(node) ? null : copy(x[0], axis, from, out, axis, 0, out.shape.dim(axis));
      case Op.Pad(int axis, int before, int _) ->
          inOrder(
              List.of(zeros(out), copy(x[0], axis, 0, out, axis, before, x[0].shape.dim(axis))));
      case Op.Concat(int axis) -> concat(x, axis, out);
    };
  }

  /// The copy of a result that could not be computed where the caller wants it.
  static Instruction copyOut(Tape tape, int node, MemoryPlan plan, int buffer) {
    Place from = place(tape, node, plan);
    return buffers ->
        System.arraycopy(buffers[from.buffer], from.offset, buffers[buffer], 0, from.size());
  }

  private static Place place(Tape tape, int node, MemoryPlan plan) {
    return new Place(plan.bufferOf(node), plan.offsetOf(node), tape.nodes().get(node).shape());
  }

  private static Instruction inOrder(List<Instruction> parts) {
    Instruction[] all = parts.toArray(Instruction[]::new);
    return buffers -> {
      for (Instruction part : all) {
        part.run(buffers);
      }
    };
  }

  private static Instruction unary(Kernels kernels, Op.Unary op, Place x, Place out) {
    int n = out.size();
    return buffers ->
        kernels.unary(op, buffers[x.buffer], x.offset, buffers[out.buffer], out.offset, n);
  }

  private static Instruction binary(Kernels kernels, Op.Binary op, Place a, Place b, Place out) {
    int n = out.size();
    return buffers ->
        kernels.binary(
            op,
            buffers[a.buffer],
            a.offset,
            buffers[b.buffer],
            b.offset,
            buffers[out.buffer],
            out.offset,
            n);
  }

  private static Instruction matmul(
      Kernels kernels, Op.MatMul op, Place a, Place b, Place out, Place scratch) {
    int stride = a.shape.dim(1);
    Kernels.Matrix left =
        op.transposeA()
            ? new Kernels.Matrix(a.shape.dim(1), a.shape.dim(0), 1, stride)
            : new Kernels.Matrix(a.shape.dim(0), a.shape.dim(1), stride, 1);
    int n = out.shape.dim(1);
    Place right = op.transposeB() ? scratch : b;
    Instruction product =
        buffers ->
            kernels.matmul(
                left,
                n,
                buffers[a.buffer],
                a.offset,
                buffers[right.buffer],
                right.offset,
                buffers[out.buffer],
                out.offset);
    return op.transposeB() ? inOrder(List.of(transpose(b, scratch), product)) : product;
  }

  private static Instruction transpose(Place x, Place out) {
    int rows = x.shape.dim(-2);
    int columns = x.shape.dim(-1);
    int matrix = rows * columns;
    int matrices = matrix == 0 ? 0 : x.size() / matrix;
    return buffers -> {
      double[] from = buffers[x.buffer];
      double[] to = buffers[out.buffer];
      for (int k = 0; k < matrices; k++) {
        int source = x.offset + k * matrix;
        int target = out.offset + k * matrix;
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            to[target + j * rows + i] = from[source + i * columns + j];
          }
        }
      }
    };
  }

  private static Instruction broadcast(Place x, Place out) {
    Repetition repetition = Repetition.of(x.shape, out.shape);
    int n = repetition.length;
    return buffers -> {
      double[] from = buffers[x.buffer];
      double[] to = buffers[out.buffer];
      for (int row = 0; row < repetition.offsets.length; row++) {
        int source = x.offset + repetition.offsets[row];
        int target = out.offset + row * n;
        if (repetition.alongRow) {
          Arrays.fill(to, target, target + n, from[source]);
        } else {
          System.arraycopy(from, source, to, target, n);
        }
      }
    };
  }

  private static Instruction sum(Kernels kernels, Op.Sum op, Place x, Place out) {
    Shape kept = x.shape;
    for (int axis : op.axes()) {
      kept = kept.with(axis, 1);
    }
    Repetition repetition = Repetition.of(kept, x.shape);
    int n = repetition.length;
    Instruction clear = zeros(out);
    return buffers -> {
      clear.run(buffers);
      double[] from = buffers[x.buffer];
      double[] to = buffers[out.buffer];
      for (int row = 0; row < repetition.offsets.length; row++) {
        int source = x.offset + row * n;
        int target = out.offset + repetition.offsets[row];
        if (repetition.alongRow) {
          to[target] += Kernels.sum(from, source, n);
        } else {
          kernels.accumulate(from, source, to, target, n);
        }
      }
    };
  }

  private static Instruction zeros(Place out) {
    int end = out.offset + out.size();
    return buffers -> Arrays.fill(buffers[out.buffer], out.offset, end, 0);
  }

  private static Instruction concat(Place[] parts, int axis, Place out) {
    List<Instruction> copies = new ArrayList<>();
    int at = 0;
    for (Place part : parts) {
      int length = part.shape.dim(axis);
      boolean inPlace =
          part.buffer == out.buffer && part.offset == out.offset + at * out.shape.inner(axis);
      if (!inPlace || out.shape.outer(axis) > 1) {
        copies.add(copy(part, axis, 0, out, axis, at, length));
      }
      at += length;
    }
    return copies.isEmpty() ? null : inOrder(copies);
  }

  /// Copies `length` positions along the axes, from one position on to another.
  private static Instruction copy(
      Place x, int fromAxis, int fromPosition, Place out, int toAxis, int toPosition, int length) {
    int inner = x.shape.inner(fromAxis);
    int blocks = x.shape.outer(fromAxis);
    int block = length * inner;
    int sourceStride = x.shape.dim(fromAxis) * inner;
    int targetStride = out.shape.dim(toAxis) * inner;
    int source = x.offset + fromPosition * inner;
    int target = out.offset + toPosition * inner;
    return buffers -> {
      for (int k = 0; k < blocks; k++) {
        System.arraycopy(
            buffers[x.buffer],
            source + k * sourceStride,
            buffers[out.buffer],
            target + k * targetStride,
            block);
      }
    };
  }

  /// How a small shape repeats in a large one: the large one as rows of `length`, and for each row
  /// where its values are in the small one; `alongRow`: one value repeats through the row, else the
  /// row is a copy.
  record Repetition(int length, int[] offsets, boolean alongRow) {
    static Repetition of(Shape small, Shape large) {
      List<Integer> lengths = new ArrayList<>();
      List<Boolean> repeats = new ArrayList<>();
      for (int i = 0; i < large.rank(); i++) {
        int own = i - (large.rank() - small.rank());
        boolean repeated = (own < 0 ? 1 : small.dim(own)) != large.dim(i);
        if (large.dim(i) == 1) {
          continue;
        }
        if (!repeats.isEmpty() && repeats.getLast() == repeated) {
          lengths.set(lengths.size() - 1, lengths.getLast() * large.dim(i));
        } else {
          lengths.add(large.dim(i));
          repeats.add(repeated);
        }
      }
      int length = lengths.isEmpty() ? 1 : lengths.removeLast();
      boolean alongRow = !repeats.isEmpty() && repeats.removeLast();
      int stride = alongRow ? 1 : length;
      List<Integer> offsets = new ArrayList<>(Collections.singletonList(0));
      for (int i = lengths.size() - 1; i >= 0; i--) {
        List<Integer> outer = new ArrayList<>();
        for (int k = 0; k < lengths.get(i); k++) {
          for (int inner : offsets) {
            outer.add(repeats.get(i) ? inner : inner + k * stride);
          }
        }
        offsets = outer;
        stride = repeats.get(i) ? stride : stride * lengths.get(i);
      }
      return new Repetition(
          length, offsets.stream().mapToInt(Integer::intValue).toArray(), alongRow);
    }
  }
}
