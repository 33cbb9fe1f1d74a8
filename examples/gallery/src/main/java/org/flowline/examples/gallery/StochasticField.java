package org.flowline.examples.gallery;

import java.util.function.DoubleUnaryOperator;
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

  static Outcome run(int steps) {
    BrownianPath path = BrownianPath.of(5, 1, 0, 1);
    NeuralStochasticField field = field(path);
    Integrator solver = Integrator.of(Methods.MILSTEIN, StepSize.Constant.of(1.0 / steps, steps));
    TrajectoryLoss end = TrajectoryLoss.traced(2, 1, y -> y.slice(0, 1, 2).sum());
    TrajectoryGradient computed =
        new DiscreteAdjoint(solver).gradient(field, new double[] {1}, new double[] {0, 1}, end);

    double w = path.at(1)[0];
    DoubleUnaryOperator y = t -> Math.exp(MU * t - SIGMA * SIGMA * t / 2 + SIGMA * path.at(t)[0]);
    double[] times = Outcome.grid(0, 1);
    Outcome outcome =
        Outcome.of(StochasticField.class, "Geometric Brownian motion", "t", "y")
            .figure("dy/dmu", computed.theta()[0], y.applyAsDouble(1), 3.0 / steps)
            .figure(
                "dy/dsigma", computed.theta()[1], (w - SIGMA) * y.applyAsDouble(1), 3.0 / steps);
    for (int seed = 6; seed < 16; seed++) {
      BrownianPath other = BrownianPath.of(seed, 1, 0, 1);
      outcome.faint(solver.solve(field(other), new double[] {1}, times).orThrow(), 0);
    }
    return outcome
        .line("path of seed 5", solver.solve(field, new double[] {1}, times).orThrow(), 0)
        .dots("exact", 0, 1, y);
  }

  private static NeuralStochasticField field(BrownianPath path) {
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
    return field;
  }

  public static void main(String[] args) {
    run(10_000).show(args);
  }
}
