package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;

/// The linearisation of a field at a point, `f(t + δ, y + d) ≈ f + J d + δ ∂f/∂t`, and the solution
/// of `(I − w J) x = r` for the factorised weight `w`.
///
/// `J` is exact for a [FieldWithJacobian], and otherwise by forward differences. The factors are
/// computed by Hipparchus and kept until `w` or `J` changes; solving allocates nothing.
final class Linearisation {

  private static final double ROOT_OF_EPSILON = Math.sqrt(Math.ulp(1.0));

  /// The size below which a component's increment no longer shrinks with it, if there is no
  /// absolute tolerance.
  private static final double SMALL = 1e-5;

  private final CountedField counted;
  private final FieldWithJacobian exact;
  private final int n;
  private final double[] noise;
  private final double[][] jacobian;

  /// `∂f/∂t` at the point of the Jacobian.
  final double[] timeDerivative;

  private final double[] moved;
  private final double[] slope;

  /// `f(t, y)`; the slope of an implicit stage would have a larger error than a difference.
  private final double[] f;

  private double[][] lower;
  private double[][] upper;
  private int[] pivot;
  private boolean regular;

  /// The weight `w` of the factors; NaN if the present Jacobian is not factorised.
  private double weight = Double.NaN;

  /// @param size the step size, whose absolute tolerances are the sizes of negligible components
  Linearisation(CountedField counted, VectorField field, StepSize size) {
    this.counted = counted;
    this.exact = field instanceof FieldWithJacobian differentiable ? differentiable : null;
    this.n = field.dimension();
    this.noise = noise(size, n);
    this.jacobian = new double[n][n];
    this.timeDerivative = new double[n];
    this.moved = new double[n];
    this.slope = new double[n];
    this.f = new double[n];
  }

  private static double[] noise(StepSize size, int n) {
    double[] noise = new double[n];
    Arrays.fill(noise, SMALL);
    if (size instanceof StepSize.Adaptive adaptive) {
      double[] atol = adaptive.tolerance().atol();
      for (int j = 0; j < n; j++) {
        noise[j] = Math.min(SMALL, atol[atol.length == 1 ? 0 : j]);
      }
    }
    return noise;
  }

  /// Computes the Jacobian at `(t, y)`, and `∂f/∂t` by a difference over `δ`, which must not leave
  /// the interval; not if `δ` is zero.
  void at(double t, double[] y, double delta) {
    counted.jacobians++;
    weight = Double.NaN;
    if (exact != null) {
      for (double[] row : jacobian) {
        Arrays.fill(row, 0);
      }
      Arrays.fill(timeDerivative, 0);
      exact.jacobian(t, y, jacobian, timeDerivative);
      return;
    }
    counted.evaluate(t, y, f);
    System.arraycopy(y, 0, moved, 0, n);
    for (int j = 0; j < n; j++) {
      double size = Math.max(noise[j], Math.abs(y[j]));
      moved[j] = y[j] + Math.copySign(ROOT_OF_EPSILON * size, f[j]);
      double increment = moved[j] - y[j];
      counted.evaluate(t, moved, slope);
      for (int i = 0; i < n; i++) {
        jacobian[i][j] = (slope[i] - f[i]) / increment;
      }
      moved[j] = y[j];
    }
    if (delta != 0) {
      double increment = t + delta - t;
      counted.evaluate(t + increment, y, slope);
      for (int i = 0; i < n; i++) {
        timeDerivative[i] = (slope[i] - f[i]) / increment;
      }
    }
  }

  /// Returns the `δ` of the difference quotient of `∂f/∂t` within a step of size `h` from `t`.
  static double increment(double t, double h) {
    double size = Math.max(Math.abs(t), Math.abs(h));
    return Math.copySign(Math.min(ROOT_OF_EPSILON * size, Math.abs(h)), h);
  }

  /// `out_i += factor · (J x)_i`
  void addProduct(double factor, double[] x, double[] out) {
    for (int i = 0; i < n; i++) {
      double[] row = jacobian[i];
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += row[j] * x[j];
      }
      out[i] += factor * sum;
    }
  }

  /// Factorises `I − w J`, unless that is done already.
  ///
  /// @return whether the matrix is regular
  boolean factorise(double w) {
    if (weight == w) {
      return regular;
    }
    counted.factorisations++;
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i][j] = (i == j ? 1 : 0) - w * jacobian[i][j];
      }
    }
    var decomposition =
        new LUDecomposition(new Array2DRowRealMatrix(matrix, false), Double.MIN_NORMAL);
    regular = decomposition.getSolver().isNonSingular();
    if (regular) {
      lower = decomposition.getL().getData();
      upper = decomposition.getU().getData();
      pivot = decomposition.getPivot();
    }
    weight = w;
    return regular;
  }

  /// Overwrites `x` with the solution of `(I − w J) x = r`; `r` and `x` must differ.
  void solve(double[] r, double[] x) {
    for (int i = 0; i < n; i++) {
      double sum = r[pivot[i]];
      for (int j = 0; j < i; j++) {
        sum -= lower[i][j] * x[j];
      }
      x[i] = sum;
    }
    for (int i = n - 1; i >= 0; i--) {
      double sum = x[i];
      for (int j = i + 1; j < n; j++) {
        sum -= upper[i][j] * x[j];
      }
      x[i] = sum / upper[i][i];
    }
  }

  /// Returns the Jacobian and `∂f/∂t`, for a [Checkpoint].
  double[] saveState() {
    double[] state = new double[n * n + n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(jacobian[i], 0, state, i * n, n);
    }
    System.arraycopy(timeDerivative, 0, state, n * n, n);
    return state;
  }

  /// Restores the result of [#saveState], which begins at `offset`.
  void restoreState(double[] state, int offset) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(state, offset + i * n, jacobian[i], 0, n);
    }
    System.arraycopy(state, offset + n * n, timeDerivative, 0, n);
    weight = Double.NaN;
  }
}
