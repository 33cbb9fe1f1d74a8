package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The two ways through a tape that every derivative takes: forwards with tangents
/// ([Pushforwards]), backwards with cotangents ([Pullbacks]).
final class Sweep {
  private Sweep() {}

  /// Forward mode: for each node its tangent, null where it is 0.
  static List<Var> pushed(Tape tape, List<Var> values, List<Var> directions) {
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

  /// Reverse mode: for each input its cotangent, null where it is 0.
  static Var[] pulled(Recorder recorder, Tape tape, List<Var> values, List<Var> seeds) {
    List<List<Var>> contributions = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      contributions.add(new ArrayList<>());
    }
    int[] outputs = tape.outputs();
    for (int i = 0; i < outputs.length; i++) {
      contributions.get(outputs[i]).add(seeds.get(i));
    }
    Var[] ofInput = new Var[tape.inputShapes().size()];
    for (int i = values.size() - 1; i >= 0; i--) {
      Tape.Node node = tape.nodes().get(i);
      if (contributions.get(i).isEmpty()) {
        continue;
      }
      Var cotangent = total(contributions.get(i));
      if (node.op() instanceof Op.Input input) {
        ofInput[input.index()] = cotangent;
      }
      Var[] operands = Recorder.select(values, node.operands());
      List<Var> pulled = Pullbacks.of(node.op(), operands, values.get(i), cotangent);
      for (int j = 0; j < pulled.size(); j++) {
        if (pulled.get(j) != null) {
          contributions.get(node.operands()[j]).add(pulled.get(j));
        }
      }
    }
    return ofInput;
  }

  /// The sum of the cotangents that a value received. Those of disjoint slices (parameters cut from
  /// one vector) are laid side by side instead of being added as mostly zeros.
  private static Var total(List<Var> contributions) {
    if (contributions.size() > 1) {
      Var assembled = assembled(contributions);
      if (assembled != null) {
        return assembled;
      }
    }
    Var total = contributions.getFirst();
    for (Var more : contributions.subList(1, contributions.size())) {
      total = total.add(more);
    }
    return total;
  }

  /// The padded parts without their padding, one behind the other with zeros between them; null if
  /// that is not what they are. Parts of the same place, as of a parameter read in every layer, are
  /// added first.
  private static Var assembled(List<Var> contributions) {
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
      Var there = parts.get(pad.before());
      if (there != null && !there.shape().equals(part.shape())) {
        return null;
      }
      parts.put(pad.before(), there == null ? part : there.add(part));
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
