package org.flowline.neuralode.training;

import java.util.Objects;
import java.util.function.Function;
import org.flowline.odesolvers.BrownianPath;

/// A kind of flow: what is still to be put on an objective.
///
/// | | `dθ/dτ` | the method that gives the textbook's |
/// |---|---|---|
/// | [#gradient] | `−∇L` | `EULER`: gradient descent |
/// | [#heavyBall], [#nesterov] | `v`, where `dv/dτ = −γ v − ∇L` | `SEMI_IMPLICIT_EULER` |
/// | [#rmsprop], [#adam] | along running averages | `SEMI_IMPLICIT_EULER` |
/// | [#natural] | `−(G + λI)⁻¹ ∇L` | `EULER` |
/// | [#mirror] | `−(∇²ψ)⁻¹ ∇L` | `EULER`: mirror descent |
/// | [#langevin] | `−∇L` and noise | `EULER_MARUYAMA` |
/// | [#modified] | `−∇(L + η/4 ‖∇L‖²)` | none: gradient descent itself follows it |
///
/// @param name what it is called in an optimiser's name
/// @param on makes the flow of an objective
public record Flow(String name, Function<Objective, TrainingFlow> on) {

  public Flow {
    Objects.requireNonNull(name);
    Objects.requireNonNull(on);
  }

  /// The flow on this objective.
  ///
  /// @throws IllegalArgumentException if the flow needs what the objective has not
  public TrainingFlow apply(Objective objective) {
    return on.apply(objective);
  }

  /// [GradientFlow], with its Jacobian for implicit methods where the objective knows its Hessian.
  public static Flow gradient() {
    return new Flow("gradient flow", GradientFlow::of);
  }

  /// [HeavyBallFlow]
  public static Flow heavyBall(double friction) {
    return new Flow("heavy-ball flow", objective -> new HeavyBallFlow(objective, friction));
  }

  /// [NesterovFlow]
  public static Flow nesterov(NesterovFlow.Friction friction, double lookAhead) {
    return new Flow("Nesterov flow", objective -> new NesterovFlow(objective, friction, lookAhead));
  }

  /// [RmspropFlow] with `α = 0.99`, `ε = 1e-8`.
  public static Flow rmsprop(double eta) {
    return new Flow("RMSprop flow", objective -> new RmspropFlow(objective, eta));
  }

  /// [AdamFlow] with `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
  public static Flow adam(double eta) {
    return new Flow("Adam flow", objective -> new AdamFlow(objective, eta));
  }

  /// [NaturalGradientFlow] with so much damping.
  public static Flow natural(Metric metric, double damping) {
    return new Flow(
        "natural-gradient flow", objective -> NaturalGradientFlow.of(objective, metric, damping));
  }

  /// [MirrorFlow]
  public static Flow mirror(MirrorMap map) {
    return new Flow("mirror flow", objective -> new MirrorFlow(objective, map));
  }

  /// [LangevinFlow] along the paths of a seed, for a training time of up to `t1`.
  public static Flow langevin(double beta, long seed, double t1) {
    return new Flow(
        "Langevin flow",
        objective ->
            new LangevinFlow(objective, beta, BrownianPath.of(seed, objective.dimension(), 0, t1)));
  }

  /// [ModifiedFlow], which wants an objective that knows its Hessian.
  public static Flow modified(double eta) {
    return new Flow(
        "modified flow",
        objective ->
            new ModifiedFlow(
                TwiceDifferentiableObjective.require("modified flow", objective), eta));
  }
}
