package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.fixtures.OneParameterField;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientsWithRespectToTimes {

  /// The cases without observations at nodes that do not move with them, where the dense output has
  /// a kink.
  static Stream<SolveCase> solves() {
    return SolveCase.all().filter(solve -> !solve.name().endsWith("constant, at nodes"));
  }

  /// The computed trajectory with moved times, step sizes by the convention of [DiscreteAdjoint].
  @ParameterizedTest
  @MethodSource("solves")
  void areThoseOfTheComputedTrajectory(SolveCase solve) {
    Trajectory steps = solve.steps();
    double[] differences = Differences.gradient(times -> loss(solve, steps, times), solve.times());
    TrajectoryGradient gradient = solve.discrete();
    for (double value : gradient.times()) {
      assertTrue(Math.abs(value) > 1e-6, "a true value that is not 0: " + value);
    }
    // Values of size 1 in differences over 7e-4: truncation h⁴ and rounding ε/h are both 3e-13, and
    // the fifth derivative brings a factor of a few hundred.
    assertTrue(Differences.relative(gradient.times(), differences) <= 1e-9);
  }

  private static double loss(SolveCase solve, Trajectory steps, double[] times) {
    Integrator integrator = Integrator.of(solve.tableau(), moved(solve, steps, times));
    return ClockedNetwork.loss(
        integrator.solve(SolveCase.NETWORK.field(1), solve.y0(), times).orThrow().values());
  }

  private static StepSize moved(SolveCase solve, Trajectory steps, double[] times) {
    double last = times[times.length - 1];
    return switch (solve.stepSize()) {
      case StepSize.Constant constant ->
          StepSize.Constant.of((last - times[0]) / constant.steps(), constant.steps());
      case StepSize.Grid grid -> {
        double[] nodes = grid.times();
        for (int i = 0; i < times.length; i++) {
          int at = Arrays.asList(boxed(nodes)).indexOf(solve.times()[i]);
          if (at >= 0) {
            nodes[at] = times[i];
          }
        }
        yield new StepSize.Grid(nodes);
      }
      case StepSize.Adaptive _ -> {
        double[] nodes = new double[steps.steps() + 1];
        for (int n = 0; n < steps.steps(); n++) {
          nodes[n] = steps.t(n) + (times[0] - solve.times()[0]);
        }
        nodes[0] = times[0];
        nodes[steps.steps()] = last;
        yield new StepSize.Grid(nodes);
      }
    };
  }

  private static Double[] boxed(double[] values) {
    return Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  /// `y' = θty` is solved by `y = y0 exp(θ(t² − t0²)/2)`; the loss is `Σ wᵢ y(tᵢ)`.
  @Test
  void areTheClosedFormByBacksolve() {
    double theta = -0.7;
    double y0 = 1.3;
    double[] weights = {0.4, 1.1, -0.6, 2};
    for (double[] times : new double[][] {{0.5, 0.9, 1.4, 2.2}, {2.2, 1.4, 0.9, 0.5}}) {
      Integrator tight = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-12, 1e-12));
      DifferentiableField field = new TimesTheta();
      field.bind(new double[] {theta});
      TrajectoryLoss loss =
          (y, yBar) -> {
            System.arraycopy(weights, 0, yBar, 0, 4);
            return weights[0] * y[0] + weights[1] * y[1] + weights[2] * y[2] + weights[3] * y[3];
          };
      TrajectoryGradient back =
          new Backsolve(tight).gradient(field, new double[] {y0}, times, loss);

      double[] dTimes = new double[4];
      double dTheta = 0;
      double dStart = 0;
      double value = 0;
      for (int i = 0; i < 4; i++) {
        double half = (times[i] * times[i] - times[0] * times[0]) / 2;
        double growth = Math.exp(theta * half);
        value += weights[i] * y0 * growth;
        dStart += weights[i] * growth;
        dTheta += weights[i] * y0 * growth * half;
        if (i > 0) {
          dTimes[i] = weights[i] * theta * times[i] * y0 * growth;
          dTimes[0] -= weights[i] * theta * times[0] * y0 * growth;
        }
      }
      // A local tolerance of 1e-12 over some hundred steps.
      assertEquals(value, back.loss(), 1e-10);
      assertArrayEquals(new double[] {dStart}, back.y0(), 1e-10);
      assertArrayEquals(new double[] {dTheta}, back.theta(), 1e-10);
      assertArrayEquals(dTimes, back.times(), 1e-10);

      TrajectoryGradient discrete =
          new DiscreteAdjoint(tight).gradient(field, new double[] {y0}, times, loss);
      assertArrayEquals(new double[] {dTheta}, discrete.theta(), 1e-10);
    }
  }

  /// Moving start, end and observations together moves an autonomous solution as it is.
  @Test
  void cancelWhereOnlyTheClockMoves() {
    NeuralField field =
        NeuralField.of(
            SolveCase.NETWORK.layout(),
            2,
            3,
            (t, y, theta) -> SolveCase.NETWORK.apply(t.mul(0), y, theta));
    field.bind(SolveCase.NETWORK.theta(1));
    double[] times = {0, 0.31, 0.77, 1.9};
    Integrator adaptive = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-3, 1e-3));
    double[] gradient =
        new DiscreteAdjoint(adaptive)
            .gradient(field, SolveCase.NETWORK.state(1), times, SolveCase.NETWORK.trajectoryLoss(4))
            .times();
    assertTrue(Math.abs(gradient[0]) > 1e-3);
    assertEquals(0, Arrays.stream(gradient).sum(), 1e-14); // rounding of numbers below 1
  }

  /// `f(t, y; θ) = θty`
  private static final class TimesTheta extends OneParameterField {
    TimesTheta() {
      super(1, 0);
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = theta[0] * t * y[0];
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      yBar[0] = a[0] * theta[0] * t;
      thetaBar[0] += a[0] * t * y[0];
      return a[0] * theta[0] * y[0];
    }
  }

  /// `y' = -0.7 y`
  private static NeuralField decay() {
    NeuralField field =
        NeuralField.of(Parameters.none().with("r", 1, 1), 1, 1, (t, y, p) -> y.mul(p.get("r")));
    field.bind(new double[] {-0.7});
    return field;
  }

  /// On a grid, two equal observations have together the derivative of one that counts twice.
  @Test
  void equalObservationsOnAGridMoveANodeOnce() {
    NeuralField field = decay();
    for (int sign : new int[] {1, -1}) {
      GradientMethod method =
          new DiscreteAdjoint(
              Integrator.of(Methods.RK4, StepSize.Grid.of(0, sign * 0.25, sign * 0.5, sign)));
      double[] twice =
          method
              .gradient(
                  field,
                  new double[] {2},
                  new double[] {0, sign * 0.5, sign},
                  TrajectoryLoss.traced(
                      3, 1, y -> y.square().sum().add(y.slice(0, 1, 2).square().sum())))
              .times();
      double[] equal =
          method
              .gradient(
                  field,
                  new double[] {2},
                  new double[] {0, sign * 0.5, sign * 0.5, sign},
                  TrajectoryLoss.traced(4, 1, y -> y.square().sum()))
              .times();
      assertEquals(twice[0], equal[0], 1e-14);
      assertEquals(twice[1], equal[1] + equal[2], 1e-14);
      assertEquals(twice[2], equal[3], 1e-14);
      assertTrue(Math.abs(twice[1]) > 0.01);
    }
  }

  /// A forced time at an end of the grid is the node that it is anyway.
  @Test
  void forcedEndsOfAGridMoveWithTheInterval() {
    NeuralField field = decay();
    StepSize.Grid grid = StepSize.Grid.of(0, 0.5, 1);
    TrajectoryLoss loss = TrajectoryLoss.traced(2, 1, y -> y.square().sum());
    double[] plain = null;
    for (StepSize size : List.of(grid, grid.withStops(1), grid.withStops(0, 1))) {
      double[] times =
          new DiscreteAdjoint(Integrator.of(Methods.RK4, size))
              .gradient(field, new double[] {2}, new double[] {0, 1}, loss)
              .times();
      plain = plain == null ? times : plain;
      assertArrayEquals(plain, times, 1e-15);
    }
    assertTrue(Math.abs(plain[1]) > 0.1);
  }
}
