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
  /// @param scratch where a kernel may lay what it likes, behind the planned workspace
  static Instruction of(Tape tape, int node, MemoryPlan plan, Kernels kernels, int scratch) {
    Tape.Node computed = tape.nodes().get(node);
    Place out = place(tape, node, plan);
    Place[] x =
        Arrays.stream(computed.operands())
            .mapToObj(i -> place(tape, i, plan))
            .toArray(Place[]::new);
    return switch (computed.op()) {
      case Op.Input _, Op.Constant _, Op.Reshape _, Op.StopGradient _ -> null;
      case Op.Unary op -> unary(kernels, op, x[0], out);
      case Op.Binary op -> binary(kernels, op, x[0], x[1], out);
      case Op.Where _ -> where(kernels, x, out);
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
          matmul(kernels, product, x[0], x[1], out, plan.workspaceBuffer(), scratch);
      case Op.Permute(List<Integer> order) -> permute(order, x[0], out);
      case Op.Broadcast _ -> broadcast(x[0], out);
      case Op.Sum(List<Integer> axes) -> sum(kernels, axes, x[0], out);
      case Op.Max(List<Integer> axes) -> max(axes, x[0], out);
      case Op.CumulativeSum sums -> Moves.cumulativeSum(sums, x[0], out);
      case Op.Gather(int axis, List<Integer> indices) -> Moves.gather(axis, indices, x[0], out);
      case Op.Scatter(int axis, List<Integer> indices, int _) ->
          inOrder(List.of(zeros(out), Moves.scatter(axis, indices, x[0], out)));
      case Op.Windows windows -> Moves.windows(windows, x[0], out);
      case Op.Overlap(Op.Windows windows, Shape _) ->
          inOrder(List.of(zeros(out), Moves.overlap(windows, x[0], out)));
      case Op.Fused(Shape _, Tape body) ->
          new FusedLoop(
              body,
              x,
              Arrays.stream(computed.operands())
                  .mapToObj(i -> tape.nodes().get(i).op())
                  .toArray(Op[]::new),
              out,
              kernels,
              plan.workspaceBuffer(),
              scratch);
      case Op.Slice(int axis, int from, int _) ->
          plan.isView(node) ? null : copy(x[0], axis, from, out, axis, 0, out.shape.dim(axis));
      case Op.Pad(int axis, int before, int _) ->
          inOrder(
              List.of(zeros(out), copy(x[0], axis, 0, out, axis, before, x[0].shape.dim(axis))));
      case Op.Concat(int axis) -> concat(x, axis, out);
    };
  }

  /// How many numbers of scratch the instruction for a node wants.
  static int scratchSize(Tape tape, int node, Kernels kernels) {
    Tape.Node computed = tape.nodes().get(node);
    return switch (computed.op()) {
      case Op.MatMul product -> {
        int[] x = computed.operands();
        Kernels.Matrix[] sides =
            sides(product, tape.nodes().get(x[0]).shape(), tape.nodes().get(x[1]).shape());
        yield kernels.scratchSize(sides[0], sides[1]);
      }
      case Op.Fused(Shape target, Tape body) -> FusedLoop.scratchSize(body, target);
      default -> 0;
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
    Kernels.Grid grid = Kernels.Grid.flat(out.size());
    return buffers ->
        kernels.binary(
            op,
            grid,
            buffers[a.buffer],
            a.offset,
            buffers[b.buffer],
            b.offset,
            buffers[out.buffer],
            out.offset);
  }

  private static Instruction where(Kernels kernels, Place[] x, Place out) {
    int n = out.size();
    return buffers ->
        kernels.where(
            buffers[x[0].buffer],
            x[0].offset,
            buffers[x[1].buffer],
            x[1].offset,
            buffers[x[2].buffer],
            x[2].offset,
            buffers[out.buffer],
            out.offset,
            n);
  }

  /// The two sides of a product as the kernels see them, without their leading axes.
  static Kernels.Matrix[] sides(Op.MatMul op, Shape a, Shape b) {
    return new Kernels.Matrix[] {
      Kernels.Matrix.of(a.dim(-2), a.dim(-1), op.transposeA()),
      Kernels.Matrix.of(b.dim(-2), b.dim(-1), op.transposeB())
    };
  }

  private static Instruction matmul(
      Kernels kernels, Op.MatMul op, Place a, Place b, Place out, int buffer, int scratch) {
    Kernels.Matrix[] sides = sides(op, a.shape, b.shape);
    int perA = sides[0].rows() * sides[0].columns();
    int perB = sides[1].rows() * sides[1].columns();
    int perOut = sides[0].rows() * sides[1].columns();
    int matrices = a.shape.outer(a.shape.rank() - 2);
    return buffers -> {
      for (int k = 0; k < matrices; k++) {
        kernels.matmul(
            sides[0],
            sides[1],
            buffers[a.buffer],
            a.offset + k * perA,
            buffers[b.buffer],
            b.offset + k * perB,
            buffers[out.buffer],
            out.offset + k * perOut,
            buffers[buffer],
            scratch);
      }
    };
  }

  /// Row by row of the result, each read with one stride.
  private static Instruction permute(List<Integer> order, Place x, Place out) {
    int rank = order.size();
    int[] strides = order.stream().mapToInt(x.shape::inner).toArray();
    int length = rank == 0 ? 1 : out.shape.dim(-1);
    int stride = rank == 0 ? 1 : strides[rank - 1];
    int[] sources = new int[length == 0 ? 0 : out.size() / length];
    int[] at = new int[rank];
    for (int row = 0; row < sources.length; row++) {
      for (int axis = 0; axis < rank - 1; axis++) {
        sources[row] += at[axis] * strides[axis];
      }
      for (int axis = rank - 2; axis >= 0 && ++at[axis] == out.shape.dim(axis); axis--) {
        at[axis] = 0;
      }
    }
    return buffers -> {
      double[] from = buffers[x.buffer];
      double[] to = buffers[out.buffer];
      for (int row = 0; row < sources.length; row++) {
        int source = x.offset + sources[row];
        int target = out.offset + row * length;
        for (int j = 0; j < length; j++) {
          to[target + j] = from[source + j * stride];
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

  private static Instruction sum(Kernels kernels, List<Integer> axes, Place x, Place out) {
    Repetition repetition = Repetition.ofReduced(x.shape, axes);
    int n = repetition.length;
    if (!repetition.alongRow && n == out.size() && n > 0) {
      int rows = repetition.offsets.length;
      return buffers ->
          kernels.columnSums(rows, n, buffers[x.buffer], x.offset, buffers[out.buffer], out.offset);
    }
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

  private static Instruction max(List<Integer> axes, Place x, Place out) {
    Repetition repetition = Repetition.ofReduced(x.shape, axes);
    int n = repetition.length;
    int end = out.offset + out.size();
    int step = repetition.alongRow ? 0 : 1;
    return buffers -> {
      double[] from = buffers[x.buffer];
      double[] to = buffers[out.buffer];
      Arrays.fill(to, out.offset, end, Double.NEGATIVE_INFINITY);
      for (int row = 0; row < repetition.offsets.length; row++) {
        int source = x.offset + row * n;
        int target = out.offset + repetition.offsets[row];
        for (int j = 0; j < n; j++) {
          to[target + j * step] = Math.max(to[target + j * step], from[source + j]);
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
    static Repetition ofReduced(Shape operand, List<Integer> axes) {
      return of(Op.kept(operand, axes), operand);
    }

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
