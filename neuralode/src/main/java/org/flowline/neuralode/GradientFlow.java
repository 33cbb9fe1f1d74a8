package org.flowline.neuralode;

import java.util.OptionalDouble;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stability;

/// Steepest descent in continuous time:
///
///     dθ/dτ = −∇L(θ)
///
/// Euler with `h = η` is gradient descent, `θ ← θ − η∇L(θ)`, bit for bit. Along the flow `dL/dτ =
/// −‖∇L‖²`.
public record GradientFlow(Objective objective) implements TrainingFlow {

  /// The flow, with its Jacobian `−∇²L` for implicit methods where the objective knows its Hessian.
  /// The Jacobian is a dense matrix and costs a Hessian product for each parameter.
  public static TrainingFlow of(Objective objective) {
    return TwiceDifferentiableObjective.known(objective)
        .<TrainingFlow>map(WithJacobian::new)
        .orElseGet(() -> new GradientFlow(objective));
  }

  /// Whether a flow is this one, with its Jacobian or without, of this very objective: not of its
  /// batches, of clipped gradients, or at another speed.
  public static boolean is(TrainingFlow flow, Objective objective) {
    return (flow instanceof GradientFlow || flow instanceof WithJacobian)
        && flow.objective() == objective
        && !objective.varies();
  }

  @Override
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public void evaluate(double tau, double[] theta, double[] rate) {
    descend(objective, tau, theta, rate);
  }

  /// `rate = −∇L(θ)`
  public static void descend(Objective objective, double tau, double[] theta, double[] rate) {
    objective.gradient(tau, theta, rate);
    for (int i = 0; i < rate.length; i++) {
      rate[i] = -rate[i];
    }
  }

  /// `realLimit/h`: of gradient descent `2/η`.
  @Override
  public OptionalDouble stableUpTo(Method method, double tau, double h) {
    return stable(method, h);
  }

  private static OptionalDouble stable(Method method, double h) {
    return method instanceof ButcherTableau
            || method instanceof Rosenbrock
            || method instanceof Stabilised
        ? OptionalDouble.of(Stability.realLimit(method) / h)
        : OptionalDouble.empty();
  }

  private record WithJacobian(TwiceDifferentiableObjective objective)
      implements TrainingFlow, FieldWithJacobian {
    @Override
    public int dimension() {
      return objective.dimension();
    }

    @Override
    public void evaluate(double tau, double[] theta, double[] rate) {
      descend(objective, tau, theta, rate);
    }

    /// Row by row, since the Hessian is symmetric. An objective does not change within a step.
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
      return stable(method, h);
    }
  }
}
