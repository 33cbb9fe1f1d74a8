package org.flowline.neuralode.training.flow;

import java.util.Objects;
import java.util.function.Function;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.odesolvers.field.BrownianPath;

/// A flow without its objective, the first part of an optimiser.
///
/// | | `dθ/dτ` | method that gives the textbook's |
/// |---|---|---|
/// | [#gradient] | `−∇L` | `EULER`: gradient descent |
/// | [#heavyBall], [#nesterov] | `v`, where `dv/dτ = −γ v − ∇L` | `SEMI_IMPLICIT_EULER` |
/// | [#rmsprop], [#adam] | along running averages | `SEMI_IMPLICIT_EULER` |
/// | [#natural] | `−(G + λI)⁻¹ ∇L` | `EULER` |
/// | [#mirror] | `−(∇²ψ)⁻¹ ∇L` | `EULER`: mirror descent |
/// | [#langevin] | `−∇L` and noise | `EULER_MARUYAMA` |
/// | [#modified] | `−∇(L + η/4 ‖∇L‖²)` | none: gradient descent itself follows it |
///
/// To add an optimiser, write its flow in one file and pass its constructor in one line:
/// `Optimizer.of(new Flows("my flow", MyFlow::new), Methods.SEMI_IMPLICIT_EULER, eta)`.
///
/// @param name part of an optimiser's name
/// @param on makes the flow of an objective
public record Flows(String name, Function<Objective, TrainingFlow> on) {

  public Flows {
    Objects.requireNonNull(name);
    Objects.requireNonNull(on);
  }

  /// Makes the flow of this objective.
  ///
  /// @throws IllegalArgumentException if the objective lacks what the flow needs
  public TrainingFlow apply(Objective objective) {
    return on.apply(objective);
  }

  /// [GradientFlow], with its Jacobian for implicit methods where the objective has a Hessian.
  public static Flows gradient() {
    return new Flows("gradient flow", GradientFlow::of);
  }

  /// [NesterovFlow#heavyBall]
  public static Flows heavyBall(double friction) {
    return new Flows("heavy-ball flow", loss -> NesterovFlow.heavyBall(loss, friction));
  }

  /// [NesterovFlow]
  public static Flows nesterov(NesterovFlow.Friction friction, double lookAhead) {
    return new Flows("Nesterov flow", loss -> new NesterovFlow(loss, friction, lookAhead));
  }

  /// [RmspropFlow] with `α = 0.99`, `ε = 1e-8`.
  public static Flows rmsprop(double eta) {
    return new Flows("RMSprop flow", loss -> new RmspropFlow(loss, eta));
  }

  /// [AdamFlow] with `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
  public static Flows adam(double eta) {
    return new Flows("Adam flow", loss -> new AdamFlow(loss, eta));
  }

  /// [NaturalGradientFlow]
  public static Flows natural(Metric metric, double damping) {
    return new Flows(
        "natural-gradient flow", loss -> NaturalGradientFlow.of(loss, metric, damping));
  }

  /// [MirrorFlow]
  public static Flows mirror(MirrorMap map) {
    return new Flows("mirror flow", loss -> new MirrorFlow(loss, map));
  }

  /// [LangevinFlow] along the paths of a seed, for a training time of up to `t1`.
  public static Flows langevin(double beta, long seed, double t1) {
    return new Flows(
        "Langevin flow",
        loss -> new LangevinFlow(loss, beta, BrownianPath.of(seed, loss.dimension(), 0, t1)));
  }

  /// [ModifiedFlow], for an objective with a Hessian.
  public static Flows modified(double eta) {
    String name = "modified flow";
    return new Flows(
        name, loss -> new ModifiedFlow(TwiceDifferentiableObjective.require(name, loss), eta));
  }
}
