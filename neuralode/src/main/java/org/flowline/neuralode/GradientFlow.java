package org.flowline.neuralode;

import java.util.OptionalDouble;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stability;

/// TRAINING, the third of the three fields: steepest descent on the parameters in training time τ,
///
///     dθ/dτ = −∇L(θ)
///
/// Euler with `h = η` is gradient descent, `θ ← θ − η∇L(θ)`, bit for bit. Along the flow `dL/dτ =
/// −‖∇L‖²`.
public record GradientFlow(Objective objective) implements TrainingFlow {

  /// The flow, with its Jacobian `−∇²L` for implicit methods where the objective has a Hessian. The
  /// Jacobian is a dense matrix and costs one Hessian product per parameter.
  public static TrainingFlow of(Objective objective) {
    GradientFlow flow = new GradientFlow(objective);
    return TwiceDifferentiableObjective.known(objective)
        .<TrainingFlow>map(twice -> new WithJacobian(flow, twice))
        .orElse(flow);
  }

  /// Returns whether a flow is the gradient flow of this objective, with its Jacobian or without:
  /// not of its batches, of clipped gradients, or at another speed.
  public static boolean is(TrainingFlow flow, Objective objective) {
    return (flow instanceof GradientFlow || flow instanceof WithJacobian)
        && flow.objective() == objective
        && !objective.varies();
  }

  @Override
  public void evaluate(double tau, double[] theta, double[] rate) {
    objective.gradient(tau, theta, rate); // ∇L(θ)
    Vectors.negate(rate); // −∇L(θ)
  }

  /// `realLimit/h`: of gradient descent `2/η`.
  @Override
  public OptionalDouble stableUpTo(Method method, double tau, double h) {
    return method instanceof ButcherTableau
            || method instanceof Rosenbrock
            || method instanceof Stabilised
        ? OptionalDouble.of(Stability.realLimit(method) / h)
        : OptionalDouble.empty();
  }

  /// A gradient flow with its Jacobian `−∇²L`, for implicit methods.
  private record WithJacobian(GradientFlow flow, TwiceDifferentiableObjective objective)
      implements TrainingFlow, FieldWithJacobian {

    @Override
    public void evaluate(double tau, double[] theta, double[] rate) {
      flow.evaluate(tau, theta, rate);
    }

    /// Fills the Jacobian row by row, since the Hessian is symmetric; the objective is the same
    /// throughout a step, so that `∂f/∂τ = 0`.
    @Override
    public void jacobian(double tau, double[] theta, double[][] rows, double[] dfdt) {
      var hessian = objective.hessian(tau, theta);
      double[] unit = new double[theta.length];
      for (int i = 0; i < theta.length; i++) {
        unit[i] = -1;
        hessian.times(unit, rows[i]);
        unit[i] = 0;
      }
    }

    @Override
    public OptionalDouble stableUpTo(Method method, double tau, double h) {
      return flow.stableUpTo(method, tau, h);
    }
  }
}
