package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A vector–Jacobian product split in two programs, of which the second runs later:
///
/// | | inputs | outputs |
/// |---|---|---|
/// | forward | `x…` | `y…, kept…` |
/// | backward | `x…, kept…, ȳ…` | `x̄ = Jᵀȳ…` |
///
/// Keeps the costly values that the backward program reads of the forward one (products of
/// matrices, powers, elementary functions) and computes the cheap ones again. Both programs
/// together do the same operations as [Derivative#vjp] and give the same numbers.
///
/// @param kept the shapes of the kept values
public record SplitVjp(Tape forward, Tape backward, List<Shape> kept) {
  public SplitVjp {
    kept = List.copyOf(kept);
  }

  /// Splits the vector–Jacobian product of `tape` with respect to all inputs.
  public static SplitVjp of(Tape tape) {
    int inputs = tape.inputShapes().size();
    int outputs = tape.outputShapes().size();
    int[] cotangents = new int[inputs];
    Arrays.setAll(cotangents, i -> outputs + i);
    Tape pullback = Derivative.vjp(tape).select(cotangents);
    int[] kept = kept(pullback, inputs);

    Recorder first = new Recorder();
    List<Var> x = first.inputs(tape.inputShapes());
    Tape costly = Recorder.pruned(pullback.nodes(), new boolean[pullback.nodes().size()], kept);
    Var[] values = Recorder.select(first.inline(costly, x), costly.outputs());
    List<Var> results =
        new ArrayList<>(List.of(Recorder.select(first.inline(tape, x), tape.outputs())));
    results.addAll(Arrays.asList(values));

    Recorder second = new Recorder();
    List<Var> arguments = new ArrayList<>(second.inputs(tape.inputShapes()));
    Map<Integer, Var> known = new HashMap<>();
    for (int k = 0; k < kept.length; k++) {
      known.put(kept[k], second.input(values[k].shape()));
    }
    arguments.addAll(second.inputs(tape.outputShapes()));
    List<Var> all = second.inline(pullback, arguments, known);
    return new SplitVjp(
        first.finish(results),
        second.finish(List.of(Recorder.select(all, pullback.outputs()))),
        costly.outputShapes());
  }

  /// Returns the costly nodes that do not depend on the cotangents and that nodes which do depend
  /// on them read, ascending.
  private static int[] kept(Tape pullback, int inputs) {
    List<Tape.Node> nodes = pullback.nodes();
    boolean[] late = new boolean[nodes.size()]; // depends on the cotangents, the inputs after x
    for (int id = 0; id < late.length; id++) {
      late[id] = nodes.get(id).op() instanceof Op.Input input && input.index() >= inputs;
      for (int operand : nodes.get(id).operands()) {
        late[id] |= late[operand];
      }
    }
    boolean[] needed = new boolean[late.length];
    for (int output : pullback.outputs()) {
      needed[output] = true;
    }
    List<Integer> kept = new ArrayList<>();
    for (int id = late.length - 1; id >= 0; id--) {
      if (!late[id] && needed[id] && isCostly(nodes.get(id).op())) {
        kept.addFirst(id);
      } else if (late[id] || needed[id]) {
        for (int operand : nodes.get(id).operands()) {
          needed[operand] = true;
        }
      }
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  private static boolean isCostly(Op op) {
    return switch (op) {
      case Op.Unary unary -> unary.ulps() > 0;
      case Op.Power _, Op.MatMul _ -> true;
      default -> false;
    };
  }
}
