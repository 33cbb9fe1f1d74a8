package org.flowline.neuralode.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The largest and the smallest eigenvalue from products equal a dense decomposition's.
class LanczosFindsBothEnds {

  /// The eigenvalues' rounding: some units of the last place for each dimension.
  private static final double ROUNDING = 1e-13;

  private static final Lanczos TIGHT = new Lanczos(1e-13, 1000, 7);

  private static Curvature map(RealMatrix a) {
    return (v, product) -> System.arraycopy(a.operate(v), 0, product, 0, product.length);
  }

  private static RealMatrix random(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RealMatrix a = new Array2DRowRealMatrix(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a.setEntry(i, j, random.nextGaussian());
      }
    }
    return a.add(a.transpose());
  }

  /// A dense matrix with these eigenvalues.
  private static RealMatrix with(double... eigenvalues) {
    RealMatrix q = new QRDecomposition(random(eigenvalues.length, 3)).getQ();
    return q.multiply(MatrixUtils.createRealDiagonalMatrix(eigenvalues)).multiply(q.transpose());
  }

  private static void assertEnds(RealMatrix a, double smallest, double largest) {
    Lanczos.Ends ends = TIGHT.ends(a.getRowDimension(), map(a));
    double allowed = ROUNDING * a.getRowDimension() * Math.max(-smallest, largest);
    assertEquals(smallest, ends.smallest(), Math.abs(allowed));
    assertEquals(largest, ends.largest(), Math.abs(allowed));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 17, 60, 150})
  void ofRandomMatrices(int n) {
    RealMatrix a = random(n, n);
    double[] values = new EigenDecompositionSymmetric(a).getEigenvalues();
    assertEnds(
        a, Arrays.stream(values).min().orElseThrow(), Arrays.stream(values).max().orElseThrow());
  }

  @Test
  void ofMatricesWithEqualEigenvaluesNegativeOnesAndNone() {
    assertEnds(with(5, 5, 5, 2, 2, -1, -1, -1), -1, 5);
    assertEnds(with(-9, -4, -4, -3, -3, -3), -9, -3);
    assertEnds(with(3, 0, 0, 0, 0), 0, 3);
    assertEnds(MatrixUtils.createRealIdentityMatrix(6).scalarMultiply(-2), -2, -2);
    Lanczos.Ends zero = TIGHT.ends(4, map(new Array2DRowRealMatrix(4, 4)));
    assertEquals(new Lanczos.Ends(0, 0, 0, 1), zero);
    assertEquals(new Lanczos.Ends(-7, -7, 0, 1), TIGHT.ends(1, (v, p) -> p[0] = -7 * v[0]));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e300, 1e160, 1e-160, 1e-290})
  void ofHugeAndTinyOnes(double unit) {
    RealMatrix a = with(3, 1, 0.5, -2).scalarMultiply(unit);
    assertEnds(a, -2 * unit, 3 * unit);
  }

  @Test
  void aRoughToleranceTakesFewProductsAndKeepsItsBound() {
    int n = 400;
    RealMatrix a = random(n, 11);
    double[] values = new EigenDecompositionSymmetric(a).getEigenvalues();
    Lanczos.Ends ends = Lanczos.to(1e-2).ends(n, map(a));
    assertTrue(ends.products() < n / 5, ends.toString());
    assertTrue(ends.within(1e-2), ends.toString());
    double largest = Arrays.stream(values).max().orElseThrow();
    assertEquals(largest, ends.largest(), ends.residual());
    // Ritz values lie inside the spectrum, and their error is the residual's square over the gap.
    assertTrue(ends.largest() <= largest * (1 + ROUNDING * n));
    assertTrue(ends.residual() > 1e-8, "stopped before the tolerance asked it to");
  }

  @Test
  void theNumberOfProductsIsBoundedAndTheResidualSaysWhatIsMissing() {
    RealMatrix a = random(200, 5);
    Lanczos.Ends ends = new Lanczos(1e-12, 6, 1).ends(200, map(a));
    assertEquals(6, ends.products());
    assertTrue(ends.residual() > 1e-3, ends.toString());
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    RealMatrix a = random(50, 5);
    assertEquals(Lanczos.to(1e-6).ends(50, map(a)), Lanczos.to(1e-6).ends(50, map(a)));
  }

  @Test
  void whatIsNotFiniteIsNotANumber() {
    Lanczos.Ends ends = TIGHT.ends(3, (v, product) -> Arrays.fill(product, Double.NaN));
    assertTrue(Double.isNaN(ends.largest()) && Double.isNaN(ends.residual()));
  }

  @Test
  void badArgumentsAreNamed() {
    assertEquals(
        "lanczos: tolerance 0.0, 5 products; want both above 0",
        assertThrows(IllegalArgumentException.class, () -> new Lanczos(0, 5, 1)).getMessage());
    assertEquals(
        "lanczos: dimension 0; want 1 or more",
        assertThrows(IllegalArgumentException.class, () -> TIGHT.ends(0, (v, p) -> {}))
            .getMessage());
  }
}
