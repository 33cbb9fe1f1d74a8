package org.flowline.autodiff.jvm.kernels;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static org.flowline.autodiff.jvm.kernels.ScalarMath.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.flowline.autodiff.Op;

/// [ScalarMath] over arrays, lane by lane: the same operations in the same order, hence the same
/// bits.
///
/// Each loop contains its whole function, although parts of them are alike: a vector is an object
/// unless the compiler creates and uses it in one compiled method. The JIT always inlines the
/// methods of the Vector API, but other methods only depending on their sizes and on the order of
/// compilation; a method that it does not inline allocates in every iteration. Functions that
/// differ only at the end share a loop that branches there, which costs nothing measurable. The
/// loop of `tanh`, the most common one, is written twice, so that only the last elements go through
/// a mask.
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = DOUBLES.length();

  /// `eˣ`, `eˣ − 1`, `1/(1 + e⁻ˣ)` or `ln(1 + eˣ)`, from the exponential of `x` or of `−|x|`
  static void exponential(Op.Unary op, double[] from, int xo, double[] out, int oo, int n) {
    boolean sigmoid = op == Op.Unary.SIGMOID;
    boolean softplus = op == Op.Unary.SOFTPLUS;
    boolean minusOne = op == Op.Unary.EXPM1;
    long sign = sigmoid || softplus ? Long.MIN_VALUE : 0;
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, inside);
      DoubleVector z = x.reinterpretAsLongs().or(sign).reinterpretAsDoubles();
      DoubleVector c = z.blend(EXP_MAX, z.compare(VectorOperators.GT, EXP_MAX));
      c = c.blend(EXP_MIN, c.compare(VectorOperators.LT, EXP_MIN));
      DoubleVector t = c.fma(broadcast(DOUBLES, LOG2_E), broadcast(DOUBLES, MAGIC));
      DoubleVector whole = t.sub(MAGIC);
      DoubleVector r = whole.fma(broadcast(DOUBLES, -LN2_HIGH), c);
      r = whole.fma(broadcast(DOUBLES, -LN2_LOW), r);
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
      DoubleVector p = r.mul(r).fma(q, r);
      LongVector power = t.reinterpretAsLongs().sub(MAGIC_BITS);
      LongVector half = power.lanewise(VectorOperators.ASHR, 1);
      LongVector rest = power.sub(half);
      DoubleVector scale = half.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
      DoubleVector again = rest.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
      DoubleVector e = p.add(1).mul(scale).mul(again);
      if (sigmoid) {
        DoubleVector one = broadcast(DOUBLES, 1);
        DoubleVector y = one.blend(e, x.compare(VectorOperators.LT, 0)).div(one.add(e));
        y.intoArray(out, oo + i, inside);
      } else if (softplus) {
        DoubleVector u = e.add(1);
        VectorMask<Double> upper = u.compare(VectorOperators.GE, SQRT_2);
        DoubleVector k = DoubleVector.zero(DOUBLES).blend(1, upper);
        DoubleVector f = u.blend(u.mul(0.5), upper).sub(1);
        DoubleVector s = f.div(f.add(2));
        DoubleVector square = s.mul(s);
        DoubleVector series = broadcast(DOUBLES, L7);
        series = series.fma(square, broadcast(DOUBLES, L6));
        series = series.fma(square, broadcast(DOUBLES, L5));
        series = series.fma(square, broadcast(DOUBLES, L4));
        series = series.fma(square, broadcast(DOUBLES, L3));
        series = series.fma(square, broadcast(DOUBLES, L2));
        series = series.fma(square, broadcast(DOUBLES, L1));
        DoubleVector h = f.mul(0.5).mul(f);
        DoubleVector low = s.fma(series.fma(square, h), k.mul(LN2_TAIL));
        DoubleVector log = k.fma(broadcast(DOUBLES, LN2_HEAD), f.sub(h.sub(low)));
        DoubleVector y = x.max(0).add(log.add(e.sub(u.sub(1)).div(u)));
        y.intoArray(out, oo + i, inside);
      } else if (minusOne) {
        DoubleVector y = e.sub(1);
        DoubleVector s = power.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
        y = y.blend(s.fma(p, s.sub(1)), x.abs().compare(VectorOperators.LE, EXPM1_MAX));
        y = y.blend(x, x.compare(VectorOperators.EQ, 0));
        y.intoArray(out, oo + i, inside);
      } else {
        e.intoArray(out, oo + i, inside);
      }
    }
  }

  /// `tanh x`
  static void tanh(double[] from, int xo, double[] out, int oo, int n) {
    int bound = DOUBLES.loopBound(n);
    for (int i = 0; i < bound; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i);
      DoubleVector magnitude = x.abs();
      DoubleVector z = magnitude.add(magnitude);
      z = z.blend(TANH_MAX, z.compare(VectorOperators.GT, TANH_MAX));
      DoubleVector t = z.fma(broadcast(DOUBLES, LOG2_E), broadcast(DOUBLES, MAGIC));
      DoubleVector whole = t.sub(MAGIC);
      DoubleVector r = whole.fma(broadcast(DOUBLES, -LN2_HIGH), z);
      r = whole.fma(broadcast(DOUBLES, -LN2_LOW), r);
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
      DoubleVector p = r.mul(r).fma(q, r);
      LongVector power = t.reinterpretAsLongs().sub(MAGIC_BITS - 1023);
      DoubleVector s = power.lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
      DoubleVector e = s.fma(p, s.sub(1));
      LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
      DoubleVector y = e.div(e.add(2)).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
      y.intoArray(out, oo + i);
    }
    if (bound < n) {
      VectorMask<Double> inside = DOUBLES.indexInRange(bound, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + bound, inside);
      DoubleVector magnitude = x.abs();
      DoubleVector z = magnitude.add(magnitude);
      z = z.blend(TANH_MAX, z.compare(VectorOperators.GT, TANH_MAX));
      DoubleVector t = z.fma(broadcast(DOUBLES, LOG2_E), broadcast(DOUBLES, MAGIC));
      DoubleVector whole = t.sub(MAGIC);
      DoubleVector r = whole.fma(broadcast(DOUBLES, -LN2_HIGH), z);
      r = whole.fma(broadcast(DOUBLES, -LN2_LOW), r);
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
      DoubleVector p = r.mul(r).fma(q, r);
      LongVector power = t.reinterpretAsLongs().sub(MAGIC_BITS - 1023);
      DoubleVector s = power.lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
      DoubleVector e = s.fma(p, s.sub(1));
      LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
      DoubleVector y = e.div(e.add(2)).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
      y.intoArray(out, oo + bound, inside);
    }
  }

  /// `ln x`
  static void log(double[] from, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, inside);
      VectorMask<Double> subnormal = x.compare(VectorOperators.LT, Double.MIN_NORMAL);
      LongVector bits = x.blend(x.mul(SUBNORMAL_SCALE), subnormal).reinterpretAsLongs();
      LongVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
      LongVector mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, 52));
      DoubleVector f = mantissa.reinterpretAsDoubles().sub(1);
      DoubleVector k = exponent.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      k = k.blend(k.sub(54), subnormal);
      DoubleVector s = f.div(f.add(2));
      DoubleVector z = s.mul(s);
      DoubleVector series = broadcast(DOUBLES, L7);
      series = series.fma(z, broadcast(DOUBLES, L6));
      series = series.fma(z, broadcast(DOUBLES, L5));
      series = series.fma(z, broadcast(DOUBLES, L4));
      series = series.fma(z, broadcast(DOUBLES, L3));
      series = series.fma(z, broadcast(DOUBLES, L2));
      series = series.fma(z, broadcast(DOUBLES, L1));
      DoubleVector h = f.mul(0.5).mul(f);
      DoubleVector low = s.fma(series.fma(z, h), k.mul(LN2_TAIL));
      DoubleVector y = k.fma(broadcast(DOUBLES, LN2_HEAD), f.sub(h.sub(low)));
      y = y.blend(x, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
      y = y.blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
      y = y.blend(Double.NaN, x.compare(VectorOperators.GE, 0).not());
      y.intoArray(out, oo + i, inside);
    }
  }

  /// `ln(1 + x)`
  static void log1p(double[] from, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, inside);
      DoubleVector u = x.add(1);
      LongVector bits = u.reinterpretAsLongs();
      LongVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
      LongVector mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, 52));
      DoubleVector f = mantissa.reinterpretAsDoubles().sub(1);
      DoubleVector k = exponent.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      DoubleVector s = f.div(f.add(2));
      DoubleVector z = s.mul(s);
      DoubleVector series = broadcast(DOUBLES, L7);
      series = series.fma(z, broadcast(DOUBLES, L6));
      series = series.fma(z, broadcast(DOUBLES, L5));
      series = series.fma(z, broadcast(DOUBLES, L4));
      series = series.fma(z, broadcast(DOUBLES, L3));
      series = series.fma(z, broadcast(DOUBLES, L2));
      series = series.fma(z, broadcast(DOUBLES, L1));
      DoubleVector h = f.mul(0.5).mul(f);
      DoubleVector low = s.fma(series.fma(z, h), k.mul(LN2_TAIL));
      DoubleVector y = k.fma(broadcast(DOUBLES, LN2_HEAD), f.sub(h.sub(low)));
      y = y.add(x.sub(u.sub(1)).div(u));
      y = y.blend(x, u.compare(VectorOperators.EQ, 1));
      y = y.blend(u, u.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
      y = y.blend(Double.NEGATIVE_INFINITY, u.compare(VectorOperators.EQ, 0));
      y = y.blend(Double.NaN, x.compare(VectorOperators.GE, -1).not());
      y.intoArray(out, oo + i, inside);
    }
  }
}
