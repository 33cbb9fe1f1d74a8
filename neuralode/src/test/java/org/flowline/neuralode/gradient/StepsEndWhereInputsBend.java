package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.Basis;
import org.flowline.neuralode.dynamics.Signal;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.flowline.odesolvers.method.Stochastic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A dose is a triangle of height 2 from 60.25 to 61.25, and `y' = w tanh(c u)` from y = 0:
///
///     y(100) = w ln cosh(2c)/(2c)
class StepsEndWhereInputsBend {
  private static final double C = 0.8;
  private static final double W = 0.6;
  private static final double INTEGRAL = Math.log(Math.cosh(2 * C)) / (2 * C);
  private static final double BY_C =
      (Math.tanh(2 * C) * 2 * C - Math.log(Math.cosh(2 * C))) / (2 * C * C);
  private static final Adaptive SIZE = Adaptive.of(1e-8, 1e-10);
  private static final TrajectoryLoss LAST =
      TrajectoryLoss.traced(2, 1, y -> y.slice(0, 1, 2).sum());

  private static final Signal DOSE =
      Signal.linear(new double[] {0, 60.25, 60.75, 61.25, 100}, rows(0, 0, 2, 0, 0));

  private static List<double[]> rows(double... values) {
    return Arrays.stream(values).mapToObj(value -> new double[] {value}).toList();
  }

  private static NeuralField field(double[] theta, NeuralField.Dynamics dynamics) {
    NeuralField field = NeuralField.of(Parameters.none().with("p", theta.length), 1, 1, dynamics);
    field.bind(theta);
    return field;
  }

  private static NeuralField dosed() {
    return field(
        new double[] {W, C},
        (t, _, p) -> {
          Var w = p.get("p").slice(0, 0, 1);
          Var c = p.get("p").slice(0, 1, 2);
          return DOSE.at(t).mul(c).tanh().mul(w).reshape(1, 1);
        });
  }

  static Stream<Method> embedded() {
    return Stream.concat(Methods.all().stream(), Methods.hipparchus().stream())
        .filter(method -> method.embedded() && !(method instanceof Stochastic))
        .filter(method -> method.order() >= 3)
        .filter(
            method -> !method.name().equals("GRAGG_BULIRSCH_STOER")); // underflows where f(t0) = 0
  }

  @ParameterizedTest
  @MethodSource("embedded")
  void noAdaptiveStepMissesADose(Method method) {
    NeuralField field = dosed();
    Integrator solver = Integrator.of(method, SIZE);
    assertEquals(
        W * INTEGRAL, solver.solve(field, new double[1], 0, 100).orThrow().last()[0], 1e-6);
    assertEquals(
        -W * INTEGRAL, solver.solve(field, new double[1], 100, 0).orThrow().last()[0], 1e-6);
  }

  static Stream<GradientMethod> gradients() {
    Integrator solver = Integrator.of(Methods.TSIT5, SIZE);
    Integrator stiff = Integrator.of(Methods.KVAERNO4, SIZE);
    return Stream.of(
        new DiscreteAdjoint(solver),
        new DiscreteAdjoint(Integrator.of(Methods.RODAS5P, SIZE)),
        new DiscreteAdjoint(stiff),
        new Checkpointed(solver, 8),
        new ReversibleAdjoint(Integrator.of(Reversible.of(Methods.TSIT5), SIZE)),
        new InterpolatedAdjoint(solver),
        new Backsolve(solver),
        new ForwardSensitivity(solver));
  }

  /// The adjoint is solved backwards over the dose, which it must not miss either.
  @ParameterizedTest
  @MethodSource("gradients")
  void noGradientMissesADose(GradientMethod method) {
    TrajectoryGradient gradient =
        method.gradient(dosed(), new double[1], new double[] {0, 100}, LAST);
    assertEquals(W * INTEGRAL, gradient.loss(), 1e-6);
    assertEquals(INTEGRAL, gradient.theta()[0], 1e-6);
    assertEquals(W * BY_C, gradient.theta()[1], 1e-6);
    assertEquals(1, gradient.y0()[0], 1e-12);
  }

  /// Fixed steps are divided at the knots, which lie inside them, so that RK4 keeps its order, in
  /// gradients, too.
  @Test
  void fixedStepsAreDividedAtTheKnots() {
    double[] errors = new double[2];
    for (int i = 0; i < 2; i++) {
      StepSize.Constant size = StepSize.Constant.of(0.1 / (i + 1), 1000 * (i + 1));
      Integrator solver = Integrator.of(Methods.RK4, size);
      double end = solver.solve(dosed(), new double[1], 0, 100).orThrow().last()[0];
      errors[i] = Math.abs(end - W * INTEGRAL);
      Integrator reversible = Integrator.of(Reversible.of(Methods.RK4), size);
      for (GradientMethod method :
          List.of(
              new DiscreteAdjoint(solver),
              new Checkpointed(solver, 8),
              new ReversibleAdjoint(reversible))) {
        TrajectoryGradient gradient =
            method.gradient(dosed(), new double[1], new double[] {0, 100}, LAST);
        assertEquals(INTEGRAL, gradient.theta()[0], 2e-4, method + "");
        assertEquals(W * BY_C, gradient.theta()[1], 2e-3, method + "");
      }
    }
    assertTrue(errors[1] < errors[0] / 10 && errors[0] < 1e-4, Arrays.toString(errors));
  }

  /// Nodes at knots stay where they are, others move with the times.
  @Test
  void gradientsOfTimesAreThoseOfTheStepsBetweenKnots() {
    double[] times = {0.1, 0.7, 1.9, 2.6};
    NeuralField field = bent(new double[] {0, 1, 2, 3});
    TrajectoryLoss loss = TrajectoryLoss.traced(4, 1, y -> y.square().sum());
    double[] y0 = {0.8};
    for (StepSize size :
        List.of(
            Adaptive.of(1e-5, 1e-5),
            StepSize.Constant.of(2.5 / 7, 7),
            StepSize.Grid.of(0.1, 0.7, 1.3, 1.9, 2.6))) {
      for (Method method : List.of(Methods.TSIT5, Methods.RK4, Methods.RODAS5P, Methods.KVAERNO4)) {
        if (size instanceof Adaptive && !method.embedded()) {
          continue;
        }
        Integrator solver = Integrator.of(method, size);
        TrajectoryGradient gradient = new DiscreteAdjoint(solver).gradient(field, y0, times, loss);
        FrozenStepLoss frozen = FrozenStepLoss.of(field, solver, y0, times, loss);
        double[] differences = Differences.gradient(at -> frozen.at(new double[0], y0, at), times);
        double[] byStart = Differences.gradient(at -> frozen.at(new double[0], at, times), y0);
        assertArrayEquals(differences, gradient.times(), 1e-6, method + ", " + size);
        assertArrayEquals(byStart, gradient.y0(), 1e-8, method + ", " + size);
      }
    }
  }

  /// `y' = −y X'(t)` with `X(t) = t` in pieces, so that `X' = 1` everywhere, at the knots, too.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void slopesOfSignalsAreThoseOfOneSide(boolean smooth) {
    double[] knots = {0, 0.25, 0.5, 0.75, 1};
    Signal path = smooth ? Signal.cubic(knots, rows(knots)) : Signal.linear(knots, rows(knots));
    Tape slope = Derivative.jvp(Tape.record(Shape.scalar(), path::at));
    NeuralField field =
        field(
            new double[0],
            (t, y, _) -> y.neg().mul(slope.apply(List.of(t, t.constant(1))).getLast()));
    double[] rate = new double[1];
    for (double t : new double[] {-1, 0, 0.2, 0.25, 0.5, 0.75, 0.9, 1, 2}) {
      field.evaluate(t, new double[] {1}, rate);
      assertEquals(t < 0 || t >= 1 ? 0 : -1, rate[0], 1e-14, "slope at " + t);
    }
    for (StepSize size : List.of(StepSize.Constant.of(0.25, 4), SIZE)) {
      double end =
          Integrator.of(Methods.DOPRI5, size).solve(field, new double[] {1}, 0, 1).last()[0];
      assertEquals(Math.exp(-1), end, 1e-6, "neural CDE, " + size);
    }
    StepSize back = StepSize.Constant.of(-0.25, 4);
    for (StepSize size : List.of(back, SIZE)) {
      double end =
          Integrator.of(Methods.DOPRI5, size).solve(field, new double[] {1}, 1, 0).last()[0];
      assertEquals(Math.E, end, 1e-5, "backwards, " + size);
    }
  }

  /// Steps from knot to knot of `y' = −y + u(t)` are as accurate as without knots, since `u` is a
  /// line between them: against many small steps.
  @ParameterizedTest
  @MethodSource("implicit")
  void methodsKeepTheirOrderBetweenKnots(Method method) {
    double[] knots = {0, 1, 2, 3};
    NeuralField field = bent(knots);
    double[] exact =
        Integrator.of(Methods.VERN7, Adaptive.of(1e-13, 1e-13))
            .solve(field, new double[] {1}, 0, 3)
            .last();
    double[] errors = new double[2];
    for (int i = 0; i < 2; i++) {
      int steps = 24 << i;
      double end =
          Integrator.of(method, StepSize.Constant.of(3.0 / steps, steps))
              .solve(field, new double[] {1}, 0, 3)
              .last()[0];
      errors[i] = Math.abs(end - exact[0]);
    }
    double order = Math.log(errors[0] / errors[1]) / Math.log(2);
    assertTrue(
        order > method.order() - 0.5 || errors[1] < 1e-12,
        method + ": " + Arrays.toString(errors) + " of order " + order);
  }

  private static NeuralField bent(double[] knots) {
    Signal signal = Signal.linear(knots, rows(0, 1, -1, 2));
    return field(new double[0], (t, y, _) -> signal.at(t).sub(y));
  }

  static Stream<Method> implicit() {
    return Methods.all().stream()
        .filter(method -> !(method instanceof Stochastic) && method.fixedSteps())
        .filter(method -> method.order() >= 2 && method != Methods.KVAERNO5) // beyond its steps
        .filter(method -> !(method instanceof org.flowline.odesolvers.method.Symplectic));
  }

  /// `y' = u` does not depend on times of observations, and `∂y(tᵢ)/∂tᵢ = u(tᵢ)`.
  @ParameterizedTest
  @MethodSource("gradients")
  void timesHaveTheirGradientAtKnots(GradientMethod method) {
    double[] knots = {0, 1, 2, 3};
    Signal signal = Signal.linear(knots, rows(0, 1, 4, 2));
    NeuralField field = field(new double[0], (t, _, _) -> signal.at(t));
    TrajectoryLoss sum = TrajectoryLoss.traced(4, 1, y -> y.sum());
    TrajectoryGradient gradient = method.gradient(field, new double[1], knots, sum);
    double[] wanted = {-3 * 0, 1, 4, 2};
    for (int i = 0; i < 4; i++) {
      assertEquals(wanted[i], gradient.times()[i], 2e-6, "∂L/∂t" + i);
    }
  }

  /// `y' = pₖ y` on pieces of length 0.7: the layers of a ResNet.
  private static NeuralField layered() {
    return field(
        new double[] {1, -3, 2},
        (t, y, p) ->
            y.mul(Basis.pieces(3, 0, 0.7).at().apply(t).mul(p.get("p").reshape(1, 3)).sum()));
  }

  /// `∂y/∂pₖ` is `y` times the length of the piece.
  @ParameterizedTest
  @MethodSource("gradients")
  void noGradientCrossesAJumpOfWeights(GradientMethod method) {
    double end = Math.exp(0.7 * (1 - 3) + 0.6 * 2);
    TrajectoryGradient gradient =
        method.gradient(layered(), new double[] {1}, new double[] {0, 2}, LAST);
    assertEquals(end, gradient.loss(), 2e-6);
    assertArrayEquals(new double[] {0.7 * end, 0.7 * end, 0.6 * end}, gradient.theta(), 4e-6);
    assertEquals(2 * end, gradient.times()[1], 1e-5);
  }

  @Test
  void jumpsOfWeightsAreFoundInTheProgram() {
    NeuralField field = layered();
    assertEquals(List.of(0.7, 1.4), boxed(field.breakpoints().jumps()));
    for (Method method : Methods.all()) {
      if (method.embedded() && method.order() >= 3 && !(method instanceof Stochastic)) {
        double end =
            Integrator.of(method, SIZE).solve(field, new double[] {1}, 0, 2).orThrow().last()[0];
        assertEquals(Math.exp(0.7 * (1 - 3) + 0.6 * 2), end, 2e-6, method.name());
      }
    }
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /// Times of user-defined programs: every operation with a kink or a jump.
  @Test
  void kinksOfOperationsAreFoundInTheProgram() {
    Map<String, NeuralField.Dynamics> programs = new TreeMap<>();
    programs.put("relu", (t, y, _) -> y.mul(t.sub(0.3).relu()));
    programs.put("abs", (t, y, _) -> y.mul(t.mul(2).sub(0.6).abs()));
    programs.put("sign", (t, y, _) -> y.mul(t.sub(0.3).sign()));
    programs.put("step", (t, y, _) -> y.mul(t.neg().add(0.3).step()));
    programs.put("clamp", (t, y, _) -> y.mul(t.clamp(0.3, 9)));
    programs.put("clampMax", (t, y, _) -> y.mul(t.div(2).clampMax(0.15)));
    programs.put("max", (t, y, _) -> y.mul(t.max(t.constant(0.6).sub(t))));
    programs.put("where", (t, y, _) -> y.mul(t.greater(0.3).where(t, t.square())));
    programs.put("lessEqual", (t, y, _) -> y.mul(t.reshape(1, 1).lessEqual(0.3)));
    programs.forEach(
        (name, program) -> {
          NeuralField field = field(new double[0], program);
          double[] found =
              DoubleStream.concat(
                      Arrays.stream(field.breakpoints().kinks()),
                      Arrays.stream(field.breakpoints().jumps()))
                  .filter(time -> time < 8)
                  .toArray();
          assertEquals(1, found.length, name);
          assertEquals(0.3, found[0], 1e-15, name);
          List<Double> ends = new ArrayList<>();
          Integrator.of(Methods.TSIT5, SIZE)
              .withObserver(step -> ends.add(step.end()))
              .solve(field, new double[] {1}, 0, 1)
              .orThrow();
          assertTrue(ends.contains(found[0]), name);
        });
    assertTrue(field(new double[0], (t, y, _) -> y.relu().mul(t)).breakpoints().isEmpty());
  }

  /// An evaluation is one operation however many rows there are.
  @Test
  void inputsOfManyRowsCostNoMoreThanThoseOfFew() {
    long[] flop = new long[2];
    for (int i = 0; i < 2; i++) {
      double[] times = DoubleStream.iterate(0, t -> t + 1).limit(i == 0 ? 3 : 3000).toArray();
      Signal signal = Signal.cubic(times, rows(times));
      flop[i] = Derivative.vjp(Tape.record(Shape.scalar(), signal::at)).flop();
    }
    assertEquals(flop[0], flop[1]);
  }

  @Test
  void knotsThatAreNeverReachedAreNone() {
    Signal far = Signal.linear(new double[] {0, 1e10}, rows(0, 1));
    NeuralField field =
        field(new double[1], (t, y, _) -> y.add(far.at(t.mul(1e-300)).reshape(1, 1)));
    assertArrayEquals(new double[] {0}, field.breakpoints().kinks());
  }

  /// A column that is repeated along rows is not paired with a row, element by element.
  @Test
  void rootsOfColumnsAreNotThoseOfRows() {
    NeuralField field =
        field(
            new double[1],
            (t, y, _) -> {
              Var column = t.mul(t.constant(Shape.of(2, 1), 1, 2)).broadcast(Shape.of(2, 2));
              Var row = t.constant(Shape.of(2), 1, 4).broadcast(Shape.of(2, 2));
              return y.add(column.sub(row).relu().sum());
            });
    double[] all = {0.5, 1, 2, 4};
    double[] found = field.breakpoints().kinks();
    assertTrue(found.length == 0 || Arrays.equals(all, found), Arrays.toString(found));
  }
}
