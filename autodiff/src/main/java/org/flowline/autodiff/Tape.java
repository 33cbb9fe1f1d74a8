package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A straight-line program: operations in evaluation order, each with its operands. Immutable.
///
/// [Derivative] transforms a tape into another tape, so that a derivative can be differentiated
/// again; a [Backend] compiles a tape to a [Program] that runs.
public final class Tape {

  /// One operation, the numbers of the earlier nodes that it reads, and the shape of its result.
  public record Node(Op op, int[] operands, Shape shape) {
    public Node {
      operands = operands.clone();
    }

    @Override
    public int[] operands() {
      return operands.clone();
    }
  }

  private final List<Node> nodes;
  private final int[] outputs;
  private final List<Shape> inputShapes;
  private final List<Shape> outputShapes;

  Tape(List<Node> nodes, int[] outputs) {
    this.nodes = List.copyOf(nodes);
    this.outputs = outputs.clone();
    List<Shape> shapes = new ArrayList<>();
    for (Node node : nodes) {
      if (node.op instanceof Op.Input) {
        shapes.add(node.shape);
      }
    }
    this.inputShapes = List.copyOf(shapes);
    shapes.clear();
    for (int output : outputs) {
      shapes.add(nodes.get(output).shape);
    }
    this.outputShapes = List.copyOf(shapes);
  }

  /// Runs `program` once on symbolic arguments of these shapes and records its operations.
  ///
  /// @throws IllegalStateException if the program uses a value of another tape, also of one whose
  ///     recording surrounds this one (pass such a value in as an input), or if another thread uses
  ///     a value of this tape
  /// @throws IllegalArgumentException if a result is null
  public static Tape record(List<Shape> inputs, Function<List<Var>, List<Var>> program) {
    return Recorder.record(inputs, program);
  }

  /// Records a program of one argument and one result.
  public static Tape record(Shape x, UnaryOperator<Var> program) {
    return record(List.of(x), in -> Collections.singletonList(program.apply(in.get(0))));
  }

  /// Records a program of two arguments and one result.
  public static Tape record(Shape x, Shape y, BinaryOperator<Var> program) {
    return record(
        List.of(x, y), in -> Collections.singletonList(program.apply(in.get(0), in.get(1))));
  }

  /// Returns a tape of the outputs of these numbers, in this order, and of the nodes that they
  /// depend on; it has every input.
  ///
  /// @throws IllegalArgumentException if there is no output of such a number
  public Tape select(int... chosen) {
    for (int i : chosen) {
      if (i < 0 || i >= outputs.length) {
        throw new IllegalArgumentException(
            "select: no output " + i + "; want one of the " + outputs.length + ", counted from 0");
      }
    }
    Recorder recorder = new Recorder();
    List<Var> values = recorder.inline(this, recorder.inputs(inputShapes()));
    Var[] results = Recorder.select(values, outputs);
    return recorder.finish(List.of(Recorder.select(List.of(results), chosen)));
  }

  /// Writes this program into the recording that `arguments` belong to. Returns its results; none
  /// if it has no inputs.
  ///
  /// @throws IllegalArgumentException if the number of arguments or a shape differs
  /// @throws IllegalStateException if an argument belongs to another tape
  public List<Var> apply(List<Var> arguments) {
    List<Shape> shapes = arguments.stream().map(Var::shape).toList();
    if (!shapes.equals(inputShapes)) {
      throw new IllegalArgumentException("apply: arguments " + shapes + ", want " + inputShapes);
    }
    if (arguments.isEmpty()) {
      return List.of();
    }
    Recorder recorder = arguments.getFirst().recorder;
    for (Var argument : arguments) {
      recorder.requireOwn("apply: argument ", argument);
    }
    return List.of(Recorder.select(recorder.inline(this, arguments), outputs));
  }

  /// Returns the operations in evaluation order; the number of a node is its index.
  public List<Node> nodes() {
    return nodes;
  }

  /// Returns the numbers of the nodes that are results.
  public int[] outputs() {
    return outputs.clone();
  }

  /// Returns the shapes of the arguments, in order.
  public List<Shape> inputShapes() {
    return inputShapes;
  }

  /// Returns the shapes of the results, in order.
  public List<Shape> outputShapes() {
    return outputShapes;
  }

  /// Requires arrays that a [Program] of this tape can run on.
  ///
  /// @throws IllegalArgumentException if an array is null, a number of arrays or a length differs,
  ///     or an output array is an input array or another output array
  public void requireArguments(double[][] in, double[][] out) {
    requireSizes("input", in, inputShapes);
    requireSizes("output", out, outputShapes);
    for (int k = 0; k < out.length; k++) {
      requireDistinct(out[k], in, in.length, "an input array");
      requireDistinct(out[k], out, k, "another output array");
    }
  }

  private static void requireSizes(String what, double[][] arrays, List<Shape> shapes) {
    if (arrays == null || arrays.length != shapes.size()) {
      throw new IllegalArgumentException(
          arrays == null
              ? "run: " + what + " arrays are null, want " + shapes.size()
              : "run: " + arrays.length + " " + what + " arrays, want " + shapes.size());
    }
    for (int i = 0; i < arrays.length; i++) {
      int size = shapes.get(i).size();
      if (arrays[i] == null || arrays[i].length != size) {
        String length = arrays[i] == null ? "is null" : "has " + arrays[i].length + " values";
        throw new IllegalArgumentException(
            "run: %s %s %s, want %s%s"
                .formatted(what, i, length, size, arrays[i] == null ? " values" : ""));
      }
    }
  }

  private static void requireDistinct(double[] result, double[][] others, int count, String what) {
    for (int i = 0; i < count; i++) {
      if (result == others[i] && result.length > 0) {
        throw new IllegalArgumentException(
            "run: an output array is " + what + "; want one of its own");
      }
    }
  }

  /// Returns the floating-point operations of a run: two for each step of a matrix product, one for
  /// each element of any other operation that computes, also for a function such as `tanh`.
  public long flop() {
    return nodes.stream().mapToLong(this::flop).sum();
  }

  /// Returns the floating-point operations of one node, see [#flop()].
  public long flop(Node node) {
    long size = node.shape.size();
    long read = node.operands.length == 0 ? 0 : nodes.get(node.operands[0]).shape.size();
    return switch (node.op) {
      case Op.MatMul product ->
          2 * size * nodes.get(node.operands[0]).shape.dim(product.transposeA() ? -2 : -1);
      case Op.Fused(Shape _, Tape body) -> body.flop();
      case Op.Unary _, Op.Binary _, Op.Power _, Op.Where _, Op.CumulativeSum _ -> size;
      case Op.Piecewise _ -> size;
      case Op.Sum _, Op.Max _, Op.Scatter _, Op.Overlap _ -> read;
      case Op.Input _, Op.Constant _, Op.StopGradient _, Op.Permute _, Op.Broadcast _ -> 0;
      case Op.Reshape _, Op.Slice _, Op.Pad _, Op.Concat _, Op.Gather _, Op.Windows _ -> 0;
    };
  }

  /// Returns the program, one line for each operation.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("tape " + inputShapes + " → " + outputShapes + "\n");
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      text.append(
          "  %%%-4s = %-28s %-16s %s\n"
              .formatted(i, node.op.label(), names(node.operands), node.shape));
    }
    return text.append("  return ").append(names(outputs)).toString();
  }

  /// Returns the names of these nodes, as `%0, %3`.
  static String names(int[] nodes) {
    return Arrays.stream(nodes).mapToObj(id -> "%" + id).collect(Collectors.joining(", "));
  }
}
