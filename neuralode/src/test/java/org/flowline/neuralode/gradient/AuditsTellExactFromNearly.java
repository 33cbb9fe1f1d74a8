package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.field.NeuralStochasticField;
import org.flowline.neuralode.field.SecondOrderNeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.OneParameterField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// A [GradientAudit] shows which methods are exact, the errors of the others, and their memory.
class AuditsTellExactFromNearly {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;
  private static final double[] TIMES = {0.3, 0.8, 1.4, 2.3};

  private static GradientAudit audit(Method method, StepSize size) {
    NeuralField field = NETWORK.field(1);
    double[] theta = field.parameters();
    TrajectoryLoss loss = NETWORK.trajectoryLoss(TIMES.length);
    GradientAudit audit =
        GradientAudit.of(field, NETWORK.state(1), TIMES, loss, Integrator.of(method, size));
    assertArrayEquals(NETWORK.theta(1), field.parameters(), "the parameters are restored");
    assertTrue(theta == field.parameters());
    return audit;
  }

  private static GradientAudit withoutCosts(Method method, StepSize size) {
    TrajectoryLoss loss = NETWORK.trajectoryLoss(TIMES.length);
    return GradientAudit.withoutCosts(
        NETWORK.field(1), NETWORK.state(1), TIMES, loss, Integrator.of(method, size));
  }

  private static GradientAudit.Row row(GradientAudit audit, String name) {
    return audit.rows().stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aLooseSolveIsFarFromTheReferenceButExactlyDifferentiated() {
    GradientAudit audit = audit(Methods.DOPRI5, StepSize.Adaptive.of(1e-4, 1e-4));
    // Extrapolated differences of numbers of size 1 keep about twelve digits.
    assertTrue(audit.check().theta() < 1e-9, audit.toString());
    assertTrue(audit.check().y0() < 1e-9, audit.toString());
    assertTrue(audit.check().times() < 1e-9, audit.toString());
    GradientAudit.Row discrete = row(audit, "discrete");
    assertEquals(2, discrete.taylorSlope(), 0.05, audit.toString());
    assertTrue(discrete.errors().theta() > 1e-8 && discrete.errors().theta() < 1e-2);
    assertTrue(discrete.nfeForward() > 0 && discrete.nfeBackward() > 0);
    assertTrue(discrete.milliseconds() > 0);
    GradientAudit.Row checkpointed = row(audit, "checkpointed 4");
    assertEquals(discrete.errors(), checkpointed.errors(), "the same bits");
    assertEquals(discrete.taylorSlope(), checkpointed.taylorSlope());
    // Another method on other steps, but exactly differentiated too.
    GradientAudit.Row reversible = row(audit, "reversible");
    assertEquals(2, reversible.taylorSlope(), 0.05, audit.toString());
    assertTrue(reversible.errors().theta() > 1e-8 && reversible.errors().theta() < 1e-2);
    GradientAudit.Row back = row(audit, "backsolve");
    assertTrue(Math.abs(back.taylorSlope() - 2) > 0.05, audit.toString());
    assertEquals(List.of(), audit.refused());
    GradientAudit results = withoutCosts(Methods.DOPRI5, StepSize.Adaptive.of(1e-4, 1e-4));
    for (int i = 0; i < audit.rows().size(); i++) {
      assertEquals(audit.rows().get(i).with(0, Double.NaN), results.rows().get(i));
    }
    String table = audit.toString();
    for (GradientAudit.Row row : audit.rows()) {
      assertTrue(table.contains(row.name()), table);
    }
  }

  @Test
  void tighterSolvesComeNearerWithEveryMethod() {
    GradientAudit loose = withoutCosts(Methods.TSIT5, StepSize.Adaptive.of(1e-3, 1e-3));
    GradientAudit tight = withoutCosts(Methods.TSIT5, StepSize.Adaptive.of(1e-8, 1e-8));
    assertEquals(loose.rows().size(), tight.rows().size());
    for (int i = 0; i < loose.rows().size(); i++) {
      GradientAudit.Errors far = loose.rows().get(i).errors();
      GradientAudit.Errors near = tight.rows().get(i).errors();
      assertTrue(100 * near.theta() < far.theta(), loose + "\n" + tight);
      assertTrue(100 * near.y0() < far.y0(), loose + "\n" + tight);
      assertTrue(100 * near.times() < far.times(), loose + "\n" + tight);
    }
  }

  @Test
  void methodsThatDoNotApplyAreListedWithTheReason() {
    GradientAudit fixed = withoutCosts(Methods.RK4, StepSize.Constant.of(0.25, 8));
    assertEquals(2, row(fixed, "discrete").taylorSlope(), 0.05);
    assertTrue(
        fixed.refused().stream().anyMatch(refused -> refused.name().equals("backsolve")),
        fixed.toString());
    GradientAudit stabilised = withoutCosts(Methods.RKC2, StepSize.Adaptive.of(1e-5, 1e-5));
    assertFalse(stabilised.rows().stream().anyMatch(row -> row.name().equals("discrete")));
    assertTrue(
        stabilised.toString().contains("discrete adjoint: method RKC2; want one whose steps"),
        stabilised.toString());
  }

  /// `y' = 1 − y` from 1, hence `∂y/∂y0 = e^{−t}`. Steps of given sizes, beyond the field's
  /// stability, are never refined: DOPRI5 has `∂y/∂y0 = R(−5)² = 188`.
  @Test
  void errorsAtRestAreShown() {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("p", 1, 1), 1, 1, (_, y, theta) -> theta.get("p").sub(y));
    field.bind(new double[] {1});
    double[] times = {0, 10};
    TrajectoryLoss end =
        (y, yBar) -> {
          yBar[1] = 1;
          return y[1];
        };
    for (StepSize size : List.of(StepSize.Adaptive.of(1e-8, 1e-8), StepSize.Constant.of(5, 2))) {
      Integrator solver = Integrator.of(Methods.DOPRI5, size);
      GradientAudit audit = GradientAudit.withoutCosts(field, new double[] {1}, times, end, solver);
      assertEquals(Optional.empty(), audit.doubt(), audit.toString());
      double computed =
          new DiscreteAdjoint(solver).gradient(field, new double[] {1}, times, end).y0()[0];
      double error = Math.abs(computed / Math.exp(-10) - 1);
      assertEquals(error, row(audit, "discrete").errors().y0(), 0.01 * error + 1e-8);
      assertEquals(size instanceof StepSize.Constant, error > 1e-6, "error " + error);
    }
  }

  /// `y' = θy` with a pullback to `y` that is 1 % too large, and a loss with such a cotangent.
  @Test
  void wrongPullbacksAreDoubted() {
    TrajectoryLoss right = TrajectoryLoss.traced(TIMES.length, 1, y -> y.square().mean());
    TrajectoryLoss wrong =
        (y, yBar) -> {
          double value = right.evaluate(y, yBar);
          yBar[1] *= 1.01;
          return value;
        };
    assertEquals(Optional.empty(), audit(1, right).doubt());
    for (GradientAudit audit : List.of(audit(1.01, right), audit(1, wrong))) {
      String doubt = audit.doubt().orElseThrow();
      assertTrue(doubt.startsWith("do not trust these gradients: "), doubt);
      assertTrue(audit.toString().contains(doubt), audit.toString());
    }
  }

  private static GradientAudit audit(double factor, TrajectoryLoss loss) {
    return GradientAudit.withoutCosts(
        new ScaledPullback(-0.5, factor),
        new double[] {2},
        TIMES,
        loss,
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-6)));
  }

  private static final class ScaledPullback extends OneParameterField {
    private final double factor;

    ScaledPullback(double theta, double factor) {
      super(1, theta);
      this.factor = factor;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = theta[0] * y[0];
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      yBar[0] = a[0] * theta[0] * factor;
      thetaBar[0] += a[0] * y[0];
      return 0;
    }
  }

  /// Implicit, symplectic and stochastic solvers, and a field that is no network.
  @Test
  void anySolverAndFieldWillDo() {
    GradientAudit implicit = withoutCosts(Methods.KVAERNO5, StepSize.Adaptive.of(1e-7, 1e-7));
    assertTrue(row(implicit, "discrete").errors().theta() < 1e-4, implicit.toString());
    assertEquals(2, row(implicit, "discrete").taylorSlope(), 0.05, implicit.toString());

    SecondOrderNeuralField swinging = SecondOrderNeuralField.of(NETWORK.field(1));
    double[] start = new double[2 * NETWORK.size()];
    System.arraycopy(NETWORK.state(1), 0, start, 0, NETWORK.size());
    GradientAudit symplectic =
        GradientAudit.withoutCosts(
            swinging,
            start,
            TIMES,
            TrajectoryLoss.traced(TIMES.length, start.length, y -> y.sin().square().mean()),
            Integrator.of(Methods.LEAPFROG, StepSize.Constant.of(0.02, 100)));
    assertTrue(row(symplectic, "discrete").errors().times() < 1e-2, symplectic.toString());
    assertEquals(2, row(symplectic, "discrete").taylorSlope(), 0.05, symplectic.toString());

    NeuralStochasticField noisy =
        NeuralStochasticField.of(
            NETWORK.layout(),
            NETWORK.rows(),
            NETWORK.columns(),
            NETWORK,
            (_, y, theta) -> y.mul(theta.get("c").slice(0, 0, 1).reshape()).sin().add(0.3),
            StochasticField.Noise.DIAGONAL,
            BrownianPath.of(5, NETWORK.size(), 0, 3));
    noisy.bind(NETWORK.theta(1));
    GradientAudit stochastic =
        GradientAudit.withoutCosts(
            noisy,
            NETWORK.state(1),
            TIMES,
            NETWORK.trajectoryLoss(TIMES.length),
            Integrator.of(Methods.EULER_MARUYAMA, StepSize.Constant.of(0.25, 8)));
    assertEquals(0, row(stochastic, "discrete").errors().theta(), "the path's own gradient");
    assertTrue(stochastic.check().theta() < 1e-9, stochastic.toString());
    assertTrue(Double.isNaN(stochastic.check().times()));
    assertTrue(stochastic.refused().size() >= 3, stochastic.toString());
  }

  /// 8 000 steps of Euler keep 8 000 rows of two times six numbers, each.
  @Test
  void memoryIsWhatIsHeld() {
    GradientAudit audit = audit(Methods.EULER, StepSize.Constant.of(2.5e-4, 8_000));
    double rows = 8_000 * 2 * NETWORK.size() * 8;
    double held = row(audit, "discrete").peakBytes();
    // Array headers and the rows' bookkeeping come on top.
    assertTrue(held > 0.9 * rows && held < 2.5 * rows, audit.toString());
    assertTrue(row(audit, "checkpointed 16").peakBytes() < held / 4, audit.toString());
  }
}
