package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Derivatives of programs, from tape to tape; a result is a tape like any other and can be
/// differentiated again.
///
/// With `J = ∂y/∂x` of a program `x ↦ y`:
///
/// | | inputs | outputs | cost |
/// |---|---|---|---|
/// | [#vjp] | `x…, ȳ…` | `y…, x̄ = Jᵀȳ…` | about 3 programs, for any number of inputs |
/// | [#jvp] | `x…, ẋ…` | `y…, ẏ = Jẋ…` | about 2 programs, for any number of outputs |
/// | [#gradient] | `x…` | `y, x̄…` | a vjp |
///
/// An input that the result does not use gets a cotangent of exactly 0. Griewank & Walther,
/// *Evaluating Derivatives* (2008), chapter 3.
public final class Derivative {
  private Derivative() {}

  /// Reverse mode: `(x…, ȳ…) ↦ (y…, x̄…)` with `x̄ = Jᵀȳ` for the inputs numbered in `wrt` (none:
  /// all of them).
  public static Tape vjp(Tape tape, int... wrt) {
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    List<Var> cotangents = recorder.inputs(tape.outputShapes());
    return reverse(recorder, tape, inputs, cotangents, chosen(tape, wrt));
  }

  /// The gradient of a program with one scalar result: `(x…) ↦ (y, ∂y/∂x…)` for the inputs numbered
  /// in `wrt` (none: all).
  ///
  /// @throws IllegalArgumentException if there is more than one result or it is not a scalar
  public static Tape gradient(Tape tape, int... wrt) {
    if (tape.outputShapes().size() != 1 || tape.outputShapes().getFirst().size() != 1) {
      throw new IllegalArgumentException(
          "gradient: outputs " + tape.outputShapes() + "; want one scalar: take a sum, or vjp");
    }
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    List<Var> one = List.of(recorder.constant(tape.outputShapes().getFirst(), 1));
    return reverse(recorder, tape, inputs, one, chosen(tape, wrt));
  }

  /// Forward mode: `(x…, ẋ…) ↦ (y…, ẏ…)` with `ẏ = Jẋ`.
  public static Tape jvp(Tape tape) {
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    List<Var> directions = recorder.inputs(tape.inputShapes());
    List<Var> values = recorder.inline(tape, inputs);
    List<Var> tangents = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      Tape.Node node = tape.nodes().get(i);
      tangents.add(
          node.op() instanceof Op.Input input
              ? directions.get(input.index())
              : Pushforwards.of(
                  node.op(),
                  Recorder.select(values, node.operands()),
                  values.get(i),
                  Recorder.select(tangents, node.operands())));
    }
    List<Var> results = new ArrayList<>();
    IntStream.of(tape.outputs()).forEach(id -> results.add(values.get(id)));
    IntStream.of(tape.outputs())
        .forEach(id -> results.add(orZero(tangents.get(id), values.get(id))));
    return recorder.finish(results);
  }

  private static int[] chosen(Tape tape, int[] wrt) {
    int inputs = tape.inputShapes().size();
    for (int i : wrt) {
      if (i < 0 || i >= inputs) {
        throw new IllegalArgumentException(
            "derivative: no input " + i + "; want one of the " + inputs + ", counted from 0");
      }
    }
    return wrt.length == 0 ? IntStream.range(0, inputs).toArray() : wrt;
  }

  private static Tape reverse(
      Recorder recorder, Tape tape, List<Var> inputs, List<Var> seeds, int[] wrt) {
    List<Var> values = recorder.inline(tape, inputs);
    List<List<Var>> contributions = new ArrayList<>();
    values.forEach(_ -> contributions.add(new ArrayList<>()));
    int[] outputs = tape.outputs();
    for (int i = 0; i < outputs.length; i++) {
      contributions.get(outputs[i]).add(seeds.get(i));
    }
    Var[] ofInput = new Var[inputs.size()];
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
        contributions.get(node.operands()[j]).add(pulled.get(j));
      }
    }
    List<Var> results = new ArrayList<>();
    IntStream.of(outputs).forEach(id -> results.add(values.get(id)));
    IntStream.of(wrt).forEach(i -> results.add(orZero(ofInput[i], inputs.get(i))));
    return recorder.finish(results);
  }

  private static Var orZero(Var value, Var like) {
    return value == null ? like.recorder.constant(like.shape(), 0) : value;
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
    return contributions.stream().reduce(Var::add).orElseThrow();
  }

  private static Var assembled(List<Var> contributions) {
    Recorder recorder = contributions.getFirst().recorder;
    if (!contributions.stream().allMatch(v -> recorder.op(v) instanceof Op.Pad)) {
      return null;
    }
    int axis = pad(contributions.getFirst()).axis();
    if (contributions.stream().anyMatch(v -> pad(v).axis() != axis)) {
      return null;
    }
    List<Var> ordered =
        contributions.stream().sorted(Comparator.comparingInt(v -> pad(v).before())).toList();
    Shape whole = contributions.getFirst().shape();
    List<Var> parts = new ArrayList<>();
    int covered = 0;
    for (Var padded : ordered) {
      Var part = recorder.operand(padded, 0);
      int from = pad(padded).before();
      if (from < covered) {
        return null;
      }
      if (from > covered) {
        parts.add(recorder.constant(whole.with(axis, from - covered), 0));
      }
      parts.add(part);
      covered = from + part.shape().dim(axis);
    }
    if (covered < whole.dim(axis)) {
      parts.add(recorder.constant(whole.with(axis, whole.dim(axis) - covered), 0));
    }
    return Var.concat(axis, parts);
  }

  private static Op.Pad pad(Var value) {
    return (Op.Pad) value.recorder.op(value);
  }
}
