package org.flowline.neuralode.dynamics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;

/// Basis functions of time `φ₀ … φ_{K−1}` for the weights of [WeightsInTime].
///
/// @param size `K`
/// @param at records the values at a time, of shape `[1, K]`
public record Basis(int size, UnaryOperator<Var> at) {
  private static final int MOST_PIECES = 1 << 20;

  /// @throws IllegalArgumentException if there are no functions, or more than a million
  public Basis {
    if (size < 1 || size > MOST_PIECES) {
      throw new IllegalArgumentException(
          "basis: " + size + " functions, or too many to count; want 1 to " + MOST_PIECES);
    }
  }

  /// `1, cos ωt, sin ωt, cos 2ωt, …` with `ω = 2π/period`: `K = 2·harmonics + 1`.
  ///
  /// @throws IllegalArgumentException if the harmonics are negative or the period is not positive
  public static Basis fourier(int harmonics, double period) {
    if (harmonics < 0 || !(period > 0)) {
      throw new IllegalArgumentException(
          "fourier: " + harmonics + " harmonics of period " + period + "; want ≥ 0 and > 0");
    }
    return new Basis(
        2 * harmonics + 1,
        t -> {
          List<Var> values = new ArrayList<>(List.of(t.constant(Shape.of(1, 1), 1)));
          for (int k = 1; k <= harmonics; k++) {
            Var angle = t.reshape(1, 1).mul(2 * Math.PI * k / period);
            values.add(angle.cos());
            values.add(angle.sin());
          }
          return Var.concat(1, values);
        });
  }

  /// Chebyshev polynomials on `[t0, t1]`, up to this degree.
  ///
  /// @throws IllegalArgumentException if the degree is negative or the interval empty
  public static Basis polynomial(int degree, double t0, double t1) {
    if (degree < 0 || !(t1 > t0)) {
      throw new IllegalArgumentException(
          "polynomial: degree " + degree + " on [" + t0 + ", " + t1 + "]; want ≥ 0 and t0 < t1");
    }
    return new Basis(
        degree + 1,
        t -> {
          Var x = t.reshape(1, 1).sub(t0).mul(2 / (t1 - t0)).sub(1);
          List<Var> values = new ArrayList<>(List.of(t.constant(Shape.of(1, 1), 1)));
          for (int k = 1; k <= degree; k++) {
            Var last = values.get(k - 1);
            values.add(k == 1 ? x : x.mul(last).mul(2).sub(values.get(k - 2)));
          }
          return Var.concat(1, values);
        });
  }

  /// Piecewise constants: 1 on `[t0 + kh, t0 + (k+1)h)`, 0 elsewhere, for `k = 0 … K − 1`; the
  /// first and the last extend to both sides. With Euler's method and step `h` the weights are the
  /// layers of a residual network, to the bit. The field jumps between pieces, at its
  /// [org.flowline.neuralode.NeuralField#breakpoints()].
  ///
  /// @throws IllegalArgumentException if there are no pieces or more than 2²⁰, or `h` is not
  ///     positive
  public static Basis pieces(int pieces, double t0, double h) {
    if (pieces < 1 || pieces > MOST_PIECES || !(h > 0)) {
      throw new IllegalArgumentException(
          "pieces: %s of length %s; want 1 … %s, and a length above 0"
              .formatted(pieces, h, MOST_PIECES));
    }
    double[] starts = new double[pieces];
    double[] ends = new double[pieces];
    for (int k = 0; k < pieces; k++) {
      starts[k] = k == 0 ? Double.NEGATIVE_INFINITY : t0 + k * h;
      ends[k] = k == pieces - 1 ? Double.POSITIVE_INFINITY : t0 + (k + 1) * h;
    }
    Shape shape = Shape.of(1, pieces);
    return new Basis(
        pieces,
        t -> {
          Var time = t.reshape(1, 1).broadcast(shape);
          Var begun = time.greaterEqual(t.constant(shape, starts));
          return begun.mul(time.less(t.constant(shape, ends)));
        });
  }
}
