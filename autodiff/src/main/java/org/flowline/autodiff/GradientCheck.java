package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Compares a gradient `g` with its function `f` in two independent ways.
///
/// **Differences**, for each component: central differences of decreasing `h`, extrapolated to
/// `h → 0`. The result is the entry of the scheme that differs least from its neighbours, and this
/// difference estimates its error. Ridders (1982).
///
///     D(h) = [f(x + h·eᵢ) − f(x − h·eᵢ)] / 2h = gᵢ + c₂h² + c₄h⁴ + …
///
/// **Taylor**: the remainder `|f(x + εv) − f(x) − ε⟨g, v⟩|` in a random direction falls as `ε²` if
/// and only if `⟨g, v⟩` is right; a wrong gradient leaves slope 1. The slope is NaN where the
/// remainder is only round-off (a linear `f`).
///
/// Costs `12n + 13` evaluations of `f`. A NaN on either side makes the largest error NaN, which no
/// tolerance accepts.
///
/// @param gradient the checked gradient
/// @param differences the extrapolated central differences
/// @param differencesError the largest estimated error of the differences, relative to `max |dᵢ|`;
///     a correct gradient agrees no better than this
/// @param maxRelativeError `max |gᵢ − dᵢ| / max |dᵢ|`
/// @param worst the component with the largest error
/// @param remainders Taylor remainders for `ε = 2⁻², 2⁻³, …` and a direction in `[−1, 1]ⁿ`
/// @param taylorSlope the slope of the remainders in log–log
public record GradientCheck(
    double[] gradient,
    double[] differences,
    double differencesError,
    double maxRelativeError,
    int worst,
    List<Double> remainders,
    double taylorSlope) {

  private static final int HALVINGS = 12;

  /// The largest `h`, relative to `max(1, |xᵢ|)`; each of the following is half of the one before.
  private static final double LARGEST_H = 0x1p-9;

  private static final int DIFFERENCES = 6;

  /// Checks `gradient` as the gradient of `f` at `x`, in a direction from a fixed seed.
  public static GradientCheck of(ToDoubleFunction<double[]> f, double[] gradient, double[] x) {
    if (gradient.length != x.length) {
      throw new IllegalArgumentException(
          "gradient check: gradient of length %s at a point of length %s"
              .formatted(gradient.length, x.length));
    }
    double[] errors = new double[x.length];
    double[] differences = differences(f, x, errors);
    double scale = 0;
    double error = 0;
    double ownError = 0;
    int worst = 0;
    for (int i = 0; i < x.length; i++) {
      scale = Math.max(scale, Math.abs(differences[i]));
      ownError = Math.max(ownError, errors[i]);
      double here = Math.abs(gradient[i] - differences[i]);
      if (!(here <= error) && !Double.isNaN(error)) {
        error = here;
        worst = i;
      }
    }
    scale = Math.max(scale, Double.MIN_NORMAL);
    double value = f.applyAsDouble(x);
    List<Double> remainders = remainders(f, value, gradient, x);
    return new GradientCheck(
        gradient.clone(),
        differences,
        ownError / scale,
        error / scale,
        worst,
        remainders,
        slope(remainders, value));
  }

  /// Returns the central differences of `f` at `x`, extrapolated to `h → 0`.
  public static double[] differences(ToDoubleFunction<double[]> f, double[] x) {
    return differences(f, x, new double[x.length]);
  }

  private static double[] differences(ToDoubleFunction<double[]> f, double[] x, double[] errors) {
    double[] gradient = new double[x.length];
    double[] at = x.clone();
    for (int i = 0; i < x.length; i++) {
      double largest = LARGEST_H * Math.max(1, Math.abs(x[i]));
      gradient[i] = extrapolated(f, at, i, largest, errors);
    }
    return gradient;
  }

  /// Neville's scheme in `h²`, row by row; `row[j]` lacks the first `j` terms of the error.
  private static double extrapolated(
      ToDoubleFunction<double[]> f, double[] at, int i, double largest, double[] errors) {
    double[] row = {central(f, at, i, largest)};
    double best = row[0];
    errors[i] = Double.isNaN(best) ? Double.NaN : Double.POSITIVE_INFINITY;
    for (int k = 1; k < DIFFERENCES; k++) {
      double[] next = new double[k + 1];
      next[0] = central(f, at, i, Math.scalb(largest, -k));
      for (int j = 1; j <= k; j++) {
        next[j] = next[j - 1] + (next[j - 1] - row[j - 1]) / (Math.scalb(1.0, 2 * j) - 1);
        double change = Math.max(Math.abs(next[j] - next[j - 1]), Math.abs(next[j] - row[j - 1]));
        if (change <= errors[i]) {
          errors[i] = change;
          best = next[j];
        }
      }
      row = next;
    }
    return best;
  }

  private static double central(ToDoubleFunction<double[]> f, double[] at, int i, double h) {
    double saved = at[i];
    at[i] = saved + h;
    double above = f.applyAsDouble(at);
    at[i] = saved - h;
    double below = f.applyAsDouble(at);
    at[i] = saved;
    return (above - below) / (2 * h);
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

  /// The median of `log2(rₖ / rₖ₊₁)` over the later half of the remainders that exceed round-off.
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
        "gradient check: largest relative error %.2e (differences' own %.2e) at component %s (%.15g, differences say %.15g); Taylor slope %.3f",
        maxRelativeError,
        differencesError,
        worst,
        gradient.length == 0 ? Double.NaN : gradient[worst],
        differences.length == 0 ? Double.NaN : differences[worst],
        taylorSlope);
  }
}
