package org.flowline.neuralode.diagnostics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;
import org.flowline.neuralode.Vectors;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/// The smallest and the largest eigenvalue of a symmetric map that is known by its products, by
/// Lanczos' iteration, which Hipparchus lacks:
///
///     A V_m = V_m T_m + β_m v_{m+1} e_mᵀ,   V_mᵀ V_m = I,   T_m tridiagonal
///
/// The eigenvalues `ϑ` of `T_m` approach the spectrum of `A` from within, the outermost first.
/// Within `β_m |s_m|` of each `ϑ`, with `s` its eigenvector in `T_m`, there is an eigenvalue of
/// `A`; the iteration ends when this residual is small enough at both ends, or `V_m` spans an
/// invariant space. Every new vector is orthogonalised twice against all earlier ones, which
/// prevents copies of eigenvalues.
///
/// The start is random and the same for the same seed; eigenvectors orthogonal to it, which have
/// probability zero, are not found. Cost: a product and `4nm` operations per step, `nm` numbers.
/// Golub & Van Loan (2013), 10.1.
///
/// @param tolerance the residual to stop at, relative to the larger of `|λmax|`, `|λmin|`
/// @param most the largest number of products; never more than the dimension
/// @param seed of the start
public record Lanczos(double tolerance, int most, long seed) {

  /// The number of vectors between two solutions of the small problem.
  private static final int EVERY = 4;

  /// A new direction shorter than this, relative to its product, is rounding.
  private static final double ROUNDING = 1e-14;

  /// Both ends of the spectrum.
  ///
  /// @param smallest `λmin`, from above
  /// @param largest `λmax`, from below
  /// @param residual there is an eigenvalue within this of each; NaN where a product was not finite
  /// @param products the number of products
  public record Ends(double smallest, double largest, double residual, int products) {

    /// Returns whether the residual is this small relative to the larger end.
    public boolean within(double tolerance) {
      return residual <= tolerance * Math.max(Math.abs(smallest), Math.abs(largest));
    }
  }

  /// @throws IllegalArgumentException if tolerance or number are not positive
  public Lanczos {
    if (!(tolerance > 0) || most < 1) {
      throw new IllegalArgumentException(
          "lanczos: tolerance " + tolerance + ", " + most + " products; want both above 0");
    }
  }

  /// Returns the iteration to a relative tolerance, with at most 200 products.
  public static Lanczos to(double tolerance) {
    return new Lanczos(tolerance, 200, 1);
  }

  /// The ends of the spectrum of `a` on vectors of length `n`.
  ///
  /// @throws IllegalArgumentException if `n` is below 1
  public Ends ends(int n, Curvature a) {
    if (n < 1) {
      throw new IllegalArgumentException("lanczos: dimension " + n + "; want 1 or more");
    }
    int room = Math.min(n, most);
    double[][] v = new double[room][];
    double[] alpha = new double[room];
    double[] beta = new double[room];
    double[] next = new SplittableRandom(seed).doubles(n, -1, 1).toArray();
    scale(next, 1 / Vectors.norm(next));
    double[] w = new double[n];
    for (int m = 0; ; m++) {
      v[m] = next.clone();
      a.times(v[m], w);
      double size = Vectors.norm(w);
      if (!Double.isFinite(size)) {
        return new Ends(Double.NaN, Double.NaN, Double.NaN, m + 1);
      }
      System.arraycopy(w, 0, next, 0, n);
      if (size > 0) {
        scale(next, 1 / size);
        alpha[m] = dot(next, v[m]) * size;
        orthogonalise(next, v, m + 1);
        orthogonalise(next, v, m + 1);
      }
      double length = Vectors.norm(next);
      boolean closed = length <= ROUNDING * Math.sqrt(n) || m + 1 == n;
      beta[m] = closed ? 0 : length * size;
      if (closed || m + 1 == room || (m + 1) % EVERY == 0) {
        Ends ends = small(alpha, beta, m + 1);
        if (closed || m + 1 == room || ends.within(tolerance)) {
          return ends;
        }
      }
      scale(next, 1 / length);
    }
  }

  /// The outermost eigenvalues of the tridiagonal matrix, in units of its largest entry.
  private static Ends small(double[] alpha, double[] beta, int m) {
    double unit = 0;
    for (int i = 0; i < m; i++) {
      unit = Math.max(unit, Math.max(Math.abs(alpha[i]), beta[i]));
    }
    if (unit == 0) {
      return new Ends(0, 0, 0, m);
    }
    double[] diagonal = Arrays.copyOf(alpha, m);
    double[] beside = Arrays.copyOf(beta, m - 1);
    for (int i = 0; i < m; i++) {
      diagonal[i] /= unit;
    }
    for (int i = 0; i < m - 1; i++) {
      beside[i] /= unit;
    }
    EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(diagonal, beside);
    double[] values = eigen.getEigenvalues();
    int low = 0;
    int high = 0;
    for (int i = 1; i < m; i++) {
      low = values[i] < values[low] ? i : low;
      high = values[i] > values[high] ? i : high;
    }
    double tail =
        Math.max(
            Math.abs(eigen.getEigenvector(low).getEntry(m - 1)),
            Math.abs(eigen.getEigenvector(high).getEntry(m - 1)));
    return new Ends(values[low] * unit, values[high] * unit, beta[m - 1] * tail, m);
  }

  private static void orthogonalise(double[] x, double[][] v, int count) {
    for (int j = 0; j < count; j++) {
      double along = dot(x, v[j]);
      for (int i = 0; i < x.length; i++) {
        x[i] -= along * v[j][i];
      }
    }
  }

  private static void scale(double[] x, double factor) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
