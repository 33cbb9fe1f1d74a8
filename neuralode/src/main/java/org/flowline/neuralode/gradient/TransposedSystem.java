package org.flowline.neuralode.gradient;

import org.flowline.neuralode.DifferentiableField;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.LUDecomposition;

/// The linear system `(I − w Jᵀ) u = v` of an implicit stage's pullback, with the field's Jacobian
/// `J`, one pullback per row.
final class TransposedSystem {
  private final int n;
  private final double[][] jacobian;
  private final DecompositionSolver solver;

  TransposedSystem(DifferentiableField field, double t, double[] y, double w) {
    this.n = field.dimension();
    this.jacobian = new double[n][n];
    double[] unit = new double[n];
    double[] ignored = new double[field.parameterCount()];
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      unit[i] = 1;
      field.pullback(t, y, unit, jacobian[i], ignored);
      unit[i] = 0;
      for (int j = 0; j < n; j++) {
        matrix[j][i] = (i == j ? 1 : 0) - w * jacobian[i][j];
      }
    }
    this.solver =
        new LUDecomposition(new Array2DRowRealMatrix(matrix, false), Double.MIN_NORMAL).getSolver();
  }

  /// The number of pullbacks that the Jacobian took.
  int pullbacks() {
    return n;
  }

  /// `u`, in a new array.
  double[] solve(double[] v) {
    return solver.solve(new ArrayRealVector(v, false)).toArray();
  }

  /// Overwrites `out` with `Jᵀ u`.
  void product(double[] u, double[] out) {
    for (int column = 0; column < n; column++) {
      double sum = 0;
      for (int row = 0; row < n; row++) {
        sum += jacobian[row][column] * u[row];
      }
      out[column] = sum;
    }
  }
}
