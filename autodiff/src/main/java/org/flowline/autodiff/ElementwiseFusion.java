package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Element-wise fusion: replaces a chain of element-wise operations by one [Op.Fused] where that
/// saves a pass over memory. A node joins the chain of its readers if no other node reads it.
final class ElementwiseFusion {
  /// The longest chain, whose intermediate blocks stay in the cache.
  private static final int LONGEST = 16;

  private static final int NONE = -1;

  private final Tape tape;
  private final List<Tape.Node> nodes;

  /// The last node of the chain of each element-wise node.
  private final int[] chain;

  /// The nodes of each chain in order, by its last node.
  private final Map<Integer, List<Integer>> members = new HashMap<>();

  private final Recorder recorder = new Recorder();

  /// The constants that chains read, each written once.
  private final Map<Double, Var> numbers = new HashMap<>();

  /// The value written for each node; null inside a chain.
  private final List<Var> values;

  private ElementwiseFusion(Tape tape) {
    this.tape = tape;
    this.nodes = tape.nodes();
    this.values = new ArrayList<>(Collections.nCopies(nodes.size(), null));
    this.chain = chains();
    for (int i = 0; i < chain.length; i++) {
      if (chain[i] != NONE) {
        members.putIfAbsent(chain[i], new ArrayList<>());
        members.get(chain[i]).add(i);
      }
    }
  }

  static Tape fuse(Tape tape) {
    return new ElementwiseFusion(tape).write();
  }

  private int[] chains() {
    List<List<Integer>> readers = readers();
    boolean[] output = new boolean[nodes.size()];
    for (int id : tape.outputs()) {
      output[id] = true;
    }
    int[] last = new int[nodes.size()];
    int[] length = new int[nodes.size()];
    for (int i = nodes.size() - 1; i >= 0; i--) {
      last[i] = NONE;
      if (Simplify.isElementWise(nodes.get(i).op())) {
        int next = output[i] ? NONE : chainOf(readers.get(i), last, nodes.get(i).shape());
        last[i] = next != NONE && length[next] < LONGEST ? next : i;
        length[last[i]]++;
      }
    }
    return last;
  }

  private List<List<Integer>> readers() {
    List<List<Integer>> readers = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      readers.add(new ArrayList<>(2));
      for (int operand : nodes.get(i).operands()) {
        readers.get(operand).add(i);
      }
    }
    return readers;
  }

  /// Returns the chain that contains all `readers`, with values of this shape; else `NONE`.
  private int chainOf(List<Integer> readers, int[] last, Shape shape) {
    int common = readers.isEmpty() ? NONE : last[readers.getFirst()];
    for (int reader : readers) {
      if (last[reader] != common || !nodes.get(reader).shape().equals(shape)) {
        return NONE;
      }
    }
    return common;
  }

  private Tape write() {
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    for (int i = 0; i < nodes.size(); i++) {
      Tape.Node node = nodes.get(i);
      if (node.op() instanceof Op.Input input) {
        values.set(i, inputs.get(input.index()));
      } else if (chain[i] == NONE) {
        values.set(i, recorder.emit(node.op(), Recorder.select(values, node.operands())));
      } else if (chain[i] == i) {
        values.set(i, writeChain(i));
      }
    }
    return recorder.finish(List.of(Recorder.select(values, tape.outputs())));
  }

  /// Writes the chain that ends in node `last`, as one operation where that saves a pass.
  private Var writeChain(int last) {
    Shape target = nodes.get(last).shape();
    Map<Integer, Var> sources = sources(last);
    List<Shape> shapes = new ArrayList<>();
    boolean repeats = false;
    for (Var source : sources.values()) {
      shapes.add(source.shape());
      repeats |= !source.shape().equals(target);
    }
    if (target.size() == 0
        || members.get(last).size() == 1 && !repeats
        || Layout.rowLength(shapes, target) == 0) {
      return writeUnfused(last);
    }
    Recorder body = new Recorder();
    Map<Var, Var> arguments = new LinkedHashMap<>();
    Map<Integer, Var> inner = new HashMap<>();
    for (Map.Entry<Integer, Var> source : sources.entrySet()) {
      if (!arguments.containsKey(source.getValue())) {
        arguments.put(source.getValue(), body.input(target));
      }
      inner.put(source.getKey(), arguments.get(source.getValue()));
    }
    for (int member : members.get(last)) {
      int[] operands = nodes.get(member).operands();
      Var[] x = new Var[operands.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = inner.get(operands[i]);
      }
      inner.put(member, body.emit(nodes.get(member).op(), x));
    }
    Op.Fused fused = new Op.Fused(target, body.finish(List.of(inner.get(last))));
    return recorder.emit(fused, arguments.keySet().toArray(new Var[0]));
  }

  private Var writeUnfused(int last) {
    for (int member : members.get(last)) {
      Tape.Node node = nodes.get(member);
      values.set(member, recorder.emit(node.op(), Recorder.select(values, node.operands())));
    }
    return values.get(last);
  }

  /// Returns the value that the chain reads for each operand from outside of it.
  private Map<Integer, Var> sources(int last) {
    Map<Integer, Var> sources = new LinkedHashMap<>();
    for (int member : members.get(last)) {
      for (int operand : nodes.get(member).operands()) {
        if (chain[operand] != last && !sources.containsKey(operand)) {
          sources.put(operand, source(operand, nodes.get(last).shape()));
        }
      }
    }
    return sources;
  }

  /// Returns the value that a broadcast operand repeats, a filled constant as one number, else the
  /// operand itself.
  private Var source(int operand, Shape target) {
    Var value = values.get(operand);
    Op op = nodes.get(operand).op();
    if (op instanceof Op.Constant constant && constant.isFilled() && target.size() > 1) {
      if (!numbers.containsKey(constant.value())) {
        numbers.put(constant.value(), recorder.constant(Shape.scalar(), constant.value()));
      }
      return numbers.get(constant.value());
    }
    if (op instanceof Op.Broadcast) {
      Var repeated = values.get(nodes.get(operand).operands()[0]);
      return Layout.rowLength(List.of(repeated.shape()), target) > 0 ? repeated : value;
    }
    return value;
  }
}
