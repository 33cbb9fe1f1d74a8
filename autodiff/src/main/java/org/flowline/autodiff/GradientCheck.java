package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Holds a gradient `g` against its function `f` in two independent ways.
///
/// **Differences**, for each component, with `h = ε^(1/5)·max(1, |xᵢ|)` and an error of `O(h⁴)`:
///
///     gᵢ ≈ [8(f(x + h·eᵢ) − f(x − h·eᵢ)) − (f(x + 2h·eᵢ) − f(x − 2h·eᵢ))] / 12h
///
/// **Taylor**: the remainder `|f(x + εv) − f(x) − ε⟨g, v⟩|` in a random direction falls as `ε²` if
/// and only if `⟨g, v⟩` is right; a wrong gradient leaves slope 1. Where the remainder is all
/// round-off (a linear `f`) the slope is NaN.
///
/// Costs `4n + 13` evaluations of `f`. A NaN on either side makes the largest error NaN, which is
/// below no tolerance.
///
/// @param gradient what was checked
/// @param differences the central differences
/// @param maxRelativeError `max |gᵢ − dᵢ| / max |dᵢ|`
/// @param worst the component with the largest error
/// @param remainders Taylor remainders for `ε = 2⁻², 2⁻³, …` and a direction in `[−1, 1]ⁿ`
/// @param taylorSlope the slope of the remainders in log–log
public record GradientCheck(
    double[] gradient,
    double[] differences,
    double maxRelativeError,
    int worst,
    List<Double> remainders,
    double taylorSlope) {

  private static final int HALVINGS = 12;

  /// Checks `gradient` as the gradient of `f` at `x`. The direction is drawn from a fixed seed.
  public static GradientCheck of(ToDoubleFunction<double[]> f, double[] gradient, double[] x) {
    if (gradient.length != x.length) {
      throw new IllegalArgumentException(
          "gradient check: gradient of length "
              + gradient.length
              + " at a point of length "
              + x.length);
    }
    double[] differences = differences(f, x);
    double scale = 0;
    double error = 0;
    int worst = 0;
    for (int i = 0; i < x.length; i++) {
      scale = Math.max(scale, Math.abs(differences[i]));
      double here = Math.abs(gradient[i] - differences[i]);
      if (!(here <= error) && !Double.isNaN(error)) {
        error = here;
        worst = i;
      }
    }
    double relative = error == 0 ? 0 : error / Math.max(scale, Double.MIN_NORMAL);
    double value = f.applyAsDouble(x);
    List<Double> remainders = remainders(f, value, gradient, x);
    return new GradientCheck(
        gradient.clone(), differences, relative, worst, remainders, slope(remainders, value));
  }

  /// Fourth-order central differences of `f` at `x`.
  public static double[] differences(ToDoubleFunction<double[]> f, double[] x) {
    double[] gradient = new double[x.length];
    double[] at = x.clone();
    for (int i = 0; i < x.length; i++) {
      double h = Math.pow(Math.ulp(1.0), 0.2) * Math.max(1, Math.abs(x[i]));
      double near = shifted(f, at, i, h) - shifted(f, at, i, -h);
      double far = shifted(f, at, i, 2 * h) - shifted(f, at, i, -2 * h);
      gradient[i] = (8 * near - far) / (12 * h);
    }
    return gradient;
  }

  private static double shifted(ToDoubleFunction<double[]> f, double[] at, int i, double by) {
    double saved = at[i];
    at[i] = saved + by;
    double value = f.applyAsDouble(at);
    at[i] = saved;
    return value;
  }

  private static List<Double> remainders(
      ToDoubleFunction<double[]> f, double value, double[] gradient, double[] x) {
    SplittableRandom random = new SplittableRandom(7);
    double[] v = random.doubles(x.length, -1, 1).toArray();
    double slopeAlong = 0;
    for (int i = 0; i < x.length; i++) {
      slopeAlong += gradient[i] * v[i];
    }
    List<Double> remainders = new ArrayList<>();
    double[] at = new double[x.length];
    for (int k = 2; k < 2 + HALVINGS; k++) {
      double epsilon = Math.scalb(1.0, -k);
      for (int i = 0; i < x.length; i++) {
        at[i] = x[i] + epsilon * v[i];
      }
      remainders.add(Math.abs(f.applyAsDouble(at) - value - epsilon * slopeAlong));
    }
    return List.copyOf(remainders);
  }

  /// The median of `log2(rₖ / rₖ₊₁)` over the later half of the remainders that stand clear of
  /// round-off.
  private static double slope(List<Double> remainders, double value) {
    double noise = 1e3 * Math.ulp(Math.max(1e-300, Math.abs(value)));
    List<Double> slopes = new ArrayList<>();
    for (int k = 0; k + 1 < remainders.size() && remainders.get(k + 1) > noise; k++) {
      slopes.add(Math.log(remainders.get(k) / remainders.get(k + 1)) / Math.log(2));
    }
    if (slopes.isEmpty()) {
      return Double.NaN;
    }
    List<Double> late = slopes.subList(slopes.size() / 2, slopes.size()).stream().sorted().toList();
    return late.get(late.size() / 2);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "gradient check: largest relative error %.2e at component %d (%.15g, differences say %.15g); Taylor slope %.3f",
        maxRelativeError,
        worst,
        gradient.length == 0 ? Double.NaN : gradient[worst],
        differences.length == 0 ? Double.NaN : differences[worst],
        taylorSlope);
  }
}
