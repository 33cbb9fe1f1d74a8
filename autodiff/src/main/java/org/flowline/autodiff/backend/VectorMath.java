package org.flowline.autodiff.backend;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static org.flowline.autodiff.backend.ScalarMath.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [ScalarMath], lane by lane: the same operations in the same order, hence the same bits.
///
/// A vector is an object, unless the compiler sees it made and used in one method. It inlines hot
/// methods up to 325 bytes of bytecode, and none of ours once a method has grown very large; what
/// it does not inline allocates, which `ProgramsAllocateNothing` finds. The API's own methods it
/// always inlines: hence helpers come early in a function, and only the API late.
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

  static DoubleVector exp(DoubleVector x) {
    DoubleVector c = x.blend(EXP_MAX, x.compare(VectorOperators.GT, EXP_MAX));
    c = c.blend(EXP_MIN, c.compare(VectorOperators.LT, EXP_MIN));
    DoubleVector t = c.fma(broadcast(DOUBLES, LOG2_E), broadcast(DOUBLES, MAGIC));
    LongVector k = t.reinterpretAsLongs().sub(MAGIC_BITS);
    LongVector half = k.lanewise(VectorOperators.ASHR, 1);
    DoubleVector scale = powerOf2(half);
    DoubleVector rest = powerOf2(k.sub(half));
    DoubleVector p = expm1(reduced(c, t.sub(MAGIC)));
    return p.add(1).mul(scale).mul(rest);
  }

  static DoubleVector tanh(DoubleVector x) {
    DoubleVector magnitude = x.abs();
    DoubleVector z = magnitude.add(magnitude);
    z = z.blend(TANH_MAX, z.compare(VectorOperators.GT, TANH_MAX));
    DoubleVector t = z.fma(broadcast(DOUBLES, LOG2_E), broadcast(DOUBLES, MAGIC));
    DoubleVector s = powerOf2(t.reinterpretAsLongs().sub(MAGIC_BITS));
    DoubleVector p = expm1(reduced(z, t.sub(MAGIC)));
    DoubleVector e = s.fma(p, s.sub(1));
    LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
    return e.div(e.add(2)).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
  }

  static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector one = broadcast(DOUBLES, 1);
    DoubleVector e = exp(x.abs().neg());
    return one.blend(e, x.compare(VectorOperators.LT, 0)).div(one.add(e));
  }

  static DoubleVector softplus(DoubleVector x) {
    DoubleVector e = exp(x.abs().neg());
    DoubleVector u = e.add(1);
    // log(u) for u in [1, 2], written out: the compiler has had enough of calls by now
    VectorMask<Double> upper = u.compare(VectorOperators.GE, SQRT_2);
    DoubleVector k = DoubleVector.zero(DOUBLES).blend(1, upper);
    DoubleVector f = u.blend(u.mul(0.5), upper).sub(1);
    DoubleVector s = f.div(f.add(2));
    DoubleVector z = s.mul(s);
    DoubleVector r = broadcast(DOUBLES, L7);
    r = r.fma(z, broadcast(DOUBLES, L6));
    r = r.fma(z, broadcast(DOUBLES, L5));
    r = r.fma(z, broadcast(DOUBLES, L4));
    r = r.fma(z, broadcast(DOUBLES, L3));
    r = r.fma(z, broadcast(DOUBLES, L2));
    r = r.fma(z, broadcast(DOUBLES, L1));
    DoubleVector h = f.mul(0.5).mul(f);
    DoubleVector low = s.fma(r.fma(z, h), k.mul(LN2_TAIL));
    DoubleVector log = k.fma(broadcast(DOUBLES, LN2_HEAD), f.sub(h.sub(low)));
    return x.max(0).add(log.add(e.sub(u.sub(1)).div(u)));
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
    DoubleVector r = logSeries(z);
    DoubleVector h = f.mul(0.5).mul(f);
    DoubleVector low = s.fma(r.fma(z, h), k.mul(LN2_TAIL));
    DoubleVector y = k.fma(broadcast(DOUBLES, LN2_HEAD), f.sub(h.sub(low)));
    y = y.blend(x, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
    y = y.blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
    return y.blend(Double.NaN, x.compare(VectorOperators.GE, 0).not());
  }

  private static DoubleVector logSeries(DoubleVector z) {
    DoubleVector r = broadcast(DOUBLES, L7);
    r = r.fma(z, broadcast(DOUBLES, L6));
    r = r.fma(z, broadcast(DOUBLES, L5));
    r = r.fma(z, broadcast(DOUBLES, L4));
    r = r.fma(z, broadcast(DOUBLES, L3));
    r = r.fma(z, broadcast(DOUBLES, L2));
    return r.fma(z, broadcast(DOUBLES, L1));
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
    DoubleVector t = x.fma(broadcast(DOUBLES, TWO_OVER_PI), broadcast(DOUBLES, MAGIC));
    DoubleVector n = t.sub(MAGIC);
    DoubleVector r = n.fma(broadcast(DOUBLES, -HALF_PI_1), x);
    r = n.fma(broadcast(DOUBLES, -HALF_PI_2), r);
    r = n.fma(broadcast(DOUBLES, -HALF_PI_3), r);
    DoubleVector sine = sine(r);
    DoubleVector cosine = cosine(r);
    LongVector quadrant = t.reinterpretAsLongs().sub(MAGIC_BITS).add(quarter);
    VectorMask<Long> odd = quadrant.and(1).compare(VectorOperators.NE, 0);
    VectorMask<Long> below = quadrant.and(2).compare(VectorOperators.NE, 0);
    DoubleVector y = sine.blend(cosine, odd.cast(DOUBLES));
    return y.blend(y.neg(), below.cast(DOUBLES));
  }

  private static DoubleVector sine(DoubleVector r) {
    DoubleVector z = r.mul(r);
    DoubleVector p = broadcast(DOUBLES, S6);
    p = p.fma(z, broadcast(DOUBLES, S5));
    p = p.fma(z, broadcast(DOUBLES, S4));
    p = p.fma(z, broadcast(DOUBLES, S3));
    p = p.fma(z, broadcast(DOUBLES, S2));
    p = p.fma(z, broadcast(DOUBLES, S1));
    return z.mul(r).fma(p, r);
  }

  private static DoubleVector cosine(DoubleVector r) {
    DoubleVector z = r.mul(r);
    DoubleVector p = broadcast(DOUBLES, C6);
    p = p.fma(z, broadcast(DOUBLES, C5));
    p = p.fma(z, broadcast(DOUBLES, C4));
    p = p.fma(z, broadcast(DOUBLES, C3));
    p = p.fma(z, broadcast(DOUBLES, C2));
    p = p.fma(z, broadcast(DOUBLES, C1));
    DoubleVector h = z.mul(0.5);
    DoubleVector one = broadcast(DOUBLES, 1);
    DoubleVector w = one.sub(h);
    return w.add(one.sub(w).sub(h).add(z.mul(z.mul(p))));
  }

  private static DoubleVector reduced(DoubleVector x, DoubleVector n) {
    return n.fma(broadcast(DOUBLES, -LN2_LOW), n.fma(broadcast(DOUBLES, -LN2_HIGH), x));
  }

  private static DoubleVector expm1(DoubleVector r) {
    DoubleVector q = broadcast(DOUBLES, E13);
    q = q.fma(r, broadcast(DOUBLES, E12));
    q = q.fma(r, broadcast(DOUBLES, E11));
    q = q.fma(r, broadcast(DOUBLES, E10));
    q = q.fma(r, broadcast(DOUBLES, E9));
    q = q.fma(r, broadcast(DOUBLES, E8));
    q = q.fma(r, broadcast(DOUBLES, E7));
    q = q.fma(r, broadcast(DOUBLES, E6));
    q = q.fma(r, broadcast(DOUBLES, E5));
    q = q.fma(r, broadcast(DOUBLES, E4));
    q = q.fma(r, broadcast(DOUBLES, E3));
    q = q.fma(r, broadcast(DOUBLES, E2));
    return r.mul(r).fma(q, r);
  }

  private static DoubleVector powerOf2(LongVector k) {
    return k.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
  }

  static {
    if (LONGS.length() != DOUBLES.length()) {
      throw new IllegalStateException("vector kernels: double and long lanes differ in number");
    }
  }
}
