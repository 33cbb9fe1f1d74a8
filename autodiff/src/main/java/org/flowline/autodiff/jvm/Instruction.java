package org.flowline.autodiff.jvm;

import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.kernels.Kernels;

/// One operation with fixed places for its operands and its result; runs on the buffers of a
/// program.
@FunctionalInterface
interface Instruction {
  void run(double[][] buffers);

  /// The values `[offset, offset + size)` in the buffer of this number.
  record Place(int buffer, int offset, Shape shape) {
    int size() {
      return shape.size();
    }
  }

  /// Returns the instruction for a node; null if its result is a view of its operand.
  ///
  /// @param scratch the offset of the kernels' scratch, after the planned workspace
  static Instruction of(Tape tape, int node, MemoryPlan plan, Kernels kernels, int scratch) {
    Tape.Node computed = tape.nodes().get(node);
    Place out = place(tape, node, plan);
    Place[] x = places(tape, computed.operands(), plan);
    int workspace = plan.workspaceBuffer();
    return switch (computed.op()) {
      case Op.Input _, Op.Constant _, Op.Reshape _, Op.StopGradient _ -> null;
      case Op.Unary op ->
          b ->
              kernels.unary(op, b[x[0].buffer], x[0].offset, b[out.buffer], out.offset, out.size());
      case Op.Binary op -> binary(kernels, op, x[0], x[1], out);
      case Op.Piecewise pieces ->
          b -> pieces.evaluate(b[x[0].buffer][x[0].offset], b[out.buffer], out.offset);
      case Op.Where _ -> where(kernels, x, out);
      case Op.Power(double p) ->
          b -> kernels.power(p, b[x[0].buffer], x[0].offset, b[out.buffer], out.offset, out.size());
      case Op.MatMul product ->
          new Products(
              product(kernels, product, x[0].shape, x[1].shape), x, out, workspace, scratch);
      case Op.Permute(List<Integer> order) -> Copies.permute(order, x[0], out);
      case Op.Broadcast _ -> Reductions.broadcast(x[0], out);
      case Op.Sum(List<Integer> axes) -> Reductions.sum(kernels, axes, x[0], out);
      case Op.Max(List<Integer> axes) -> Reductions.max(axes, x[0], out);
      case Op.CumulativeSum sums -> Moves.cumulativeSum(sums, x[0], out);
      case Op.Gather(int axis, List<Integer> indices) -> Moves.gather(axis, indices, x[0], out);
      case Op.Scatter(int axis, List<Integer> indices, int _) ->
          Copies.ontoZeros(out, Moves.scatter(axis, indices, x[0], out));
      case Op.Windows windows -> Moves.windows(windows, x[0], out);
      case Op.Overlap(Op.Windows windows, Shape _) ->
          Copies.ontoZeros(out, Moves.overlap(windows, x[0], out));
      case Op.Fused _ -> new FusedLoop(tape, node, x, out, kernels, workspace, scratch);
      case Op.Slice(int axis, int from, int _) ->
          plan.isView(node)
              ? null
              : Copies.copy(x[0], axis, from, out, axis, 0, out.shape.dim(axis));
      case Op.Pad(int axis, int before, int _) -> Copies.pad(axis, before, x[0], out);
      case Op.Concat(int axis) -> Copies.concat(x, axis, out);
    };
  }

  /// Returns the number of elements of scratch that the instruction for a node needs.
  static int scratchSize(Tape tape, int node, Kernels kernels) {
    Tape.Node computed = tape.nodes().get(node);
    if (computed.op() instanceof Op.MatMul product) {
      int[] x = computed.operands();
      Shape a = tape.nodes().get(x[0]).shape();
      return product(kernels, product, a, tape.nodes().get(x[1]).shape()).scratchSize();
    }
    return computed.op() instanceof Op.Fused(Shape target, Tape body)
        ? FusedLoop.scratchSize(body, target)
        : 0;
  }

  /// Returns the number of positions of rows, windows or parts that the instruction for a node
  /// holds.
  static int tableSize(Tape tape, int node) {
    Tape.Node computed = tape.nodes().get(node);
    Shape out = computed.shape();
    int[] operands = computed.operands();
    Shape x = operands.length == 0 ? out : tape.nodes().get(operands[0]).shape();
    return switch (computed.op()) {
      case Op.Permute _ -> out.size() == 0 ? 0 : out.size() / (out.rank() == 0 ? 1 : out.dim(-1));
      case Op.Broadcast _ -> Repetition.of(x, out).offsets().length;
      case Op.Sum(List<Integer> axes) -> {
        Repetition repetition = Repetition.ofReduced(x, axes);
        yield repetition.isOfOneRow(out) ? 0 : repetition.offsets().length;
      }
      case Op.Max(List<Integer> axes) -> Repetition.ofReduced(x, axes).offsets().length;
      case Op.Gather(int _, List<Integer> indices) -> indices.size();
      case Op.Scatter(int _, List<Integer> indices, int _) -> indices.size();
      case Op.Windows _ -> out.size();
      case Op.Overlap _ -> x.size();
      default -> 0;
    };
  }

  /// Returns the copy of a result that could not be computed in the caller's array.
  static Instruction copyOut(Tape tape, int node, MemoryPlan plan, int buffer) {
    Place from = place(tape, node, plan);
    return buffers ->
        System.arraycopy(buffers[from.buffer], from.offset, buffers[buffer], 0, from.size());
  }

  private static Place[] places(Tape tape, int[] nodes, MemoryPlan plan) {
    Place[] places = new Place[nodes.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = place(tape, nodes[i], plan);
    }
    return places;
  }

  private static Place place(Tape tape, int node, MemoryPlan plan) {
    return new Place(plan.bufferOf(node), plan.offsetOf(node), tape.nodes().get(node).shape());
  }

  private static Instruction binary(Kernels kernels, Op.Binary op, Place a, Place b, Place out) {
    Kernels.Grid grid = Kernels.Grid.flat(out.size());
    return buffers -> {
      double[] left = buffers[a.buffer];
      double[] right = buffers[b.buffer];
      kernels.binary(op, grid, left, a.offset, right, b.offset, buffers[out.buffer], out.offset);
    };
  }

  private static Instruction where(Kernels kernels, Place[] x, Place out) {
    Place c = x[0];
    Place a = x[1];
    Place b = x[2];
    int n = out.size();
    return buffers -> {
      double[] to = buffers[out.buffer];
      double[] left = buffers[a.buffer];
      double[] right = buffers[b.buffer];
      kernels.where(
          buffers[c.buffer], c.offset, left, a.offset, right, b.offset, to, out.offset, n);
    };
  }

  /// Plans the product of two matrices, without their leading axes.
  private static Kernels.Product product(Kernels kernels, Op.MatMul op, Shape a, Shape b) {
    return kernels.product(
        Kernels.Matrix.of(a.dim(-2), a.dim(-1), op.transposeA()),
        Kernels.Matrix.of(b.dim(-2), b.dim(-1), op.transposeB()));
  }

  /// Products of matrices, one for each index of the leading axes. (A class, since the JVM takes
  /// three milliseconds to link a lambda that captures this many values.)
  record Products(Kernels.Product product, Place[] x, Place out, int workspace, int scratch)
      implements Instruction {

    @Override
    public void run(double[][] buffers) {
      Place a = x[0];
      Place b = x[1];
      double[] left = buffers[a.buffer];
      double[] right = buffers[b.buffer];
      double[] result = buffers[out.buffer];
      double[] work = buffers[workspace];
      int perA = a.shape.dim(-2) * a.shape.dim(-1);
      int perB = b.shape.dim(-2) * b.shape.dim(-1);
      int perOut = out.shape.dim(-2) * out.shape.dim(-1);
      int matrices = a.shape.outer(-2);
      for (int k = 0; k < matrices; k++) {
        int to = out.offset + k * perOut;
        product.run(
            left, a.offset + k * perA, right, b.offset + k * perB, result, to, work, scratch);
      }
    }
  }
}
