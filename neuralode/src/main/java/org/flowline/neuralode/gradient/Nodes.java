package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;

/// Where the steps of a solve were: known beforehand, or noted as they were made.
sealed interface Nodes {

  static Nodes of(StepSize size) {
    return switch (size) {
      case StepSize.Fixed fixed -> new Known(fixed);
      case StepSize.Adaptive _ -> new Noted();
    };
  }

  /// The integrator whose steps are to be known.
  Integrator watching(Integrator integrator);

  /// Where step `n > 0` started.
  double start(double t0, long n);

  /// Its signed size, given its ends.
  double size(long n, double start, double end);

  /// What it holds.
  long bytes();

  record Known(StepSize.Fixed size) implements Nodes {
    @Override
    public Integrator watching(Integrator integrator) {
      return integrator;
    }

    @Override
    public double start(double t0, long n) {
      return size.node(t0, n);
    }

    @Override
    public double size(long n, double start, double end) {
      return size.size(n);
    }

    @Override
    public long bytes() {
      return 0;
    }
  }

  final class Noted implements Nodes, StepObserver {
    private double[] starts = new double[64];
    private int steps;

    @Override
    public void accepted(Step step) {
      if (steps == starts.length) {
        starts = Arrays.copyOf(starts, 2 * steps);
      }
      starts[steps++] = step.t();
    }

    @Override
    public Integrator watching(Integrator integrator) {
      return integrator.withObserver(this);
    }

    @Override
    public double start(double t0, long n) {
      return starts[Math.toIntExact(n)];
    }

    @Override
    public double size(long n, double start, double end) {
      return end - start;
    }

    @Override
    public long bytes() {
      return 8L * starts.length;
    }
  }
}
