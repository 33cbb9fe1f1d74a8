package org.flowline.neuralode.diagnostics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.complex.Complex;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionNonSymmetric;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/// The eigenvalue of largest modulus of a matrix `A` that need not be symmetric, by products alone:
///
///     A Q = Q H + r eₘᵀ,   Qᵀ Q = I      ρ(A) ≈ ρ(H)
///
/// `Q` spans a random vector and its images, orthogonalised twice, so that the eigenvalues at the
/// rim of the spectrum, which `H` finds first, have errors that fall exponentially with `m`. Exact
/// where `A` is no larger than `m`. Arnoldi (1951); Saad (2011), chapter 6.
final class Arnoldi {

  /// `A v`
  @FunctionalInterface
  interface Product {
    RealVector times(RealVector v);
  }

  /// What was found.
  ///
  /// @param value `ρ`; NaN if a product was not finite
  /// @param products how many were taken; fewer than asked for where they span all that `A` reaches
  record Radius(double value, int products) {}

  private Arnoldi() {}

  /// @param n the dimension
  /// @param most products to take, `m`
  static Radius radius(int n, int most, Product a) {
    SplittableRandom random = new SplittableRandom(1);
    RealVector[] q = new RealVector[most + 1];
    q[0] = new ArrayRealVector(random.doubles(n, -1, 1).toArray(), false).unitVector();
    double[][] h = new double[most][most];
    int m = 0;
    double left = 1;
    while (m < most && left > 0) {
      RealVector image = a.times(q[m]);
      double size = image.getNorm();
      if (!Double.isFinite(size)) {
        return new Radius(Double.NaN, m + 1);
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i <= m; i++) {
          double along = q[i].dotProduct(image);
          h[i][m] += along;
          image = image.combineToSelf(1, -along, q[i]);
        }
      }
      // What is left behind that is rounding: the space is one that A does not leave.
      left = image.getNorm() > 1e-13 * size ? image.getNorm() : 0;
      m++;
      if (m < most && left > 0) {
        h[m][m - 1] = left;
        q[m] = image.mapDivide(left);
      }
    }
    double[][] found = new double[m][];
    for (int i = 0; i < m; i++) {
      found[i] = Arrays.copyOf(h[i], m);
    }
    RealMatrix restricted = new Array2DRowRealMatrix(found, false);
    if (restricted.getNorm1() == 0) {
      return new Radius(0, m); // of which the decomposition wants to know nothing
    }
    double largest =
        Arrays.stream(new EigenDecompositionNonSymmetric(restricted).getEigenvalues())
            .mapToDouble(Complex::norm)
            .max()
            .orElseThrow();
    return new Radius(largest, m);
  }
}
