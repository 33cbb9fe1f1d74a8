package org.flowline.neuralode.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.method.Rosenbrock;

/// Trains: solves the flow of an optimiser on an objective with [Integrator], from given
/// parameters. The loop over iterations is the integrator's. Immutable; a `with` method returns a
/// new trainer.
public final class Trainer {

  /// Observes a training run.
  @FunctionalInterface
  public interface Observer {
    /// Receives an iteration after it was made.
    ///
    /// @param iteration counted from 0
    /// @param loss the loss at `theta`
    /// @param theta the parameters at the iteration's start, valid during the call
    void iteration(long iteration, double loss, double[] theta);

    /// Receives a rejected step: it was too inaccurate for an adaptive step size, or the loss could
    /// not be computed. An adaptive step size tries a smaller step, a constant one only with
    /// [#withRetries].
    ///
    /// @param iteration the current one
    /// @param tau the start of the step
    /// @param h its size
    default void rejected(long iteration, double tau, double h) {}

    /// Receives a restart from the best step's start at a lower speed; see [Trainer#withSlowdowns].
    ///
    /// @param iteration the next one
    /// @param speed as a fraction of the optimiser's
    default void slowed(long iteration, double speed) {}
  }

  /// Saves the state of a training, and decides whether the training continues.
  public interface Checkpoints {
    /// Returns whether a checkpoint is due after this many iterations. There is none within a step
    /// that is retried, and none after the last.
    boolean due(long iterations);

    /// Saves the state when a checkpoint is due.
    ///
    /// @return whether training continues; if not, it ends with the status `CANCELLED`
    boolean save(TrainingState state);
  }

  /// The result of a training run.
  ///
  /// @param theta the best parameters, by the loss of the objective's last phase
  /// @param loss their loss
  /// @param last the parameters at the end
  /// @param status success, or why training stopped, such as the event of the target; the status of
  ///     a solve inside the objective if it failed
  /// @param stats the cost in evaluations of the flow
  public record Result(double[] theta, double loss, double[] last, Status status, Stats stats) {

    public Result {
      theta = theta.clone();
      last = last.clone();
    }

    /// A copy of the best parameters.
    @Override
    public double[] theta() {
      return theta.clone();
    }

    /// A copy of the parameters at the end.
    @Override
    public double[] last() {
      return last.clone();
    }

    /// The training time τ at the end.
    public double time() {
      return status.t();
    }

    /// Returns this result if training reached its end or its target.
    ///
    /// @throws org.flowline.odesolvers.SolveException if it stopped before
    public Result orThrow() {
      status.requireSuccess();
      return this;
    }

    /// Returns whether the target of [Trainer#withTarget] was reached.
    public boolean targetReached() {
      return status.reason() == Status.Reason.EVENT;
    }

    /// Loss, iterations and status, such as `loss 0.01234 after 500 iterations, SUCCESS: reached t
    /// = 5.0 in 500 steps`.
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "loss %.4g after %s iterations, %s: %s",
          loss,
          stats.accepted(),
          status.reason(),
          status.message());
    }
  }

  final Objective objective;
  final Optimizer optimizer;
  final List<Observer> observers = new ArrayList<>();
  final List<StepObserver> stepObservers = new ArrayList<>();
  int retries;
  int slowdowns;

  /// The loss at which training stops; negative infinity for none.
  private double target = Double.NEGATIVE_INFINITY;

  /// Null without checkpoints.
  Checkpoints checkpoints;

  /// Null without early stopping.
  EarlyStopping stopping;

  private Trainer(Objective objective, Optimizer optimizer) {
    this.objective = objective;
    this.optimizer = optimizer;
  }

  /// Returns a trainer without observers, retries, slowdowns, target, early stopping and
  /// checkpoints.
  public static Trainer of(Objective objective, Optimizer optimizer) {
    return new Trainer(objective, optimizer);
  }

  /// Returns a changed copy.
  private Trainer with(Consumer<Trainer> change) {
    Trainer copy = new Trainer(objective, optimizer);
    copy.observers.addAll(observers);
    copy.stepObservers.addAll(stepObservers);
    copy.retries = retries;
    copy.slowdowns = slowdowns;
    copy.target = target;
    copy.checkpoints = checkpoints;
    copy.stopping = stopping;
    change.accept(copy);
    return copy;
  }

  /// Adds an observer of iterations; observers are called in the order in which they were added.
  public Trainer withObserver(Observer observer) {
    return with(copy -> copy.observers.add(observer));
  }

  /// Adds an observer of the flow's steps, with velocities or averages first, then θ. It is called
  /// after the [Observer]s.
  public Trainer withStepObserver(StepObserver observer) {
    return with(copy -> copy.stepObservers.add(observer));
  }

  /// Retries a constant step that leads to a loss that cannot be computed: in halves, then in
  /// quarters, …, up to `2^-retries` of it; then whole steps again. Each part counts as an
  /// iteration. An adaptive step size needs no retries.
  ///
  /// @throws IllegalArgumentException if it is not between 0 and 30
  public Trainer withRetries(int retries) {
    requireHalvings(retries, "retries");
    return with(copy -> copy.retries = retries);
  }

  /// Restarts, where retries fail, from the start of the best step, with its velocities and
  /// averages and `dθ/dτ` half as fast, then a quarter, …, up to `2^-slowdowns` of it. The
  /// iterations that diverged count. Adaptive step sizes, noise and mirror maps have no slowdowns.
  ///
  /// @throws IllegalArgumentException if it is not between 0 and 30
  public Trainer withSlowdowns(int slowdowns) {
    requireHalvings(slowdowns, "slowdowns");
    return with(copy -> copy.slowdowns = slowdowns);
  }

  private static void requireHalvings(int halvings, String what) {
    if (halvings < 0 || halvings > 30) {
      throw new IllegalArgumentException("train: " + halvings + " " + what + "; want 0 … 30");
    }
  }

  /// Stops where the loss falls to `loss`, within the step, at the time on the flow at which the
  /// method's dense output has it; see [Result#time]. The loss of an objective that changes with
  /// time is the one at that time, such as the loss of the current batch.
  ///
  /// The loss is evaluated at the end of each step and, where it is below the target, at about five
  /// points inside. Methods that evaluate the start of a step (Euler, semi-implicit Euler) or its
  /// end (DOPRI5) pay nothing at the ends; others pay a loss without its gradient.
  ///
  /// @throws IllegalArgumentException if it is not finite
  public Trainer withTarget(double loss) {
    if (!Double.isFinite(loss)) {
      throw new IllegalArgumentException("train: target " + loss + "; want a finite loss");
    }
    return with(copy -> copy.target = loss);
  }

  /// Validates with `stopping` and ends with the status `CANCELLED` when its patience is exhausted.
  public Trainer withEarlyStopping(EarlyStopping stopping) {
    return with(
        copy -> {
          copy.observers.add(stopping);
          copy.stopping = stopping;
        });
  }

  /// Passes the state of the training to `checkpoints` when they are due; [#resume] continues from
  /// there. Checkpoints change no bit of the training.
  public Trainer withCheckpoints(Checkpoints checkpoints) {
    return with(copy -> copy.checkpoints = checkpoints);
  }

  /// Runs `iterations` iterations from `theta`, which is not modified.
  ///
  /// A run that meets a loss or gradient that is not finite ends there with a [Status]; the result
  /// has the best parameters so far.
  ///
  /// @throws IllegalArgumentException if `theta` has not the objective's dimension or `iterations`
  ///     is below 1
  public Result train(double[] theta, long iterations) {
    if (theta.length != objective.dimension()) {
      throw new IllegalArgumentException(
          "train: θ has " + theta.length + " values, the objective wants " + objective.dimension());
    }
    if (iterations < 1) {
      throw new IllegalArgumentException("train: " + iterations + " iterations; want 1 or more");
    }
    LossCache losses = new LossCache(objective);
    if (Double.isFinite(target)) {
      double loss = losses.lossOf(0, theta);
      if (loss <= target) {
        String message = "the loss is " + loss + " at the start, the target " + target;
        Status status = new Status(Status.Reason.EVENT, 0, 0, 0, -1, message);
        return new Result(theta.clone(), loss, theta.clone(), status, RestartingSolve.NO_COST);
      }
    }
    return solve(losses, iterations, theta).run(theta);
  }

  /// Continues a training from a saved state, to the same bits as without the interruption.
  /// Objective, optimiser, retries, target and the total number of iterations must be the same as
  /// before; observers receive the remaining iterations.
  ///
  /// @throws IllegalArgumentException if the state does not fit
  public Result resume(TrainingState from, long iterations) {
    if (from.best().length != objective.dimension()) {
      throw new IllegalArgumentException(
          "resume: a state with θ of %s values, the objective wants %s"
              .formatted(from.best().length, objective.dimension()));
    }
    if (from.whole() >= iterations) {
      throw new IllegalArgumentException(
          "resume: a state after %s iterations; want more than these, the number at which training began, not %s"
              .formatted(from.whole(), iterations));
    }
    return solve(new LossCache(objective), iterations, from.best()).resume(from);
  }

  private RestartingSolve solve(LossCache losses, long iterations, double[] theta) {
    TrainingFlow flow = optimizer.flow().apply(losses);
    if (optimizer.method() instanceof Rosenbrock method && !flow.smooth()) {
      throw new IllegalArgumentException(
          "train: %s linearises the flow, and the %s has no derivative where it starts; want an explicit method, or KVAERNO5"
              .formatted(method.name(), optimizer.flow().name()));
    }
    Iterations progress = new Iterations(losses, flow, this, theta);
    Integrator integrator =
        Integrator.of(optimizer.method(), optimizer.stepSize().apply(iterations))
            .withObserver(progress);
    if (Double.isFinite(target)) {
      integrator = integrator.withEvent(progress.fallsTo(target));
    }
    return new RestartingSolve(this, flow, integrator, iterations, progress);
  }
}
