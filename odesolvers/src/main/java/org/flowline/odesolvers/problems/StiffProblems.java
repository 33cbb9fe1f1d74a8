package org.flowline.odesolvers.problems;

import java.util.List;
import java.util.function.BiConsumer;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;

/// Four stiff problems with their exact Jacobians. Start and end states: Mazzia & Magherini (2008),
/// Test Set for IVP Solvers, release 2.4, Bari.
public final class StiffProblems {

  // formatter:off

  /// An autocatalytic reaction in three species, on `[0, 1e11]`: rates `0.04`, `3e7` and `1e4`, and
  /// a second component below 4e-5, which needs a small absolute tolerance. Robertson (1966).
  public static final TestProblem ROBERTSON =
      problem("Robertson", StiffProblems::robertson, StiffProblems::robertson, 1e11,
          new double[] {1, 0, 0},
          new double[] {0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050})
      .withSizes(1e-8, 1e-11, 1);

  /// Van der Pol's oscillator with `μ = 1000` on `[0, 2000]`: a slow drift, then a jump in a
  /// thousandth of the time.
  ///
  ///     y0' = y1        y1' = μ (1 − y0²) y1 − y0
  ///
  /// The test set uses the scaled time `t/μ`, hence `μ` times this second component.
  public static final TestProblem VAN_DER_POL =
      problem("Van der Pol", StiffProblems::vanDerPol, StiffProblems::vanDerPol, 2000,
          new double[] {2, 0},
          new double[] {1.706167732170483, -8.928097010247975e-4});

  /// HIRES, the high irradiance response of a plant's morphogenesis, eight species, on
  /// `[0, 321.8122]`. Schäfer (1975).
  public static final TestProblem HIRES =
      problem("HIRES", StiffProblems::hires, StiffProblems::hires, 321.8122,
          new double[] {1, 0, 0, 0, 0, 0, 0, 0.0057},
          new double[] {
            0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4,
            0.1175651343283149e-2, 0.2386356198831331e-2, 0.6238968252742796e-2,
            0.2849998395185769e-2, 0.2850001604814231e-2,
          });

  /// The Oregonator, Belousov and Zhabotinskii's oscillating reaction, on `[0, 360]`. Field & Noyes
  /// (1974).
  public static final TestProblem OREGONATOR =
      problem("Oregonator", StiffProblems::oregonator, StiffProblems::oregonator, 360,
          new double[] {1, 2, 3},
          new double[] {0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3});

  // formatter:on

  private StiffProblems() {}

  /// All four problems.
  public static List<TestProblem> all() {
    return List.of(ROBERTSON, VAN_DER_POL, HIRES, OREGONATOR);
  }

  private static final double VAN_DER_POL_MU = 1000;

  private static void robertson(double t, double[] y, double[] dydt) {
    double slow = 0.04 * y[0];
    double back = 1e4 * y[1] * y[2];
    double fast = 3e7 * y[1] * y[1];
    dydt[0] = back - slow;
    dydt[1] = slow - back - fast;
    dydt[2] = fast;
  }

  private static void robertson(double[] y, double[][] dfdy) {
    dfdy[2][1] = 6e7 * y[1];
    dfdy[0][0] = -0.04;
    dfdy[0][1] = 1e4 * y[2];
    dfdy[0][2] = 1e4 * y[1];
    dfdy[1][0] = 0.04;
    dfdy[1][1] = -1e4 * y[2] - 6e7 * y[1];
    dfdy[1][2] = -1e4 * y[1];
  }

  private static void vanDerPol(double t, double[] y, double[] dydt) {
    dydt[0] = y[1];
    dydt[1] = VAN_DER_POL_MU * (1 - y[0] * y[0]) * y[1] - y[0];
  }

  private static void vanDerPol(double[] y, double[][] dfdy) {
    dfdy[0][1] = 1;
    dfdy[1][0] = -2 * VAN_DER_POL_MU * y[0] * y[1] - 1;
    dfdy[1][1] = VAN_DER_POL_MU * (1 - y[0] * y[0]);
  }

  private static void hires(double t, double[] y, double[] dydt) {
    double binding = 280 * y[5] * y[7];
    double release = 1.81 * y[6];
    dydt[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
    dydt[1] = 1.71 * y[0] - 8.75 * y[1];
    dydt[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
    dydt[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
    dydt[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
    dydt[5] = -binding + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
    dydt[6] = binding - release;
    dydt[7] = release - binding;
  }

  // formatter:off
  private static void hires(double[] y, double[][] dfdy) {
    double y5 = 280 * y[5];
    double y7 = 280 * y[7];
    double[][] rows = {
      {-1.71,  0.43,   8.32,   0,     0,      0,          0,     0},
      { 1.71, -8.75,   0,      0,     0,      0,          0,     0},
      { 0,     0,    -10.03,   0.43,  0.035,  0,          0,     0},
      { 0,     8.32,   1.71,  -1.12,  0,      0,          0,     0},
      { 0,     0,      0,      0,    -1.745,  0.43,       0.43,  0},
      { 0,     0,      0,      0.69,  1.71,  -0.43 - y7,  0.69, -y5},
      { 0,     0,      0,      0,     0,      y7,        -1.81,  y5},
      { 0,     0,      0,      0,     0,     -y7,         1.81, -y5},
    };
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, dfdy[i], 0, rows.length);
    }
  }
  // formatter:on

  private static void oregonator(double t, double[] y, double[] dydt) {
    dydt[0] = 77.27 * (y[1] + y[0] * (1 - 8.375e-6 * y[0] - y[1]));
    dydt[1] = (y[2] - (1 + y[0]) * y[1]) / 77.27;
    dydt[2] = 0.161 * (y[0] - y[2]);
  }

  private static void oregonator(double[] y, double[][] dfdy) {
    dfdy[0][0] = 77.27 * (1 - 2 * 8.375e-6 * y[0] - y[1]);
    dfdy[0][1] = 77.27 * (1 - y[0]);
    dfdy[1][0] = -y[1] / 77.27;
    dfdy[1][1] = -(1 + y[0]) / 77.27;
    dfdy[1][2] = 1 / 77.27;
    dfdy[2][0] = 0.161;
    dfdy[2][2] = -0.161;
  }

  private static TestProblem problem(
      String name,
      VectorField.Rhs f,
      BiConsumer<double[], double[][]> jacobian,
      double t1,
      double[] y0,
      double[] end) {
    return TestProblem.of(name, new Autonomous(y0.length, f, jacobian), y0, 0, t1, end)
        .withSizes(0.01);
  }

  /// A field that does not depend on `t`; `slopes` sets `dfdy[i][j] = ∂f_i/∂y_j`, if that is not
  /// zero.
  private record Autonomous(
      int dimension, VectorField.Rhs f, BiConsumer<double[], double[][]> slopes)
      implements FieldWithJacobian {
    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      f.evaluate(t, y, dydt);
    }

    @Override
    public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
      slopes.accept(y, dfdy);
    }
  }
}
