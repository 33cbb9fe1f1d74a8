package org.flowline.odesolvers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;

/// The linearisation of a field at a point, `f(t + δ, y + d) ≈ f + J d + δ ∂f/∂t`, and the solution
/// of `(I − w J) x = r` for the factorised weight `w`.
///
/// `J` is exact for a [FieldWithJacobian], and otherwise by forward differences,
///
///     δ_j = √ε max(|y_j|, min(atol_j, s_j))
///
/// where `s_j` is the largest `|y_j|` so far, and initially `|h f_j|` if `y_j` is zero. The factors
/// are computed by Hipparchus and kept until `w` or `J` changes; solving allocates nothing.
final class Linearisation {

  private static final double ROOT_OF_EPSILON = Math.sqrt(Math.ulp(1.0));

  /// The size of a component that is zero and at rest, in units of the largest one.
  private static final double SMALL = 1e-5;

  /// The time in which a field changes by its own size, in steps.
  private static final double STEPS_PER_CHANGE = 10;

  /// The largest rounding error of the field, in units of its terms.
  private static final double ROUNDED = 1e-10;

  private final CountedField counted;
  private final FieldWithJacobian exact;
  private final int n;
  private final double[] atol;

  /// The sizes `s_j` of the components; 0 if unknown.
  private final double[] sizes;

  private final double[][] jacobian;

  /// `∂f/∂t` at the point of the Jacobian.
  final double[] timeDerivative;

  /// The state at which the Jacobian was computed.
  final double[] point;

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
    this.atol = atol(size, n);
    this.sizes = new double[n];
    this.jacobian = new double[n][n];
    this.timeDerivative = new double[n];
    this.point = new double[n];
    this.moved = new double[n];
    this.slope = new double[n];
    this.f = new double[n];
  }

  private static double[] atol(StepSize size, int n) {
    double[] none = {Double.POSITIVE_INFINITY};
    return ErrorNorm.each(
        "atol", size instanceof StepSize.Adaptive adaptive ? adaptive.tolerance().atol() : none, n);
  }

  /// Computes the Jacobian at `(t, y)`, the start of a step of size `h`.
  void atStart(double t, double[] y, double h) {
    if (exact == null) {
      counted.evaluate(t, y, f);
      measure(y, h);
    }
    differentiate(t, y);
  }

  /// Computes the Jacobian at a stage.
  void atStage(double t, double[] y) {
    if (exact == null) {
      counted.evaluate(t, y, f);
    }
    differentiate(t, y);
  }

  private void differentiate(double t, double[] y) {
    counted.jacobians++;
    weight = Double.NaN;
    System.arraycopy(y, 0, point, 0, n);
    if (exact != null) {
      for (double[] row : jacobian) {
        Arrays.fill(row, 0);
      }
      Arrays.fill(timeDerivative, 0);
      exact.jacobian(t, y, jacobian, timeDerivative);
      return;
    }
    System.arraycopy(y, 0, moved, 0, n);
    for (int j = 0; j < n; j++) {
      double size = Math.max(Math.abs(y[j]), Math.min(atol[j], sizes[j]));
      double delta = Math.max(ROOT_OF_EPSILON * (size > 0 ? size : SMALL), Double.MIN_NORMAL);
      moved[j] = y[j] + Math.copySign(delta, f[j]);
      double increment = moved[j] - y[j];
      counted.evaluate(t, moved, slope);
      for (int i = 0; i < n; i++) {
        jacobian[i][j] = (slope[i] - f[i]) / increment;
      }
      moved[j] = y[j];
    }
  }

  /// Updates the sizes of the components, where the field is `f`.
  private void measure(double[] y, double h) {
    double largest = largest(y);
    double fallback = largest > 0 ? largest : Math.abs(h) * largest(f);
    for (int j = 0; j < n; j++) {
      if (sizes[j] == 0 && y[j] == 0 && fallback < Double.POSITIVE_INFINITY) {
        sizes[j] = Math.clamp(Math.abs(h * f[j]), SMALL * fallback, fallback);
      }
      sizes[j] = Math.max(sizes[j], Math.abs(y[j]));
    }
  }

  private static double largest(double[] x) {
    double largest = 0;
    for (double component : x) {
      largest = Math.max(largest, Math.abs(component));
    }
    return largest;
  }

  /// Computes the Jacobian at `(t, y)`, and `∂f/∂t` by a difference within a step of size `h`. With
  /// the time `s` in which the field changes, rounding of `t` and `f` and the second derivative are
  /// balanced at `δ = √(ε s (|t| + s))`.
  void withTimeDerivative(double t, double[] y, double h) {
    atStart(t, y, h);
    if (exact == null) {
      double change = STEPS_PER_CHANGE * Math.abs(h);
      double delta = ROOT_OF_EPSILON * Math.sqrt(change) * Math.sqrt(Math.abs(t) + change);
      double increment = t + Math.copySign(Math.min(delta, Math.abs(h)), h) - t;
      counted.evaluate(t + increment, y, slope);
      for (int i = 0; i < n; i++) {
        timeDerivative[i] = (slope[i] - f[i]) / increment;
      }
    }
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

  /// Subtracts from the deviations of `y` from the linear field what explains them: rounding errors
  /// of `y` and at the Jacobian's point, and `|x| + |w J| |x|`. Some of them remains where the
  /// Jacobian is another one than at its point, such as for `y' = 1/y` if the point is far below
  /// the tolerance: all changes are small there, and no solution is near.
  ///
  /// @param deviation overwritten by its magnitude beyond that
  /// @param x overwritten
  /// @return whether nothing remains
  boolean explains(double w, double[] deviation, double[] x, double[] y) {
    for (int j = 0; j < n; j++) {
      x[j] = Math.abs(x[j]) + ROUNDED * Math.abs(point[j]);
    }
    boolean all = true;
    for (int i = 0; i < n; i++) {
      double terms = 0;
      for (int j = 0; j < n; j++) {
        terms += Math.abs(jacobian[i][j]) * x[j];
      }
      terms = Math.abs(w) * terms + x[i] + ROUNDED * Math.abs(y[i]);
      deviation[i] = Math.max(0, Math.abs(deviation[i]) - terms);
      all &= deviation[i] == 0;
    }
    return all;
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

  /// Returns the sizes of the components, and with `all` the Jacobian, `∂f/∂t` and their point, for
  /// a [Checkpoint].
  double[] saveState(boolean all) {
    double[] state = new double[all ? n * n + 3 * n : n];
    int to = 0;
    for (double[] part : parts(all)) {
      System.arraycopy(part, 0, state, to, n);
      to += n;
    }
    return state;
  }

  /// Restores the result of [#saveState], which begins at `offset`.
  void restoreState(double[] state, int offset, boolean all) {
    int from = offset;
    for (double[] part : parts(all)) {
      System.arraycopy(state, from, part, 0, n);
      from += n;
    }
    weight = Double.NaN;
  }

  private List<double[]> parts(boolean all) {
    List<double[]> parts = new ArrayList<>(List.of(sizes));
    if (all) {
      parts.addAll(List.of(timeDerivative, point));
      parts.addAll(Arrays.asList(jacobian));
    }
    return parts;
  }
}
