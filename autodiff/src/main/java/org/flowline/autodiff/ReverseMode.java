package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reverse mode over a whole tape: cotangents pass from the outputs to the inputs by the rules of
/// [Pullbacks].
final class ReverseMode {
  private ReverseMode() {}

  /// Returns the cotangent of each input, null where it is 0.
  ///
  /// @param values the nodes of `tape`, written into the recording of the derivative
  /// @param seeds the cotangent of each output
  static Var[] cotangents(Tape tape, List<Var> values, List<Var> seeds) {
    List<List<Var>> contributions = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      contributions.add(new ArrayList<>());
    }
    int[] outputs = tape.outputs();
    for (int i = 0; i < outputs.length; i++) {
      contributions.get(outputs[i]).add(seeds.get(i));
    }
    Var[] cotangents = new Var[tape.inputShapes().size()];
    for (int i = values.size() - 1; i >= 0; i--) {
      Tape.Node node = tape.nodes().get(i);
      if (contributions.get(i).isEmpty()) {
        continue;
      }
      Var cotangent = total(contributions.get(i));
      if (node.op() instanceof Op.Input input) {
        cotangents[input.index()] = cotangent;
      }
      Var[] operands = Recorder.select(values, node.operands());
      List<Var> pulled = Pullbacks.of(node.op(), operands, values.get(i), cotangent);
      for (int j = 0; j < pulled.size(); j++) {
        if (pulled.get(j) != null) {
          contributions.get(node.operands()[j]).add(pulled.get(j));
        }
      }
    }
    return cotangents;
  }

  /// Returns the sum of the contributions to one cotangent. Contributions of disjoint slices, as of
  /// parameters cut from one vector, are concatenated instead of being padded and added.
  private static Var total(List<Var> contributions) {
    Var parts = contributions.size() > 1 ? concatenated(contributions) : null;
    if (parts != null) {
      return parts;
    }
    Var total = contributions.getFirst();
    for (Var more : contributions.subList(1, contributions.size())) {
      total = total.add(more);
    }
    return total;
  }

  /// Returns the concatenation of padded parts without their padding, with zeros in the gaps; null
  /// if a contribution is not padded, or if parts overlap. Parts at the same place, as of a
  /// parameter that every layer reads, are added first.
  private static Var concatenated(List<Var> contributions) {
    Recorder recorder = contributions.getFirst().recorder;
    if (!(recorder.op(contributions.getFirst()) instanceof Op.Pad first)) {
      return null;
    }
    int axis = first.axis();
    SortedMap<Integer, Var> parts = new TreeMap<>();
    for (Var padded : contributions) {
      if (!(recorder.op(padded) instanceof Op.Pad pad) || pad.axis() != axis) {
        return null;
      }
      Var part = recorder.operand(padded, 0);
      Var earlier = parts.get(pad.before());
      if (earlier != null && !earlier.shape().equals(part.shape())) {
        return null;
      }
      parts.put(pad.before(), earlier == null ? part : earlier.add(part));
    }
    Shape whole = contributions.getFirst().shape();
    List<Var> pieces = new ArrayList<>();
    int covered = 0;
    for (Map.Entry<Integer, Var> entry : parts.entrySet()) {
      int from = entry.getKey();
      if (from < covered) {
        return null;
      }
      if (from > covered) {
        pieces.add(recorder.constant(whole.with(axis, from - covered), 0));
      }
      pieces.add(entry.getValue());
      covered = from + entry.getValue().shape().dim(axis);
    }
    if (covered < whole.dim(axis)) {
      pieces.add(recorder.constant(whole.with(axis, whole.dim(axis) - covered), 0));
    }
    return Var.concat(axis, pieces);
  }
}
