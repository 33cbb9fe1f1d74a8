package org.flowline.odesolvers;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Predicate;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.StepSize.Constant;
import org.flowline.odesolvers.StepSize.Grid;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Symplectic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Operation: what came, what was wanted, what to do.
class MessagesHelp {

  private static final VectorField FIELD = Problem.NON_LINEAR.field();
  private static final double[] Y0 = {0.2};

  @Test
  void ofTableaux() {
    says(
        "DOPRI5: weights b sum to 0.9, want 1",
        () ->
            ButcherTableau.of("DOPRI5", 5, new double[1], new double[][] {{}}, new double[] {.9}));
    says(
        "breakpoints: [NaN], want finite times",
        () -> new Breakpoints(new double[] {Double.NaN}, new double[0]));
    double[] c = {0, 0.5};
    double[] b = {0, 1};
    says(
        "M: row 2 of a sums to 0.4, want c = 0.5",
        () -> ButcherTableau.of("M", 2, c, new double[][] {{}, {0.4}}, b));
    says(
        "M: weights b miss the order-3 condition of the tree [ττ]: Σ b Φ = 0.25, want 1/3",
        () -> ButcherTableau.of("M", 3, c, new double[][] {{}, {0.5}}, b));
    says(
        "M: row 2 of a has 3 coefficients, want 1, those left of the diagonal, or 2",
        () -> ButcherTableau.of("M", 2, c, new double[][] {{}, {0.5, 0, 0}}, b));
    says(
        "M: c has 2 entries, want 1, one per stage",
        () -> ButcherTableau.of("M", 2, c, new double[][] {{}}, new double[] {1}));
    says(
        "M: no weights b, want one per stage",
        () -> ButcherTableau.of("M", 1, new double[0], new double[0][], new double[0]));
    says(
        "M: order 0 of b, want 1 to 12, whose conditions are checked",
        () -> ButcherTableau.of("M", 0, new double[1], new double[][] {{}}, new double[] {1}));
    says(
        "MIDPOINT: weights bEmbedded sum to 2.0, want 1",
        () -> Methods.MIDPOINT.withEmbedded(1, 1, 1));
    says(
        "MIDPOINT: dense output's coefficients of θ^1 sum to 2.0, want 1",
        () -> Methods.MIDPOINT.withDense(1, new double[][] {{1}, {1}}));
    says(
        "MIDPOINT: dense output ends with b_1(1) = 1.0, want b_1 = 0.0",
        () -> Methods.MIDPOINT.withDense(1, new double[][] {{1}, {0}}));
    assertEquals(
        "RK4: has no embedded solution; check embedded() first",
        assertThrows(IllegalStateException.class, () -> Methods.RK4.bEmbedded(0)).getMessage());
  }

  @Test
  void ofPartitionedMethods() {
    double[] one = {1};
    says(
        "S: order 13 of first, want 1 to 12, whose conditions are checked",
        () -> new Symplectic("S", 13, one, one));
    says(
        "S: 1 weights first and 2 weights second, want equally many",
        () -> new Symplectic("S", 1, one, new double[] {0, 1}));
    says(
        "S: weights first sum to 2.0, want 1", () -> new Symplectic("S", 1, new double[] {2}, one));
    says(
        "S: weights second sum to 0.0, want 1",
        () -> new Symplectic("S", 1, one, new double[] {0}));
    says(
        "S: weights first miss the order-2 condition of the tree [τ]: Σ b Φ = 0.0, want 1/2",
        () -> new Symplectic("S", 2, one, one));
    says(
        "SEMI_IMPLICIT_EULER: the field has one block, want a PartitionedField; implement it, or use"
            + " EULER",
        () -> solve(Methods.SEMI_IMPLICIT_EULER, Constant.of(1, 1), FIELD, Y0, 0, 1));
    says(
        "SEMI_IMPLICIT_EULER: the field splits 2 components at 2, want a split from 1 to 1",
        () ->
            solve(
                Methods.SEMI_IMPLICIT_EULER,
                Constant.of(1, 1),
                new Unsplit(),
                new double[] {1, 2},
                0,
                1));
  }

  @Test
  void ofMethodNames() {
    assertEquals(Methods.DOPRI5, Methods.named("dopri5"));
    says(
        "method: \"DOPRI\" is unknown, want one of "
            + names(_ -> true)
            + ", ADAMS_BASHFORTH, ADAMS_MOULTON, GRAGG_BULIRSCH_STOER, HIGHAM_HALL54,"
            + " HIPPARCHUS_DOP853",
        () -> Methods.named("DOPRI"));
    says(
        "Adaptive: RK4 has no embedded pair to estimate its error, want one of "
            + names(Method::embedded)
            + "; or use Constant",
        () -> Integrator.of(Methods.RK4, Adaptive.of(1e-6, 1e-6)));
  }

  @Test
  void ofStepSizes() {
    says(
        "Constant: h = 0.0, want a finite step size, negative to go backward",
        () -> Constant.of(0, 1));
    says("Constant: 0 steps, want at least 1", () -> Constant.of(0.1, 0));
    says("Grid: one time, want at least two, the start and the end", () -> Grid.of(1));
    says(
        "Adaptive: atol 0.0, want atol > 0; a component that passes through zero needs it",
        () -> Adaptive.of(1e-6, 0));
    says("Adaptive: rtol NaN, want 0 ≤ rtol < 1", () -> Adaptive.of(Double.NaN, 1));
    Adaptive size = Adaptive.of(1e-6, 1e-6);
    says("Adaptive: initial step 0.0, want h0 ≠ 0", () -> size.withInitialStep(0));
    says("Adaptive: minimal step -1.0, want a size ≥ 0", () -> size.withMinStep(-1));
    says(
        "Adaptive: maximal step 1.0, want a size ≥ the minimal step",
        () -> size.withMinStep(2).withMaxStep(1));
    says("Adaptive: number of steps 0.0, want at least 1", () -> size.withMaxSteps(0));
    says("Adaptive: safety 1.0, want 0 < safety < 1", () -> size.withSafety(1));
    says("Adaptive: minimal factor 1.5, want 0 < factor < 1", () -> size.withFactors(1.5, 5));
    says("Adaptive: maximal factor 0.5, want a factor > 1", () -> size.withFactors(0.1, 0.5));
    double infinity = Double.POSITIVE_INFINITY;
    says("Adaptive: gain β_P -1.0, want 0 ≤ β_P ≤ 10", () -> size.withGains(-1, 1));
    says("Adaptive: gain β_P Infinity, want 0 ≤ β_P ≤ 10", () -> size.withGains(infinity, 1));
    says("Adaptive: gain β_I 0.0, want 0 < β_I ≤ 10", () -> size.withGains(0, 0));
    says("Adaptive: gain β_I Infinity, want 0 < β_I ≤ 10", () -> size.withGains(0, infinity));
    says(
        "Adaptive: gain β_D -0.75, want at most 10, and β_I + β_P + β_D > 0, so that errors shorten"
            + " steps",
        () -> size.withGains(0.25, 0.5, -0.75));
  }

  @Test
  void ofSolves() {
    var euler = Constant.of(0.5, 2);
    says("VectorField: dimension 0, want at least 1", () -> VectorField.of(0, (t, y, d) -> {}));
    says(
        "solve: y0 has 2 components, want 1, the field's dimension",
        () -> solve(Methods.EULER, euler, FIELD, new double[] {1, 2}, 0, 1));
    says(
        "solve: no times, want at least one, the start",
        () -> solve(Methods.EULER, euler, FIELD, Y0));
    says(
        "solve: times[1] = NaN, want a finite number",
        () -> solve(Methods.EULER, euler, FIELD, Y0, 0, Double.NaN));
    says(
        "solve: times[2] = 0.5 after times[1] = 1.0, want increasing or decreasing times; sort them",
        () -> solve(Methods.EULER, euler, FIELD, Y0, 0, 1, 0.5));
    says(
        "solve: 2 steps of 0.5 from 0.0 end at 1.0, want the last requested time 1.1; request"
            + " end(t0), or use Grid",
        () -> solve(Methods.EULER, euler, FIELD, Y0, 0, 1.1));
    says(
        "solve: the grid runs from 0.0 to 2.0, want the requested interval from 0.0 to 1.0",
        () -> solve(Methods.EULER, Grid.of(0, 1, 2), FIELD, Y0, 0, 1));
  }

  @Test
  void ofStabilisedMethods() {
    says("rkc: 0 stages, want at least 2; or use Methods.RKC2", () -> Stabilised.rkc(0));
    says(
        "RKC2(1): order 2, 1 stages, damping 0.15384615384615385, want order 1 or 2, stages from 2 to"
            + " 10000, 0 < ε < 10",
        () -> Stabilised.rkc(1));
    assertEquals(
        "RKC2: as many stages as each step needs, want a fixed number; use Stabilised.rkc",
        assertThrows(
                IllegalStateException.class,
                () -> Methods.RKC2.stability(org.hipparchus.complex.Complex.ONE))
            .getMessage());
  }

  @Test
  void ofNoise() {
    says(
        "EULER_MARUYAMA: the field has no noise, want a StochasticField; implement it, or use EULER",
        () -> solve(Methods.EULER_MARUYAMA, Constant.of(1, 1), FIELD, Y0, 0, 1));
    StochasticField noisy =
        StochasticField.of(
            FIELD,
            BrownianPath.of(1, 2, 0, 1),
            StochasticField.Noise.GENERAL,
            (t, y, dw, out) -> out[0] = y[0] * dw[0] + dw[1]);
    says(
        "EULER: the field has noise, want a method for it, such as EULER_MARUYAMA; or solve its"
            + " drift()",
        () -> solve(Methods.EULER, Constant.of(1, 1), noisy, Y0, 0, 1));
    says(
        "MILSTEIN: general noise of 2 processes, want diagonal or additive noise; use"
            + " EULER_MARUYAMA",
        () -> solve(Methods.MILSTEIN, Constant.of(1, 1), noisy, Y0, 0, 1));
    says(
        "BrownianPath: from 0.0 to 1.0, want one that covers the solve from 0.0 to 2.0",
        () -> solve(Methods.EULER_MARUYAMA, Constant.of(1, 2), noisy, Y0, 0, 2));
    says(
        "MILSTEIN: diagonal noise of 2 processes on 1 components, want one process each, or one",
        () ->
            solve(
                Methods.MILSTEIN,
                Constant.of(1, 1),
                StochasticField.of(
                    FIELD,
                    noisy.path(),
                    StochasticField.Noise.DIAGONAL,
                    (t, y, dw, out) -> out[0] = dw[0]),
                Y0,
                0,
                1));
    says(
        "MILSTEIN: separate noise of 2 processes on 1 components, want no more than components",
        () ->
            solve(
                Methods.MILSTEIN,
                Constant.of(1, 1),
                StochasticField.of(
                    FIELD,
                    noisy.path(),
                    StochasticField.Noise.SEPARATE,
                    (t, y, dw, out) -> out[0] = dw[0]),
                Y0,
                0,
                1));
    says("BrownianPath: dimension 0, want at least 1", () -> BrownianPath.of(1, 0, 0, 1));
    says(
        "BrownianPath: from 1.0 to 0.0, want finite times t0 < t1; a solve may go either way",
        () -> BrownianPath.of(1, 1, 1, 0));
  }

  @Test
  void ofTrajectories() {
    var trajectory = new Trajectory();
    assertEquals(
        "Trajectory: no steps recorded; pass it to withObserver and solve first",
        assertThrows(IllegalStateException.class, trajectory::method).getMessage());
    var integrator =
        Integrator.of(Methods.EULER, Constant.of(0.5, 2))
            .withObserver(trajectory)
            .withObserver(
                step ->
                    says(
                        "step: time 9.0 is outside [%s, %s]; use a Trajectory for other times"
                            .formatted(step.t(), step.end()),
                        () -> step.interpolate(9, new double[1])));
    integrator.solve(FIELD, Y0, 0, 1).orThrow();
    says(
        "Trajectory: time 1.5 is outside [0.0, 1.0], want a time that was solved for",
        () -> trajectory.find(1.5));
    says("Trajectory: step 2 of 2, want one from 0 to 1", () -> trajectory.t(2));
    assertEquals(
        "Trajectory: a step of EULER from 0.0 by 0.5 after one of EULER ending at 1.0, want the next"
            + " one; clear() before another solve",
        assertThrows(IllegalStateException.class, () -> integrator.solve(FIELD, Y0, 0, 1))
            .getMessage());
  }

  @Test
  void ofStatuses() {
    VectorField blowUp = VectorField.of(1, (t, y, dydt) -> dydt[0] = y[0] * y[0]);
    double[] one = {1};
    var euler = Constant.of(1, 20);
    Status fixed = solve(Methods.EULER, euler, blowUp, one, 0, 20).status();
    assertEquals(
        "state not finite at t = 10.0 (h = 1.00, 11 steps, worst component 0): try smaller steps, or"
            + " an Adaptive step size",
        fixed.message());
    Solution failed = solve(Methods.DOPRI5, Adaptive.of(1e-6, 1e-6), blowUp, one, 0, 2);
    String message = failed.status().message();
    assertTrue(message.startsWith("step size underflow at t = "), message);
    assertTrue(message.contains("worst component 0"), message);
    assertTrue(message.endsWith("loosen rtol (1.0E-6), or end the interval before"), message);
    var thrown = assertThrows(SolveException.class, failed::orThrow);
    assertEquals(message, thrown.getMessage());
    assertEquals(failed.status(), thrown.status());

    VectorField walled = VectorField.of(1, (t, y, dydt) -> dydt[0] = -1 / Math.sqrt(y[0]));
    message = solve(Methods.TSIT5, Adaptive.of(1e-3, 1e-3), walled, one, 0, 2).status().message();
    assertTrue(
        message.contains("field or state are not finite beyond; end the interval before"), message);

    message =
        solve(Methods.TSIT5, Adaptive.of(1e-6, 1e-6).withMaxSteps(2), FIELD, one, 0, 1000)
            .status()
            .message();
    assertTrue(message.startsWith("too many steps at t = "), message);
    assertTrue(
        message.endsWith("loosen rtol (1.0E-6), or allow more than 2 with withMaxSteps"), message);

    VectorField nan = VectorField.of(1, (t, y, dydt) -> dydt[0] = Double.NaN);
    assertEquals(
        "state not finite at t = 0.0 (h = 0.00, 0 steps, worst component 0): the field's value at"
            + " the start is not finite; start inside its domain",
        solve(Methods.TSIT5, Adaptive.of(1e-6, 1e-6), nan, one, 0, 1).status().message());
    assertEquals(
        "state not finite at t = 0.0 (h = 0.00, 0 steps, worst component 0): start from a finite y0",
        solve(Methods.EULER, euler, nan, new double[] {Double.NaN}, 0, 20).status().message());
    assertEquals(
        "step size underflow at t = 1.0E16 (h = 0.500, 0 steps): the steps vanish against t; shift"
            + " the time's origin",
        solve(Methods.EULER, Constant.of(0.5, 1000), FIELD, Y0, 1e16, 1e16 + 500)
            .status()
            .message());
    assertEquals(
        "reached t = 1.0 in 2 steps",
        solve(Methods.EULER, Constant.of(0.5, 2), FIELD, Y0, 0, 1).status().message());
  }

  private static Solution solve(
      Method method, StepSize size, VectorField field, double[] y0, double... times) {
    return Integrator.of(method, size).solve(field, y0, times);
  }

  private static String names(Predicate<Method> wanted) {
    return Methods.all().stream().filter(wanted).map(Method::name).collect(joining(", "));
  }

  private static void says(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private record Unsplit() implements PartitionedField {
    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public int split() {
      return 2;
    }

    @Override
    public void evaluateFirst(double t, double[] y, double[] dydt) {}

    @Override
    public void evaluateSecond(double t, double[] y, double[] dydt) {}
  }
}
