package org.flowline.examples.lab;

import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.ResidualStack;
import org.flowline.odesolvers.Integrator;

/// The output `y` of a network or of a solve, and the gradients of `½‖y‖²`.
///
/// @param output `y`
/// @param x the gradient with respect to the input
/// @param theta the gradient with respect to the weights
public record OutputAndGradients(double[] output, double[] x, double[] theta) {

  /// Runs and backpropagates through a residual network as a recorded program, without a solver.
  ///
  /// @param input a batch `[rows, features]`
  public static OutputAndGradients ofNetwork(
      ResidualStack stack, Shape batch, double[] input, double[] theta) {
    Tape tape =
        Tape.record(
            batch,
            Shape.of(theta.length),
            (x, parameters) -> stack.apply(stack.parameters().of(parameters), x));
    double[] output = new double[input.length];
    JvmBackend.best().compile(tape).run(new double[][] {input, theta}, new double[][] {output});
    double[][] results = {new double[input.length], new double[theta.length]};
    JvmBackend.best()
        .compile(Derivative.vjp(tape).select(1, 2))
        .run(new double[][] {input, theta, output}, results);
    return new OutputAndGradients(output, results[0], results[1]);
  }

  /// Solves a Neural ODE from 0 to `t1` and takes the discrete adjoint.
  public static OutputAndGradients ofSolve(
      NeuralField field, Integrator solver, double[] input, double[] theta, double t1) {
    field.bind(theta);
    TrajectoryLoss halfSquare =
        TrajectoryLoss.traced(2, input.length, y -> y.slice(0, 1, 2).square().sum().mul(0.5));
    TrajectoryGradient gradient =
        new DiscreteAdjoint(solver).gradient(field, input, new double[] {0, t1}, halfSquare);
    double[] output = solver.solve(field, input, 0, t1).orThrow().last();
    return new OutputAndGradients(output, gradient.y0(), gradient.theta());
  }
}
