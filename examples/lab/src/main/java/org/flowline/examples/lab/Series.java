package org.flowline.examples.lab;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.stat.regression.SimpleRegression;

/// Functions of arrays of numbers that the experiments share.
public final class Series {
  private Series() {}

  /// The `p` of `y ∝ xᵖ`: the least-squares slope on logarithmic axes.
  public static double power(double[] x, double[] y) {
    return rate(map(x, Math::log), y);
  }

  /// The `r` of `y ∝ e^(rt)`: the least-squares slope of `ln y` over `t`.
  public static double rate(double[] t, double[] y) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < t.length; i++) {
      line.addData(t[i], Math.log(y[i]));
    }
    return line.getSlope();
  }

  /// The `p` of `y ∝ xᵖ` from the last points, this many.
  public static double power(double[] x, double[] y, int last) {
    return power(tail(x, last), tail(y, last));
  }

  /// The integers `from … to`, both included.
  public static double[] range(int from, int to) {
    return IntStream.rangeClosed(from, to).asDoubleStream().toArray();
  }

  /// The values of a function at each entry.
  public static double[] map(double[] x, DoubleUnaryOperator f) {
    return Arrays.stream(x).map(f).toArray();
  }

  /// The values of a function of each item.
  public static <T> double[] of(List<T> items, ToDoubleFunction<? super T> f) {
    return items.stream().mapToDouble(f).toArray();
  }

  /// The entries `0, stride, 2·stride, …`.
  public static double[] every(double[] values, int stride) {
    return IntStream.range(0, (values.length + stride - 1) / stride)
        .mapToDouble(k -> values[k * stride])
        .toArray();
  }

  /// The last entries, this many.
  public static double[] tail(double[] values, int count) {
    return Arrays.copyOfRange(values, values.length - count, values.length);
  }

  public static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  /// The largest value of `f` at `from … to − 1`.
  public static double max(int from, int to, IntToDoubleFunction f) {
    return IntStream.range(from, to).mapToDouble(f).max().orElseThrow();
  }

  /// `‖v‖`
  public static double norm(double[] v) {
    return new ArrayRealVector(v, false).getNorm();
  }

  /// `‖a − b‖`
  public static double distance(double[] a, double[] b) {
    return new ArrayRealVector(a, false).getDistance(new ArrayRealVector(b, false));
  }

  /// `‖a − b‖ / ‖b‖`
  public static double relativeDistance(double[] a, double[] b) {
    return distance(b, a) / norm(b);
  }

  /// Rows in one array, one after the other.
  public static double[] flat(List<double[]> rows) {
    return rows.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
