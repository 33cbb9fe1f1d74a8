package org.flowline.autodiff.jvm.kernels;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static org.flowline.autodiff.jvm.kernels.ScalarErrorFunction.*;
import static org.flowline.autodiff.jvm.kernels.ScalarMath.*;
import static org.flowline.autodiff.jvm.kernels.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [ScalarErrorFunction] over arrays: each lane computes the formulas of all intervals and selects
/// one. [VectorMath] explains why a loop contains its whole function.
final class VectorErrorFunction {
  private VectorErrorFunction() {}

  private static final int LANES = DOUBLES.length();

  /// `erfc x` if `complement`, else `erf x`
  static void of(boolean complement, double[] from, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, inside);
      DoubleVector one = broadcast(DOUBLES, 1);
      DoubleVector a = x.abs();
      DoubleVector square = a.mul(a);
      DoubleVector p = broadcast(DOUBLES, P4);
      p = p.fma(square, broadcast(DOUBLES, P3));
      p = p.fma(square, broadcast(DOUBLES, P2));
      p = p.fma(square, broadcast(DOUBLES, P1));
      p = p.fma(square, broadcast(DOUBLES, P0));
      DoubleVector q = broadcast(DOUBLES, Q5);
      q = q.fma(square, broadcast(DOUBLES, Q4));
      q = q.fma(square, broadcast(DOUBLES, Q3));
      q = q.fma(square, broadcast(DOUBLES, Q2));
      q = q.fma(square, broadcast(DOUBLES, Q1));
      q = q.fma(square, one);
      DoubleVector beyond = a.sub(1);
      DoubleVector pa = broadcast(DOUBLES, PA6);
      pa = pa.fma(beyond, broadcast(DOUBLES, PA5));
      pa = pa.fma(beyond, broadcast(DOUBLES, PA4));
      pa = pa.fma(beyond, broadcast(DOUBLES, PA3));
      pa = pa.fma(beyond, broadcast(DOUBLES, PA2));
      pa = pa.fma(beyond, broadcast(DOUBLES, PA1));
      pa = pa.fma(beyond, broadcast(DOUBLES, PA0));
      DoubleVector qa = broadcast(DOUBLES, QA6);
      qa = qa.fma(beyond, broadcast(DOUBLES, QA5));
      qa = qa.fma(beyond, broadcast(DOUBLES, QA4));
      qa = qa.fma(beyond, broadcast(DOUBLES, QA3));
      qa = qa.fma(beyond, broadcast(DOUBLES, QA2));
      qa = qa.fma(beyond, broadcast(DOUBLES, QA1));
      qa = qa.fma(beyond, one);
      VectorMask<Double> small = a.compare(VectorOperators.LT, SMALL_MAX);
      DoubleVector centre = pa.blend(p, small).div(qa.blend(q, small));
      DoubleVector s = one.div(square);
      VectorMask<Double> near = a.compare(VectorOperators.LT, NEAR_MAX);
      DoubleVector above = DoubleVector.zero(DOUBLES).blend(RA7, near);
      above = above.fma(s, broadcast(DOUBLES, RB6).blend(RA6, near));
      above = above.fma(s, broadcast(DOUBLES, RB5).blend(RA5, near));
      above = above.fma(s, broadcast(DOUBLES, RB4).blend(RA4, near));
      above = above.fma(s, broadcast(DOUBLES, RB3).blend(RA3, near));
      above = above.fma(s, broadcast(DOUBLES, RB2).blend(RA2, near));
      above = above.fma(s, broadcast(DOUBLES, RB1).blend(RA1, near));
      above = above.fma(s, broadcast(DOUBLES, RB0).blend(RA0, near));
      DoubleVector below = DoubleVector.zero(DOUBLES).blend(SA8, near);
      below = below.fma(s, broadcast(DOUBLES, SB7).blend(SA7, near));
      below = below.fma(s, broadcast(DOUBLES, SB6).blend(SA6, near));
      below = below.fma(s, broadcast(DOUBLES, SB5).blend(SA5, near));
      below = below.fma(s, broadcast(DOUBLES, SB4).blend(SA4, near));
      below = below.fma(s, broadcast(DOUBLES, SB3).blend(SA3, near));
      below = below.fma(s, broadcast(DOUBLES, SB2).blend(SA2, near));
      below = below.fma(s, broadcast(DOUBLES, SB1).blend(SA1, near));
      below = below.fma(s, one);
      DoubleVector squareLow = a.fma(a, square.neg());
      DoubleVector b = broadcast(DOUBLES, -SHIFT).sub(square);
      DoubleVector low = square.neg().sub(b).sub(SHIFT).add(above.div(below).sub(squareLow));
      DoubleVector h = b.add(low);
      DoubleVector hLow = b.sub(h).add(low);
      VectorMask<Double> none = square.compare(VectorOperators.GT, -EXP_MIN);
      h = h.blend(EXP_MIN, none);
      hLow = hLow.blend(0, none);
      DoubleVector t = h.fma(broadcast(DOUBLES, LOG2_E), broadcast(DOUBLES, MAGIC));
      DoubleVector whole = t.sub(MAGIC);
      DoubleVector first = whole.fma(broadcast(DOUBLES, -LN2_HIGH), h);
      DoubleVector second = whole.fma(broadcast(DOUBLES, -LN2_LOW), hLow);
      DoubleVector r = first.add(second);
      DoubleVector rLow = first.sub(r).add(second);
      DoubleVector e = broadcast(DOUBLES, E13);
      e = e.fma(r, broadcast(DOUBLES, E12));
      e = e.fma(r, broadcast(DOUBLES, E11));
      e = e.fma(r, broadcast(DOUBLES, E10));
      e = e.fma(r, broadcast(DOUBLES, E9));
      e = e.fma(r, broadcast(DOUBLES, E8));
      e = e.fma(r, broadcast(DOUBLES, E7));
      e = e.fma(r, broadcast(DOUBLES, E6));
      e = e.fma(r, broadcast(DOUBLES, E5));
      e = e.fma(r, broadcast(DOUBLES, E4));
      e = e.fma(r, broadcast(DOUBLES, E3));
      e = e.fma(r, broadcast(DOUBLES, E2));
      DoubleVector sum = r.add(1);
      DoubleVector sumLow = r.sub(sum.sub(1));
      DoubleVector exp = sum.add(r.mul(r).fma(e, sum.fma(rLow, sumLow)));
      LongVector power = t.reinterpretAsLongs().sub(MAGIC_BITS);
      LongVector half = power.lanewise(VectorOperators.ASHR, 1);
      LongVector rest = power.sub(half);
      DoubleVector scale = half.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
      DoubleVector again = rest.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
      DoubleVector tail = exp.mul(scale).mul(again).div(a);
      VectorMask<Double> middle = a.compare(VectorOperators.LT, MIDDLE_MAX);
      if (!complement) {
        DoubleVector y = one.sub(tail).blend(centre.add(ONE), middle);
        LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
        y = y.reinterpretAsLongs().or(sign).reinterpretAsDoubles();
        y = y.blend(x.add(x.mul(centre)), small);
        y.intoArray(out, oo + i, inside);
      } else {
        VectorMask<Double> negative = x.compare(VectorOperators.LT, 0);
        DoubleVector left = broadcast(DOUBLES, 2).sub(tail);
        left = left.blend(one.add(centre.add(ONE)), middle);
        DoubleVector right = tail.blend(broadcast(DOUBLES, 1 - ONE).sub(centre), middle);
        DoubleVector inner = x.neg().fma(centre, one.sub(x));
        VectorMask<Double> innermost = x.compare(VectorOperators.LT, 0.25);
        inner = inner.blend(one.sub(x.add(x.mul(centre))), innermost);
        DoubleVector y = right.blend(left, negative).blend(inner, small);
        y.intoArray(out, oo + i, inside);
      }
    }
  }
}
