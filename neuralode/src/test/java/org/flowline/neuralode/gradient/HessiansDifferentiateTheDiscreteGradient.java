package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.TwiceDifferentiableField;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.field.ForwardingField;
import org.flowline.neuralode.field.NeuralStochasticField;
import org.flowline.neuralode.field.SecondOrderNeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.loss.TwiceDifferentiableLoss;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.StochasticField.Noise;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stochastic;
import org.flowline.odesolvers.method.Symplectic;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `H v` is the derivative of the discrete adjoint's gradient on frozen steps, and symmetric.
class HessiansDifferentiateTheDiscreteGradient {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;
  private static final double[] TIMES = {0.3, 0.8, 1.4, 2.3};
  private static final TrajectoryLoss LOSS = NETWORK.trajectoryLoss(TIMES.length);

  /// A field with its start and the steps that some method makes on it.
  record Case(DifferentiableField field, double[] y0, Integrator solver) {

    /// A network solved by this method.
    static Case network(Method method, StepSize size) {
      return new Case(NETWORK.field(1), NETWORK.state(1), Integrator.of(method, size));
    }

    TrajectoryHessian hessian() {
      return TrajectoryHessian.at(field, y0, TIMES, loss(), solver);
    }

    TrajectoryLoss loss() {
      return TrajectoryLoss.traced(TIMES.length, y0.length, ClockedNetwork::loss);
    }

    @Override
    public String toString() {
      return solver.method().name() + " " + field.getClass().getSimpleName();
    }
  }

  static Stream<Case> cases() {
    StepSize.Constant constant = StepSize.Constant.of(0.25, 8);
    Stream<Case> rungeKutta =
        Stream.of(
            Case.network(Methods.EULER, constant),
            Case.network(Methods.RK4, StepSize.Grid.of(0.3, 0.8, 1.1, 1.7, 2.3)),
            Case.network(Methods.DOPRI5, StepSize.Adaptive.of(1e-4, 1e-4)),
            Case.network(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-6)),
            Case.network(Methods.DOP853, StepSize.Adaptive.of(1e-8, 1e-8)),
            Case.network(Methods.KVAERNO5, StepSize.Constant.of(0.5, 4)),
            new Case(
                new HandWritten(NETWORK.field(1)),
                NETWORK.state(1),
                Integrator.of(Methods.TSIT5, constant)));
    Stream<Case> rosenbrock =
        Methods.all().stream()
            .filter(Rosenbrock.class::isInstance)
            .flatMap(
                method ->
                    Stream.of(
                        Case.network(method, constant),
                        Case.network(method, StepSize.Grid.of(0.3, 0.9, 1.1, 1.7, 2.3))));
    Stream<Case> symplectic =
        Methods.all().stream()
            .filter(Symplectic.class::isInstance)
            .map(
                method ->
                    new Case(
                        SecondOrderNeuralField.of(NETWORK.field(1)),
                        concat(NETWORK.state(1), NETWORK.state(2)),
                        Integrator.of(method, constant)));
    Stream<Case> stochastic =
        Methods.all().stream()
            .filter(Stochastic.class::isInstance)
            .flatMap(
                method ->
                    Stream.of(Noise.DIAGONAL, Noise.ADDITIVE)
                        .map(
                            noise ->
                                new Case(
                                    noisy(noise),
                                    NETWORK.state(1),
                                    Integrator.of(method, constant))));
    return Stream.of(rungeKutta, rosenbrock, symplectic, stochastic).flatMap(cases -> cases);
  }

  private static NeuralStochasticField noisy(Noise noise) {
    NeuralField.Dynamics g =
        noise == Noise.ADDITIVE
            ? (t, y, theta) ->
                y.mul(0).add(theta.get("c").slice(0, 0, 1).mul(t.cos()).reshape().exp())
            : (_, y, theta) -> y.mul(theta.get("c").slice(0, 0, 1).reshape()).sin().add(0.3);
    NeuralStochasticField field =
        NeuralStochasticField.of(
            NETWORK.layout(),
            NETWORK.rows(),
            NETWORK.columns(),
            NETWORK,
            g,
            noise,
            BrownianPath.of(5, NETWORK.size(), 0, 3));
    field.bind(NETWORK.theta(1));
    return field;
  }

  private static double[] concat(double[] q, double[] v) {
    return DoubleStream.concat(Arrays.stream(q), Arrays.stream(v)).toArray();
  }

  private static double[] vector(long seed) {
    return new SplittableRandom(seed).doubles(NETWORK.layout().size(), -1, 1).toArray();
  }

  private static double dot(double[] x, double[] y) {
    return Vectors.dot(x, 0, y);
  }

  private static TrajectoryHessian hessian(NeuralField field, Integrator solver) {
    return TrajectoryHessian.at(field, NETWORK.state(1), TIMES, LOSS, solver);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void alongAnyDirection(Case of) {
    double[] theta = of.field.parameters();
    double[] v = vector(2);
    double[] product = of.hessian().times(v);
    assertTrue(theta == of.field.parameters(), "what was bound is bound again");
    StepSize steps = FrozenStepLoss.steps(of.field, of.solver, of.y0, TIMES);
    DiscreteAdjoint frozen = new DiscreteAdjoint(Integrator.of(of.solver.method(), steps));
    double[] differences =
        Differences.derivative(
            by -> {
              double[] moved = theta.clone();
              Vectors.axpy(by, v, 0, moved);
              of.field.bind(moved);
              return frozen.gradient(of.field, of.y0, TIMES, of.loss()).theta();
            });
    // Differences over 7e-4 of numbers of size 1: 3e-13 from truncation and rounding, times a
    // factor of a few hundred from the fifth derivative.
    double error = Differences.relative(product, differences);
    assertTrue(error <= 1e-9, of + ": " + error);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void symmetrically(Case of) {
    TrajectoryHessian hessian = of.hessian();
    double[] u = vector(3);
    double[] v = vector(4);
    double one = dot(u, hessian.times(v));
    assertTrue(Math.abs(one) > 1e-3, "a true value that is not 0: " + one);
    assertEquals(one, dot(v, hessian.times(u)), 1e-12 * Math.abs(one) + 1e-13);
    double gauss = dot(u, hessian.gaussNewtonTimes(v));
    assertTrue(Math.abs(gauss) > 1e-3, "a true value that is not 0: " + gauss);
    assertEquals(gauss, dot(v, hessian.gaussNewtonTimes(u)), 1e-12);
  }

  /// `G v = Jᵀ C J v`, with `J v` from differences of the trajectory and `C` the loss' curvature:
  /// `⟨v, G v⟩ = ⟨J v, C J v⟩`.
  @ParameterizedTest
  @MethodSource("cases")
  void gaussNewtonIsTheCurvatureAlongTheTangentOfTheTrajectory(Case of) {
    double[] theta = of.field.parameters();
    double[] v = vector(2);
    double product = dot(v, of.hessian().gaussNewtonTimes(v));
    StepSize steps = FrozenStepLoss.steps(of.field, of.solver, of.y0, TIMES);
    Integrator frozen = Integrator.of(of.solver.method(), steps);
    int n = of.y0.length;
    double[] tangent =
        Differences.derivative(
            by -> {
              double[] moved = theta.clone();
              Vectors.axpy(by, v, 0, moved);
              of.field.bind(moved);
              return ForwardPass.flat(frozen.solve(of.field, of.y0, TIMES).values(), n);
            });
    of.field.bind(theta);
    double[] y = ForwardPass.flat(frozen.solve(of.field, of.y0, TIMES).values(), n);
    double[] curved = new double[y.length];
    ((TwiceDifferentiableLoss) of.loss()).curvature(y, tangent, new double[y.length], curved);
    assertEquals(dot(tangent, curved), product, 1e-9 * Math.abs(product), of.toString());
  }

  /// The largest eigenvalue from products alone, by iteration, equals the whole matrix's.
  @Test
  void productsAreAllThatSharpnessNeeds() {
    List<double[]> data =
        Arrays.stream(TIMES).mapToObj(t -> NETWORK.state((long) (10 * t))).toList();
    Integrator solver = Integrator.of(Methods.RODAS5P, StepSize.Adaptive.of(1e-5, 1e-5));
    TrajectoriesObjective objective =
        TrajectoriesObjective.of(NETWORK.field(1), new DiscreteAdjoint(solver), TIMES, data);
    Curvature hessian = objective.hessian(0, NETWORK.theta(1));
    int p = NETWORK.layout().size();
    UnaryOperator<double[]> product =
        v -> {
          double[] image = new double[p];
          hessian.times(v, image);
          return image;
        };
    double[][] matrix = new double[p][];
    for (int i = 0; i < p; i++) {
      double[] unit = new double[p];
      unit[i] = 1;
      matrix[i] = product.apply(unit);
    }
    double[] eigenvalues =
        new EigenDecompositionSymmetric(new Array2DRowRealMatrix(matrix, false)).getEigenvalues();
    double[] x = vector(1);
    double sharpness = 0;
    for (int i = 0; i < 200; i++) {
      sharpness = Math.sqrt(dot(x, x));
      double[] unit = new double[p];
      Vectors.axpy(1 / sharpness, x, 0, unit);
      x = product.apply(unit);
    }
    double largest = Arrays.stream(eigenvalues).map(Math::abs).max().orElseThrow();
    assertEquals(largest, sharpness, 1e-6 * largest);
  }

  /// The Gauss–Newton matrix is 0 for a loss linear in `y`, and the Hessian is not; for residuals
  /// of 0 they are equal.
  @Test
  void gaussNewtonLeavesOutTheCurvatureOfTheTrajectory() {
    NeuralField field = NETWORK.field(1);
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(0.25, 8));
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
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(0.25, 8));
    double[] v = vector(2);
    double[] theta = NETWORK.theta(1);
    for (GradientMethod method :
        List.of(new DiscreteAdjoint(solver), new Checkpointed(solver, 3))) {
      TrajectoriesObjective objective = TrajectoriesObjective.of(field, method, TIMES, data);
      Curvature hessian = objective.hessian(0, theta);
      double[] elsewhere = new double[theta.length];
      field.bind(elsewhere);
      double[] product = new double[theta.length];
      hessian.times(v, product);
      assertTrue(elsewhere == field.parameters(), "what was bound is bound again");
      double curvature =
          Differences.derivative(
              by -> {
                double[] moved = theta.clone();
                Vectors.axpy(by, v, 0, moved);
                double[] gradient = new double[theta.length];
                objective.gradient(0, moved, gradient);
                return dot(v, gradient);
              },
              0);
      assertEquals(curvature, dot(v, product), 1e-9 * Math.abs(curvature));
    }
  }

  @Test
  void whatHasNoneIsRefused() {
    NeuralField field = NETWORK.field(1);
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(0.25, 8));
    says(
        "hessian: RODAS5P uses the field's Jacobian, so that it takes the field's third derivatives;"
            + " want a NeuralField, or one whose tangent is a TwiceDifferentiableField",
        () ->
            TrajectoryHessian.at(
                new HandWritten(field),
                NETWORK.state(1),
                TIMES,
                LOSS,
                Integrator.of(Methods.RODAS5P, StepSize.Adaptive.of(1e-4, 1e-4))));
    says(
        "discrete adjoint: LEAPFROG and a field of one block; want one that is a PartitionedField"
            + " too",
        () -> hessian(field, Integrator.of(Methods.LEAPFROG, StepSize.Constant.of(0.25, 8))));
    says(
        "hessian: field or loss without second derivatives; want a FieldWithTangent, such as a"
            + " NeuralField, and a TwiceDifferentiableLoss, such as TrajectoryLoss.traced",
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

  /// A field that has its derivatives and no more, as one in plain arithmetic would.
  private record HandWritten(NeuralField field)
      implements ForwardingField, TwiceDifferentiableField {
    @Override
    public void pushforward(
        double t, double[] y, double dt, double[] dy, double[] dtheta, double[] tangent) {
      field.pushforward(t, y, dt, dy, dtheta, tangent);
    }

    @Override
    public double pullbackOfPushforward(
        double t,
        double[] y,
        double dt,
        double[] dy,
        double[] dtheta,
        double[] a,
        double[] yBar,
        double[] thetaBar) {
      return field.pullbackOfPushforward(t, y, dt, dy, dtheta, a, yBar, thetaBar);
    }
  }
}
