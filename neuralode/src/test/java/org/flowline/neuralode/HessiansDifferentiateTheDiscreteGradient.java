package org.flowline.neuralode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `H v` is the derivative of the discrete adjoint's gradient on frozen steps, and symmetric.
class HessiansDifferentiateTheDiscreteGradient {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;
  private static final double[] TIMES = {0.3, 0.8, 1.4, 2.3};
  private static final TrajectoryLoss LOSS = NETWORK.trajectoryLoss(TIMES.length);

  static Stream<Integrator> solvers() {
    return Stream.of(
        Integrator.of(Methods.EULER, new StepSize.Constant(0.25, 8)),
        Integrator.of(Methods.RK4, StepSize.Grid.at(0.3, 0.8, 1.1, 1.7, 2.3)),
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-4, 1e-4)),
        Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-6)),
        Integrator.of(Methods.DOP853, StepSize.Adaptive.of(1e-8, 1e-8)),
        Integrator.of(Methods.KVAERNO5, new StepSize.Constant(0.5, 4)));
  }

  private static double[] vector(long seed) {
    return new SplittableRandom(seed).doubles(NETWORK.layout().size(), -1, 1).toArray();
  }

  private static double dot(double[] x, double[] y) {
    return Observations.dot(x, 0, y, 0, x.length);
  }

  private static TrajectoryHessian hessian(NeuralField field, Integrator solver) {
    return TrajectoryHessian.at(field, NETWORK.state(1), TIMES, LOSS, solver);
  }

  @ParameterizedTest
  @MethodSource("solvers")
  void alongAnyDirection(Integrator solver) {
    NeuralField field = NETWORK.field(1);
    double[] theta = field.parameters();
    double[] v = vector(2);
    double[] product = hessian(field, solver).times(v);
    Integrator frozen =
        Integrator.of(solver.method(), FrozenLoss.steps(field, solver, NETWORK.state(1), TIMES));
    double[] differences = new double[v.length];
    for (int i = 0; i < v.length; i++) {
      int component = i;
      differences[i] =
          Differences.derivative(
              by -> {
                double[] moved = theta.clone();
                StepCotangents.addScaled(moved, by, v, 0);
                field.bind(moved);
                return new DiscreteAdjoint(frozen)
                    .gradient(field, NETWORK.state(1), TIMES, LOSS)
                    .theta()[component];
              },
              0);
    }
    // Differences over 7e-4 of numbers of size 1: 3e-13 from truncation and rounding, times a
    // factor of a few hundred from the fifth derivative.
    assertTrue(Differences.relative(product, differences) <= 1e-9);
  }

  @ParameterizedTest
  @MethodSource("solvers")
  void symmetrically(Integrator solver) {
    TrajectoryHessian hessian = hessian(NETWORK.field(1), solver);
    double[] u = vector(3);
    double[] v = vector(4);
    double one = dot(u, hessian.times(v));
    assertTrue(Math.abs(one) > 1e-3, "a true value that is not 0: " + one);
    assertEquals(one, dot(v, hessian.times(u)), 1e-12 * Math.abs(one) + 1e-13);
    double gauss = dot(u, hessian.gaussNewtonTimes(v));
    assertEquals(gauss, dot(v, hessian.gaussNewtonTimes(u)), 1e-12);
  }

  /// With a loss linear in `y` the Gauss–Newton matrix is 0 and the Hessian is not; with residuals
  /// that are 0 they are equal.
  @Test
  void gaussNewtonLeavesOutTheCurvatureOfTheTrajectory() {
    NeuralField field = NETWORK.field(1);
    Integrator solver = Integrator.of(Methods.RK4, new StepSize.Constant(0.25, 8));
    TrajectoryLoss linear = TrajectoryLoss.traced(TIMES.length, NETWORK.size(), y -> y.sum());
    TrajectoryHessian bent = TrajectoryHessian.at(field, NETWORK.state(1), TIMES, linear, solver);
    assertArrayEquals(new double[field.parameterCount()], bent.gaussNewtonTimes(vector(1)));
    assertTrue(Math.abs(dot(vector(1), bent.times(vector(1)))) > 1e-3);

    double[] times = {0.3, 2.3};
    double[][] end = solver.solve(field, NETWORK.state(1), times).values();
    TrajectoryLoss fitted = TrajectoryLoss.meanSquaredError(List.of(end));
    TrajectoryHessian exact = TrajectoryHessian.at(field, NETWORK.state(1), times, fitted, solver);
    assertTrue(
        Differences.relative(exact.times(vector(1)), exact.gaussNewtonTimes(vector(1))) <= 1e-12);
    assertTrue(dot(vector(1), exact.times(vector(1))) > 1e-3);
  }

  @Test
  void ofTrainingObjectives() {
    NeuralField field = NETWORK.field(1);
    List<double[]> data = new ArrayList<>();
    for (int i = 0; i < TIMES.length; i++) {
      data.add(NETWORK.state(10 + i));
    }
    Integrator solver = Integrator.of(Methods.RK4, new StepSize.Constant(0.25, 8));
    double[] v = vector(2);
    double[] theta = NETWORK.theta(1);
    for (GradientMethod method :
        List.of(new DiscreteAdjoint(solver), new Checkpointed(solver, 3))) {
      TrajectoryObjective objective = TrajectoryObjective.of(field, method, TIMES, data);
      TrajectoryHessian hessian = objective.hessian(theta);
      double[] elsewhere = new double[theta.length];
      field.bind(elsewhere);
      double[] product = hessian.times(v);
      assertTrue(elsewhere == field.parameters(), "what was bound is bound again");
      double curvature =
          Differences.derivative(
              by -> {
                double[] moved = theta.clone();
                StepCotangents.addScaled(moved, by, v, 0);
                return dot(v, objective.evaluate(moved, TIMES.length).theta());
              },
              0);
      assertEquals(curvature, dot(v, product), 1e-9 * Math.abs(curvature));
    }
  }

  @Test
  void whatHasNoneIsRefused() {
    NeuralField field = NETWORK.field(1);
    Integrator solver = Integrator.of(Methods.RK4, new StepSize.Constant(0.25, 8));
    says(
        "hessian: RODAS5P; want a Runge–Kutta method without events, such as TSIT5",
        () -> hessian(field, Integrator.of(Methods.RODAS5P, StepSize.Adaptive.of(1e-4, 1e-4))));
    says(
        "hessian: field or loss without second derivatives; want a TwiceDifferentiableField, such"
            + " as a NeuralField, and a TwiceDifferentiableLoss, such as TrajectoryLoss.traced",
        () ->
            TrajectoryHessian.at(
                field, NETWORK.state(1), TIMES, (y, yBar) -> Arrays.stream(y).sum(), solver));
    says(
        "hessian: a vector of length 1, θ has " + field.parameterCount(),
        () -> hessian(field, solver).times(new double[1]));
    says(
        "frozen steps: the step size has stops or jumps; want one without, or a Grid",
        () ->
            hessian(
                field,
                Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-4, 1e-4).withStops(1))));
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
