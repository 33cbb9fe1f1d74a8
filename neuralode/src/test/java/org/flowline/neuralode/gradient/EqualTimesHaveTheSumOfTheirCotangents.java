package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.api.Test;

/// `y' = ky` with the loss `Σ cᵢ y(tᵢ)`, by every method; `y = y0 exp(k (t − t₀))`.
class EqualTimesHaveTheSumOfTheirCotangents {
  private static final double K = 0.7;
  private static final double Y0 = 1.5;

  private static List<GradientMethod> methods() {
    var tight = StepSize.Adaptive.of(1e-10, 1e-10);
    Integrator solver = Integrator.of(Methods.DOPRI5, tight);
    return List.of(
        new DiscreteAdjoint(solver),
        new Checkpointed(solver, 4),
        new ReversibleAdjoint(Integrator.of(Reversible.of(Methods.DOPRI5), tight)),
        new InterpolatedAdjoint(solver),
        new Backsolve(solver),
        new Backsolve(solver).withAnchors(3),
        new ForwardSensitivity(solver));
  }

  @Test
  void andASolveOfLengthZeroHasTheIdentitys() {
    NeuralField field =
        NeuralField.of(Parameters.none().with("k", 1, 1), 1, 1, (t, y, p) -> y.mul(p.get("k")));
    field.bind(new double[] {K});
    for (double sign : new double[] {1, -1}) {
      for (double[] times :
          new double[][] {
            {3}, {3, 3, 3}, {0, 0, 0, 1}, {0, 1, 1, 1}, {0, 0, 0.4, 0.4, 1, 1}, {0, 0.4, 0.4, 1}
          }) {
        check(field, sign, times);
      }
    }
  }

  private static void check(NeuralField field, double sign, double[] ascending) {
    int n = ascending.length;
    double[] times = new double[n];
    double[] c = new double[n];
    double loss = 0;
    double byK = 0;
    double byStart = 0;
    double[] byTimes = new double[n];
    for (int i = 0; i < n; i++) {
      times[i] = sign * ascending[i];
      c[i] = 1 + 0.3 * i;
      double t = times[i] - sign * ascending[0];
      double growth = Math.exp(K * t);
      loss += c[i] * Y0 * growth;
      byK += c[i] * Y0 * t * growth;
      byStart += c[i] * growth;
      if (i > 0) {
        byTimes[i] = c[i] * K * Y0 * growth;
        byTimes[0] -= byTimes[i];
      }
    }
    TrajectoryLoss weighted =
        (y, yBar) -> {
          double sum = 0;
          for (int i = 0; i < n; i++) {
            sum += c[i] * y[i];
            yBar[i] = c[i];
          }
          return sum;
        };
    for (GradientMethod method : methods()) {
      TrajectoryGradient gradient = method.gradient(field, new double[] {Y0}, times, weighted);
      String what = method.getClass().getSimpleName() + " " + Arrays.toString(times);
      assertEquals(loss, gradient.loss(), 1e-7, what);
      assertArrayEquals(new double[] {byK}, gradient.theta(), 1e-7, what);
      assertArrayEquals(new double[] {byStart}, gradient.y0(), 1e-7, what);
      assertArrayEquals(byTimes, gradient.times(), 1e-6, what);
    }
  }
}
