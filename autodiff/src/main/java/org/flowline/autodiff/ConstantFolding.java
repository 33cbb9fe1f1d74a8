package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Computes once, before any run, what depends on nothing but constants; where that does not make
/// the tape hold more numbers: a row repeated to a matrix stays a row.
final class ConstantFolding {
  private ConstantFolding() {}

  static Tape computed(Tape tape, Backend backend) {
    List<Tape.Node> nodes = tape.nodes();
    boolean[] worth = worthComputing(nodes);
    List<Integer> needed = needed(tape, worth);
    if (needed.isEmpty()) {
      return tape;
    }
    Map<Integer, Op.Constant> known = run(nodes, needed, backend);
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    List<Var> values = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Tape.Node node = nodes.get(i);
      if (node.op() instanceof Op.Input input) {
        values.add(inputs.get(input.index()));
      } else if (known.containsKey(i)) {
        values.add(recorder.emit(known.get(i)));
      } else {
        // What only known values needed is written too, and left out at the end.
        values.add(recorder.emit(node.op(), Recorder.select(values, node.operands())));
      }
    }
    return recorder.finish(List.of(Recorder.select(values, tape.outputs())));
  }

  /// For each node whether it depends on constants alone and is no larger than what a tape without
  /// it holds in its place.
  private static boolean[] worthComputing(List<Tape.Node> nodes) {
    boolean[] worth = new boolean[nodes.size()];
    long[] held = new long[nodes.size()]; // −1: depends on inputs
    for (int i = 0; i < worth.length; i++) {
      Tape.Node node = nodes.get(i);
      int[] operands = node.operands();
      if (node.op() instanceof Op.Constant constant) {
        held[i] = constant.isFilled() ? 1 : node.shape().size();
        continue;
      }
      held[i] = node.op() instanceof Op.Input ? -1 : 0;
      for (int operand : operands) {
        held[i] = held[i] < 0 || held[operand] < 0 ? -1 : held[i] + held[operand];
      }
      worth[i] = held[i] >= node.shape().size();
      held[i] = Math.min(held[i], node.shape().size());
    }
    return worth;
  }

  /// Those that something else needs, or the result.
  private static List<Integer> needed(Tape tape, boolean[] worth) {
    List<Tape.Node> nodes = tape.nodes();
    boolean[] read = new boolean[worth.length];
    for (int i = 0; i < worth.length; i++) {
      if (!worth[i]) {
        for (int operand : nodes.get(i).operands()) {
          read[operand] = true;
        }
      }
    }
    for (int output : tape.outputs()) {
      read[output] = true;
    }
    List<Integer> needed = new ArrayList<>();
    for (int i = 0; i < worth.length; i++) {
      if (worth[i] && read[i]) {
        needed.add(i);
      }
    }
    return needed;
  }

  /// The values of the nodes `needed`.
  private static Map<Integer, Op.Constant> run(
      List<Tape.Node> nodes, List<Integer> needed, Backend backend) {
    Recorder recorder = new Recorder();
    Var[] values = new Var[nodes.size()];
    boolean[] wanted = wanted(nodes, needed);
    List<Var> results = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (wanted[i]) {
        Tape.Node node = nodes.get(i);
        values[i] =
            recorder.emit(node.op(), Recorder.select(Arrays.asList(values), node.operands()));
      }
    }
    for (int i : needed) {
      results.add(values[i]);
    }
    Tape constants = recorder.finish(results);
    List<Shape> shapes = constants.outputShapes();
    double[][] out = new double[needed.size()][];
    for (int k = 0; k < out.length; k++) {
      out[k] = new double[shapes.get(k).size()];
    }
    backend.compile(constants).run(new double[0][], out);
    Map<Integer, Op.Constant> known = new HashMap<>();
    for (int k = 0; k < out.length; k++) {
      known.put(needed.get(k), Op.Constant.of(shapes.get(k), out[k]));
    }
    return known;
  }

  /// The nodes `needed` and all that they are computed from.
  private static boolean[] wanted(List<Tape.Node> nodes, List<Integer> needed) {
    boolean[] wanted = new boolean[nodes.size()];
    for (int i : needed) {
      wanted[i] = true;
    }
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (wanted[i]) {
        for (int operand : nodes.get(i).operands()) {
          wanted[operand] = true;
        }
      }
    }
    return wanted;
  }
}
