package org.flowline.neuralode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;

/// A program `(t, y, θ, x…) ↦ f` together with its tangent at fixed `t` and `x`:
///
///     (t, (y, ẏ), (θ, v), x…) ↦ (f, ∂f/∂y ẏ + ∂f/∂θ v)
///
/// Pairs of states are stacks of two, `[2, …]`; θ is followed by `v`.
public final class TangentTape {
  private TangentTape() {}

  /// The program with its tangent.
  ///
  /// @throws IllegalArgumentException if it has fewer than three inputs
  public static Tape of(Tape tape) {
    if (tape.inputShapes().size() < 3) {
      throw new IllegalArgumentException(
          "tangent: a program of " + tape.inputShapes() + "; want (t, y, θ, x…)");
    }
    Tape tangent = Derivative.jvp(tape);
    List<Shape> inputs = new ArrayList<>(tape.inputShapes());
    inputs.set(1, pair(inputs.get(1)));
    inputs.set(2, Shape.of(2 * inputs.get(2).size()));
    return Tape.record(inputs, in -> List.of(Var.stack(0, apply(tangent, in))));
  }

  /// The shape of a pair of values.
  static Shape pair(Shape shape) {
    return Shape.of(IntStream.concat(IntStream.of(2), IntStream.of(shape.dims())).toArray());
  }

  private static List<Var> apply(Tape tangent, List<Var> in) {
    List<Var> values = new ArrayList<>(in);
    List<Var> directions = new ArrayList<>();
    for (Var value : in) {
      directions.add(value.constant(value.shape(), new double[value.shape().size()]));
    }
    for (int paired = 1; paired <= 2; paired++) {
      Shape shape = tangent.inputShapes().get(paired);
      Var both = in.get(paired);
      int half = both.shape().dim(0) / 2;
      values.set(paired, both.slice(0, 0, half).reshape(shape));
      directions.set(paired, both.slice(0, half, 2 * half).reshape(shape));
    }
    values.addAll(directions);
    return tangent.apply(values);
  }
}
