package org.flowline.neuralode.training;

import java.util.ArrayList;
import java.util.List;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.method.Rosenbrock;

/// Trains: solves an optimiser's flow with [Integrator], from given parameters on. There is no loop
/// over iterations here.
public final class Trainer {

  /// Follows a training run: called after each iteration with what it started from.
  @FunctionalInterface
  public interface Observer {
    /// An iteration was made from `theta`.
    ///
    /// @param iteration counted from 0
    /// @param loss the loss at `theta`
    /// @param theta the parameters at the iteration's start, valid during the call
    void iteration(long iteration, double loss, double[] theta);

    /// A step of training time that was tried in vain: too inaccurate for an adaptive step size, or
    /// the loss could not be computed. An adaptive step size tries a smaller one, a constant one
    /// only with [#withRetries].
    ///
    /// @param iteration the one that is being made
    /// @param tau where the step starts
    /// @param h its size
    default void rejected(long iteration, double tau, double h) {}

    /// Training goes on from where its best step started, slower; see [Trainer#withSlowdowns].
    ///
    /// @param iteration the next one
    /// @param speed in parts of what the optimiser asks for
    default void slowed(long iteration, double speed) {}
  }

  /// Is shown where a training stands, so that it can be kept, and says whether it goes on.
  public interface Checkpoints {
    /// None.
    Checkpoints NONE =
        new Checkpoints() {
          @Override
          public boolean due(long iterations) {
            return false;
          }

          @Override
          public boolean goesOn(TrainingState state) {
            return true;
          }
        };

    /// Whether to show it behind so many iterations. The parts of a step that is retried are not
    /// asked about, and there is none behind the last.
    boolean due(long iterations);

    /// Shows where training stands, as [#due] asked for.
    ///
    /// @return whether training goes on; if not, it ends with the status `CANCELLED`
    boolean goesOn(TrainingState state);
  }

  /// How a training run ended.
  ///
  /// @param theta the best parameters met, by the loss of the objective's last phase
  /// @param loss their loss
  /// @param last the parameters at the end
  /// @param status success, or why it stopped, such as the event that is the target; if a solve
  ///     inside the objective failed, that solve's
  /// @param stats the cost in evaluations of the flow
  public record Result(double[] theta, double loss, double[] last, Status status, Stats stats) {

    /// The training time τ that was reached.
    public double time() {
      return status.t();
    }

    /// This, for those who need the training to have reached its end or its target.
    ///
    /// @throws org.flowline.odesolvers.SolveException if it stopped early
    public Result orThrow() {
      status.requireSuccess();
      return this;
    }

    /// Whether the target of [Trainer#withTarget] was reached.
    public boolean targetReached() {
      return status.reason() == Status.Reason.EVENT;
    }
  }

  private final Objective objective;
  private final Optimizer optimizer;
  private final List<Observer> observers;
  private final List<StepObserver> stepObservers;
  private final int retries;
  private final int slowdowns;

  /// The loss at which training stops; negative infinity for none.
  private final double target;

  private final Checkpoints checkpoints;

  private Trainer(
      Objective objective,
      Optimizer optimizer,
      List<Observer> observers,
      List<StepObserver> stepObservers,
      int retries,
      int slowdowns,
      double target,
      Checkpoints checkpoints) {
    this.objective = objective;
    this.optimizer = optimizer;
    this.observers = List.copyOf(observers);
    this.stepObservers = List.copyOf(stepObservers);
    this.retries = retries;
    this.slowdowns = slowdowns;
    this.target = target;
    this.checkpoints = checkpoints;
  }

  /// Training without observers, retries, slowdowns, a target and checkpoints.
  public static Trainer of(Objective objective, Optimizer optimizer) {
    return new Trainer(
        objective,
        optimizer,
        List.of(),
        List.of(),
        0,
        0,
        Double.NEGATIVE_INFINITY,
        Checkpoints.NONE);
  }

  /// Shows this observer each iteration, too; observers are called in the order they were added.
  public Trainer withObserver(Observer observer) {
    List<Observer> more = new ArrayList<>(observers);
    more.add(observer);
    return new Trainer(
        objective, optimizer, more, stepObservers, retries, slowdowns, target, checkpoints);
  }

  /// Shows this observer the steps of the flow, with all of its state: velocities or averages
  /// first, then θ; after the [Observer]s.
  public Trainer withStepObserver(StepObserver observer) {
    List<StepObserver> more = new ArrayList<>(stepObservers);
    more.add(observer);
    return new Trainer(
        objective, optimizer, observers, more, retries, slowdowns, target, checkpoints);
  }

  /// Where a constant step leads to a loss that cannot be computed, goes back to where it started
  /// and makes it in halves, then in quarters, …, up to `2^-retries` of it; then whole steps again.
  /// Each part counts as an iteration. An adaptive step size needs no retries.
  ///
  /// @throws IllegalArgumentException if it is not between 0 and 30
  public Trainer withRetries(int retries) {
    if (retries < 0 || retries > 30) {
      throw new IllegalArgumentException("train: " + retries + " retries; want 0 … 30");
    }
    return new Trainer(
        objective, optimizer, observers, stepObservers, retries, slowdowns, target, checkpoints);
  }

  /// Where retries are of no avail, goes on from where the best step started, with its velocities
  /// and averages and `dθ/dτ` half as fast, then a quarter, …, up to `2^-slowdowns` of it. The
  /// iterations that led astray count. An adaptive step size, noise and mirror maps know none.
  ///
  /// @throws IllegalArgumentException if it is not between 0 and 30
  public Trainer withSlowdowns(int slowdowns) {
    if (slowdowns < 0 || slowdowns > 30) {
      throw new IllegalArgumentException("train: " + slowdowns + " slowdowns; want 0 … 30");
    }
    return new Trainer(
        objective, optimizer, observers, stepObservers, retries, slowdowns, target, checkpoints);
  }

  /// Stops where the loss falls to `loss`, within the step, at the time on the flow at which the
  /// method's dense output has it; [Result#time] says when. Of an objective that changes with time
  /// it is the loss at that time, such as that of the batch in use.
  ///
  /// A root is looked for where the loss at the end of a step is below. That loss is the one the
  /// next step starts with: Euler, semi-implicit Euler and others that evaluate there pay nothing,
  /// methods that take their first slope over from the step before a gradient for each step; the
  /// last step pays some five more.
  ///
  /// @throws IllegalArgumentException if it is not finite
  public Trainer withTarget(double loss) {
    if (!Double.isFinite(loss)) {
      throw new IllegalArgumentException("train: target " + loss + "; want a finite loss");
    }
    return new Trainer(
        objective, optimizer, observers, stepObservers, retries, slowdowns, loss, checkpoints);
  }

  /// Shows these where training stands, whenever they want; [#resume] goes on from there. Looking
  /// changes no bit of the training.
  public Trainer withCheckpoints(Checkpoints checkpoints) {
    return new Trainer(
        objective, optimizer, observers, stepObservers, retries, slowdowns, target, checkpoints);
  }

  /// Runs so many iterations from `theta`, which is not modified.
  ///
  /// A run that meets a loss or gradient that is not finite ends there with a [Status]; the best
  /// parameters so far are in the result all the same.
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
        return reached(theta, loss);
      }
    }
    RestartingSolve solve = solve(losses, iterations, theta);
    return solve.result(solve.run(theta));
  }

  /// Goes on to the same bits as if the training had never stopped. Objective, optimiser, retries,
  /// target and the number of iterations, which is that of the whole, must be those of the
  /// training; observers see what is still to come.
  ///
  /// @throws IllegalArgumentException if the state is not one of such a training
  public Result resume(TrainingState from, long iterations) {
    if (from.best().length != objective.dimension()) {
      throw new IllegalArgumentException(
          "resume: a state with θ of "
              + from.best().length
              + " values, the objective wants "
              + objective.dimension());
    }
    if (from.whole() >= iterations) {
      throw new IllegalArgumentException(
          "resume: a state behind "
              + from.whole()
              + " iterations; want more than these, the number at which training began, not "
              + iterations);
    }
    RestartingSolve solve = solve(new LossCache(objective), iterations, from.best());
    return solve.result(solve.resume(from));
  }

  private RestartingSolve solve(LossCache losses, long iterations, double[] theta) {
    TrainingFlow flow = optimizer.flow().apply(losses.descended());
    if (optimizer.method() instanceof Rosenbrock method && !flow.smooth()) {
      throw new IllegalArgumentException(
          "train: "
              + method.name()
              + " linearises the flow, and the "
              + optimizer.flow().name()
              + " has no derivative where it starts; want an explicit method, or KVAERNO5");
    }
    Iterations progress = new Iterations(losses, flow, observers, stepObservers, theta);
    Integrator integrator = optimizer.integrator(iterations).withObserver(progress);
    if (Double.isFinite(target)) {
      integrator = integrator.withEvent(progress.fallsTo(target));
    }
    return new RestartingSolve(
        flow,
        integrator,
        iterations,
        optimizer.end(iterations),
        progress,
        retries,
        slowdowns,
        checkpoints);
  }

  /// The target was met before training began.
  private Result reached(double[] theta, double loss) {
    String message = "the loss is " + loss + " at the start, the target " + target;
    Status status = new Status(Status.Reason.EVENT, 0, 0, 0, -1, message);
    Stats none = new Stats(0, 0, 0, 0, 0, 0, 0, Double.NaN);
    return new Result(theta.clone(), loss, theta.clone(), status, none);
  }
}
