package org.flowline.neuralode;

import java.util.OptionalDouble;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.method.Method;

/// A gradient flow with its Jacobian `−∇²L`, for implicit methods.
record GradientFlowWithJacobian(GradientFlow flow, TwiceDifferentiableObjective objective)
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
