package org.flowline.neuralode.diagnostics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;
import org.flowline.neuralode.Vectors;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.RealVector;

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
    RealVector[] v = new RealVector[room];
    double[] alpha = new double[room];
    double[] beta = new double[room];
    double[] w = new SplittableRandom(seed).doubles(n, -1, 1).toArray();
    RealVector next = new ArrayRealVector(w).mapMultiplyToSelf(1 / Vectors.norm(w));
    for (int m = 0; ; m++) {
      v[m] = next;
      a.times(next.toArray(), w);
      double size = Vectors.norm(w);
      if (!Double.isFinite(size)) {
        return new Ends(Double.NaN, Double.NaN, Double.NaN, m + 1);
      }
      next = new ArrayRealVector(w);
      if (size > 0) {
        next.mapMultiplyToSelf(1 / size);
        alpha[m] = next.dotProduct(v[m]) * size;
        for (int pass = 0; pass < 2; pass++) {
          for (int j = 0; j <= m; j++) {
            next.combineToSelf(1, -next.dotProduct(v[j]), v[j]);
          }
        }
      }
      double length = Vectors.norm(next.toArray());
      boolean closed = length <= ROUNDING * Math.sqrt(n) || m + 1 == n;
      beta[m] = closed ? 0 : length * size;
      if (closed || m + 1 == room || (m + 1) % EVERY == 0) {
        Ends ends = small(alpha, beta, m + 1);
        if (closed || m + 1 == room || ends.within(tolerance)) {
          return ends;
        }
      }
      next.mapMultiplyToSelf(1 / length);
    }
  }

  /// The outermost eigenvalues of the tridiagonal matrix, in units of its largest entry.
  private static Ends small(double[] alpha, double[] beta, int m) {
    double unit =
        Stream.of(Arrays.copyOf(alpha, m), Arrays.copyOf(beta, m))
            .flatMapToDouble(Arrays::stream)
            .map(Math::abs)
            .max()
            .orElseThrow();
    if (unit == 0) {
      return new Ends(0, 0, 0, m);
    }
    double[] diagonal = Arrays.stream(alpha, 0, m).map(x -> x / unit).toArray();
    double[] beside = Arrays.stream(beta, 0, m - 1).map(x -> x / unit).toArray();
    // Eigenvalues are in descending order.
    EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(diagonal, beside);
    double tail =
        Math.max(
            Math.abs(eigen.getEigenvector(m - 1).getEntry(m - 1)),
            Math.abs(eigen.getEigenvector(0).getEntry(m - 1)));
    return new Ends(
        eigen.getEigenvalue(m - 1) * unit, eigen.getEigenvalue(0) * unit, beta[m - 1] * tail, m);
  }
}
