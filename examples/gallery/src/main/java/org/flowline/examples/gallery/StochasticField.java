package org.flowline.examples.gallery;

import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.field.NeuralStochasticField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.StochasticField.Noise;
import org.flowline.odesolvers.method.Methods;

/// Differentiates a stochastic differential equation through its frozen noise: geometric Brownian
/// motion `dy = μ y dt + σ y dW` on the path of seed 5, whose solution and derivatives are known,
///
///     y(1) = exp(μ − σ²/2 + σ W(1))        ∂y(1)/∂μ = y(1)        ∂y(1)/∂σ = (W(1) − σ) y(1)
///
/// Expected: these derivatives, with an error proportional to the step size (Milstein's method).
public final class StochasticField {
  private static final double MU = 0.3;
  private static final double SIGMA = 0.8;

  private StochasticField() {}

  /// Returns the computed derivatives by μ and σ, followed by the exact ones.
  static double[] run(int steps) {
    BrownianPath path = BrownianPath.of(5, 1, 0, 1);
    NeuralStochasticField field =
        NeuralStochasticField.of(
            Parameters.none().with("mu", 1, 1).with("sigma", 1, 1),
            1,
            1,
            (_, y, theta) -> y.mul(theta.get("mu")),
            (_, y, theta) -> y.mul(theta.get("sigma")),
            Noise.DIAGONAL,
            path);
    field.bind(new double[] {MU, SIGMA});
    Integrator solver = Integrator.of(Methods.MILSTEIN, StepSize.Constant.of(1.0 / steps, steps));
    TrajectoryLoss end = TrajectoryLoss.traced(2, 1, y -> y.slice(0, 1, 2).sum());
    TrajectoryGradient computed =
        new DiscreteAdjoint(solver).gradient(field, new double[] {1}, new double[] {0, 1}, end);

    double w = path.at(1)[0];
    double y = Math.exp(MU - SIGMA * SIGMA / 2 + SIGMA * w);
    return new double[] {computed.theta()[0], computed.theta()[1], y, (w - SIGMA) * y};
  }

  public static void main(String[] args) {
    double[] d = run(10_000);
    System.out.printf("dy/dmu    %.5f, expected %.5f%n", d[0], d[2]);
    System.out.printf("dy/dsigma %.5f, expected %.5f%n", d[1], d[3]);
  }
}
