package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Derivatives of programs, from tape to tape. The result can be differentiated again.
///
/// With `J = ∂y/∂x` of a program `x ↦ y`:
///
/// | | inputs | outputs | cost |
/// |---|---|---|---|
/// | [#vjp] | `x…, ȳ…` | `y…, x̄ = Jᵀȳ…` | about 3 programs, for any number of inputs |
/// | [#jvp] | `x…, ẋ…` | `y…, ẏ = Jẋ…` | about 2 programs, for any number of outputs |
/// | [#gradient] | `x…` | `y, x̄…` | a vjp |
/// | [#hvp] | `x…, v…` | `y, x̄…, Hv…` | about 2 gradients |
/// | [#jacobian], [#hessian] | `x` | `J`, `H` | a jvp or vjp for each column or row |
/// | [#divergence] | `x…` | `f, tr J` | a jvp for each component |
/// | [#hutchinson] | `x…, ε` | `f, εᵀJε` | a jvp |
///
/// An input that the result does not use gets a cotangent of exactly 0. Griewank & Walther,
/// *Evaluating Derivatives* (2008), chapter 3.
public final class Derivative {
  private Derivative() {}

  /// Reverse mode: `(x…, ȳ…) ↦ (y…, x̄…)` with `x̄ = Jᵀȳ` for the inputs numbered in `wrt` (none:
  /// all of them).
  ///
  /// @throws IllegalArgumentException if there is no input of such a number
  public static Tape vjp(Tape tape, int... wrt) {
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    List<Var> cotangents = recorder.inputs(tape.outputShapes());
    return reverse(recorder, tape, inputs, cotangents, chosen("vjp", tape, wrt));
  }

  /// The gradient of a program with one scalar result: `(x…) ↦ (y, ∂y/∂x…)` for the inputs numbered
  /// in `wrt` (none: all).
  ///
  /// @throws IllegalArgumentException if there is no input of such a number, or if the program has
  ///     not exactly one result of one element
  public static Tape gradient(Tape tape, int... wrt) {
    requireScalar("gradient", tape);
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    List<Var> one = List.of(recorder.constant(tape.outputShapes().getFirst(), 1));
    return reverse(recorder, tape, inputs, one, chosen("gradient", tape, wrt));
  }

  /// Forward mode: `(x…, ẋ…) ↦ (y…, ẏ…)` with `ẏ = Jẋ`.
  public static Tape jvp(Tape tape) {
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    List<Var> directions = recorder.inputs(tape.inputShapes());
    List<Var> values = recorder.inline(tape, inputs);
    List<Var> tangents = ForwardMode.tangents(tape, values, directions);
    List<Var> results = new ArrayList<>();
    Collections.addAll(results, Recorder.select(values, tape.outputs()));
    for (int id : tape.outputs()) {
      results.add(orZero(tangents.get(id), values.get(id)));
    }
    return recorder.finish(results);
  }

  /// The Hessian of a program with one scalar result, times directions, forward over reverse:
  /// `(x…, v…) ↦ (y, ∂y/∂x…, Hv…)`, one direction and one product for each input. About twice a
  /// gradient, for any size.
  public static Tape hvp(Tape tape) {
    requireScalar("hvp", tape);
    Tape both = jvp(gradient(tape));
    int n = tape.inputShapes().size();
    return both.select(IntStream.rangeClosed(0, 2 * n + 1).filter(k -> k != n + 1).toArray());
  }

  /// The Jacobian of a program of one input and one output, flattened row by row: `x ↦ ∂y/∂x` of
  /// shape `[size of y, size of x]`. As many pushforwards as `x` has elements, or pullbacks as `y`
  /// has, whichever are fewer, on one computation of the value.
  public static Tape jacobian(Tape tape) {
    requireOneToOne("jacobian", tape);
    Shape x = tape.inputShapes().getFirst();
    Shape y = tape.outputShapes().getFirst();
    Recorder recorder = new Recorder();
    Var input = recorder.input(x);
    List<Var> values = recorder.inline(tape, List.of(input));
    boolean forward = x.size() <= y.size();
    Shape varied = forward ? x : y;
    List<Var> lines = new ArrayList<>();
    for (int k = 0; k < varied.size(); k++) {
      Var unit = unit(recorder, varied, k);
      Var line =
          forward
              ? ForwardMode.tangents(tape, values, List.of(unit)).get(tape.outputs()[0])
              : ReverseMode.cotangents(tape, values, List.of(unit))[0];
      Shape other = forward ? y : x;
      lines.add((line == null ? recorder.constant(other, 0) : line).reshape(other.size()));
    }
    if (lines.isEmpty()) {
      return recorder.finish(List.of(recorder.constant(Shape.of(y.size(), x.size()), 0)));
    }
    Var stacked = Var.stack(0, lines);
    return recorder.finish(List.of(forward ? stacked.transpose() : stacked));
  }

  /// The Hessian of a program of one input and one scalar output: `x ↦ ∂²y/∂x²`, `[n, n]`.
  public static Tape hessian(Tape tape) {
    requireOneToOne("hessian", tape);
    requireScalar("hessian", tape);
    return jacobian(gradient(tape).select(1));
  }

  /// The divergence of a field `f` on rows of states, exactly: `(x…) ↦ (f, tr ∂f/∂y)` for the input
  /// `y` numbered `wrt`, of `f`'s shape `[…, n]`; the trace has shape `[…]`, one for each row. The
  /// rows must not depend on each other. Costs `n` pushforwards.
  public static Tape divergence(Tape tape, int wrt) {
    Shape state = requireField("divergence", tape, wrt);
    Recorder recorder = new Recorder();
    List<Var> values = recorder.inline(tape, recorder.inputs(tape.inputShapes()));
    int n = state.dim(-1);
    Var trace = null;
    for (int k = 0; k < n; k++) {
      Var unit = unit(recorder, Shape.of(n), k).broadcast(state);
      Var pushed = along(tape, values, wrt, unit);
      Var diagonal = pushed == null ? null : pushed.slice(-1, k, k + 1).sum(-1);
      trace = trace == null ? diagonal : diagonal == null ? trace : trace.add(diagonal);
    }
    Var value = values.get(tape.outputs()[0]);
    return recorder.finish(
        List.of(
            value, trace == null ? recorder.constant(state.without(state.rank() - 1), 0) : trace));
  }

  /// The divergence by Hutchinson's estimator: `(x…, ε) ↦ (f, εᵀ ∂f/∂y ε)` for each row. With `ε`
  /// of mean 0 and covariance 1 its expectation is the trace. The noise is an argument, so that it
  /// stays the same through a solve. Costs one pushforward. Hutchinson (1990); Grathwohl et al.
  /// (2019).
  public static Tape hutchinson(Tape tape, int wrt) {
    Shape state = requireField("hutchinson", tape, wrt);
    Recorder recorder = new Recorder();
    List<Var> values = recorder.inline(tape, recorder.inputs(tape.inputShapes()));
    Var noise = recorder.input(state);
    Var pushed = along(tape, values, wrt, noise);
    Var estimate = pushed == null ? recorder.constant(state, 0) : noise.mul(pushed);
    return recorder.finish(List.of(values.get(tape.outputs()[0]), estimate.sum(-1)));
  }

  private static void requireScalar(String what, Tape tape) {
    if (tape.outputShapes().size() != 1 || tape.outputShapes().getFirst().size() != 1) {
      throw new IllegalArgumentException(
          what + ": outputs " + tape.outputShapes() + "; want one scalar: take a sum, or vjp");
    }
  }

  private static void requireOneToOne(String what, Tape tape) {
    if (tape.inputShapes().size() != 1 || tape.outputShapes().size() != 1) {
      throw new IllegalArgumentException(
          "%s: inputs %s and outputs %s; want one of each: select outputs, bind the other inputs"
              .formatted(what, tape.inputShapes(), tape.outputShapes()));
    }
  }

  private static Shape requireField(String what, Tape tape, int wrt) {
    chosen(what, tape, new int[] {wrt});
    Shape state = tape.inputShapes().get(wrt);
    if (!tape.outputShapes().equals(List.of(state)) || state.rank() == 0) {
      throw new IllegalArgumentException(
          "%s: a program from %s to %s; want one output of the state's shape […, n]"
              .formatted(what, state, tape.outputShapes()));
    }
    return state;
  }

  private static Var unit(Recorder recorder, Shape shape, int k) {
    double[] values = new double[shape.size()];
    values[k] = 1;
    return recorder.emit(Op.Constant.of(shape, values));
  }

  /// The tangent of the only output where input `wrt` moves along `direction`, null if it does not.
  private static Var along(Tape tape, List<Var> values, int wrt, Var direction) {
    List<Var> directions = new ArrayList<>(Collections.nCopies(tape.inputShapes().size(), null));
    directions.set(wrt, direction);
    return ForwardMode.tangents(tape, values, directions).get(tape.outputs()[0]);
  }

  private static int[] chosen(String what, Tape tape, int[] wrt) {
    int inputs = tape.inputShapes().size();
    for (int i : wrt) {
      if (i < 0 || i >= inputs) {
        throw new IllegalArgumentException(
            what + ": no input " + i + "; want one of the " + inputs + ", counted from 0");
      }
    }
    return wrt.length > 0 ? wrt : IntStream.range(0, inputs).toArray();
  }

  private static Tape reverse(
      Recorder recorder, Tape tape, List<Var> inputs, List<Var> seeds, int[] wrt) {
    List<Var> values = recorder.inline(tape, inputs);
    Var[] cotangents = ReverseMode.cotangents(tape, values, seeds);
    List<Var> results = new ArrayList<>();
    Collections.addAll(results, Recorder.select(values, tape.outputs()));
    for (int i : wrt) {
      results.add(orZero(cotangents[i], inputs.get(i)));
    }
    return recorder.finish(results);
  }

  private static Var orZero(Var value, Var like) {
    return value == null ? like.recorder.constant(like.shape(), 0) : value;
  }
}
