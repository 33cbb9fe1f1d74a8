package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Stream;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.fixtures.OneParameterField;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The gradient of [ReversibleAdjoint], against differences of the trajectory it belongs to.
class ReversibleStepsAreDifferentiatedWithoutBeingStored {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;

  /// Values of size 1, solved to 1e-15, in differences over 7e-4: truncation h⁴ and rounding ε/h
  /// are both 3e-13, and the fifth derivative brings a factor of a few hundred.
  private static final double DIFFERENCES = 1e-9;

  private static final StepSize CONTRACTING = StepSize.Constant.of(3.0 / 1024, 1024);

  static Stream<ButcherTableau> bases() {
    return SolveCase.tableaux();
  }

  @ParameterizedTest
  @MethodSource("bases")
  void onConstantSteps(ButcherTableau base) {
    for (int sign : new int[] {1, -1}) {
      for (double coupling : new double[] {1, 0.9}) {
        double[] times = {0.3, 0.3 + sign * 0.31, 0.3 + sign * 0.9, 0.3 + sign * 0.25 * 6};
        check(new Reversible(base, coupling), StepSize.Constant.of(sign * 0.25, 6), times);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("bases")
  void onAGridThatMovesWithItsObservations(ButcherTableau base) {
    Reversible method = Reversible.of(base);
    check(method, StepSize.Grid.of(0.3, 0.5, 0.7, 1.2, 1.5), 0.3, 0.5, 0.6, 1.2, 1.5);
    check(method, StepSize.Grid.of(1.5, 1.2, 0.7, 0.5, 0.3), 1.5, 1.2, 0.6, 0.5, 0.3);
  }

  /// All accepted steps but the last move with the start.
  @ParameterizedTest
  @MethodSource("bases")
  void onTheAcceptedStepsOfAnAdaptiveSolve(ButcherTableau base) {
    if (!base.embedded()) {
      return;
    }
    double tolerance = base.order() > 5 ? 1e-9 : base.order() > 3 ? 1e-5 : 1e-3;
    double[] times = {0.3, 0.77, 1.1, 2};
    check(Reversible.of(base), StepSize.Adaptive.of(tolerance, tolerance), times);
  }

  private static void check(Reversible method, StepSize size, double... times) {
    NeuralField field = NETWORK.field(1);
    double[] theta = NETWORK.theta(1);
    double[] y0 = NETWORK.state(1);
    TrajectoryGradient gradient = gradient(Integrator.of(method, size), times);
    double[] nodes = nodes(method, size, times);
    assertTrue(nodes.length > 4, method + ": " + nodes.length + " nodes");
    Integrator frozen =
        size instanceof StepSize.Adaptive
            ? Integrator.of(method, new StepSize.Grid(nodes))
            : Integrator.of(method, size);
    double[] byTheta =
        Differences.gradient(
            moved -> {
              field.bind(moved);
              return loss(frozen, field, y0, times);
            },
            theta);
    field.bind(theta);
    double[] byStart = Differences.gradient(moved -> loss(frozen, field, moved, times), y0);
    double[] byTimes =
        Differences.gradient(
            moved ->
                loss(Integrator.of(method, moved(size, nodes, times, moved)), field, y0, moved),
            times);
    assertEquals(loss(frozen, field, y0, times), gradient.loss(), 1e-13);
    near(byTheta, gradient.theta(), method + " θ");
    near(byStart, gradient.y0(), method + " y0");
    near(byTimes, gradient.times(), method + " times");
    // Some twenty steps, whose rounding errors at 1e-16 grow by 1/0.9 each, up to 1e-15.
    assertTrue(gradient.drift() <= 1e-14, method + ": drift " + gradient.drift());
  }

  private static void near(double[] differences, double[] gradient, String what) {
    double error = Differences.relative(gradient, differences);
    assertTrue(error <= DIFFERENCES, what + ": " + error);
  }

  private static double[] nodes(Reversible method, StepSize size, double[] times) {
    Trajectory steps = new Trajectory();
    Integrator.of(method, size)
        .withObserver(steps)
        .solve(NETWORK.field(1), NETWORK.state(1), times)
        .orThrow();
    double[] nodes = new double[steps.steps() + 1];
    for (int n = 0; n < steps.steps(); n++) {
      nodes[n] = steps.t(n);
    }
    nodes[steps.steps()] = steps.end();
    return nodes;
  }

  /// The steps for moved times.
  private static StepSize moved(StepSize size, double[] nodes, double[] times, double[] moved) {
    int last = times.length - 1;
    double[] shifted = nodes.clone();
    return switch (size) {
      case StepSize.Constant constant ->
          StepSize.Constant.of((moved[last] - moved[0]) / constant.steps(), constant.steps());
      case StepSize.Grid _ -> {
        for (int n = 0; n < nodes.length; n++) {
          for (int i = 0; i <= last; i++) {
            shifted[n] = nodes[n] == times[i] ? moved[i] : shifted[n];
          }
        }
        yield new StepSize.Grid(shifted);
      }
      case StepSize.Adaptive _ -> {
        for (int n = 0; n < nodes.length; n++) {
          shifted[n] = nodes[n] + (moved[0] - times[0]);
        }
        shifted[0] = moved[0];
        shifted[nodes.length - 1] = moved[last];
        yield new StepSize.Grid(shifted);
      }
    };
  }

  @Test
  void tendsToTheGradientOfTheTrueTrajectory() {
    double[] times = {0.2, 0.5, 1.1, 1.3, 2.4};
    StepSize tight = StepSize.Adaptive.of(1e-11, 1e-11);
    TrajectoryGradient reversible =
        gradient(Integrator.of(Reversible.of(Methods.VERN7), tight), times);
    TrajectoryGradient discrete =
        new DiscreteAdjoint(Integrator.of(Methods.VERN7, tight))
            .gradient(
                NETWORK.field(1), NETWORK.state(1), times, NETWORK.trajectoryLoss(times.length));
    // Both within a few hundred times the tolerance, at the start, the end and the times between.
    assertTrue(Differences.relative(reversible.theta(), discrete.theta()) <= 1e-8);
    assertTrue(Differences.relative(reversible.y0(), discrete.y0()) <= 1e-8);
    assertTrue(Differences.relative(reversible.times(), discrete.times()) <= 1e-8);
  }

  /// Rounding errors of 1e-16 grow by `1/λ` for each step undone.
  @ParameterizedTest
  @ValueSource(ints = {1000, 4000})
  void itDriftsByThePowerOfItsCoupling(int steps) {
    StepSize.Constant size = StepSize.Constant.of(2.0 / steps, steps);
    double[] times = {0, size.end(0)};
    double coupling = 0.995;
    double drift =
        gradient(Integrator.of(new Reversible(Methods.HEUN, coupling), size), times).drift();
    double growth = Math.pow(coupling, -steps);
    assertTrue(1e-18 * growth <= drift && drift <= 1e-15 * growth, drift + " of " + growth);
  }

  /// The drift grows from rounding where [Backsolve]'s grows from its tolerance: the field
  /// contracts by `e¹⁵`.
  @Test
  void onContractingFieldsItDriftsFromRounding() {
    NeuralField field = BacksolveIsWrongOnContractingFields.field(5, 0);
    Integrator solver = Integrator.of(Reversible.of(Methods.RK4), CONTRACTING);
    TrajectoryGradient gradient = contracting(new ReversibleAdjoint(solver), field);
    double growth = Math.exp(15);
    assertTrue(gradient.drift() <= growth * 1e-15, "drift " + gradient.drift());
    assertTrue(gradient.drift() >= growth * 1e-19, "drift " + gradient.drift());
    double[] differences =
        Differences.gradient(
            theta -> {
              field.bind(theta);
              double v =
                  solver
                      .solve(
                          field,
                          BacksolveIsWrongOnContractingFields.Y0,
                          BacksolveIsWrongOnContractingFields.TIMES)
                      .orThrow()
                      .last()[1];
              return v * v;
            },
            BacksolveIsWrongOnContractingFields.THETA);
    // Rounding errors of 1e-16 grow in the differences' solves too, divided by 7e-4.
    double error = Differences.relative(gradient.theta(), differences);
    assertTrue(error <= growth * 1e-16 / 7e-4, "" + error);
  }

  /// The pair comes apart as the field contracts, by `e³⁰`: the forward solve itself is wrong.
  @Test
  void whereTheFieldContractsMoreThePairComesApart() {
    NeuralField field = BacksolveIsWrongOnContractingFields.field(10, 0);
    Integrator reversible = Integrator.of(Reversible.of(Methods.RK4), CONTRACTING);
    Integrator base = Integrator.of(Methods.RK4, CONTRACTING);
    double loss = contracting(new DiscreteAdjoint(base), field).loss();
    assertTrue(contracting(new ReversibleAdjoint(reversible), field).loss() > 2 * loss);
    // With a coupling that holds it together, rounding errors grow by 0.9⁻¹⁰²⁴ on the way back.
    Reversible coupled = new Reversible(Methods.RK4, 0.9);
    TrajectoryGradient back =
        contracting(new ReversibleAdjoint(Integrator.of(coupled, CONTRACTING)), field);
    assertEquals(loss, back.loss(), 1e-6);
    assertTrue(!(back.drift() < 1), "drift " + back.drift());
  }

  private static TrajectoryGradient contracting(GradientMethod method, NeuralField field) {
    return method.gradient(
        field,
        BacksolveIsWrongOnContractingFields.Y0,
        BacksolveIsWrongOnContractingFields.TIMES,
        BacksolveIsWrongOnContractingFields.LOSS);
  }

  /// Not one byte more for forty times as many steps.
  @Test
  void itsMemoryDoesNotGrowWithTheSteps() {
    Rotation field = new Rotation();
    TrajectoryLoss loss =
        (y, yBar) -> {
          Arrays.fill(yBar, 1);
          return Arrays.stream(y).sum();
        };
    long few = Long.MAX_VALUE;
    long many = Long.MAX_VALUE;
    for (int i = 0; i < 50; i++) {
      few = Math.min(few, allocated(field, loss, 100));
      many = Math.min(many, allocated(field, loss, 4000));
    }
    // Asking for the number of bytes may itself allocate a few.
    assertTrue(Math.abs(many - few) <= 512, few + " bytes, " + many + " bytes");
  }

  private static long allocated(Rotation field, TrajectoryLoss loss, int steps) {
    StepSize.Constant size = StepSize.Constant.of(0.01, steps);
    GradientMethod method = new ReversibleAdjoint(Integrator.of(Reversible.of(Methods.RK4), size));
    double[] y0 = {1, 0};
    double[] times = {0, size.end(0)};
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    TrajectoryGradient gradient = method.gradient(field, y0, times, loss);
    long after = threads.getCurrentThreadAllocatedBytes();
    assertTrue(gradient.status().succeeded());
    return after - before;
  }

  @Test
  void whatCannotBeUndoneIsRefused() {
    StepSize.Adaptive size = StepSize.Adaptive.of(1e-6, 1e-6);
    Integrator reversible = Integrator.of(Reversible.of(Methods.DOPRI5), size);
    refused(
        "reversible adjoint: method DOPRI5 cannot be undone; want one like"
            + " Reversible.of(Methods.RK4)",
        () -> new ReversibleAdjoint(Integrator.of(Methods.DOPRI5, size)));
    refused(
        "reversible adjoint: a field with jumps; want one without, or DiscreteAdjoint",
        () -> new ReversibleAdjoint(reversible.withStepSize(size.withJumps(0.5))));
    refused(
        "discrete adjoint: method REVERSIBLE_DOPRI5 is differentiated without a trajectory; use"
            + " ReversibleAdjoint",
        () -> new DiscreteAdjoint(reversible));
  }

  private static void refused(String message, Runnable making) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, making::run).getMessage());
  }

  private static TrajectoryGradient gradient(Integrator integrator, double... times) {
    TrajectoryGradient gradient =
        new ReversibleAdjoint(integrator)
            .gradient(
                NETWORK.field(1), NETWORK.state(1), times, NETWORK.trajectoryLoss(times.length));
    assertTrue(gradient.status().succeeded(), gradient.status().message());
    return gradient;
  }

  private static double loss(
      Integrator integrator, NeuralField field, double[] y0, double[] times) {
    return ClockedNetwork.loss(integrator.solve(field, y0, times).orThrow().values());
  }

  /// `y' = θ J y`, in plain arithmetic.
  private static final class Rotation extends OneParameterField {
    Rotation() {
      super(2, 1.3);
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = -theta[0] * y[1];
      dydt[1] = theta[0] * y[0];
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      yBar[0] = theta[0] * a[1];
      yBar[1] = -theta[0] * a[0];
      thetaBar[0] += a[1] * y[0] - a[0] * y[1];
      return 0;
    }
  }
}
