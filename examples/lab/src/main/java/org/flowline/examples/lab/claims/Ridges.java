package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.flowline.neuralode.Objective;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/// A sum of ridges with a common minimum 0 at `θ*`, the [#bottom]:
///
///     f(θ) = Σ φᵢ(aᵢ·(θ − θ*)),   |φᵢ″| ≤ 1
///
/// Its gradient is Lipschitz continuous with `L = λₘₐₓ(AᵀA)`, where the rows of `A` are the `aᵢ`.
record Ridges(double[][] a, Profile[] profiles, double[] bottom) implements Objective {

  /// The cross-section of a ridge: a function with its minimum 0 at 0, and its derivative.
  enum Profile {
    PARABOLA(x -> x * x / 2, x -> x),
    /// Smooth, with slope ±1 far from 0.
    LOG_COSH(
        x ->
            Math.abs(x) < 20 ? Math.log1p(2 * square(Math.sinh(x / 2))) : Math.abs(x) - Math.log(2),
        Math::tanh),
    /// A parabola continued by straight lines.
    HUBER(x -> Math.abs(x) < 1 ? x * x / 2 : Math.abs(x) - 0.5, x -> Math.max(-1, Math.min(1, x))),
    /// Not convex.
    WAVE(x -> 2 * square(Math.sin(x / 2)), Math::sin);

    final DoubleUnaryOperator value;
    final DoubleUnaryOperator slope;

    Profile(DoubleUnaryOperator value, DoubleUnaryOperator slope) {
      this.value = value;
      this.slope = slope;
    }

    private static double square(double x) {
      return x * x;
    }
  }

  /// Ridges of one kind, a row each.
  static Ridges of(Profile profile, double[][] a) {
    Profile[] profiles = new Profile[a.length];
    Arrays.fill(profiles, profile);
    return new Ridges(a, profiles, new double[a[0].length]);
  }

  /// Ridges with normal random directions and bottom, each of a random kind.
  static Ridges random(SplittableRandom random, int dimension, int ridges, Profile... kinds) {
    double[][] a = new double[ridges][];
    Profile[] profiles = new Profile[ridges];
    for (int i = 0; i < ridges; i++) {
      a[i] = normal(random, dimension);
      profiles[i] = kinds[random.nextInt(kinds.length)];
    }
    return new Ridges(a, profiles, normal(random, dimension));
  }

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
      value += profiles[i].value.applyAsDouble(x);
      double slope = profiles[i].slope.applyAsDouble(x);
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

  /// `L`, an upper bound of the Hessian's eigenvalues in magnitude.
  double smoothness() {
    return Arrays.stream(steepest().getEigenvalues()).max().orElseThrow();
  }
}
