package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.DoubleStream;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.Metric;
import org.flowline.neuralode.training.flow.MirrorMap;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.neuralode.training.objective.ClippedObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stabilised;

/// An optimiser is a value: a flow × a method × a step size. The usual optimisers have factories
/// here; [#of] makes any other:
///
///     Optimizer.of(Flows.gradient(), Methods.RK4, 0.1)
///     Optimizer.of(Flows.adam(0.01), Methods.DOPRI5, 0.01, StepSize.Adaptive.of(1e-3, 1e-6))
///
/// A combination that does not fit, such as a partitioned method and a flow of one block, or a flow
/// with noise and a deterministic method, is refused where training starts.
///
/// @param name the usual name
/// @param flow makes the flow of an objective
/// @param method the method that steps the flow
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

  /// The number of Langevin iterations that one Brownian path is long enough for.
  private static final double LONGEST = 1 << 24;

  /// @throws IllegalArgumentException if the interval is not positive and finite, or the method and
  ///     the step size do not fit each other
  public Optimizer {
    if (!(interval > 0) || Double.isInfinite(interval)) {
      throw new IllegalArgumentException(name + ": step " + interval + "; want a positive number");
    }
    Integrator.of(method, stepSize.apply(1));
  }

  /// Returns a flow with a constant step `h` of training time.
  ///
  /// @throws IllegalArgumentException if `h` is not positive and finite
  public static Optimizer of(Flows flow, Method method, double h) {
    return constant(method.name() + " on " + flow.name(), flow, method, h);
  }

  private static Optimizer constant(String name, Flows flow, Method method, double h) {
    return new Optimizer(name, flow, method, h, steps -> StepSize.Constant.of(h, steps));
  }

  /// Returns a flow with steps as large as the tolerances allow: an adaptive learning rate. An
  /// iteration is an accepted step; `n` iterations are the training time `n · interval`.
  ///
  /// @throws IllegalArgumentException if the method estimates no error
  public static Optimizer of(
      Flows flow, Method method, double interval, StepSize.Adaptive tolerances) {
    String name = method.name() + " on " + flow.name();
    return new Optimizer(name, flow, method, interval, _ -> tolerances);
  }

  /// Returns a flow whose learning rates are the steps between these times, the first of which is
  /// 0; it trains for all of its steps or fewer.
  ///
  /// @throws IllegalArgumentException if the first time is not 0, or the second not above it
  public static Optimizer of(Flows flow, Method method, StepSize.Grid grid) {
    double[] times = grid.times();
    if (times[0] != 0 || times[1] < 0) {
      throw new IllegalArgumentException(
          "grid: from " + times[0] + " to " + times[1] + "; want times from 0 on");
    }
    double mean = times[times.length - 1] / grid.steps();
    String name = method.name() + " on " + flow.name();
    return new Optimizer(name, flow, method, mean, steps -> first(grid, steps));
  }

  private static StepSize.Grid first(StepSize.Grid grid, long steps) {
    if (steps > grid.steps()) {
      throw new IllegalArgumentException(
          "grid: %s iterations on a grid of %s steps; want no more".formatted(steps, grid.steps()));
    }
    return new StepSize.Grid(Arrays.copyOf(grid.times(), (int) steps + 1), grid.forced());
  }

  /// Returns this optimiser by another name.
  public Optimizer named(String name) {
    return new Optimizer(name, flow, method, interval, stepSize);
  }

  /// Gradient descent: `θ ← θ − η∇L(θ)`.
  public static Optimizer gradientDescent(double eta) {
    return constant("gradient-descent", Flows.gradient(), Methods.EULER, eta);
  }

  /// Momentum: `b ← μ b + ∇L(θ)`, `θ ← θ − η b`.
  ///
  /// @param mu momentum, in `[0, 1)`
  /// @throws IllegalArgumentException if it is not, or `eta` is not positive and finite
  public static Optimizer heavyBall(double eta, double mu) {
    double h = root("heavy-ball", eta, mu);
    return constant("heavy-ball", Flows.heavyBall((1 - mu) / h), Methods.SEMI_IMPLICIT_EULER, h);
  }

  /// Nesterov's method: `x⁺ = θ − η∇L(θ)`, `θ ← x⁺ + (k − 1)/(k + 2) (x⁺ − x)`, with `k = 1` after
  /// the first step; see [NesterovFlow].
  public static Optimizer nesterov(double eta) {
    double h = root("nesterov", eta, 0);
    Flows flow = Flows.nesterov(NesterovFlow.vanishing(), h);
    return constant("nesterov", flow, Methods.SEMI_IMPLICIT_EULER, h);
  }

  /// Nesterov's momentum: `b ← μ b + ∇L(θ)`, `θ ← θ − η (∇L(θ) + μ b)`.
  ///
  /// @param mu momentum, in `[0, 1)`
  /// @throws IllegalArgumentException if it is not, or `eta` is not positive and finite
  public static Optimizer nesterov(double eta, double mu) {
    double h = root("nesterov", eta, mu);
    Flows flow = Flows.nesterov(NesterovFlow.constant((1 - mu) / h), h);
    return constant("nesterov", flow, Methods.SEMI_IMPLICIT_EULER, h);
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
    return constant("adam", Flows.adam(eta), Methods.SEMI_IMPLICIT_EULER, eta);
  }

  /// Adam with decoupled weight decay: `θ ← θ − η (m̂ / (√v̂ + ε) + λ θ)`; see [#withWeightDecay].
  public static Optimizer adamW(double eta, double lambda) {
    return adam(eta).withWeightDecay(lambda).named("adamw");
  }

  /// RMSprop: `v ← α v + (1 − α) ∇L²`, `θ ← θ − η ∇L / (√v + ε)`, with `α = 0.99`, `ε = 1e-8`.
  public static Optimizer rmsprop(double eta) {
    return constant("rmsprop", Flows.rmsprop(eta), Methods.SEMI_IMPLICIT_EULER, eta);
  }

  /// The proximal-point method: backward Euler on the gradient flow, stable for any `η` where the
  /// loss is convex:
  ///
  ///     θ ← prox(θ) = the minimum of L(x) + ‖x − θ‖²/(2η)
  ///
  /// Solved by Newton's iteration: at most a Hessian and its factors, `n³/3`, for each step.
  /// Rockafellar (1976).
  public static Optimizer proximalPoint(double eta) {
    return constant("proximal-point", Flows.gradient(), Methods.BACKWARD_EULER, eta);
  }

  /// Newton's method damped by `1/η`: linearly implicit Euler on the gradient flow,
  ///
  ///     θ ← θ − (∇²L(θ) + I/η)⁻¹ ∇L(θ)
  ///
  /// A Hessian and its factors for each step. With a large `η` it is Newton's step; where the
  /// Hessian has eigenvalues below `−1/η` it ascends along them. Levenberg (1944).
  public static Optimizer dampedNewton(double eta) {
    return constant("damped-newton", Flows.gradient(), LINEARLY_IMPLICIT_EULER, eta);
  }

  /// Descent by Chebyshev polynomials, `s` gradients to a step, on a loss with a known bound on the
  /// largest eigenvalue of the Hessian; see [Stabilised#descent]. Each step is as long as is
  /// stable, about `1.2 s²` over that eigenvalue.
  ///
  /// @param stages `s ≥ 2`; best is the root of the condition number over 1.2
  /// @param sharpness an upper bound on `λₘₐₓ(∇²L)`
  /// @throws IllegalArgumentException if one is out of its range
  public static Optimizer chebyshev(int stages, double sharpness) {
    Stabilised method = Stabilised.descent(stages);
    return constant("chebyshev", Flows.gradient(), method, method.realLimit() / sharpness);
  }

  /// The gradient flow itself by `DOPRI5` to a tolerance per step: the tolerance determines the
  /// learning rate, and steps that miss it are repeated.
  ///
  /// @param interval training time per iteration
  /// @param tolerance relative and absolute, of θ
  public static Optimizer adaptive(double interval, double tolerance) {
    StepSize.Adaptive tolerances = StepSize.Adaptive.of(tolerance, tolerance);
    return new Optimizer("adaptive", Flows.gradient(), Methods.DOPRI5, interval, _ -> tolerances);
  }

  /// The natural gradient: `θ ← θ − η (G(θ) + λI)⁻¹ ∇L(θ)`.
  ///
  /// @param damping `λ ≥ 0`
  public static Optimizer naturalGradient(double eta, Metric metric, double damping) {
    return constant("natural-gradient", Flows.natural(metric, damping), Methods.EULER, eta);
  }

  /// Mirror descent: `∇ψ(θ) ← ∇ψ(θ) − η ∇L(θ)`.
  public static Optimizer mirrorDescent(double eta, MirrorMap map) {
    return constant("mirror-descent", Flows.mirror(map), Methods.EULER, eta);
  }

  /// Langevin Monte Carlo: `θ ← θ − η ∇L(θ) + √(2η/β) ξ` with normal `ξ`, for up to 2²⁴ iterations;
  /// see [org.flowline.neuralode.training.flow.LangevinFlow].
  ///
  /// @param beta the inverse temperature
  /// @param seed of the noise
  public static Optimizer langevin(double eta, double beta, long seed) {
    Flows flow = Flows.langevin(beta, seed, eta * LONGEST);
    return constant("langevin", flow, Methods.EULER_MARUYAMA, eta);
  }

  /// Returns this optimiser with a learning-rate schedule.
  public Optimizer withSchedule(Schedule schedule) {
    Optimizer scheduled =
        modified("scheduled", new RateModifier(tau -> schedule.at(tau / interval), 0));
    double[] kinks = Arrays.stream(schedule.kinks()).map(kink -> kink * interval).toArray();
    return new Optimizer(
        scheduled.name,
        scheduled.flow,
        method,
        interval,
        iterations -> stopping(stepSize.apply(iterations), kinks));
  }

  /// Returns these steps; adaptive ones also end at these times, unless they are Hipparchus'.
  private StepSize stopping(StepSize steps, double[] times) {
    if (!(steps instanceof StepSize.Adaptive adaptive) || method instanceof HipparchusMethod) {
      return steps;
    }
    DoubleStream before = Arrays.stream(adaptive.forced().stops());
    return adaptive.withStops(DoubleStream.concat(before, Arrays.stream(times)).toArray());
  }

  /// Returns this optimiser with decoupled weight decay, `dθ/dτ = … − λθ`, which averages and
  /// velocities do not include. `adam(η).withWeightDecay(λ)` is AdamW. Loshchilov & Hutter (2019),
  /// algorithm 2.
  ///
  /// @throws IllegalArgumentException if `lambda` is negative or not finite
  public Optimizer withWeightDecay(double lambda) {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException(name + ": weight decay " + lambda + "; want λ ≥ 0");
    }
    return modified("decay", new RateModifier(_ -> 1, lambda));
  }

  /// Returns this optimiser with gradient clipping at the norm `largest`; see [ClippedObjective].
  ///
  /// @throws IllegalArgumentException if it is not positive
  public Optimizer withClipping(double largest) {
    ClippedObjective.requireBound(largest);
    return with(
        " clipped",
        flow.name() + " of clipped gradients",
        objective -> flow.apply(new ClippedObjective(objective, largest)));
  }

  private Optimizer modified(String how, RateModifier modifier) {
    return with(
        " " + how, flow.name() + ", " + how, objective -> modifier.of(flow.apply(objective)));
  }

  private Optimizer with(String suffix, String flowName, Function<Objective, TrainingFlow> on) {
    return new Optimizer(name + suffix, new Flows(flowName, on), method, interval, stepSize);
  }

  /// The training time of this many iterations.
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
