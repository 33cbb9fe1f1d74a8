package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A reverse-mode derivative cut in two, for those who run the second half later than the first:
///
/// | | inputs | outputs |
/// |---|---|---|
/// | forward | `x…` | `y…, kept…` |
/// | backward | `x…, kept…, ȳ…` | `x̄ = Jᵀȳ…` |
///
/// What is kept is what the second half needs of the first and costs much: products of matrices,
/// powers and elementary functions. The rest is computed again. Both halves together do the same
/// operations as [Derivative#vjp], and give the same numbers.
///
/// @param kept the shapes of what is kept
public record SplitVjp(Tape forward, Tape backward, List<Shape> kept) {
  public SplitVjp {
    kept = List.copyOf(kept);
  }

  /// The two halves of the derivative of `tape` with respect to all inputs.
  public static SplitVjp of(Tape tape) {
    int inputs = tape.inputShapes().size();
    int outputs = tape.outputShapes().size();
    Tape vjp = Derivative.vjp(tape);
    int[] cotangents = new int[inputs];
    Arrays.setAll(cotangents, i -> outputs + i);
    Tape pullback = vjp.select(cotangents);
    boolean[] late = late(pullback, inputs);
    List<Integer> kept = kept(pullback, late);

    Recorder first = new Recorder();
    List<Var> x = first.inputs(tape.inputShapes());
    List<Var> values = early(first, pullback, x, late);
    List<Var> results =
        new ArrayList<>(List.of(Recorder.select(first.inline(tape, x), tape.outputs())));
    List<Shape> shapes = new ArrayList<>();
    for (int id : kept) {
      results.add(values.get(id));
      shapes.add(values.get(id).shape());
    }

    Recorder second = new Recorder();
    List<Var> arguments = new ArrayList<>(second.inputs(tape.inputShapes()));
    List<Var> saved = second.inputs(shapes);
    arguments.addAll(second.inputs(tape.outputShapes()));
    List<Var> all = new ArrayList<>();
    for (int id = 0; id < pullback.nodes().size(); id++) {
      Tape.Node node = pullback.nodes().get(id);
      int place = kept.indexOf(id);
      all.add(
          place >= 0
              ? saved.get(place)
              : node.op() instanceof Op.Input input
                  ? arguments.get(input.index())
                  : second.emit(node.op(), Recorder.select(all, node.operands())));
    }
    return new SplitVjp(
        first.finish(results),
        second.finish(List.of(Recorder.select(all, pullback.outputs()))),
        shapes);
  }

  /// Which nodes depend on the cotangents, the inputs behind the first ones.
  private static boolean[] late(Tape pullback, int inputs) {
    boolean[] late = new boolean[pullback.nodes().size()];
    for (int id = 0; id < late.length; id++) {
      Tape.Node node = pullback.nodes().get(id);
      late[id] = node.op() instanceof Op.Input input && input.index() >= inputs;
      for (int operand : node.operands()) {
        late[id] |= late[operand];
      }
    }
    return late;
  }

  /// The costly nodes that late ones need, ascending.
  private static List<Integer> kept(Tape pullback, boolean[] late) {
    boolean[] needed = new boolean[late.length];
    for (int output : pullback.outputs()) {
      needed[output] = true;
    }
    List<Integer> kept = new ArrayList<>();
    for (int id = late.length - 1; id >= 0; id--) {
      Tape.Node node = pullback.nodes().get(id);
      if (!late[id] && needed[id] && isCostly(node.op())) {
        kept.addFirst(id);
      } else if (late[id] || needed[id]) {
        for (int operand : node.operands()) {
          needed[operand] = true;
        }
      }
    }
    return kept;
  }

  private static boolean isCostly(Op op) {
    return switch (op) {
      case Op.Unary unary -> unary.ulps() > 0;
      case Op.Power _, Op.MatMul _ -> true;
      default -> false;
    };
  }

  /// The nodes that do not depend on the cotangents; null for the others.
  private static List<Var> early(
      Recorder recorder, Tape pullback, List<Var> inputs, boolean[] late) {
    List<Var> values = new ArrayList<>();
    for (int id = 0; id < late.length; id++) {
      Tape.Node node = pullback.nodes().get(id);
      values.add(
          late[id]
              ? null
              : node.op() instanceof Op.Input input
                  ? inputs.get(input.index())
                  : recorder.emit(node.op(), Recorder.select(values, node.operands())));
    }
    return values;
  }
}
