package org.flowline.neuralode.training;

import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Method;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepSize;

/// An optimiser is a value: a flow, a method and a step size.
///
/// @param name the field's name for it
/// @param flow the flow on an objective
/// @param method how the flow is stepped
/// @param interval training time per iteration; of a constant step size, the step
/// @param stepSize the step size for a number of iterations
public record Optimizer(
    String name,
    Function<Objective, TrainingFlow> flow,
    Method method,
    double interval,
    LongFunction<StepSize> stepSize) {

  /// A flow with a constant step `h` of training time.
  ///
  /// @throws IllegalArgumentException if `h` is not positive and finite
  public static Optimizer constant(
      String name, Function<Objective, TrainingFlow> flow, Method method, double h) {
    if (!(h > 0) || Double.isInfinite(h)) {
      throw new IllegalArgumentException(name + ": step " + h + "; want a positive number");
    }
    return new Optimizer(name, flow, method, h, steps -> new StepSize.Constant(h, steps));
  }

  /// `θ ← θ − η∇L(θ)`
  public static Optimizer gradientDescent(double eta) {
    return constant("gradient-descent", GradientFlow::new, Methods.EULER, eta);
  }

  /// `b ← μ b + ∇L(θ)`, `θ ← θ − η b`
  ///
  /// @param mu momentum, in `[0, 1)`
  /// @throws IllegalArgumentException if it is not, or `eta` is not positive and finite
  public static Optimizer heavyBall(double eta, double mu) {
    if (!(mu >= 0 && mu < 1)) {
      throw new IllegalArgumentException("heavy-ball: momentum " + mu + "; want 0 ≤ μ < 1");
    }
    double h = Math.sqrt(eta);
    return constant(
        "heavy-ball",
        objective -> new HeavyBallFlow(objective, (1 - mu) / h),
        Methods.SEMI_IMPLICIT_EULER,
        h);
  }

  /// Adam with the usual `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
  public static Optimizer adam(double eta) {
    return constant(
        "adam", objective -> new AdamFlow(objective, eta), Methods.SEMI_IMPLICIT_EULER, eta);
  }

  /// `v ← α v + (1 − α) ∇L²`, `θ ← θ − η ∇L / (√v + ε)`, with the usual `α = 0.99`, `ε = 1e-8`.
  public static Optimizer rmsprop(double eta) {
    return constant(
        "rmsprop", objective -> new RmspropFlow(objective, eta), Methods.SEMI_IMPLICIT_EULER, eta);
  }

  /// This optimiser with θ moving at a speed that depends on the iteration.
  public Optimizer withSchedule(Schedule schedule) {
    return changed("scheduled", new Speed(schedule, interval));
  }

  /// θ moves at another speed, which is as good as a loss of another sharpness.
  private record Speed(Schedule schedule, double interval) implements ParameterRates.Change {
    @Override
    public void apply(double tau, double[] state, double[] rate, int from) {
      double factor = schedule.at(tau / interval);
      for (int i = from; i < rate.length; i++) {
        rate[i] *= factor;
      }
    }

    @Override
    public OptionalDouble stable(double tau, double limit) {
      return OptionalDouble.of(limit / schedule.at(tau / interval));
    }
  }

  /// This optimiser with `dθ/dτ = … − λθ`: decoupled weight decay, which no average or velocity
  /// sees. `adam(η).withWeightDecay(λ)` is AdamW. Loshchilov & Hutter (2019), algorithm 2.
  ///
  /// @throws IllegalArgumentException if `lambda` is negative or not finite
  public Optimizer withWeightDecay(double lambda) {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException(name + ": weight decay " + lambda + "; want λ ≥ 0");
    }
    return changed(
        "decay",
        (_, state, rate, from) -> {
          for (int i = from; i < rate.length; i++) {
            rate[i] -= lambda * state[i];
          }
        });
  }

  /// This optimiser on gradients no longer than `largest`; see [ClippedObjective].
  ///
  /// @throws IllegalArgumentException if it is not positive
  public Optimizer withClipping(double largest) {
    ClippedObjective.requireBound(largest);
    Function<Objective, TrainingFlow> clipped =
        objective -> flow.apply(new ClippedObjective(objective, largest));
    return new Optimizer(name + " clipped", clipped, method, interval, stepSize);
  }

  private Optimizer changed(String how, ParameterRates.Change change) {
    Function<Objective, TrainingFlow> changed =
        objective -> ParameterRates.changed(flow.apply(objective), change);
    return new Optimizer(name + " " + how, changed, method, interval, stepSize);
  }

  /// The loop for so many iterations.
  Integrator integrator(long iterations) {
    return Integrator.of(method, stepSize.apply(iterations));
  }

  @Override
  public String toString() {
    return name + " = " + method.name() + " × h = " + interval;
  }
}
