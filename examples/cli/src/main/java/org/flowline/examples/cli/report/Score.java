package org.flowline.examples.cli.report;

import java.util.Arrays;

/// The root mean square errors of a component and of two baselines, in its unit. The first row of a
/// trajectory, the initial state of a prediction, is left out.
///
/// @param count of the values
/// @param rmse of the model; NaN where its solve does not reach all values
/// @param mean of predicting the mean of the training data
/// @param persistence of predicting the last known value: the first one of the trajectory or, in
///     validation, the last one of the training
public record Score(
    Part part, String component, int count, double rmse, double mean, double persistence) {

  static Score of(Fit fit, Part part, int component) {
    double mean = mean(fit, component);
    double unit = unit(fit, component);
    double[] sums = new double[3];
    int count = 0;
    for (FittedTrajectory trajectory : fit.trajectories()) {
      double[] data = trajectory.series().component(component);
      double known = known(trajectory, part, data);
      for (int i : trajectory.rows(part).filter(i -> !Double.isNaN(data[i])).toArray()) {
        sums[0] += square((trajectory.predicted().get(i)[component] - data[i]) / unit);
        sums[1] += square((mean - data[i]) / unit);
        sums[2] += square((known - data[i]) / unit);
        count++;
      }
    }
    return new Score(
        part,
        fit.model().names().get(component),
        count,
        unit * Math.sqrt(sums[0] / count),
        unit * Math.sqrt(sums[1] / count),
        unit * Math.sqrt(sums[2] / count));
  }

  /// A power of 2 near the deviation of the component: in this unit, squares of errors neither
  /// underflow nor overflow.
  private static double unit(Fit fit, int component) {
    return Math.scalb(1.0, Math.getExponent(fit.model().scaling().deviation()[component]));
  }

  private static double mean(Fit fit, int component) {
    return fit.trajectories().stream()
        .flatMapToDouble(
            trajectory ->
                Arrays.stream(trajectory.series().component(component)).limit(trajectory.trained()))
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  private static double known(FittedTrajectory trajectory, Part part, double[] data) {
    int last = part == Part.VALIDATION ? Math.max(1, trajectory.trained()) : 1;
    return Arrays.stream(data)
        .limit(last)
        .filter(value -> !Double.isNaN(value))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private static double square(double x) {
    return x * x;
  }

  /// Returns `1 − rmse / min(mean, persistence)`; below 0 where a baseline is better.
  public double skill() {
    return 1 - rmse / Math.min(mean, persistence);
  }
}
