package org.flowline.examples.cli.report;

import java.util.Arrays;

/// How far off the model is in one component, in the data's unit, beside what needs no model. The
/// first row of a trajectory, which a prediction is given, counts for none.
///
/// @param part of the rows
/// @param component its name
/// @param count of the values
/// @param rmse root of the mean square error; NaN where the solve does not reach all of the values
/// @param mean the same of always saying the mean of what was trained on
/// @param persistence the same of staying with the last value known: the first one of the
///     trajectory or, in validation, the last that was trained on
public record Score(
    Part part, String component, int count, double rmse, double mean, double persistence) {

  static Score of(Fit fit, Part part, int component) {
    double mean = mean(fit, component);
    double unit = unit(fit, component);
    double[] sums = new double[3];
    int count = 0;
    for (FittedTrajectory course : fit.courses()) {
      double[] data = course.series().component(component);
      double known = known(course, part, data);
      for (int i : course.rows(part).filter(i -> !Double.isNaN(data[i])).toArray()) {
        sums[0] += square((course.predicted().get(i)[component] - data[i]) / unit);
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

  /// A power of 2, which rounds nothing, about as large as the component varies: squares of errors
  /// beside it neither underflow nor overflow.
  private static double unit(Fit fit, int component) {
    return Math.scalb(1.0, Math.getExponent(fit.model().scaling().deviation()[component]));
  }

  private static double mean(Fit fit, int component) {
    return fit.courses().stream()
        .flatMapToDouble(
            course -> Arrays.stream(course.series().component(component)).limit(course.trained()))
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  private static double known(FittedTrajectory course, Part part, double[] data) {
    int last = part == Part.VALIDATION ? Math.max(1, course.trained()) : 1;
    return Arrays.stream(data)
        .limit(last)
        .filter(value -> !Double.isNaN(value))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private static double square(double x) {
    return x * x;
  }

  /// How much of the better guess' error is gone, from 1 down; below 0 where guessing is better.
  public double skill() {
    return 1 - rmse / Math.min(mean, persistence);
  }
}
