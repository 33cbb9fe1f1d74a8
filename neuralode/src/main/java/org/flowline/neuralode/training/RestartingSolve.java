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

/// A solve of a flow that pauses to show where it stands, and that, where constant steps fail, is
/// taken up again a step before with that step in halves, then in quarters, and so on.
///
/// A step before, since the θ at which a loss cannot be computed is where the last step led to.
/// Where that does not help, it is taken up from the best θ at half the speed, then a quarter, and
/// so on.
final class RestartingSolve implements StepObserver {
  private static final Stats NOTHING = new Stats(0, 0, 0, 0, 0, 0, 0, Double.NaN);

  private final TrainingFlow plain;
  private final Integrator integrator;
  private final long iterations;
  private final double end;
  private final Iterations progress;
  private final int retries;
  private final int slowdowns;
  private final Trainer.Checkpoints checkpoints;

  /// The flow at the present speed, and how often that was halved.
  private TrainingFlow flow;

  private int slowed;

  /// Where the best step so far started, null before and where nothing is to be rescued.
  private double[] rescue;

  /// Where the last step that was accepted started; null before, and where it does not matter.
  private double[] good;

  private double goodTime;

  /// Whole steps made before the present solve, and what all before it cost.
  private long done;

  private Stats cost = NOTHING;
  private boolean whole;
  private boolean pausing;

  RestartingSolve(
      TrainingFlow flow,
      Integrator integrator,
      long iterations,
      double end,
      Iterations progress,
      int retries,
      int slowdowns,
      Trainer.Checkpoints checkpoints) {
    this.plain = flow;
    this.flow = flow;
    this.integrator = integrator.withObserver(this);
    this.iterations = iterations;
    this.end = end;
    this.progress = progress;
    boolean constant = integrator.stepSize() instanceof StepSize.Constant;
    this.retries = constant ? retries : 0;
    this.slowdowns = constant && RateModifier.suits(flow) ? slowdowns : 0;
    this.checkpoints = checkpoints;
  }

  Solution run(double[] theta) {
    return rescued(whole(integrator.initialCheckpoint(flow, flow.start(theta), 0, end)));
  }

  Solution resume(TrainingState from) {
    progress.recall(from);
    done = from.whole();
    cost = from.before();
    good = from.good().length > 0 ? from.good() : null;
    goodTime = from.goodTime();
    rescue = from.rescue().length > 0 ? from.rescue() : null;
    slowDown(from.slowdowns());
    return rescued(whole(from.solve()));
  }

  private Solution rescued(Solution first) {
    Solution solution = retried(first);
    while (mayBeRetried(solution) && rescue != null && slowed < slowdowns && done < iterations) {
      slowDown(slowed + 1);
      double h = ((StepSize.Constant) integrator.stepSize()).h();
      double time = StepSize.Constant.of(h, done).end(0);
      good = null;
      progress.slowed(time, speed());
      solution = retried(onFrom(rescue, time, h));
    }
    return solution;
  }

  private void slowDown(int times) {
    slowed = times;
    flow = times == 0 ? plain : RateModifier.changed(plain, new RateModifier.Speed(speed()));
  }

  private double speed() {
    return Math.scalb(1, -slowed);
  }

  private Solution retried(Solution first) {
    Solution solution = first;
    int halvings = 0;
    while (mayBeRetried(solution) && good != null && halvings < retries) {
      double h = ((StepSize.Constant) integrator.stepSize()).h();
      halvings++;
      long parts = 1L << halvings;
      double[] from = good;
      double fromTime = goodTime;
      progress.losses().startAt(fromTime);
      StepSize.Constant part = StepSize.Constant.of(h / parts, parts);
      solution = integrator.withStepSize(part).solve(flow, from, fromTime, part.end(fromTime));
      cost = sum(cost, solution.stats());
      if (solution.status().reason() == Reason.SUCCESS && done < iterations) {
        solution = onFrom(solution.last(), solution.status().t(), h);
        halvings = solution.stats().accepted() > 0 ? 0 : halvings;
      }
      if (halvings > 0) {
        good = from;
        goodTime = fromTime;
      }
    }
    return solution;
  }

  /// The whole steps that are left.
  private Solution onFrom(double[] state, double time, double h) {
    StepSize.Constant rest = StepSize.Constant.of(h, iterations - done);
    return whole(
        integrator.withStepSize(rest).initialCheckpoint(flow, state, time, rest.end(time)));
  }

  /// Goes on with whole steps, pausing where that is wanted; to its end, unless told to stop.
  private Solution whole(Checkpoint from) {
    Integrator next =
        done > 0 && integrator.stepSize() instanceof StepSize.Constant constant
            ? integrator.withStepSize(StepSize.Constant.of(constant.h(), iterations - done))
            : integrator;
    whole = true;
    Solution solution = next.resume(flow, from);
    while (pausing && solution.status().reason() == Reason.CANCELLED) {
      TrainingState state = state(solution.checkpoint().light());
      if (!checkpoints.goesOn(state)) {
        break;
      }
      progress.recall(state);
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
        progress.made(),
        progress.best(),
        progress.bestLoss(),
        progress.bestPhase(),
        progress.losses().memory());
  }

  /// Behind the progress, which has counted the step.
  @Override
  public void accepted(Step step) {
    if (retries > 0) {
      good = step.y0().clone();
      goodTime = step.t();
    }
    if (slowdowns > 0 && progress.wasBest()) {
      rescue = step.y0().clone();
    }
    if (whole && checkpoints.due(progress.made())) {
      pausing = true;
      step.cancel();
    }
  }

  Trainer.Result result(Solution solution) {
    Status ended = solution.status();
    double[] last = flow.parameters(solution.last());
    if (ended.succeeded()) {
      double loss = progress.losses().gradient(ended.t(), last, new double[last.length]);
      progress.consider(ended.t(), loss, last);
    }
    Status status = flow.failure().filter(_ -> !ended.succeeded()).orElse(ended);
    return new Trainer.Result(progress.best(), progress.bestLoss(), last, status, cost);
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
