package org.flowline.autodiff.nd4j;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;

/// A tape as a list of [Nd4jOperation]s. Values are arrays made during a run, so a program holds
/// only constants, and a fork is the program itself.
final class Nd4jProgram implements Program {
  private final Tape tape;
  private final Nd4jOperation[] operations;
  private final int[][] operands;

  private Nd4jProgram(Tape tape, Nd4jOperation[] operations, int[][] operands) {
    this.tape = tape;
    this.operations = operations;
    this.operands = operands;
  }

  static Nd4jProgram compile(Tape tape) {
    return new Nd4jProgram(
        tape,
        tape.nodes().stream().map(node -> operation(tape, node)).toArray(Nd4jOperation[]::new),
        tape.nodes().stream().map(Tape.Node::operands).toArray(int[][]::new));
  }

  private static Nd4jOperation operation(Tape tape, Tape.Node node) {
    List<Shape> shapes =
        Arrays.stream(node.operands()).mapToObj(id -> tape.nodes().get(id).shape()).toList();
    return Nd4jOperation.of(node.op(), shapes, node.shape());
  }

  @Override
  public void run(double[][] in, double[][] out) {
    tape.requireArguments(in, out);
    List<Shape> shapes = tape.inputShapes();
    INDArray[] arguments = new INDArray[in.length];
    for (int i = 0; i < in.length; i++) {
      arguments[i] = Nd4jArrays.array(in[i], shapes.get(i));
    }
    INDArray[] results = results(arguments);
    for (int k = 0; k < out.length; k++) {
      System.arraycopy(Nd4jArrays.flat(results[k]), 0, out[k], 0, out[k].length);
    }
  }

  /// Computes the outputs for these inputs.
  INDArray[] results(INDArray[] arguments) {
    INDArray[] values = new INDArray[operations.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          tape.nodes().get(i).op() instanceof Op.Input input
              ? arguments[input.index()]
              : operations[i].apply(select(values, operands[i]));
    }
    return select(values, tape.outputs());
  }

  private static INDArray[] select(INDArray[] values, int[] ids) {
    return Arrays.stream(ids).mapToObj(id -> values[id]).toArray(INDArray[]::new);
  }

  @Override
  public Program fork() {
    return this;
  }

  @Override
  public Tape tape() {
    return tape;
  }

  /// Returns the bytes of the arrays of one run, outside the heap.
  @Override
  public long bytes() {
    return tape.nodes().stream().mapToLong(node -> 8L * node.shape().size()).sum();
  }

  @Override
  public String toString() {
    return "program " + tape.inputShapes() + " → " + tape.outputShapes() + " on ND4J";
  }
}
