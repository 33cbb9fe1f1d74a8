package org.flowline.neuralode.diagnostics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.hipparchus.complex.Complex;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionNonSymmetric;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/// The spectral radius of a matrix `A` that need not be symmetric, by Arnoldi's iteration, which
/// Hipparchus lacks:
///
///     A Q = Q H + r eₘᵀ,   Qᵀ Q = I      ρ(A) ≈ ρ(H)
///
/// `Q` spans a random vector and its images, orthogonalised twice; errors of the outermost
/// eigenvalues fall exponentially with `m`. Exact where `A` is no larger than `m`. Arnoldi (1951);
/// Saad (2011), chapter 6.
final class Arnoldi {

  /// The spectral radius found.
  ///
  /// @param value `ρ`; NaN if a product was not finite
  /// @param products the number of products; below `m` where they span an invariant space
  record Radius(double value, int products) {}

  private Arnoldi() {}

  /// @param n the dimension
  /// @param most the largest number of products, `m`
  /// @param a `v ↦ A v`
  static Radius radius(int n, int most, UnaryOperator<RealVector> a) {
    double[] start = new SplittableRandom(1).doubles(n, -1, 1).toArray();
    RealVector[] q = new RealVector[most + 1];
    q[0] = new ArrayRealVector(start, false).unitVector();
    RealMatrix h = new Array2DRowRealMatrix(most, most);
    int m = 0;
    double left = 1;
    while (m < most && left > 0) {
      RealVector image = a.apply(q[m]);
      double size = image.getNorm();
      if (!Double.isFinite(size)) {
        return new Radius(Double.NaN, m + 1);
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i <= m; i++) {
          double along = q[i].dotProduct(image);
          h.addToEntry(i, m, along);
          image = image.combineToSelf(1, -along, q[i]);
        }
      }
      // A remainder of the size of rounding: the space is invariant.
      left = image.getNorm() > 1e-13 * size ? image.getNorm() : 0;
      m++;
      if (m < most && left > 0) {
        h.setEntry(m, m - 1, left);
        q[m] = image.mapDivide(left);
      }
    }
    RealMatrix restricted = h.getSubMatrix(0, m - 1, 0, m - 1);
    if (restricted.getNorm1() == 0) {
      return new Radius(0, m); // which the decomposition rejects
    }
    Complex[] values = new EigenDecompositionNonSymmetric(restricted).getEigenvalues();
    double largest = Arrays.stream(values).mapToDouble(Complex::norm).max().orElseThrow();
    return new Radius(largest, m);
  }
}
