package org.flowline.neuralode.training;

import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.Checkpoint;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;

/// A solve of a flow that pauses for checkpoints and restarts where constant steps fail.
///
/// A retry restarts one step before the failure, with the step in halves, then in quarters, and so
/// on: the θ at which a loss cannot be computed is where the previous step led. A slowdown restarts
/// from the best θ at half the speed, then a quarter, and so on.
final class RestartingSolve implements StepObserver {
  static final Stats NO_COST = new Stats(0, 0, 0, 0, 0, 0, 0, Double.NaN);

  private final Trainer trainer;
  private final TrainingFlow fullSpeed;
  private final Integrator integrator;
  private final long iterations;
  private final Iterations progress;

  /// The constant step; NaN for other step sizes, which have no retries and slowdowns.
  private final double h;

  private final int retries;
  private final int slowdowns;

  /// The flow at the current speed, and the number of times that it was halved.
  private TrainingFlow flow;

  private int slowed;

  /// The start of the best step so far; null without slowdowns.
  private double[] rescue;

  /// The start of the last accepted step, or of the training; null without retries.
  private double[] good;

  private double goodTime;

  /// The number of whole steps before the current solve, and the cost before it.
  private long done;

  private Stats cost = NO_COST;
  private boolean whole;
  private boolean pausing;

  RestartingSolve(
      Trainer trainer,
      TrainingFlow flow,
      Integrator integrator,
      long iterations,
      Iterations progress) {
    this.trainer = trainer;
    this.fullSpeed = flow;
    this.flow = flow;
    this.integrator = integrator.withObserver(this);
    this.iterations = iterations;
    this.progress = progress;
    this.h = integrator.stepSize() instanceof StepSize.Constant steps ? steps.h() : Double.NaN;
    this.retries = Double.isNaN(h) ? 0 : trainer.retries;
    this.slowdowns = Double.isNaN(h) || !RateModifier.suits(flow) ? 0 : trainer.slowdowns;
  }

  Trainer.Result run(double[] theta) {
    double end = trainer.optimizer.end(iterations);
    double[] first = flow.initialState(theta);
    good = retries > 0 ? first : null;
    rescue = slowdowns > 0 ? first : null;
    return result(slowing(whole(integrator.initialCheckpoint(flow, first, 0, end))));
  }

  Trainer.Result resume(TrainingState from) {
    progress.restoreState(from);
    done = from.whole();
    cost = from.before();
    good = from.good().length > 0 ? from.good() : null;
    goodTime = from.goodTime();
    rescue = from.rescue().length > 0 ? from.rescue() : null;
    slowDown(from.slowdowns());
    return result(slowing(whole(from.solve())));
  }

  private Solution slowing(Solution first) {
    Solution solution = retrying(first);
    while (mayBeRetried(solution) && rescue != null && slowed < slowdowns && done < iterations) {
      slowDown(slowed + 1);
      double time = done == 0 ? 0 : StepSize.Constant.of(h, done).end(0);
      good = null;
      progress.slowed(time, Math.scalb(1, -slowed));
      solution = retrying(remaining(rescue, time));
    }
    return solution;
  }

  private void slowDown(int times) {
    slowed = times;
    double speed = Math.scalb(1, -times);
    flow = times == 0 ? fullSpeed : new RateModifier(_ -> speed, 0).of(fullSpeed);
  }

  private Solution retrying(Solution first) {
    Solution solution = first;
    int halvings = 0;
    while (mayBeRetried(solution) && good != null && halvings < retries) {
      halvings++;
      long parts = 1L << halvings;
      double[] from = good;
      double fromTime = goodTime;
      progress.losses.beginStep(fromTime);
      StepSize.Constant part = StepSize.Constant.of(h / parts, parts);
      solution = integrator.withStepSize(part).solve(flow, from, fromTime, part.end(fromTime));
      cost = sum(cost, solution.stats());
      boolean solved = solution.status().reason() == Reason.SUCCESS;
      done = solved ? Math.max(done, 1) : done; // the first step may be the one that failed
      if (solved && done < iterations) {
        solution = remaining(solution.last(), solution.status().t());
        halvings = solution.stats().accepted() > 0 ? 0 : halvings;
      }
      if (halvings > 0) {
        good = from;
        goodTime = fromTime;
      }
    }
    return solution;
  }

  /// Solves the remaining whole steps.
  private Solution remaining(double[] state, double time) {
    StepSize.Constant rest = StepSize.Constant.of(h, iterations - done);
    return whole(
        integrator.withStepSize(rest).initialCheckpoint(flow, state, time, rest.end(time)));
  }

  /// Continues with whole steps to the end, with pauses for checkpoints.
  private Solution whole(Checkpoint from) {
    Integrator next =
        done > 0 && !Double.isNaN(h)
            ? integrator.withStepSize(StepSize.Constant.of(h, iterations - done))
            : integrator;
    whole = true;
    Solution solution = next.resume(flow, from);
    while (pausing && solution.status().reason() == Reason.CANCELLED) {
      TrainingState state = state(solution.checkpoint().light());
      if (!trainer.checkpoints.save(state)) {
        break;
      }
      progress.restoreState(state);
      pausing = false;
      solution = next.resume(flow, state.solve());
    }
    whole = false;
    pausing = false;
    done += solution.stats().accepted();
    cost = sum(cost, solution.stats());
    return solution;
  }

  private TrainingState state(Checkpoint solve) {
    return new TrainingState(
        solve,
        done,
        cost,
        good == null ? new double[0] : good,
        goodTime,
        slowed,
        rescue == null ? new double[0] : rescue,
        progress.iteration,
        progress.best,
        progress.bestLoss,
        progress.bestPhase,
        progress.losses.saveState());
  }

  /// Runs after [Iterations], which has counted the step.
  @Override
  public void accepted(Step step) {
    if (retries > 0) {
      good = step.y0().clone();
      goodTime = step.t();
    }
    if (slowdowns > 0 && progress.wasBest()) {
      rescue = step.y0().clone();
    }
    if (trainer.stopping != null && trainer.stopping.isExhausted()) {
      step.cancel();
    } else if (whole
        && trainer.checkpoints != null
        && trainer.checkpoints.due(progress.iteration)) {
      pausing = true;
      step.cancel();
    }
  }

  private Trainer.Result result(Solution solution) {
    Status ended = solution.status();
    double[] last = flow.parameters(solution.last());
    if (ended.succeeded()) {
      progress.consider(ended.t(), progress.losses.atStart(last), last);
    }
    boolean failed = !ended.succeeded() && ended.reason() != Reason.CANCELLED;
    Status status = flow.failure().filter(_ -> failed).orElse(ended);
    return new Trainer.Result(progress.best, progress.bestLoss, last, status, cost);
  }

  /// Returns whether a shorter step may help: not where no θ has had a loss yet.
  private boolean mayBeRetried(Solution solution) {
    Reason reason = solution.status().reason();
    return (reason == Reason.NON_FINITE_STATE || reason == Reason.NONLINEAR_SOLVER)
        && !Double.isNaN(progress.bestLoss);
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
