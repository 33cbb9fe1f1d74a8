package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.hipparchus.linear.ArrayRealVector;

/// A network as a sequence of states `x⁰ … xᴸ`, for looking at what backpropagation does between
/// its layers.
///
/// @param depth the number of layers `L`
/// @param state the shape of a state
/// @param layers how a state follows from the one before
record DeepNetwork(int depth, Shape state, Layers layers) {

  /// Layer `l = 1 … L`.
  @FunctionalInterface
  interface Layers {
    Var apply(int l, Var theta, Var x);
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

  /// The cotangents `δˡ = ∂⟨δᴸ, xᴸ⟩/∂xˡ` for `l = 0 … L`: reverse mode with respect to something
  /// that is added to each state, and is 0.
  double[][] cotangents(double[] theta, double[] x, double[] last) {
    List<Shape> inputs = new ArrayList<>(List.of(Shape.of(theta.length)));
    for (int l = 0; l <= depth; l++) {
      inputs.add(state);
    }
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

  /// Euclidean lengths.
  static double[] norms(double[][] vectors) {
    double[] norms = new double[vectors.length];
    for (int l = 0; l < norms.length; l++) {
      norms[l] = new ArrayRealVector(vectors[l], false).getNorm();
    }
    return norms;
  }
}
