package org.flowline.neuralode.training.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.Checkpointed;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.ForwardSensitivity;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.InterpolatedAdjoint;
import org.flowline.neuralode.training.objective.TrajectoriesObjective.Series;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// `y' = θ y` with two or three measurements at a time, against `y0 exp(θ t)`.
class RepeatedMeasurementsCount {

  private static final double RATE = -0.7;
  private static final double[] TIMES = {0, 0, 1, 1, 1, 2.5, 2.5};
  private static final double[] DATA = {1.5, 1.4, 0.8, 0.6, Double.NaN, 0.3, 0.2};

  @Test
  void inLossAndGradient() {
    for (int sign : new int[] {1, -1}) {
      double[] times = Arrays.stream(TIMES).map(t -> sign * t).toArray();
      Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-10, 1e-10));
      for (GradientMethod method :
          List.of(
              new DiscreteAdjoint(solver),
              new Checkpointed(solver, 3),
              new InterpolatedAdjoint(solver),
              new Backsolve(solver),
              new ForwardSensitivity(solver))) {
        TrajectoriesObjective all =
            TrajectoriesObjective.of(field(), method, List.of(series(times)));
        check(all, times, TIMES.length, method);
        check(all.first(rows -> 4), times, 4, method);
        check(all.first(rows -> 2), times, 2, method);
      }
    }
  }

  private static void check(
      TrajectoriesObjective objective, double[] times, int rows, GradientMethod method) {
    double loss = 0;
    double slope = 0;
    int values = 0;
    for (int i = 0; i < rows; i++) {
      if (!Double.isNaN(DATA[i])) {
        double y = DATA[0] * Math.exp(RATE * times[i]);
        loss += (y - DATA[i]) * (y - DATA[i]);
        slope += 2 * (y - DATA[i]) * times[i] * y;
        values++;
      }
    }
    double[] gradient = new double[1];
    double[] theta = {RATE};
    String what = "%s of %s rows".formatted(method.getClass().getSimpleName(), rows);
    assertEquals(loss / values, objective.gradient(0, theta, gradient), 1e-7, what);
    assertEquals(slope / values, gradient[0], 1e-6, what);
    assertEquals(loss / values, objective.loss(0, theta), 1e-7, what);
  }

  private static NeuralField field() {
    return NeuralField.of(
        Parameters.none().with("rate", 1, 1), 1, 1, (t, y, p) -> y.mul(p.get("rate")));
  }

  private static Series series(double[] times) {
    return new Series(times, Arrays.stream(DATA).mapToObj(y -> new double[] {y}).toList());
  }
}
