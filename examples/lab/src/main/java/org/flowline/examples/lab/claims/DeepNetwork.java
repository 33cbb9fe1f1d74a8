package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.nn.Linear;

/// A network as a sequence of states `x⁰ … xᴸ` that gives access to the cotangent of each.
///
/// @param depth the number of layers `L`
/// @param state the shape of a state
/// @param layers the map from each state to the next
record DeepNetwork(int depth, Shape state, Layers layers) {

  /// Layer `l = 1 … L`.
  @FunctionalInterface
  interface Layers {
    Var apply(int l, Var theta, Var x);
  }

  /// A network of layers `x ← g(x, W_l x + b_l)` with weights of their own.
  static DeepNetwork of(int depth, Shape state, Linear linear, BinaryOperator<Var> g) {
    Parameters one = linear.parameters();
    int p = one.size();
    return new DeepNetwork(
        depth,
        state,
        (l, theta, x) -> g.apply(x, linear.apply(one.of(theta.slice(0, (l - 1) * p, l * p)), x)));
  }

  static double[] independentWeights(Linear linear, int depth, SplittableRandom random) {
    return Stream.generate(() -> linear.initial(random))
        .limit(depth)
        .flatMapToDouble(DoubleStream::of)
        .toArray();
  }

  /// The states `x⁰ … xᴸ`.
  double[][] states(double[] theta, double[] x) {
    Tape tape =
        Tape.record(
            List.of(Shape.of(theta.length), state),
            in -> {
              List<Var> states = new ArrayList<>(List.of(in.get(1)));
              for (int l = 1; l <= depth; l++) {
                states.add(layers.apply(l, in.get(0), states.getLast()));
              }
              return states;
            });
    double[][] states = new double[depth + 1][x.length];
    JvmBackend.best().compile(tape).run(new double[][] {theta, x}, states);
    return states;
  }

  /// The cotangents `δˡ = ∂⟨δᴸ, xᴸ⟩/∂xˡ` for `l = 0 … L`, by reverse mode with respect to a zero
  /// perturbation that is added to each state.
  double[][] cotangents(double[] theta, double[] x, double[] last) {
    List<Shape> inputs = new ArrayList<>(Collections.nCopies(depth + 2, state));
    inputs.set(0, Shape.of(theta.length));
    Tape tape =
        Tape.record(
            inputs,
            in -> {
              Var y = in.get(1);
              for (int l = 1; l <= depth; l++) {
                y = layers.apply(l, in.get(0), y).add(in.get(l + 1));
              }
              return List.of(y);
            });
    double[][] arguments = new double[depth + 3][x.length];
    arguments[0] = theta;
    arguments[1] = x;
    arguments[depth + 2] = last;
    double[][] cotangents = new double[depth + 1][x.length];
    int[] states = IntStream.rangeClosed(1, depth + 1).toArray();
    Tape backward = Derivative.vjp(tape, states).select(states);
    JvmBackend.best().compile(backward).run(arguments, cotangents);
    return cotangents;
  }

  /// The norms of vectors over the norm of the last.
  static double[] relativeNorms(double[][] vectors) {
    double last = Series.norm(vectors[vectors.length - 1]);
    return Arrays.stream(vectors).mapToDouble(v -> Series.norm(v) / last).toArray();
  }
}
