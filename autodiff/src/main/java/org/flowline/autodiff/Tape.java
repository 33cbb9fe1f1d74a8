package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A straight-line program: operations in evaluation order, each with its operands. Recorded once,
/// immutable, printable.
///
/// A derivative is a transformation from tape to tape ([Derivative]), so that it can be
/// differentiated again; a [Backend] turns a tape into a [Program] that runs.
public final class Tape {

  /// One operation: its operands are the numbers of earlier nodes, its shape is that of its result.
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

  Tape(List<Node> nodes, int[] outputs) {
    this.nodes = List.copyOf(nodes);
    this.outputs = outputs.clone();
  }

  /// Runs `program` once on symbolic arguments of these shapes and keeps what it did.
  ///
  /// @throws IllegalStateException if it uses a value of another tape, be it one that is being
  ///     recorded around this one: what a program reads comes in as an argument; or if another
  ///     thread uses a value of this one
  /// @throws IllegalArgumentException if a result is null
  public static Tape record(List<Shape> inputs, Function<List<Var>, List<Var>> program) {
    return Recorder.record(inputs, program);
  }

  /// A program of one argument and one result.
  public static Tape record(Shape x, UnaryOperator<Var> program) {
    return record(List.of(x), in -> Collections.singletonList(program.apply(in.get(0))));
  }

  /// A program of two arguments and one result.
  public static Tape record(Shape x, Shape y, BinaryOperator<Var> program) {
    return record(
        List.of(x, y), in -> Collections.singletonList(program.apply(in.get(0), in.get(1))));
  }

  /// This tape with only some of its outputs, in the given order, and without what the others
  /// needed.
  ///
  /// @throws IllegalArgumentException if there is no such output
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

  /// This program inside another one: its results on `arguments`, which belong to the tape being
  /// recorded. Without arguments there are no results: every value of a tape stems from an input.
  ///
  /// @throws IllegalArgumentException if the number of arguments or one of their shapes differs
  /// @throws IllegalStateException if an argument belongs to another tape
  public List<Var> apply(List<Var> arguments) {
    List<Shape> came = new ArrayList<>();
    for (Var argument : arguments) {
      came.add(argument.shape());
    }
    if (!came.equals(inputShapes())) {
      throw new IllegalArgumentException("apply: arguments " + came + ", want " + inputShapes());
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

  /// The operations in evaluation order; a node's number is its place here.
  public List<Node> nodes() {
    return nodes;
  }

  /// The numbers of the nodes that are results.
  public int[] outputs() {
    return outputs.clone();
  }

  /// The shapes of the arguments, in their order.
  public List<Shape> inputShapes() {
    List<Shape> shapes = new ArrayList<>();
    for (Node node : nodes) {
      if (node.op instanceof Op.Input) {
        shapes.add(node.shape);
      }
    }
    return Collections.unmodifiableList(shapes);
  }

  /// The shapes of the results, in their order.
  public List<Shape> outputShapes() {
    List<Shape> shapes = new ArrayList<>();
    for (int output : outputs) {
      shapes.add(nodes.get(output).shape);
    }
    return Collections.unmodifiableList(shapes);
  }

  /// Floating-point operations in a run: two for each step of a matrix product, one for each
  /// element of everything else that computes, a function like `tanh` counting as one.
  public long flop() {
    return nodes.stream().mapToLong(this::flop).sum();
  }

  /// The part of [#flop()] that this node has.
  public long flop(Node node) {
    long size = node.shape.size();
    long read = node.operands.length == 0 ? 0 : nodes.get(node.operands[0]).shape.size();
    return switch (node.op) {
      case Op.MatMul product ->
          2 * size * nodes.get(node.operands[0]).shape.dim(product.transposeA() ? -2 : -1);
      case Op.Fused(Shape _, Tape body) -> body.flop();
      case Op.Unary _, Op.Binary _, Op.Power _, Op.Where _, Op.CumulativeSum _ -> size;
      case Op.Sum _, Op.Max _, Op.Scatter _, Op.Overlap _ -> read;
      case Op.Input _,
          Op.Constant _,
          Op.StopGradient _,
          Op.Permute _,
          Op.Broadcast _,
          Op.Reshape _,
          Op.Slice _,
          Op.Pad _,
          Op.Concat _,
          Op.Gather _,
          Op.Windows _ ->
          0;
    };
  }

  /// The program, a line for each operation.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("tape ").append(inputShapes()).append(" → ").append(outputShapes()).append('\n');
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      String operands =
          Arrays.stream(node.operands()).mapToObj(id -> "%" + id).collect(Collectors.joining(", "));
      text.append(
          "  %%%-4d = %-28s %-16s %s\n".formatted(i, node.op().label(), operands, node.shape()));
    }
    return text.append("  return ")
        .append(Arrays.stream(outputs).mapToObj(id -> "%" + id).collect(Collectors.joining(", ")))
        .toString();
  }
}
