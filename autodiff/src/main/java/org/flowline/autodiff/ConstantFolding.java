package org.flowline.autodiff;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Constant folding: computes the nodes that depend on constants alone, once, before any run.
/// Leaves a node alone where folding would make the tape hold more numbers: a row repeated to a
/// matrix stays a row.
final class ConstantFolding {
  private ConstantFolding() {}

  static Tape fold(Tape tape, Backend backend) {
    int[] folded = folded(tape);
    if (folded.length == 0) {
      return tape;
    }
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    Map<Integer, Var> known = new HashMap<>();
    for (Map.Entry<Integer, Op.Constant> entry : compute(tape, folded, backend).entrySet()) {
      known.put(entry.getKey(), recorder.emit(entry.getValue()));
    }
    List<Var> values = recorder.inline(tape, inputs, known);
    return recorder.finish(List.of(Recorder.select(values, tape.outputs())));
  }

  /// Returns the foldable nodes that other nodes or the caller read, ascending.
  private static int[] folded(Tape tape) {
    List<Tape.Node> nodes = tape.nodes();
    boolean[] foldable = foldable(nodes);
    boolean[] read = new boolean[foldable.length];
    for (int i = 0; i < foldable.length; i++) {
      if (!foldable[i]) {
        for (int operand : nodes.get(i).operands()) {
          read[operand] = true;
        }
      }
    }
    for (int output : tape.outputs()) {
      read[output] = true;
    }
    return IntStream.range(0, read.length).filter(i -> foldable[i] && read[i]).toArray();
  }

  /// Marks each node that depends on constants alone and is not larger than the constants that the
  /// tape would hold without folding it.
  private static boolean[] foldable(List<Tape.Node> nodes) {
    boolean[] foldable = new boolean[nodes.size()];
    long[] held = new long[nodes.size()]; // −1: depends on inputs
    for (int i = 0; i < foldable.length; i++) {
      Tape.Node node = nodes.get(i);
      if (node.op() instanceof Op.Constant constant) {
        held[i] = constant.isFilled() ? 1 : node.shape().size();
        continue;
      }
      held[i] = node.op() instanceof Op.Input ? -1 : 0;
      for (int operand : node.operands()) {
        held[i] = held[i] < 0 || held[operand] < 0 ? -1 : held[i] + held[operand];
      }
      foldable[i] = held[i] >= node.shape().size();
      held[i] = Math.min(held[i], node.shape().size());
    }
    return foldable;
  }

  /// Runs the nodes that `folded` depend on. Returns the value of each of them.
  private static Map<Integer, Op.Constant> compute(Tape tape, int[] folded, Backend backend) {
    Tape constants = Recorder.pruned(tape.nodes(), new boolean[tape.nodes().size()], folded);
    List<Shape> shapes = constants.outputShapes();
    double[][] out = new double[folded.length][];
    for (int k = 0; k < out.length; k++) {
      out[k] = new double[shapes.get(k).size()];
    }
    backend.compile(constants).run(new double[0][], out);
    Map<Integer, Op.Constant> values = new HashMap<>();
    for (int k = 0; k < out.length; k++) {
      values.put(folded[k], Op.Constant.of(shapes.get(k), out[k]));
    }
    return values;
  }
}
