package org.flowline.odesolvers;

import java.util.Arrays;
import java.util.Objects;

/// The size of the steps: [Constant], by a [Grid] of given nodes, or [Adaptive] to a tolerance.
public sealed interface StepSize {

  /// Step sizes known beforehand: `steps()` steps from `node(t0, n)` to `node(t0, n + 1)`.
  sealed interface Fixed extends StepSize permits Constant, Grid {

    /// The number of steps.
    long steps();

    /// The start of step `n`, if step 0 starts at `t0`.
    double node(double t0, long n);

    /// The signed size of step `n`.
    double size(long n);

    /// Times at which a step must end, besides the nodes.
    Adaptive.Forced forced();
  }

  /// Exactly `steps` steps of exactly `h`, which is negative to go backward:
  ///
  ///     t_n = t0 + n·h        y_{n+1} = Φ(t_n, y_n, h)
  ///
  /// The parameters are `(h, steps)` and not an interval, since `(n·h)/n ≠ h` in floating point.
  /// The last requested time must be `end(t0)` up to 1e-12 of the times' size; the last step ends
  /// there.
  ///
  /// @param forced times at which a step ends early; the rest of it is a step of its own
  record Constant(double h, long steps, Adaptive.Forced forced) implements Fixed {

    /// @throws IllegalArgumentException if `h` is zero or not finite, or `steps` is not positive
    public Constant {
      if (!Double.isFinite(h) || h == 0) {
        throw new IllegalArgumentException(
            "Constant: h = %s, want a finite step size, negative to go backward".formatted(h));
      }
      if (steps < 1) {
        throw new IllegalArgumentException("Constant: %s steps, want at least 1".formatted(steps));
      }
    }

    /// Returns `steps` steps of size `h`.
    public static Constant of(double h, long steps) {
      return new Constant(h, steps, Adaptive.Forced.NONE);
    }

    /// Returns these steps, divided at each of these times within the interval.
    public Constant withStops(double... times) {
      return new Constant(h, steps, new Adaptive.Forced(times, forced.jumps));
    }

    /// Returns these steps, divided at each of these times, at which the field jumps, so that the
    /// method keeps its order; see [Adaptive#withJumps].
    public Constant withJumps(double... times) {
      return new Constant(h, steps, new Adaptive.Forced(forced.stops, times));
    }

    @Override
    public String toString() {
      return "Constant[h=%s, steps=%s]".formatted(h, steps)
          + (forced == Adaptive.Forced.NONE ? "" : ", " + forced);
    }

    /// `t0 + steps·h`.
    public double end(double t0) {
      return node(t0, steps);
    }

    @Override
    public double node(double t0, long n) {
      return t0 + n * h;
    }

    @Override
    public double size(long n) {
      return h;
    }
  }

  /// Steps from node to node, `h_n = t_{n+1} − t_n`. The first and the last node must be the first
  /// and the last requested time.
  ///
  /// @param forced times at which a step ends early; the rest of it is a step of its own
  record Grid(double[] times, Adaptive.Forced forced) implements Fixed {

    /// @throws IllegalArgumentException unless the nodes are at least two, finite and strictly
    ///     monotone
    public Grid {
      times = times.clone();
      Samples.requireMonotone("Grid", times);
      if (times.length < 2) {
        throw new IllegalArgumentException(
            "Grid: one time, want at least two, the start and the end");
      }
      for (int i = 1; i < times.length; i++) {
        if (times[i] == times[i - 1]) {
          throw new IllegalArgumentException(
              "Grid: times[%s] = %s after the same time, want steps of a length; drop repeated times"
                  .formatted(i, times[i]));
        }
      }
    }

    /// A grid of these nodes.
    public Grid(double... times) {
      this(times, Adaptive.Forced.NONE);
    }

    /// Returns the grid of these nodes.
    public static Grid of(double... times) {
      return new Grid(times);
    }

    /// Returns these steps, divided at each of these times within the interval.
    public Grid withStops(double... stops) {
      return new Grid(times, new Adaptive.Forced(stops, forced.jumps));
    }

    /// Returns these steps, divided at each of these times, at which the field jumps, so that the
    /// method keeps its order; see [Adaptive#withJumps].
    public Grid withJumps(double... jumps) {
      return new Grid(times, new Adaptive.Forced(forced.stops, jumps));
    }

    /// A copy of the nodes.
    @Override
    public double[] times() {
      return times.clone();
    }

    @Override
    public String toString() {
      return "grid of %s steps from %s to %s".formatted(steps(), times[0], times[times.length - 1])
          + (forced == Adaptive.Forced.NONE ? "" : ", " + forced);
    }

    @Override
    public long steps() {
      return times.length - 1;
    }

    @Override
    public double node(double t0, long n) {
      return times[(int) n];
    }

    @Override
    public double size(long n) {
      return times[(int) n + 1] - times[(int) n];
    }
  }

  /// Steps as large as the tolerances allow. A step with estimated errors `e_i` is accepted if
  ///
  ///     E = √( (1/n) Σ (e_i / (atol_i + rtol_i·max(|y0_i|, |y1_i|)))² ) ≤ 1
  ///
  /// The tolerances bound the error of one step, not the global error, which follows roughly in
  /// proportion. For methods that are [org.flowline.odesolvers.method.Method#embedded] only. Start
  /// with [#of].
  record Adaptive(Tolerance tolerance, Limits limits, Gains gains, Forced forced)
      implements StepSize {

    public Adaptive {
      Objects.requireNonNull(tolerance, "adaptive: no tolerance; want Tolerance.of(rtol, atol)");
      Objects.requireNonNull(limits, "adaptive: no limits; want Limits.DEFAULT");
      Objects.requireNonNull(gains, "adaptive: no gains; want Gains.DEFAULT");
      Objects.requireNonNull(forced, "adaptive: no forced times; want Forced.NONE");
    }

    /// Returns steps to the same tolerances for all components, with the default limits and gains.
    ///
    /// @param atol absolute tolerance in the units of `y`: the size of a negligible component
    /// @throws IllegalArgumentException if `atol` is not positive or `rtol` not in `[0, 1)`
    public static Adaptive of(double rtol, double atol) {
      return of(Tolerance.of(rtol, atol));
    }

    /// Returns steps to these tolerances, with the default limits and gains.
    public static Adaptive of(Tolerance tolerance) {
      return new Adaptive(tolerance, Limits.DEFAULT, Gains.DEFAULT, Forced.NONE);
    }

    /// Returns these steps with a limit on their number, accepted and rejected ones together.
    public Adaptive withMaxSteps(long maxSteps) {
      return with(new Limits(limits.initialStep, limits.minStep, limits.maxStep, maxSteps));
    }

    /// Returns these steps with a first one of size `|h0|`, instead of an estimate by one
    /// evaluation.
    public Adaptive withInitialStep(double h0) {
      Tolerance.requireRange("initial step", h0, Math.abs(h0) > 0, "h0 ≠ 0");
      return with(new Limits(Math.abs(h0), limits.minStep, limits.maxStep, limits.maxSteps));
    }

    /// Returns these steps with a minimal size, except for the last; the solve fails below it.
    public Adaptive withMinStep(double minStep) {
      return with(new Limits(limits.initialStep, minStep, limits.maxStep, limits.maxSteps));
    }

    /// Returns these steps with a maximal size, unless rounding of `t` requires larger ones.
    public Adaptive withMaxStep(double maxStep) {
      return with(new Limits(limits.initialStep, limits.minStep, maxStep, limits.maxSteps));
    }

    /// Returns these steps with this safety factor in the [Gains].
    public Adaptive withSafety(double safety) {
      return with(safety, gains.minFactor, gains.maxFactor);
    }

    /// Returns these steps with these bounds on the ratio of two consecutive sizes.
    public Adaptive withFactors(double minFactor, double maxFactor) {
      return with(gains.safety, minFactor, maxFactor);
    }

    /// Returns these steps with the gains `β_P`, `β_I` and `β_D = 0`.
    public Adaptive withGains(double proportional, double integral) {
      return withGains(proportional, integral, 0);
    }

    /// Returns these steps with the gains `β_P`, `β_I` and `β_D`.
    public Adaptive withGains(double proportional, double integral, double derivative) {
      var other =
          new Gains(
              gains.safety, gains.minFactor, gains.maxFactor, proportional, integral, derivative);
      return new Adaptive(tolerance, limits, other, forced);
    }

    /// Returns these steps with exact ends at each of these times within the interval.
    public Adaptive withStops(double... times) {
      return new Adaptive(tolerance, limits, gains, new Forced(times, forced.jumps));
    }

    /// Returns these steps with exact ends at each of these times, at which the field jumps, and
    /// with a restart there. The field is taken as continuous from the right: `f` at a jump is the
    /// value after it, and the step before evaluates `f` at the last number below.
    public Adaptive withJumps(double... times) {
      return new Adaptive(tolerance, limits, gains, new Forced(forced.stops, times));
    }

    private Adaptive with(Limits limits) {
      return new Adaptive(tolerance, limits, gains, forced);
    }

    private Adaptive with(double safety, double minFactor, double maxFactor) {
      var other =
          new Gains(
              safety, minFactor, maxFactor, gains.proportional, gains.integral, gains.derivative);
      return new Adaptive(tolerance, limits, other, forced);
    }

    /// Prints the tolerances, and what differs from the defaults.
    @Override
    public String toString() {
      return "adaptive, "
          + tolerance
          + (limits.equals(Limits.DEFAULT) ? "" : ", " + limits)
          + (gains.equals(Gains.DEFAULT) ? "" : ", " + gains)
          + (forced == Forced.NONE ? "" : ", " + forced);
    }

    /// Bounds on the steps of a solve and on their number.
    ///
    /// @param initialStep size of the first trial step; 0 to estimate it from the field
    /// @param minStep smallest step size
    /// @param maxStep largest step size
    /// @param maxSteps most steps, accepted and rejected ones together, and one more for each
    ///     breakpoint of the field
    public record Limits(double initialStep, double minStep, double maxStep, long maxSteps) {

      /// Estimated first step, no bounds, 100 000 steps.
      public static final Limits DEFAULT = new Limits(0, 0, Double.POSITIVE_INFINITY, 100_000);

      public Limits {
        Tolerance.requireRange("initial step", initialStep, initialStep >= 0, "h0 ≥ 0");
        Tolerance.requireRange("minimal step", minStep, minStep >= 0, "a size ≥ 0");
        Tolerance.requireRange(
            "maximal step",
            maxStep,
            maxStep > 0 && maxStep >= minStep,
            "a size ≥ the minimal step");
        Tolerance.requireRange("number of steps", maxSteps, maxSteps >= 1, "at least 1");
      }
    }

    /// The controller, where the error of a step is O(hᵏ), `k =`
    /// [org.flowline.odesolvers.method.Method#errorOrder]:
    ///
    ///     h_{n+1}/h_n = safety · E_n^{−(β_I + β_P + β_D)/k}
    ///                          · E_{n−1}^{(β_P + 2β_D)/k} · E_{n−2}^{−β_D/k}
    ///
    /// within `[minFactor, maxFactor]`; at most 1 after a rejection. `β_P = β_D = 0`, `β_I = 1` is
    /// the elementary controller. Hairer, Nørsett & Wanner (1993), II.4; Gustafsson (1991);
    /// Söderlind (2003).
    ///
    /// @param proportional `β_P`, smooths: the step size reacts to changes of the error
    /// @param integral `β_I`, corrects: the step size reacts to the error itself
    /// @param derivative `β_D`, foresees: the step size reacts to how its changes change
    public record Gains(
        double safety,
        double minFactor,
        double maxFactor,
        double proportional,
        double integral,
        double derivative) {

      /// The gains of DOPRI5, `β = β_P/5 = 0.04`. On Lorenz, Pleiades, Van der Pol and an eccentric
      /// orbit they cost as many evaluations as the elementary controller, with smaller errors and
      /// a fraction of its rejections. On DETEST and the Pleiades at equal errors, six other pairs
      /// of gains, with a safety of 0.8 or 0.9, change the evaluations of DOPRI5, TSIT5, VERN7 and
      /// DOP853 by −7 to +6 %; none is better for all of them.
      public static final Gains DEFAULT = new Gains(0.9, 0.2, 10, 0.2, 0.65, 0);

      public Gains {
        Tolerance.requireRange("safety", safety, safety > 0 && safety < 1, "0 < safety < 1");
        Tolerance.requireRange(
            "minimal factor", minFactor, minFactor > 0 && minFactor < 1, "0 < factor < 1");
        Tolerance.requireRange("maximal factor", maxFactor, maxFactor > 1, "a factor > 1");
        Tolerance.requireRange(
            "gain β_P", proportional, proportional >= 0 && proportional <= 10, "0 ≤ β_P ≤ 10");
        Tolerance.requireRange(
            "gain β_I", integral, integral > 0 && integral <= 10, "0 < β_I ≤ 10");
        double sum = integral + proportional + derivative;
        Tolerance.requireRange(
            "gain β_D",
            derivative,
            sum > 0 && derivative <= 10,
            "at most 10, and β_I + β_P + β_D > 0, so that errors shorten steps");
      }
    }

    /// Times at which a step must end; those outside an interval do not matter to it.
    ///
    /// @param stops where the field is smooth
    /// @param jumps where the field jumps
    public record Forced(double[] stops, double[] jumps) {

      /// No such times.
      public static final Forced NONE = new Forced(new double[0], new double[0]);

      public Forced {
        stops = Arrays.stream(stops).map(time -> time + 0.0).toArray(); // no −0 beside 0
        jumps = Arrays.stream(jumps).map(time -> time + 0.0).toArray();
        for (double[] times : new double[][] {stops, jumps}) {
          for (double time : times) {
            Tolerance.requireRange("forced time", time, Double.isFinite(time), "a finite time");
          }
        }
      }

      /// A copy of the times where the field is smooth.
      @Override
      public double[] stops() {
        return stops.clone();
      }

      /// A copy of the times where the field jumps.
      @Override
      public double[] jumps() {
        return jumps.clone();
      }

      @Override
      public String toString() {
        return "stops %s, jumps %s".formatted(Arrays.toString(stops), Arrays.toString(jumps));
      }
    }
  }
}
