package org.flowline.neuralode.training;

import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;

/// A solve of a flow by constant steps that, where it fails, is taken up again a step before with
/// that step in halves, then in quarters, and so on.
///
/// A step before, since the θ at which a loss cannot be computed is where the last step led to.
final class RetriedSolve implements StepObserver {
  private final TrainingFlow flow;
  private final Integrator integrator;
  private final double h;
  private final LossRecord losses;
  private final int retries;

  /// Where the last step that was accepted started; null before.
  private double[] good;

  private double goodTime;

  RetriedSolve(TrainingFlow flow, Integrator integrator, double h, LossRecord losses, int retries) {
    this.flow = flow;
    this.integrator = integrator.withObserver(this);
    this.h = h;
    this.losses = losses;
    this.retries = retries;
  }

  /// How it ended, with the cost of all.
  record Outcome(Solution solution, Stats stats) {}

  Outcome run(double[] start, long iterations) {
    Solution solution = solve(start, 0, h, iterations);
    Stats stats = solution.stats();
    long done = stats.accepted();
    int halvings = 0;
    while (mayBeRetried(solution) && good != null && halvings < retries) {
      halvings++;
      long parts = 1L << halvings;
      double[] from = good;
      double fromTime = goodTime;
      losses.startAt(fromTime);
      solution = solve(from, fromTime, h / parts, parts);
      stats = sum(stats, solution.stats());
      if (solution.status().reason() == Reason.SUCCESS && done < iterations) {
        solution = solve(solution.last(), solution.status().t(), h, iterations - done);
        stats = sum(stats, solution.stats());
        done += solution.stats().accepted();
        halvings = solution.stats().accepted() > 0 ? 0 : halvings;
      }
      if (halvings > 0) {
        good = from;
        goodTime = fromTime;
      }
    }
    return new Outcome(solution, stats);
  }

  private Solution solve(double[] from, double time, double step, long steps) {
    StepSize.Constant constant = new StepSize.Constant(step, steps);
    return integrator.withStepSize(constant).solve(flow, from, time, constant.end(time));
  }

  @Override
  public void accepted(Step step) {
    good = step.y0().clone();
    goodTime = step.t();
  }

  private static boolean mayBeRetried(Solution solution) {
    Reason reason = solution.status().reason();
    return reason == Reason.NON_FINITE_STATE || reason == Reason.NONLINEAR_SOLVER;
  }

  private static Stats sum(Stats a, Stats b) {
    return new Stats(
        a.evaluations() + b.evaluations(),
        a.jacobians() + b.jacobians(),
        a.factorisations() + b.factorisations(),
        a.accepted() + b.accepted(),
        a.rejected() + b.rejected(),
        b.lastStep(),
        b.nextStep(),
        b.stiffness());
  }
}
