package org.flowline.autodiff.backend;

import static org.flowline.autodiff.backend.ScalarMath.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [ScalarMath], lane by lane: the same operations in the same order, hence the same bits.
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

  static DoubleVector exp(DoubleVector x) {
    DoubleVector c = x.blend(EXP_MAX, x.compare(VectorOperators.GT, EXP_MAX));
    c = c.blend(EXP_MIN, c.compare(VectorOperators.LT, EXP_MIN));
    DoubleVector t = c.fma(all(LOG2_E), all(MAGIC));
    DoubleVector p = expm1(reduced(c, t.sub(MAGIC)));
    LongVector k = t.reinterpretAsLongs().sub(MAGIC_BITS);
    LongVector half = k.lanewise(VectorOperators.ASHR, 1);
    return p.add(1).mul(powerOf2(half)).mul(powerOf2(k.sub(half)));
  }

  static DoubleVector tanh(DoubleVector x) {
    DoubleVector magnitude = x.abs();
    DoubleVector z = magnitude.add(magnitude);
    z = z.blend(TANH_MAX, z.compare(VectorOperators.GT, TANH_MAX));
    DoubleVector t = z.fma(all(LOG2_E), all(MAGIC));
    DoubleVector p = expm1(reduced(z, t.sub(MAGIC)));
    DoubleVector s = powerOf2(t.reinterpretAsLongs().sub(MAGIC_BITS));
    DoubleVector e = s.fma(p, s.sub(1));
    return withSign(e.div(e.add(2)), x);
  }

  static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector e = exp(x.abs().neg());
    DoubleVector one = all(1);
    return one.blend(e, x.compare(VectorOperators.LT, 0)).div(one.add(e));
  }

  static DoubleVector softplus(DoubleVector x) {
    DoubleVector e = exp(x.abs().neg());
    DoubleVector u = e.add(1);
    DoubleVector log1p = log(u).add(e.sub(u.sub(1)).div(u));
    return x.max(0).add(log1p);
  }

  static DoubleVector log(DoubleVector x) {
    VectorMask<Double> subnormal = x.compare(VectorOperators.LT, Double.MIN_NORMAL);
    LongVector bits = x.blend(x.mul(SUBNORMAL_SCALE), subnormal).reinterpretAsLongs();
    LongVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
    DoubleVector f =
        bits.sub(exponent.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles().sub(1);
    DoubleVector k = exponent.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
    k = k.blend(k.sub(54), subnormal);
    DoubleVector s = f.div(f.add(2));
    DoubleVector z = s.mul(s);
    DoubleVector r = all(L7);
    r = r.fma(z, all(L6));
    r = r.fma(z, all(L5));
    r = r.fma(z, all(L4));
    r = r.fma(z, all(L3));
    r = r.fma(z, all(L2));
    r = r.fma(z, all(L1));
    DoubleVector h = f.mul(0.5).mul(f);
    DoubleVector low = s.fma(r.fma(z, h), k.mul(LN2_TAIL));
    DoubleVector y = k.fma(all(LN2_HEAD), f.sub(h.sub(low)));
    y = y.blend(x, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
    y = y.blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
    return y.blend(Double.NaN, x.compare(VectorOperators.GE, 0).not());
  }

  /// Lanes beyond [ScalarMath#REDUCTION_MAX] are not computed here.
  static boolean reducible(DoubleVector x) {
    return x.abs().compare(VectorOperators.LE, REDUCTION_MAX).allTrue();
  }

  static DoubleVector sin(DoubleVector x) {
    DoubleVector y = sinOrCos(x, 0);
    return y.blend(x, x.compare(VectorOperators.EQ, 0));
  }

  static DoubleVector cos(DoubleVector x) {
    return sinOrCos(x, 1);
  }

  private static DoubleVector sinOrCos(DoubleVector x, long quarter) {
    DoubleVector t = x.fma(all(TWO_OVER_PI), all(MAGIC));
    DoubleVector n = t.sub(MAGIC);
    DoubleVector r = n.fma(all(-HALF_PI_1), x);
    r = n.fma(all(-HALF_PI_2), r);
    r = n.fma(all(-HALF_PI_3), r);
    LongVector quadrant = t.reinterpretAsLongs().sub(MAGIC_BITS).add(quarter);
    VectorMask<Long> odd = quadrant.and(1).compare(VectorOperators.NE, 0);
    VectorMask<Long> below = quadrant.and(2).compare(VectorOperators.NE, 0);
    DoubleVector y = sine(r).blend(cosine(r), odd.cast(DOUBLES));
    return y.blend(y.neg(), below.cast(DOUBLES));
  }

  private static DoubleVector sine(DoubleVector r) {
    DoubleVector z = r.mul(r);
    DoubleVector p = all(S6);
    p = p.fma(z, all(S5));
    p = p.fma(z, all(S4));
    p = p.fma(z, all(S3));
    p = p.fma(z, all(S2));
    p = p.fma(z, all(S1));
    return z.mul(r).fma(p, r);
  }

  private static DoubleVector cosine(DoubleVector r) {
    DoubleVector z = r.mul(r);
    DoubleVector p = all(C6);
    p = p.fma(z, all(C5));
    p = p.fma(z, all(C4));
    p = p.fma(z, all(C3));
    p = p.fma(z, all(C2));
    p = p.fma(z, all(C1));
    DoubleVector h = z.mul(0.5);
    DoubleVector one = all(1);
    DoubleVector w = one.sub(h);
    return w.add(one.sub(w).sub(h).add(z.mul(z.mul(p))));
  }

  /// `magnitude` (not negative) with the sign of `x`.
  private static DoubleVector withSign(DoubleVector magnitude, DoubleVector x) {
    LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
    return magnitude.reinterpretAsLongs().or(sign).reinterpretAsDoubles();
  }

  private static DoubleVector reduced(DoubleVector x, DoubleVector n) {
    return n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), x));
  }

  private static DoubleVector expm1(DoubleVector r) {
    DoubleVector q = all(E13);
    q = q.fma(r, all(E12));
    q = q.fma(r, all(E11));
    q = q.fma(r, all(E10));
    q = q.fma(r, all(E9));
    q = q.fma(r, all(E8));
    q = q.fma(r, all(E7));
    q = q.fma(r, all(E6));
    q = q.fma(r, all(E5));
    q = q.fma(r, all(E4));
    q = q.fma(r, all(E3));
    q = q.fma(r, all(E2));
    return r.mul(r).fma(q, r);
  }

  private static DoubleVector powerOf2(LongVector k) {
    return k.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
  }

  private static DoubleVector all(double value) {
    return DoubleVector.broadcast(DOUBLES, value);
  }

  static {
    if (LONGS.length() != DOUBLES.length()) {
      throw new IllegalStateException("vector kernels: double and long lanes differ in number");
    }
  }
}
