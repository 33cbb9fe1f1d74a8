package org.flowline.neuralode.training;

/// A learning-rate schedule: how fast θ moves, as a factor that depends on training time,
///
///     dθ/dτ = s(τ/h) · (what the flow says)
///
/// with time counted in iterations of length `h`. Of a flow without memory, such as
/// [org.flowline.neuralode.GradientFlow],
/// this is a change of the clock: the same curve at another speed. Velocities and averages keep
/// their own clock, so that with Euler and semi-implicit Euler it is the textbook's `η_k = η s_k`.
@FunctionalInterface
public interface Schedule {

  /// The factor where θ moves: for Euler the iteration's number, counted from 0; for semi-implicit
  /// Euler, which moves θ at the end of a step, the next one.
  double at(double iteration);

  /// Always `factor`.
  static Schedule constant(double factor) {
    require("constant", factor, factor >= 0 && Double.isFinite(factor), "a number ≥ 0");
    return _ -> factor;
  }

  /// Rises evenly from `1/(n + 1)` to 1 over `n` iterations.
  static Schedule warmUp(long n) {
    require("warm-up", n, n >= 1, "1 iteration or more");
    return iteration -> Math.min(1, (iteration + 1) / (n + 1));
  }

  /// Falls as half a cosine from 1 to 0 over `n` iterations. Loshchilov & Hutter (2017), eq. 5.
  static Schedule cosine(long n) {
    require("cosine", n, n >= 1, "1 iteration or more");
    return iteration -> (1 + Math.cos(Math.PI * Math.min(1, iteration / n))) / 2;
  }

  /// `factor` to the power of the iteration.
  static Schedule exponential(double factor) {
    require("exponential", factor, factor > 0 && factor <= 1, "a factor in (0, 1]");
    return iteration -> Math.pow(factor, iteration);
  }

  /// Both factors, one on top of the other.
  default Schedule times(Schedule other) {
    return iteration -> at(iteration) * other.at(iteration);
  }

  /// No less than `floor`.
  default Schedule noLessThan(double floor) {
    return iteration -> Math.max(floor, at(iteration));
  }

  private static void require(String what, double came, boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("schedule: " + what + " of " + came + "; want " + wanted);
    }
  }
}
