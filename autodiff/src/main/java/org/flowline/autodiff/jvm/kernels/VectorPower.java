package org.flowline.autodiff.jvm.kernels;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static org.flowline.autodiff.jvm.kernels.ScalarMath.*;
import static org.flowline.autodiff.jvm.kernels.ScalarPower.*;
import static org.flowline.autodiff.jvm.kernels.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [ScalarPower] over arrays. [VectorMath] explains why a loop contains its whole function.
final class VectorPower {
  private VectorPower() {}

  private static final int LANES = DOUBLES.length();

  static void power(double p, double[] from, int xo, double[] out, int oo, int n) {
    if (!isProduct(p)) {
      general(p, from, xo, out, oo, n);
    } else if (isWhole(p)) {
      whole(p, from, xo, out, oo, n);
    } else {
      halfWhole(p, from, xo, out, oo, n);
    }
  }

  /// `xᵖ` for a whole `p`, the product of the factors `x, x², x⁴, x⁸, x¹⁶` whose bits are set in
  /// `|p|`
  private static void whole(double p, double[] from, int xo, double[] out, int oo, int n) {
    int k = (int) Math.abs(p);
    VectorMask<Double> bit0 = DOUBLES.maskAll((k & 1) != 0);
    VectorMask<Double> bit1 = DOUBLES.maskAll((k & 2) != 0);
    VectorMask<Double> bit2 = DOUBLES.maskAll((k & 4) != 0);
    VectorMask<Double> bit3 = DOUBLES.maskAll((k & 8) != 0);
    VectorMask<Double> bit4 = DOUBLES.maskAll((k & 16) != 0);
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(i, n);
      DoubleVector base = DoubleVector.fromArray(DOUBLES, from, xo + i, inside);
      DoubleVector one = broadcast(DOUBLES, 1);
      DoubleVector x2 = base.mul(base);
      DoubleVector x4 = x2.mul(x2);
      DoubleVector x8 = x4.mul(x4);
      DoubleVector y = one;
      y = y.mul(one.blend(base, bit0));
      y = y.mul(one.blend(x2, bit1));
      y = y.mul(one.blend(x4, bit2));
      y = y.mul(one.blend(x8, bit3));
      y = y.mul(one.blend(x8.mul(x8), bit4));
      VectorMask<Double> fine = y.abs().compare(VectorOperators.GE, Double.MIN_NORMAL);
      fine = fine.and(y.abs().compare(VectorOperators.LE, Double.MAX_VALUE));
      if (p >= 0) {
        y.intoArray(out, oo + i, inside);
      } else if (fine.or(inside.not()).allTrue()) {
        one.div(y).intoArray(out, oo + i, inside);
      } else {
        for (int j = i; j < Math.min(n, i + LANES); j++) {
          out[oo + j] = ScalarPower.power(from[xo + j], p);
        }
      }
    }
  }

  /// `xᵖ` for a half-whole `p`: `√x` times the factors of [#whole]
  private static void halfWhole(double p, double[] from, int xo, double[] out, int oo, int n) {
    int k = (int) Math.abs(p);
    VectorMask<Double> bit0 = DOUBLES.maskAll((k & 1) != 0);
    VectorMask<Double> bit1 = DOUBLES.maskAll((k & 2) != 0);
    VectorMask<Double> bit2 = DOUBLES.maskAll((k & 4) != 0);
    VectorMask<Double> bit3 = DOUBLES.maskAll((k & 8) != 0);
    VectorMask<Double> bit4 = DOUBLES.maskAll((k & 16) != 0);
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, inside);
      DoubleVector base = x.add(0);
      base = base.blend(x.neg(), x.compare(VectorOperators.EQ, Double.NEGATIVE_INFINITY));
      DoubleVector one = broadcast(DOUBLES, 1);
      DoubleVector x2 = base.mul(base);
      DoubleVector x4 = x2.mul(x2);
      DoubleVector x8 = x4.mul(x4);
      DoubleVector y = base.sqrt();
      y = y.mul(one.blend(base, bit0));
      y = y.mul(one.blend(x2, bit1));
      y = y.mul(one.blend(x4, bit2));
      y = y.mul(one.blend(x8, bit3));
      y = y.mul(one.blend(x8.mul(x8), bit4));
      VectorMask<Double> fine = y.abs().compare(VectorOperators.GE, Double.MIN_NORMAL);
      fine = fine.and(y.abs().compare(VectorOperators.LE, Double.MAX_VALUE));
      if (p >= 0) {
        y.intoArray(out, oo + i, inside);
      } else if (fine.or(inside.not()).allTrue()) {
        one.div(y).intoArray(out, oo + i, inside);
      } else {
        for (int j = i; j < Math.min(n, i + LANES); j++) {
          out[oo + j] = ScalarPower.power(from[xo + j], p);
        }
      }
    }
  }

  /// `e^(p·ln |x|)`, then signs and edge values
  private static void general(double p, double[] from, int xo, double[] out, int oo, int n) {
    if (!(Math.abs(p) <= Double.MAX_VALUE)) {
      for (int i = 0; i < n; i++) {
        out[oo + i] = ScalarPower.power(from[xo + i], p);
      }
      return;
    }
    double atZero = p > 0 ? 0 : Double.POSITIVE_INFINITY;
    double atInfinity = p > 0 ? Double.POSITIVE_INFINITY : 0;
    double lowest = isWhole(p) ? 0 : -Double.MAX_VALUE; // of those that have no power
    long signBit = isOdd(p) ? Long.MIN_VALUE : 0;
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, inside);
      DoubleVector a = x.abs();
      VectorMask<Double> subnormal = a.compare(VectorOperators.LT, Double.MIN_NORMAL);
      LongVector bits = a.blend(a.mul(SUBNORMAL_SCALE), subnormal).reinterpretAsLongs();
      LongVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
      LongVector mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, 52));
      DoubleVector f = mantissa.reinterpretAsDoubles().sub(1);
      DoubleVector k = exponent.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      k = k.blend(k.sub(54), subnormal);
      DoubleVector d = f.add(2);
      DoubleVector dLow = f.sub(d.sub(2));
      DoubleVector s = f.div(d);
      DoubleVector sLow = s.neg().fma(dLow, s.neg().fma(d, f)).div(d);
      DoubleVector z = s.mul(s);
      DoubleVector zLow = s.add(s).fma(sLow, s.fma(s, z.neg()));
      DoubleVector q = broadcast(DOUBLES, A12);
      q = q.fma(z, broadcast(DOUBLES, A11));
      q = q.fma(z, broadcast(DOUBLES, A10));
      q = q.fma(z, broadcast(DOUBLES, A9));
      q = q.fma(z, broadcast(DOUBLES, A8));
      q = q.fma(z, broadcast(DOUBLES, A7));
      q = q.fma(z, broadcast(DOUBLES, A6));
      q = q.fma(z, broadcast(DOUBLES, A5));
      q = q.fma(z, broadcast(DOUBLES, A4));
      q = q.fma(z, broadcast(DOUBLES, A3));
      DoubleVector u = z.mul(q);
      DoubleVector a2 = broadcast(DOUBLES, A2);
      DoubleVector v2 = u.add(a2);
      DoubleVector v2Low = a2.sub(v2).add(u).add(A2_LOW);
      DoubleVector w = z.mul(v2);
      DoubleVector wLow = z.fma(v2Low, zLow.fma(v2, z.fma(v2, w.neg())));
      DoubleVector a1 = broadcast(DOUBLES, A1);
      DoubleVector v = w.add(a1);
      DoubleVector vLow = a1.sub(v).add(w).add(wLow.add(A1_LOW));
      DoubleVector c = s.mul(z);
      DoubleVector cLow = s.fma(zLow, sLow.fma(z, s.fma(z, c.neg())));
      DoubleVector g = c.mul(v);
      DoubleVector gLow = c.fma(vLow, cLow.fma(v, c.fma(v, g.neg())));
      DoubleVector s2 = s.add(s);
      DoubleVector m = s2.add(g);
      DoubleVector mLow = s2.sub(m).add(g).add(sLow.fma(broadcast(DOUBLES, 2), gLow));
      DoubleVector ln2s = k.mul(LN2_HEAD);
      DoubleVector log = ln2s.add(m);
      DoubleVector logLow = ln2s.sub(log).add(m).add(k.fma(broadcast(DOUBLES, LN2_TAIL), mLow));
      DoubleVector h = log.mul(p);
      DoubleVector ps = broadcast(DOUBLES, p);
      DoubleVector hLow = ps.fma(logLow, ps.fma(log, h.neg()));
      VectorMask<Double> huge = h.compare(VectorOperators.GT, EXP_MAX);
      VectorMask<Double> tiny = h.compare(VectorOperators.LT, EXP_MIN);
      h = h.blend(EXP_MAX, huge).blend(EXP_MIN, tiny);
      hLow = hLow.blend(0, huge.or(tiny));
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
      DoubleVector y = exp.mul(scale).mul(again);
      y = y.blend(atZero, a.compare(VectorOperators.EQ, 0));
      y = y.blend(atInfinity, a.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
      LongVector sign = x.reinterpretAsLongs().and(signBit);
      y = y.reinterpretAsLongs().or(sign).reinterpretAsDoubles();
      VectorMask<Double> undefined = x.compare(VectorOperators.LT, 0);
      undefined = undefined.and(x.compare(VectorOperators.GE, lowest));
      undefined = undefined.or(x.compare(VectorOperators.NE, x));
      y = y.blend(Double.NaN, undefined);
      y.intoArray(out, oo + i, inside);
    }
  }
}
