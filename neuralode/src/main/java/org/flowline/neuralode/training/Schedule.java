package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/// A learning-rate schedule: a factor of the rate of θ that depends on training time,
///
///     dθ/dτ = s(τ/h) · (dθ/dτ of the flow)
///
/// with time in iterations of length `h`. For a flow without memory, such as
/// [org.flowline.neuralode.GradientFlow], it changes the speed on the same curve. Velocities and
/// averages are not scaled, so that Euler and semi-implicit Euler have the textbook's `η_k = η
/// s_k`.
@FunctionalInterface
public interface Schedule {

  /// The factor: for Euler at the iteration's number, counted from 0; for semi-implicit Euler,
  /// which moves θ at the end of a step, at the next one.
  double at(double iteration);

  /// The iterations at which the slope jumps, where adaptive steps end.
  default double[] kinks() {
    return new double[0];
  }

  private Schedule withKinks(DoubleStream kinks) {
    double[] all = kinks.toArray();
    Schedule smooth = this;
    return new Schedule() {
      @Override
      public double at(double iteration) {
        return smooth.at(iteration);
      }

      @Override
      public double[] kinks() {
        return all.clone();
      }
    };
  }

  private static Schedule upTo(long n, Schedule schedule) {
    return schedule.withKinks(DoubleStream.of(n));
  }

  /// The constant schedule.
  static Schedule constant(double factor) {
    require("constant", factor, factor >= 0 && Double.isFinite(factor), "a number ≥ 0");
    return _ -> factor;
  }

  /// Warm-up: rises linearly from `1/(n + 1)` to 1 over `n` iterations.
  static Schedule warmUp(long n) {
    require("warm-up", n, n >= 1, "1 iteration or more");
    return upTo(n, iteration -> Math.min(1, (iteration + 1) / (n + 1)));
  }

  /// Cosine decay: falls from 1 to 0 over `n` iterations as half a cosine. Loshchilov & Hutter
  /// (2017), eq. 5.
  static Schedule cosine(long n) {
    require("cosine", n, n >= 1, "1 iteration or more");
    return upTo(n, iteration -> (1 + Math.cos(Math.PI * Math.min(1, iteration / n))) / 2);
  }

  /// Exponential decay: `factor` to the power of the iteration.
  static Schedule exponential(double factor) {
    require("exponential", factor, factor > 0 && factor <= 1, "a factor in (0, 1]");
    return iteration -> Math.pow(factor, iteration);
  }

  /// Returns the product of both schedules.
  default Schedule times(Schedule other) {
    Schedule product = iteration -> at(iteration) * other.at(iteration);
    return product.withKinks(
        DoubleStream.concat(Arrays.stream(kinks()), Arrays.stream(other.kinks())));
  }

  /// Returns this schedule bounded below by `floor`; where they meet is not among its [#kinks].
  default Schedule noLessThan(double floor) {
    Schedule bounded = iteration -> Math.max(floor, at(iteration));
    return bounded.withKinks(Arrays.stream(kinks()));
  }

  private static void require(String what, double came, boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("schedule: " + what + " of " + came + "; want " + wanted);
    }
  }
}
