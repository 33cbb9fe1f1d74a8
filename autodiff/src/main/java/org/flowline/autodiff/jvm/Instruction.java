package org.flowline.autodiff.jvm;

import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.kernels.Kernels;

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
    Place[] x = places(tape, computed.operands(), plan);
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
      case Op.MatMul product -> {
        Kernels.Matrix[] sides = sides(product, x[0].shape, x[1].shape);
        yield new Products(
            kernels, sides[0], sides[1], x[0], x[1], out, plan.workspaceBuffer(), scratch);
      }
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
      case Op.Fused(Shape _, Tape body) ->
          new FusedLoop(
              body,
              x,
              sources(tape, computed.operands()),
              out,
              kernels,
              plan.workspaceBuffer(),
              scratch);
      case Op.Slice(int axis, int from, int _) ->
          plan.isView(node)
              ? null
              : Copies.copy(x[0], axis, from, out, axis, 0, out.shape.dim(axis));
      case Op.Pad(int axis, int before, int _) -> Copies.pad(axis, before, x[0], out);
      case Op.Concat(int axis) -> Copies.concat(x, axis, out);
    };
  }

  /// How many numbers of scratch the instruction for a node wants.
  static int scratchSize(Tape tape, int node, Kernels kernels) {
    Tape.Node computed = tape.nodes().get(node);
    if (computed.op() instanceof Op.MatMul product) {
      int[] x = computed.operands();
      Shape a = tape.nodes().get(x[0]).shape();
      Kernels.Matrix[] sides = sides(product, a, tape.nodes().get(x[1]).shape());
      return kernels.scratchSize(sides[0], sides[1]);
    }
    return computed.op() instanceof Op.Fused(Shape target, Tape body)
        ? FusedLoop.scratchSize(body, target)
        : 0;
  }

  /// How many positions the instruction for a node holds: where rows, windows or parts lie.
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

  /// The copy of a result that could not be computed where the caller wants it.
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

  private static Op[] sources(Tape tape, int[] nodes) {
    Op[] sources = new Op[nodes.length];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = tape.nodes().get(nodes[i]).op();
    }
    return sources;
  }

  private static Place place(Tape tape, int node, MemoryPlan plan) {
    return new Place(plan.bufferOf(node), plan.offsetOf(node), tape.nodes().get(node).shape());
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

  /// Products of matrices, one for each index of the leading axes. (A class, since the JVM takes
  /// three milliseconds to link a lambda that captures so much when it is first met.)
  record Products(
      Kernels kernels,
      Kernels.Matrix left,
      Kernels.Matrix right,
      Place a,
      Place b,
      Place out,
      int workspace,
      int scratch)
      implements Instruction {

    @Override
    public void run(double[][] buffers) {
      int perA = left.rows() * left.columns();
      int perB = right.rows() * right.columns();
      int perOut = left.rows() * right.columns();
      int matrices = a.shape.outer(a.shape.rank() - 2);
      for (int k = 0; k < matrices; k++) {
        kernels.matmul(
            left,
            right,
            buffers[a.buffer],
            a.offset + k * perA,
            buffers[b.buffer],
            b.offset + k * perB,
            buffers[out.buffer],
            out.offset + k * perOut,
            buffers[workspace],
            scratch);
      }
    }
  }
}
