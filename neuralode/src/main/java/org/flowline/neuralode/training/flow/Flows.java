package org.flowline.neuralode.training.flow;

import java.util.Objects;
import java.util.function.Function;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.odesolvers.field.BrownianPath;

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
public record Flows(String name, Function<Objective, TrainingFlow> on) {

  public Flows {
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
  public static Flows gradient() {
    return new Flows("gradient flow", GradientFlow::of);
  }

  /// [HeavyBallFlow]
  public static Flows heavyBall(double friction) {
    return new Flows("heavy-ball flow", objective -> new HeavyBallFlow(objective, friction));
  }

  /// [NesterovFlow]
  public static Flows nesterov(NesterovFlow.Friction friction, double lookAhead) {
    return new Flows(
        "Nesterov flow", objective -> new NesterovFlow(objective, friction, lookAhead));
  }

  /// [RmspropFlow] with `α = 0.99`, `ε = 1e-8`.
  public static Flows rmsprop(double eta) {
    return new Flows("RMSprop flow", objective -> new RmspropFlow(objective, eta));
  }

  /// [AdamFlow] with `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
  public static Flows adam(double eta) {
    return new Flows("Adam flow", objective -> new AdamFlow(objective, eta));
  }

  /// [NaturalGradientFlow] with so much damping.
  public static Flows natural(Metric metric, double damping) {
    return new Flows(
        "natural-gradient flow", objective -> NaturalGradientFlow.of(objective, metric, damping));
  }

  /// [MirrorFlow]
  public static Flows mirror(MirrorMap map) {
    return new Flows("mirror flow", objective -> new MirrorFlow(objective, map));
  }

  /// [LangevinFlow] along the paths of a seed, for a training time of up to `t1`.
  public static Flows langevin(double beta, long seed, double t1) {
    return new Flows(
        "Langevin flow",
        objective ->
            new LangevinFlow(objective, beta, BrownianPath.of(seed, objective.dimension(), 0, t1)));
  }

  /// [ModifiedFlow], which wants an objective that knows its Hessian.
  public static Flows modified(double eta) {
    return new Flows(
        "modified flow",
        objective ->
            new ModifiedFlow(
                TwiceDifferentiableObjective.require("modified flow", objective), eta));
  }
}
