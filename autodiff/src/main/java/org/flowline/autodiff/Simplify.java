package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Tape → tape: the same results, bit for bit, with less work.
///
/// - equal operations on equal operands are computed once;
/// - constants are folded where the arithmetic is exact or the same as at run time;
/// - what changes nothing (`x·1`, `x − 0`, two transpositions) disappears;
/// - chains of element-wise operations whose inner values nobody else reads become one [Op.Fused]:
///   one pass over memory, with broadcast operands read where they lie. After a matrix product, its
///   bias and activation are such a chain.
///
/// Meant for a tape that is to run, after all derivatives have been taken; a simplified tape can
/// still be differentiated.
public final class Simplify {
  /// Longer chains are cut, so that their intermediate blocks stay in the cache.
  private static final int LONGEST = 16;

  private record Key(Op op, List<Integer> operands) {}

  private Simplify() {}

  public static Tape of(Tape tape) {
    return fused(shared(tape));
  }

  /// Common subexpressions, constants, and what changes nothing.
  private static Tape shared(Tape tape) {
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    Map<Key, Var> known = new HashMap<>();
    List<Var> values = new ArrayList<>();
    for (Tape.Node node : tape.nodes()) {
      if (node.op() instanceof Op.Input input) {
        values.add(inputs.get(input.index()));
        continue;
      }
      Var[] x = Recorder.select(values, node.operands());
      Key key = new Key(node.op(), Arrays.stream(x).map(v -> v.id).toList());
      values.add(known.computeIfAbsent(key, _ -> reduced(recorder, node, x)));
    }
    return recorder.finish(outputs(tape, values));
  }

  private static List<Var> outputs(Tape tape, List<Var> values) {
    return Arrays.stream(tape.outputs()).mapToObj(values::get).toList();
  }

  private static Var reduced(Recorder recorder, Tape.Node node, Var[] x) {
    Op op = node.op();
    Op.Constant a = x.length > 0 ? filled(recorder, x[0]) : null;
    Op.Constant b = x.length > 1 ? filled(recorder, x[1]) : null;
    Double folded = folded(op, a, b);
    if (folded != null) {
      return recorder.constant(node.shape(), folded);
    }
    boolean nothing =
        switch (op) {
          case Op.Binary.MUL, Op.Binary.DIV -> b != null && b.value() == 1;
          case Op.Binary.SUB -> b != null && Double.doubleToRawLongBits(b.value()) == 0;
          case Op.Reshape(Shape target) -> target.equals(x[0].shape());
          case Op.Broadcast(Shape target) -> target.equals(x[0].shape());
          default -> false;
        };
    if (nothing) {
      return x[0];
    }
    if (op == Op.Binary.MUL && a != null && a.value() == 1) {
      return x[1];
    }
    if (op == Op.Unary.NEG && recorder.op(x[0]) == Op.Unary.NEG) {
      return recorder.operand(x[0], 0);
    }
    if (op instanceof Op.Permute(List<Integer> order)
        && recorder.op(x[0]) instanceof Op.Permute first
        && new Op.Permute(order).equals(first.inverse())) {
      return recorder.operand(x[0], 0);
    }
    if (op instanceof Op.Reshape && recorder.op(x[0]) instanceof Op.Reshape) {
      return recorder.operand(x[0], 0).reshape(node.shape());
    }
    return recorder.emit(op, x);
  }

  private static Op.Constant filled(Recorder recorder, Var value) {
    return recorder.op(value) instanceof Op.Constant constant && constant.isFilled()
        ? constant
        : null;
  }

  /// The number that fills the result, null if it is not known or not worth knowing now.
  private static Double folded(Op op, Op.Constant a, Op.Constant b) {
    if (a == null) {
      return null;
    }
    return switch (op) {
      case Op.Unary.NEG -> Double.valueOf(-a.value());
      case Op.Broadcast _, Op.Reshape _, Op.Slice _, Op.Permute _, Op.StopGradient _ ->
          Double.valueOf(a.value());
      case Op.Binary.ADD -> b == null ? null : Double.valueOf(a.value() + b.value());
      case Op.Binary.SUB -> b == null ? null : Double.valueOf(a.value() - b.value());
      case Op.Binary.MUL -> b == null ? null : Double.valueOf(a.value() * b.value());
      case Op.Binary.DIV -> b == null ? null : Double.valueOf(a.value() / b.value());
      default -> null;
    };
  }

  /// Chains of element-wise operations.
  private static Tape fused(Tape tape) {
    List<Tape.Node> nodes = tape.nodes();
    int[] chain = chains(tape);
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    List<Var> values = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Tape.Node node = nodes.get(i);
      if (node.op() instanceof Op.Input input) {
        values.add(inputs.get(input.index()));
      } else if (chain[i] == i) {
        values.add(link(recorder, tape, chain, i, values));
      } else {
        values.add(recorder.emit(node.op(), Recorder.select(values, node.operands())));
      }
    }
    return recorder.finish(outputs(tape, values));
  }

  private static boolean elementWise(Op op) {
    return op instanceof Op.Unary
        || op instanceof Op.Binary
        || op instanceof Op.Power
        || op instanceof Op.Where;
  }

  /// For each element-wise node, the last node of the chain it belongs to; −1 for the others. A
  /// node joins a chain if nobody outside it reads the node.
  private static int[] chains(Tape tape) {
    List<Tape.Node> nodes = tape.nodes();
    List<List<Integer>> users = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      users.add(new ArrayList<>());
      for (int operand : nodes.get(i).operands()) {
        users.get(operand).add(i);
      }
    }
    boolean[] output = new boolean[nodes.size()];
    IntStream.of(tape.outputs()).forEach(id -> output[id] = true);
    int[] chain = new int[nodes.size()];
    int[] length = new int[nodes.size()];
    for (int i = nodes.size() - 1; i >= 0; i--) {
      chain[i] = -1;
      Shape shape = nodes.get(i).shape();
      if (!elementWise(nodes.get(i).op())) {
        continue;
      }
      int next = users.get(i).isEmpty() ? -1 : chain[users.get(i).getFirst()];
      boolean joins =
          next >= 0
              && !output[i]
              && length[next] < LONGEST
              && users.get(i).stream()
                  .allMatch(user -> chain[user] == next && nodes.get(user).shape().equals(shape));
      chain[i] = joins ? next : i;
      length[chain[i]]++;
    }
    return chain;
  }

  /// The chain that ends in node `last`, as one operation where that saves something.
  private static Var link(Recorder recorder, Tape tape, int[] chain, int last, List<Var> values) {
    List<Tape.Node> nodes = tape.nodes();
    Shape target = nodes.get(last).shape();
    Map<Integer, Var> sources = new LinkedHashMap<>();
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      if (chain[i] == last) {
        members.add(i);
        for (int operand : nodes.get(i).operands()) {
          if (chain[operand] != last) {
            sources.computeIfAbsent(operand, _ -> source(recorder, nodes, operand, values, target));
          }
        }
      }
    }
    boolean repeats = sources.values().stream().anyMatch(v -> !v.shape().equals(target));
    List<Var> operands = sources.values().stream().distinct().toList();
    boolean readable = Layout.rowLength(operands.stream().map(Var::shape).toList(), target) > 0;
    if (!readable || target.size() == 0 || members.size() == 1 && !repeats) {
      Map<Integer, Var> computed = new HashMap<>();
      for (int member : members) {
        Tape.Node node = nodes.get(member);
        Var[] x =
            Arrays.stream(node.operands())
                .mapToObj(id -> computed.getOrDefault(id, values.get(id)))
                .toArray(Var[]::new);
        computed.put(member, recorder.emit(node.op(), x));
      }
      return computed.get(last);
    }
    Recorder body = new Recorder();
    Map<Var, Var> arguments = new HashMap<>();
    operands.forEach(operand -> arguments.put(operand, body.input(target)));
    Map<Integer, Var> inner = new HashMap<>();
    sources.forEach((id, source) -> inner.put(id, arguments.get(source)));
    for (int member : members) {
      Tape.Node node = nodes.get(member);
      Var[] x = Arrays.stream(node.operands()).mapToObj(inner::get).toArray(Var[]::new);
      inner.put(member, body.emit(node.op(), x));
    }
    Tape tapeOfBody = body.finish(List.of(inner.get(last)));
    return recorder.emit(new Op.Fused(target, tapeOfBody), operands.toArray(Var[]::new));
  }

  /// What an operand repeats, if that is all it does; a filled constant as one number.
  private static Var source(
      Recorder recorder, List<Tape.Node> nodes, int operand, List<Var> values, Shape target) {
    Var value = values.get(operand);
    Op op = nodes.get(operand).op();
    if (op instanceof Op.Constant constant && constant.isFilled() && target.size() > 1) {
      return recorder.constant(Shape.scalar(), constant.value());
    }
    if (op instanceof Op.Broadcast) {
      Var repeated = values.get(nodes.get(operand).operands()[0]);
      return Layout.rowLength(List.of(repeated.shape()), target) > 0 ? repeated : value;
    }
    return value;
  }
}
