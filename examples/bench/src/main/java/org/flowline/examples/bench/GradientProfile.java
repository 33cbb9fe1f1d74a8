package org.flowline.examples.bench;

import java.util.Locale;
import org.flowline.neuralode.CachingField;
import org.flowline.neuralode.field.ForwardingField;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;

/// The mean time of the parts of one gradient, in milliseconds, including the time of the clocks.
///
/// @param forwardMs the field's evaluations
/// @param pullbackMs the field's pullbacks, with the evaluations that belong to them
/// @param lossMs the loss and its cotangents
/// @param solverMs the rest: the solver's arithmetic and overhead
record GradientProfile(double forwardMs, double pullbackMs, double lossMs, double solverMs) {

  /// Computes gradients for about this long and times their parts in the second half.
  static GradientProfile of(
      GradientMethod method,
      CachingField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      double seconds) {
    GradientProfile profile = null;
    for (int half = 0; half < 2; half++) {
      Clocks clocks = new Clocks(field);
      PreparedGradient gradient = method.prepare(clocks);
      TrajectoryLoss timed =
          (y, yBar) -> {
            long start = System.nanoTime();
            double value = loss.evaluate(y, yBar);
            clocks.loss += System.nanoTime() - start;
            return value;
          };
      long start = System.nanoTime();
      double all = 0;
      long runs = 0;
      for (; runs == 0 || all < seconds / 2 * 1e9; runs++) {
        gradient.gradient(y0, times, timed);
        all = System.nanoTime() - start;
      }
      double perRun = 1e-6 / runs;
      profile =
          new GradientProfile(
              clocks.forward * perRun,
              clocks.pullback * perRun,
              clocks.loss * perRun,
              (all - clocks.forward - clocks.pullback - clocks.loss) * perRun);
    }
    return profile;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "forward %.4f + pullback %.4f + loss %.4f + solver %.4f ms",
        forwardMs,
        pullbackMs,
        lossMs,
        solverMs);
  }

  /// A field that accumulates the time of its calls.
  private static final class Clocks implements ForwardingField, CachingField {
    private final CachingField field;
    private long forward;
    private long pullback;
    private long loss;

    Clocks(CachingField field) {
      this.field = field;
    }

    @Override
    public CachingField field() {
      return field;
    }

    @Override
    public boolean pure() {
      return field.pure();
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      long start = System.nanoTime();
      field.evaluate(t, y, dydt);
      forward += System.nanoTime() - start;
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      long start = System.nanoTime();
      double timeBar = field.pullback(t, y, a, yBar, thetaBar);
      pullback += System.nanoTime() - start;
      return timeBar;
    }

    @Override
    public int slots() {
      return field.slots();
    }

    @Override
    public void evaluateAndCache(int slot, double t, double[] y, double[] dydt) {
      long start = System.nanoTime();
      field.evaluateAndCache(slot, t, y, dydt);
      forward += System.nanoTime() - start;
    }

    @Override
    public double pullbackCached(
        int slot, double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      long start = System.nanoTime();
      double timeBar = field.pullbackCached(slot, t, y, a, yBar, thetaBar);
      pullback += System.nanoTime() - start;
      return timeBar;
    }

    @Override
    public double evaluateAndPullback(
        double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
      long start = System.nanoTime();
      double timeBar = field.evaluateAndPullback(t, y, a, dydt, yBar, thetaBar);
      pullback += System.nanoTime() - start;
      return timeBar;
    }
  }
}
