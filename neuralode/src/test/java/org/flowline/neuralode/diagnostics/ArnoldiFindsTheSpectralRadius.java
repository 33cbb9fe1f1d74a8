package org.flowline.neuralode.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.complex.Complex;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionNonSymmetric;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;

/// Arnoldi's spectral radius equals a dense decomposition's, of matrices that are not symmetric
/// and whose largest eigenvalues are complex.
class ArnoldiFindsTheSpectralRadius {

  private static RealMatrix random(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] a = new double[n][n];
    for (double[] row : a) {
      Arrays.setAll(row, _ -> random.nextGaussian() / Math.sqrt(n));
    }
    return new Array2DRowRealMatrix(a, false);
  }

  private static double dense(RealMatrix a) {
    return Arrays.stream(new EigenDecompositionNonSymmetric(a).getEigenvalues())
        .mapToDouble(Complex::norm)
        .max()
        .orElseThrow();
  }

  @Test
  void exactlyWithAsManyProductsAsComponents() {
    for (int n : new int[] {1, 2, 7, 40}) {
      RealMatrix a = random(n, n);
      assertEquals(dense(a), Arnoldi.radius(n, n, a::operate).value(), 1e-11);
    }
  }

  @Test
  void nearlyWithLess() {
    // Eigenvalues of random matrices fill the disc of radius 1 evenly, the hardest that may be met.
    RealMatrix disc = random(300, 3);
    assertEquals(dense(disc), Arnoldi.radius(300, 100, disc::operate).value(), 0.02);
    // A pair at 2 e^(±i) outside of the disc is found to rounding.
    RealMatrix pair = disc.copy();
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 300; j++) {
        pair.setEntry(i, j, 0);
        pair.setEntry(j, i, 0);
      }
    }
    pair.setEntry(0, 0, 2 * Math.cos(1));
    pair.setEntry(1, 1, 2 * Math.cos(1));
    pair.setEntry(0, 1, -2 * Math.sin(1));
    pair.setEntry(1, 0, 2 * Math.sin(1));
    assertEquals(2, Arnoldi.radius(300, 100, pair::operate).value(), 1e-12);
  }

  @Test
  void alsoWhereTheSpaceIsSoonFull() {
    // Multiples of the identity never leave the first vector; nilpotent ones come to zero.
    Arnoldi.Radius three = Arnoldi.radius(50, 20, v -> v.mapMultiply(3));
    assertEquals(3, three.value(), 1e-12);
    assertEquals(1, three.products());
    assertEquals(new Arnoldi.Radius(0, 1), Arnoldi.radius(5, 5, v -> v.mapMultiply(0)));
    assertEquals(
        new Arnoldi.Radius(Double.NaN, 1),
        Arnoldi.radius(2, 2, v -> new ArrayRealVector(new double[] {1, Double.NaN})));
  }
}
