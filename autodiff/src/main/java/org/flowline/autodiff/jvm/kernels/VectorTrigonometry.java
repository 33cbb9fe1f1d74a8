package org.flowline.autodiff.jvm.kernels;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static org.flowline.autodiff.jvm.kernels.ScalarMath.*;
import static org.flowline.autodiff.jvm.kernels.ScalarTrigonometry.*;
import static org.flowline.autodiff.jvm.kernels.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [ScalarTrigonometry] over arrays. [VectorMath] explains why a loop contains its whole function.
final class VectorTrigonometry {
  private VectorTrigonometry() {}

  private static final int LANES = DOUBLES.length();

  /// `sin(x + quarter·π/2)` for a quarter of 0 or 1; arguments beyond
  /// [ScalarTrigonometry#REDUCTION_MAX] one by one
  static void of(int quarter, double[] from, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, inside);
      if (!x.abs().compare(VectorOperators.LE, REDUCTION_MAX).allTrue()) {
        for (int j = i; j < Math.min(n, i + LANES); j++) {
          out[oo + j] = ScalarTrigonometry.of(quarter, from[xo + j]);
        }
        continue;
      }
      DoubleVector t = x.fma(broadcast(DOUBLES, TWO_OVER_PI), broadcast(DOUBLES, MAGIC));
      DoubleVector whole = t.sub(MAGIC);
      DoubleVector r = whole.fma(broadcast(DOUBLES, -HALF_PI_1), x);
      r = whole.fma(broadcast(DOUBLES, -HALF_PI_2), r);
      r = whole.fma(broadcast(DOUBLES, -HALF_PI_3), r);
      DoubleVector z = r.mul(r);
      DoubleVector p = broadcast(DOUBLES, S6);
      p = p.fma(z, broadcast(DOUBLES, S5));
      p = p.fma(z, broadcast(DOUBLES, S4));
      p = p.fma(z, broadcast(DOUBLES, S3));
      p = p.fma(z, broadcast(DOUBLES, S2));
      p = p.fma(z, broadcast(DOUBLES, S1));
      DoubleVector sine = z.mul(r).fma(p, r);
      DoubleVector q = broadcast(DOUBLES, C6);
      q = q.fma(z, broadcast(DOUBLES, C5));
      q = q.fma(z, broadcast(DOUBLES, C4));
      q = q.fma(z, broadcast(DOUBLES, C3));
      q = q.fma(z, broadcast(DOUBLES, C2));
      q = q.fma(z, broadcast(DOUBLES, C1));
      DoubleVector h = z.mul(0.5);
      DoubleVector one = broadcast(DOUBLES, 1);
      DoubleVector w = one.sub(h);
      DoubleVector cosine = w.add(one.sub(w).sub(h).add(z.mul(z.mul(q))));
      LongVector quadrant = t.reinterpretAsLongs().sub(MAGIC_BITS - quarter);
      VectorMask<Long> odd = quadrant.and(1).compare(VectorOperators.NE, 0);
      VectorMask<Long> below = quadrant.and(2).compare(VectorOperators.NE, 0);
      DoubleVector y = sine.blend(cosine, odd.cast(DOUBLES));
      y = y.blend(y.neg(), below.cast(DOUBLES));
      if (quarter == 0) {
        y.blend(x, x.compare(VectorOperators.EQ, 0)).intoArray(out, oo + i, inside);
      } else {
        y.intoArray(out, oo + i, inside);
      }
    }
  }
}
