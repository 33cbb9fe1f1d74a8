package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.function.LongFunction;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.Metric;
import org.flowline.neuralode.training.flow.MirrorMap;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.neuralode.training.objective.ClippedObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stabilised;

/// An optimiser is a value: a flow, a method and a step size. The usual ones have names here; any
/// others come from [#of]:
///
///     Optimizer.of(Flow.gradient(), Methods.RK4, 0.1)
///     Optimizer.of(Flow.adam(0.01), Methods.DOPRI5, 0.01, StepSize.Adaptive.of(1e-3, 1e-6))
///
/// A combination that makes no sense, such as a partitioned method and a flow of one block, or a
/// flow with noise and a method without, is refused where training starts.
///
/// @param name the field's name for it
/// @param flow the flow on an objective
/// @param method how the flow is stepped
/// @param interval training time per iteration; of a constant step size, the step
/// @param stepSize the step size for a number of iterations
public record Optimizer(
    String name, Flows flow, Method method, double interval, LongFunction<StepSize> stepSize) {

  /// `(I/h − J) (θ⁺ − θ) = f(θ)`, the Rosenbrock method of one stage.
  private static final Rosenbrock LINEARLY_IMPLICIT_EULER =
      Rosenbrock.of(
          "LINEARLY_IMPLICIT_EULER",
          1,
          new double[][] {{}},
          new double[][] {{1}},
          new double[] {1});

  /// Iterations of Langevin's method that one path is long enough for.
  private static final double LONGEST = 1 << 24;

  /// @throws IllegalArgumentException if the interval is not positive and finite, or the method and
  ///     the step size do not fit each other
  public Optimizer {
    if (!(interval > 0) || Double.isInfinite(interval)) {
      throw new IllegalArgumentException(name + ": step " + interval + "; want a positive number");
    }
    Integrator.of(method, stepSize.apply(1));
  }

  /// A flow with a constant step `h` of training time.
  ///
  /// @throws IllegalArgumentException if `h` is not positive and finite
  public static Optimizer of(Flows flow, Method method, double h) {
    return new Optimizer(
        method.name() + " on " + flow.name(),
        flow,
        method,
        h,
        steps -> StepSize.Constant.of(h, steps));
  }

  /// A flow with steps as large as the tolerances allow: an adaptive learning rate. An iteration is
  /// an accepted step; `n` iterations are asked for as the training time `n · interval`.
  ///
  /// @throws IllegalArgumentException if the method estimates no error
  public static Optimizer of(
      Flows flow, Method method, double interval, StepSize.Adaptive tolerances) {
    return new Optimizer(
        method.name() + " on " + flow.name(), flow, method, interval, _ -> tolerances);
  }

  /// A flow with learning rates that are the steps between these times, the first of which is 0;
  /// trains for all of its steps or fewer.
  ///
  /// @throws IllegalArgumentException if the first time is not 0, or the next not above it
  public static Optimizer of(Flows flow, Method method, StepSize.Grid grid) {
    double[] times = grid.times();
    if (times[0] != 0 || times[1] < 0) {
      throw new IllegalArgumentException(
          "grid: from " + times[0] + " to " + times[1] + "; want times from 0 on");
    }
    double mean = times[times.length - 1] / grid.steps();
    return new Optimizer(
        method.name() + " on " + flow.name(), flow, method, mean, steps -> first(grid, steps));
  }

  private static StepSize.Grid first(StepSize.Grid grid, long steps) {
    if (steps > grid.steps()) {
      throw new IllegalArgumentException(
          "grid: %d iterations on a grid of %d steps; want no more".formatted(steps, grid.steps()));
    }
    return StepSize.Grid.of(Arrays.copyOf(grid.times(), (int) steps + 1));
  }

  /// This optimiser by another name.
  public Optimizer named(String name) {
    return new Optimizer(name, flow, method, interval, stepSize);
  }

  private static Optimizer named(String name, Method method, double h, Flows flow) {
    return new Optimizer(name, flow, method, h, steps -> StepSize.Constant.of(h, steps));
  }

  /// `θ ← θ − η∇L(θ)`
  public static Optimizer gradientDescent(double eta) {
    return named("gradient-descent", Methods.EULER, eta, Flows.gradient());
  }

  /// `b ← μ b + ∇L(θ)`, `θ ← θ − η b`
  ///
  /// @param mu momentum, in `[0, 1)`
  /// @throws IllegalArgumentException if it is not, or `eta` is not positive and finite
  public static Optimizer heavyBall(double eta, double mu) {
    double h = root("heavy-ball", eta, mu);
    return named("heavy-ball", Methods.SEMI_IMPLICIT_EULER, h, Flows.heavyBall((1 - mu) / h));
  }

  /// `x ← θ − η∇L(θ)`, `θ ← x + (k − 1)/(k + 2) (x − x before)`, counted from `k = 1` behind the
  /// first step; see [NesterovFlow].
  public static Optimizer nesterov(double eta) {
    double h = root("nesterov", eta, 0);
    return named(
        "nesterov", Methods.SEMI_IMPLICIT_EULER, h, Flows.nesterov(NesterovFlow.vanishing(), h));
  }

  /// `b ← μ b + ∇L(θ)`, `θ ← θ − η (∇L(θ) + μ b)`
  ///
  /// @param mu momentum, in `[0, 1)`
  /// @throws IllegalArgumentException if it is not, or `eta` is not positive and finite
  public static Optimizer nesterov(double eta, double mu) {
    double h = root("nesterov", eta, mu);
    return named(
        "nesterov",
        Methods.SEMI_IMPLICIT_EULER,
        h,
        Flows.nesterov(NesterovFlow.constant((1 - mu) / h), h));
  }

  private static double root(String name, double eta, double mu) {
    if (!(mu >= 0 && mu < 1)) {
      throw new IllegalArgumentException(name + ": momentum " + mu + "; want 0 ≤ μ < 1");
    }
    double h = Math.sqrt(eta);
    if (!(h > 0) || Double.isInfinite(h)) {
      throw new IllegalArgumentException(name + ": step " + h + "; want a positive number");
    }
    return h;
  }

  /// Adam with the usual `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
  public static Optimizer adam(double eta) {
    return named("adam", Methods.SEMI_IMPLICIT_EULER, eta, Flows.adam(eta));
  }

  /// Adam with decoupled weight decay: `θ ← θ − η (m̂ / (√v̂ + ε) + λ θ)`; see [#withWeightDecay].
  public static Optimizer adamW(double eta, double lambda) {
    return adam(eta).withWeightDecay(lambda).named("adamw");
  }

  /// `v ← α v + (1 − α) ∇L²`, `θ ← θ − η ∇L / (√v + ε)`, with the usual `α = 0.99`, `ε = 1e-8`.
  public static Optimizer rmsprop(double eta) {
    return named("rmsprop", Methods.SEMI_IMPLICIT_EULER, eta, Flows.rmsprop(eta));
  }

  /// Backward Euler on the gradient flow, stable for any `η` where the loss is convex:
  ///
  ///     θ ← prox(θ) = the minimum of L(x) + ‖x − θ‖²/(2η)
  ///
  /// Newton's iteration solves for it: a Hessian and its factors, `n³/3`, for each step or fewer.
  /// Rockafellar (1976).
  public static Optimizer proximalPoint(double eta) {
    return named("proximal-point", Methods.BACKWARD_EULER, eta, Flows.gradient());
  }

  /// Linearly implicit Euler on the gradient flow, Newton's method damped by `1/η`:
  ///
  ///     θ ← θ − (∇²L(θ) + I/η)⁻¹ ∇L(θ)
  ///
  /// A Hessian and its factors for each step. With a large `η` it is Newton's step; where the
  /// Hessian has eigenvalues below `−1/η` it goes uphill along them. Levenberg (1944).
  public static Optimizer dampedNewton(double eta) {
    return named("damped-newton", LINEARLY_IMPLICIT_EULER, eta, Flows.gradient());
  }

  /// Descent by Chebyshev's polynomials, `s` gradients to a step, on a loss of which the largest
  /// eigenvalue of the Hessian is known; see [Stabilised#descent]. Each step is as long as is
  /// stable, about `1.2 s²` over that.
  ///
  /// @param stages `s ≥ 2`; best is the root of the condition number over 1.2
  /// @param sharpness an upper bound on `λₘₐₓ(∇²L)`
  /// @throws IllegalArgumentException if one is out of its range
  public static Optimizer chebyshev(int stages, double sharpness) {
    Stabilised method = Stabilised.descent(stages);
    return named("chebyshev", method, method.realLimit() / sharpness, Flows.gradient());
  }

  /// The gradient flow itself, to a tolerance for each step, by `DOPRI5`: the learning rate is
  /// whatever the tolerance allows, and steps that miss it are made again.
  ///
  /// @param interval training time for an iteration asked for
  /// @param tolerance relative and absolute, of θ
  public static Optimizer adaptive(double interval, double tolerance) {
    StepSize.Adaptive tolerances = StepSize.Adaptive.of(tolerance, tolerance);
    return new Optimizer("adaptive", Flows.gradient(), Methods.DOPRI5, interval, _ -> tolerances);
  }

  /// `θ ← θ − η (G(θ) + λI)⁻¹ ∇L(θ)`
  ///
  /// @param damping `λ ≥ 0`
  public static Optimizer naturalGradient(double eta, Metric metric, double damping) {
    return named("natural-gradient", Methods.EULER, eta, Flows.natural(metric, damping));
  }

  /// `∇ψ(θ) ← ∇ψ(θ) − η ∇L(θ)`, mirror descent.
  public static Optimizer mirrorDescent(double eta, MirrorMap map) {
    return named("mirror-descent", Methods.EULER, eta, Flows.mirror(map));
  }

  /// `θ ← θ − η ∇L(θ) + √(2η/β) ξ` with normal `ξ`, for up to 2²⁴ iterations; see
  /// [org.flowline.neuralode.training.flow.LangevinFlow].
  ///
  /// @param beta the inverse temperature
  /// @param seed says which noise
  public static Optimizer langevin(double eta, double beta, long seed) {
    return named(
        "langevin", Methods.EULER_MARUYAMA, eta, Flows.langevin(beta, seed, eta * LONGEST));
  }

  /// This optimiser with θ moving at a speed that depends on the iteration.
  public Optimizer withSchedule(Schedule schedule) {
    return changed("scheduled", new RateModifier.Scheduled(schedule, interval));
  }

  /// This optimiser with `dθ/dτ = … − λθ`: decoupled weight decay, which no average or velocity
  /// sees. `adam(η).withWeightDecay(λ)` is AdamW. Loshchilov & Hutter (2019), algorithm 2.
  ///
  /// @throws IllegalArgumentException if `lambda` is negative or not finite
  public Optimizer withWeightDecay(double lambda) {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException(name + ": weight decay " + lambda + "; want λ ≥ 0");
    }
    return changed("decay", new RateModifier.Decay(lambda));
  }

  /// This optimiser on gradients no longer than `largest`; see [ClippedObjective].
  ///
  /// @throws IllegalArgumentException if it is not positive
  public Optimizer withClipping(double largest) {
    ClippedObjective.requireBound(largest);
    Flows clipped =
        new Flows(
            flow.name() + " of clipped gradients",
            objective -> flow.apply(new ClippedObjective(objective, largest)));
    return new Optimizer(name + " clipped", clipped, method, interval, stepSize);
  }

  private Optimizer changed(String how, RateModifier.Change change) {
    Flows changed =
        new Flows(
            flow.name() + ", " + how,
            objective -> RateModifier.changed(flow.apply(objective), change));
    return new Optimizer(name + " " + how, changed, method, interval, stepSize);
  }

  /// The loop for so many iterations.
  Integrator integrator(long iterations) {
    return Integrator.of(method, stepSize.apply(iterations));
  }

  /// The training time of so many iterations.
  double end(long iterations) {
    return stepSize.apply(iterations) instanceof StepSize.Fixed fixed
        ? fixed.node(0, fixed.steps())
        : interval * iterations;
  }

  /// Name, flow, method and step, such as `adam = Adam flow × SEMI_IMPLICIT_EULER × h = 0.01`.
  @Override
  public String toString() {
    String step =
        switch (stepSize.apply(1)) {
          case StepSize.Constant constant -> "h = " + constant.h();
          case StepSize.Grid _ -> "steps of a grid, h = " + interval + " on average";
          case StepSize.Adaptive adaptive ->
              "steps to rtol %s, atol %s"
                  .formatted(
                      shown(adaptive.tolerance().rtol()), shown(adaptive.tolerance().atol()));
        };
    return name + " = " + flow.name() + " × " + method.name() + " × " + step;
  }

  private static String shown(double[] tolerances) {
    return tolerances.length == 1 ? "" + tolerances[0] : "of each component";
  }
}
