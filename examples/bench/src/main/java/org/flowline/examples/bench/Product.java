package org.flowline.examples.bench;

import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;

/// A matrix product `[m, k]·[k, n]` of operands that are stored as they are or transposed, with
/// numbers from `[−1, 1]`.
record Product(int m, int k, int n, boolean transposedA, boolean transposedB) {
  static Product of(int m, int k, int n) {
    return new Product(m, k, n, false, false);
  }

  /// The shape of the stored first operand.
  Shape a() {
    return transposedA ? Shape.of(k, m) : Shape.of(m, k);
  }

  Shape b() {
    return transposedB ? Shape.of(n, k) : Shape.of(k, n);
  }

  Tape tape() {
    return Tape.record(a(), b(), (a, b) -> turned(a, transposedA).matmul(turned(b, transposedB)));
  }

  private static Var turned(Var x, boolean transposed) {
    return transposed ? x.transpose() : x;
  }

  double[][] arguments() {
    SplittableRandom random = new SplittableRandom(1);
    return new double[][] {
      random.doubles(a().size(), -1, 1).toArray(), random.doubles(b().size(), -1, 1).toArray()
    };
  }

  long flop() {
    return 2L * m * k * n;
  }

  String sizes() {
    return m + "×" + k + "×" + n;
  }

  /// The layout as in BLAS: `N` for an operand that is stored as it is, `T` for a transposed one.
  String layout() {
    return (transposedA ? "T" : "N") + (transposedB ? "T" : "N");
  }
}
