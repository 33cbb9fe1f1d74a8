package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Stochastic;

/// The reverse sweep of [DiscreteAdjoint] over recorded steps, last one first.
///
/// Steps are numbered `0 … N − 1`, step `n` between the nodes `T_n` and `T_{n+1}`. A step made `y1
/// = y0 + h Σ bᵢ kᵢ` and, inside, `y(T + θh) = y0 + h Σ bᵢ(θ) kᵢ`; so the
/// cotangents of its slopes are
///
///     k̄ᵢ = h bᵢ λ + h Σ_observations bᵢ(θ) ḡ
///
/// which a [StepAdjoint] pulls back. The first adaptive step whose adjoint is inaccurate although
/// its state is not, as where the solution rests, ends the sweep; see [AdjointError]. [#again] then
/// repeats it with care: it estimates the error of every step, and where that is too large solves
/// over the step again by shorter ones, with the same method, and pulls back through those.
///
/// In a step that ends at an event, at `T + θh`, the slopes
/// receive the cotangent of the dense output there, which [EventAdjoint] computes from the later
/// ones.
final class ReverseSweep {
  private final Method method;
  private final DifferentiableField field;
  private final StepSize stepSize;
  private final int n;

  /// Null for steps of given sizes, which are never refined.
  private AdjointError errors;

  /// The adjoint of steps whose stages are not cached.
  private StepAdjoint uncached;

  private boolean inaccurate;
  private boolean careful;

  /// The number of steps in place of longer ones, and the evaluations that they and repetitions
  /// took.
  private long refined;

  private long extra;

  /// The reason for a failed refinement, or null.
  private Status failure;

  /// `λ`, the cotangent of the state at the current node.
  private final double[] lambda;

  private final StepAdjoint.Cotangents bar;

  /// The cotangent of dense output at an event.
  private final double[] atEvent;

  private final double[] rate;
  private final double[] b;
  private final double[] weights;
  private StepAdjoint adjoint;

  /// The arguments of [#start].
  private DifferentiableField plain;

  private Solution solution;
  private LossCotangents loss;
  private double[] times;

  private double[] cotangents;
  private TimeGradient timeGradient;
  private EventAdjoint events;
  private int observation;

  private final ThreadTeam team;
  private final ThreadTeam.Work initialise = this::initialise;
  private final ThreadTeam.Work add = this::add;

  /// The size of the current step.
  private double h;

  /// A sweep for successive solves with this method and step size.
  ///
  /// @throws IllegalArgumentException if the field lacks a derivative that the method needs
  ReverseSweep(DifferentiableField field, Method method, StepSize stepSize) {
    this.method = method;
    this.field = field;
    this.stepSize = stepSize;
    this.adjoint = StepAdjoint.of(method, field);
    this.n = field.dimension();
    this.team = ParallelField.teamOf(field).on(n);
    this.lambda = new double[n];
    this.bar = new StepAdjoint.Cotangents(method.stages(), n, field.parameterCount());
    this.atEvent = new double[n];
    this.rate = new double[n];
    this.b = new double[method.stages()];
    method.endWeights(b);
    this.weights = new double[method.stages()];
  }

  /// The bytes of the cotangents of a state, of a step's slopes and of θ.
  long bytes() {
    return 8 * (lambda.length + bar.doubles() + atEvent.length + rate.length);
  }

  /// Resets the sweep to the end of a solve.
  ///
  /// @param plain the field without a cache
  /// @param times the observation times
  void start(DifferentiableField plain, Solution solution, double[] times, LossCotangents loss) {
    this.plain = plain;
    this.solution = solution;
    this.times = times;
    this.loss = loss;
    this.careful = false;
    this.refined = 0;
    this.extra = 0;
    this.failure = null;
    if (errors == null && stepSize instanceof StepSize.Adaptive size) {
      this.errors = new AdjointError(method, size, plain);
      bar.isRated = true;
      this.uncached = plain == field ? adjoint : StepAdjoint.of(method, plain);
    }
    restart();
  }

  /// Returns to the end of the solve if the sweep has met an inaccurate step, to be repeated with
  /// care; returns whether it has.
  boolean again() {
    if (!inaccurate) {
      return false;
    }
    careful = true;
    extra += bar.pullbacks + errors.pullbacks();
    restart();
    return true;
  }

  /// Returns whether the remaining steps do not matter.
  boolean stopped() {
    return inaccurate || failure != null;
  }

  private void restart() {
    inaccurate = false;
    if (errors != null) {
      errors.restart(Math.max(Vectors.maxNorm(loss.states()), Vectors.maxNorm(loss.events())));
    }
    this.cotangents = loss.states();
    this.timeGradient = new TimeGradient(stepSize, field.breakpoints(), times);
    this.events = new EventAdjoint(plain, solution.occurrences(), loss.events());
    if (method instanceof Stochastic) {
      adjoint = StepAdjoint.of(method, field); // the field may have another path by now
      events.requireNoCotangents(method.name());
    }
    bar.restart();
    Arrays.fill(lambda, 0);
    timeGradient.setJump(events.lastJump());
    this.observation = loss.reached() - 1;
    observeEnd(plain, solution);
  }

  /// Adds the observation at the end of the solve: the last node, which moves with it. At a stop
  /// the observation belongs to the step; after a jump there is no further step.
  private void observeEnd(DifferentiableField plain, Solution solution) {
    double end = solution.status().t();
    boolean jumped = timeGradient.isJump(end);
    boolean stopped = solution.status().reason() == Reason.EVENT;
    boolean same = observation > 0 && times[observation - 1] == end;
    if (times[observation] != end || stopped && !jumped || same && !jumped) {
      return; // of several observations at the end none moves it alone
    }
    while (observation > 0 && times[observation] == end) {
      int from = observation * n;
      Vectors.add(cotangents, from, lambda);
      if (jumped) {
        plain.evaluate(end, solution.last(), rate);
        double along = Vectors.dot(cotangents, from, rate);
        timeGradient.addObservation(observation, along);
        timeGradient.addNode(end, -along);
      }
      observation--;
    }
  }

  /// The gradient of a loss of this value, once the first step is done.
  TrajectoryGradient gradient(double loss, Solution solution) {
    long evaluations = bar.pullbacks + extra + (errors == null ? 0 : errors.pullbacks());
    if (failure != null) {
      return new TrajectoryGradient(
          loss,
          ForwardPass.nan(bar.theta.length),
          ForwardPass.nan(n),
          ForwardPass.nan(times.length),
          failure,
          solution.stats(),
          evaluations);
    }
    if (method instanceof Stochastic) {
      Arrays.fill(timeGradient.values(), Double.NaN); // a path has no slope
    }
    events.addTheta(bar.theta);
    return new TrajectoryGradient(
        loss,
        bar.theta.clone(),
        lambda.clone(),
        timeGradient.values(),
        solution.status(),
        solution.stats(),
        evaluations);
  }

  /// Pulls back through the steps `first, first + 1, …` of the solve, recorded in `part`; parts are
  /// passed last one first. An observation on a node is the node's state where the node moves with
  /// it (a grid's), the state after a jump where the node is one, and otherwise dense output at the
  /// end of the step before.
  void pullBack(Trajectory part, long first) {
    for (int step = part.steps() - 1; step >= 0 && !stopped(); step--) {
      pullBack(adjoint, part, step, first + step, errors != null);
    }
  }

  /// Pulls back through one step.
  ///
  /// @param number its number in the solve; negative for all but the first of those that refine a
  ///     step
  /// @param check whether its error matters; steps with events, which move, are not checked
  private void pullBack(
      StepAdjoint adjoint, Trajectory part, int step, long number, boolean check) {
    boolean checked = check && !events.isIn(number);
    if (checked && careful) {
      double error = errors.of(adjoint, part, step, lambda, bar.theta);
      if (error > AdjointError.ACCEPTED) {
        refine(part, step, number, errors.factor(error));
        return;
      }
    }
    double before = part.t(step);
    if (events.isIn(number) && !events.isMark()) {
      pullBackEvent(part, step);
    } else {
      startStep(part.h(step));
    }
    while (observation > 0
        && (isWithin(observation, before)
            || number == 0 && !timeGradient.movesWith(observation, before))) {
      double along = observe(part, step, times[observation], cotangents, observation * n);
      timeGradient.addObservation(observation, along); // after observe, which adds to nodes
      observation--;
    }
    while (events.isIn(number)) {
      pullBackMark(part, step);
    }
    if (checked && !careful && errors.isRounding(part, step)) {
      bar.watch();
    }
    adjoint.pullBack(part, step, bar);
    if (checked && !careful && errors.isSuspect(part, step, bar)) {
      inaccurate = errors.of(adjoint, part, step, lambda, bar.theta, bar) > AdjointError.ACCEPTED;
      if (inaccurate) {
        return;
      }
    }
    if (errors != null) {
      errors.passed(part, step, lambda);
    }
    team.run(add);
    timeGradient.addNode(before, bar.start - bar.size);
    timeGradient.addNode(part.plannedEnd(step), bar.size);
    while (observation > 0 && timeGradient.movesWith(observation, before)) {
      Vectors.add(cotangents, observation * n, lambda);
      observation--;
    }
    if (number == 0) {
      Vectors.add(cotangents, 0, lambda);
    }
  }

  /// Pulls back through shorter steps in place of one, at most `factor` as long.
  private void refine(Trajectory part, int step, long number, double factor) {
    StepSize.Adaptive size = (StepSize.Adaptive) stepSize;
    double h = Math.abs(part.h(step)) * factor;
    StepSize shorter = size.withMinStep(0).withMaxStep(h).withInitialStep(h);
    Trajectory finer = new Trajectory();
    Solution solved =
        Integrator.of(method, shorter)
            .withObserver(finer)
            .solve(plain, part.state(step), part.t(step), part.end(step));
    extra += solved.stats().evaluations();
    refined += finer.steps();
    if (!solved.status().succeeded()) {
      failure = solved.status();
    } else if (refined > size.limits().maxSteps()) {
      String message =
          "gradient: the adjoint needs more than %s steps before t = %s, where the solution rests; the field may be stiff there: try RODAS5P or KVAERNO5, or loosen rtol";
      message = message.formatted(size.limits().maxSteps(), part.end(step));
      failure = new Status(Reason.MAX_STEPS, part.end(step), h, refined, -1, message);
    }
    for (int i = finer.steps() - 1; i >= 0 && !stopped(); i--) {
      pullBack(uncached, finer, i, i == 0 ? number : -1, finer.steps() > 1);
    }
  }

  /// `k̄ᵢ = h bᵢ λ`
  private void startStep(double h) {
    this.h = h;
    bar.clear();
    for (int i = 0; i < b.length; i++) {
      bar.reached[i] = h * b[i] != 0;
    }
    team.run(initialise);
  }

  private void initialise(int k, int parts) {
    int from = ThreadTeam.rangeStart(n, k, parts);
    int to = ThreadTeam.rangeStart(n, k + 1, parts);
    Arrays.fill(bar.y0, from, to, 0);
    for (int i = 0; i < b.length; i++) {
      Vectors.scale(h * b[i], lambda, bar.slopes[i], from, to);
    }
  }

  /// `λ += ȳ0`
  private void add(int k, int parts) {
    int from = ThreadTeam.rangeStart(n, k, parts);
    Vectors.axpy(1, bar.y0, 0, lambda, from, ThreadTeam.rangeStart(n, k + 1, parts));
  }

  private boolean isWithin(int i, double start) {
    return timeGradient.isAfter(i, start) || times[i] == start && timeGradient.isJump(start);
  }

  /// Pulls back through the event at the end of a step, where all of `λ` comes from dense output.
  private void pullBackEvent(Trajectory part, int step) {
    double t = part.end(step);
    slopeAt(part, step, t);
    events.pullBack(lambda, timeGradient.isJump(t) ? timeGradient.jumpBar() : 0, rate);
    timeGradient.setJump(events.lastJump());
    System.arraycopy(lambda, 0, atEvent, 0, n);
    Arrays.fill(lambda, 0);
    startStep(part.h(step));
    Arrays.fill(bar.reached, false);
    observe(part, step, t, atEvent, 0);
  }

  /// Pulls back through a mark within the step.
  private void pullBackMark(Trajectory part, int step) {
    if (!events.skip()) {
      double t = events.next().t();
      Arrays.fill(atEvent, 0);
      slopeAt(part, step, t);
      events.pullBack(atEvent, 0, rate);
      observe(part, step, t, atEvent, 0);
    }
  }

  /// Adds the cotangent `ḡ` of `y(T + θh) = y0 + h Σ bᵢ(θ) kᵢ` at a fixed time.
  ///
  /// @return `⟨ḡ, ẏ⟩`
  private double observe(Trajectory part, int step, double time, double[] cotangent, int from) {
    double fraction = (time - part.t(step)) / h;
    method.denseWeights(fraction, weights);
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        bar.add(i, h * weights[i], cotangent, from);
      }
    }
    Vectors.add(cotangent, from, bar.y0);
    slopeAt(part, step, time);
    double along = Vectors.dot(cotangent, from, rate);
    timeGradient.addNode(part.t(step), -(1 - fraction) * along);
    timeGradient.addNode(part.plannedEnd(step), -fraction * along);
    return along;
  }

  /// `ẏ(T + θh) = Σ bᵢ'(θ) kᵢ`
  private void slopeAt(Trajectory part, int step, double time) {
    method.denseRates((time - part.t(step)) / part.h(step), weights);
    Arrays.fill(rate, 0);
    for (int i = 0; i < weights.length; i++) {
      Vectors.axpy(weights[i], part.slopes(step)[i], 0, rate);
    }
  }
}
