package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.flowline.neuralode.Objective;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/// A sum of ridges that all have their bottom at one place, where it is zero:
///
///     f(θ) = Σ φᵢ(aᵢ·(θ − θ*)),   |φᵢ″| ≤ 1
///
/// Its gradient is Lipschitz continuous with `L = λₘₐₓ(AᵀA)`, where the rows of `A` are the `aᵢ`.
record Ridges(double[][] a, Profile[] profiles, double[] bottom) implements Objective {

  /// The section through a ridge: a function with its minimum 0 at 0, and its slope.
  enum Profile {
    PARABOLA(x -> x * x / 2, x -> x),
    /// Steep near its bottom, of slope 1 far away, smooth.
    LOG_COSH(
        x ->
            Math.abs(x) < 20 ? Math.log1p(2 * square(Math.sinh(x / 2))) : Math.abs(x) - Math.log(2),
        Math::tanh),
    /// A parabola that goes on as straight lines.
    HUBER(x -> Math.abs(x) < 1 ? x * x / 2 : Math.abs(x) - 0.5, x -> Math.max(-1, Math.min(1, x))),
    /// Not convex.
    WAVE(x -> 2 * square(Math.sin(x / 2)), Math::sin);

    private final DoubleUnaryOperator value;
    private final DoubleUnaryOperator slope;

    Profile(DoubleUnaryOperator value, DoubleUnaryOperator slope) {
      this.value = value;
      this.slope = slope;
    }

    private static double square(double x) {
      return x * x;
    }

    double value(double x) {
      return value.applyAsDouble(x);
    }

    double slope(double x) {
      return slope.applyAsDouble(x);
    }
  }

  /// As many ridges of one kind as rows.
  static Ridges of(Profile profile, double[][] a) {
    Profile[] profiles = new Profile[a.length];
    Arrays.fill(profiles, profile);
    return new Ridges(a, profiles, new double[a[0].length]);
  }

  /// Directions and bottom from the normal distribution, kinds of these at random.
  static Ridges random(SplittableRandom random, int dimension, int ridges, Profile... kinds) {
    double[][] a = new double[ridges][];
    Profile[] profiles = new Profile[ridges];
    for (int i = 0; i < ridges; i++) {
      a[i] = normal(random, dimension);
      profiles[i] = kinds[random.nextInt(kinds.length)];
    }
    return new Ridges(a, profiles, normal(random, dimension));
  }

  /// Standard normal numbers.
  static double[] normal(SplittableRandom random, int n) {
    return random.doubles(n).map(_ -> random.nextGaussian()).toArray();
  }

  @Override
  public int dimension() {
    return bottom.length;
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    Arrays.fill(gradient, 0);
    double value = 0;
    for (int i = 0; i < a.length; i++) {
      double x = 0;
      for (int j = 0; j < bottom.length; j++) {
        x += a[i][j] * (theta[j] - bottom[j]);
      }
      value += profiles[i].value(x);
      double slope = profiles[i].slope(x);
      for (int j = 0; j < bottom.length; j++) {
        gradient[j] += slope * a[i][j];
      }
    }
    return value;
  }

  /// The eigenvalues and eigenvectors of `AᵀA`, the Hessian where every `φᵢ″` is 1.
  EigenDecompositionSymmetric steepest() {
    RealMatrix rows = MatrixUtils.createRealMatrix(a);
    return new EigenDecompositionSymmetric(rows.transposeMultiply(rows));
  }

  /// `L`, which no eigenvalue of the Hessian exceeds in magnitude anywhere.
  double smoothness() {
    return Arrays.stream(steepest().getEigenvalues()).max().orElseThrow();
  }
}
