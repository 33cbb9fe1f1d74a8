package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.List;

/// Forward mode over a whole tape: tangents pass from the inputs to the outputs by the rules of
/// [Pushforwards].
final class ForwardMode {
  private ForwardMode() {}

  /// Returns the tangent of each node, null where it is 0.
  ///
  /// @param values the nodes of `tape`, written into the recording of the derivative
  /// @param directions the tangent of each input, null for 0
  static List<Var> tangents(Tape tape, List<Var> values, List<Var> directions) {
    List<Var> tangents = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      Tape.Node node = tape.nodes().get(i);
      tangents.add(
          node.op() instanceof Op.Input input
              ? directions.get(input.index())
              : node.operands().length == 0
                  ? null
                  : Pushforwards.of(
                      node.op(),
                      Recorder.select(values, node.operands()),
                      values.get(i),
                      Recorder.select(tangents, node.operands())));
    }
    return tangents;
  }
}
