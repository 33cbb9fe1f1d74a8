package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Reversible;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stochastic;
import org.flowline.odesolvers.method.Symplectic;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.LUDecomposition;

/// The pullback of one kind of step, from the cotangents of its slopes to their arguments.
/// The other half, from `y1` and the dense output to the slopes, is the same for every method and
/// in [ReverseSweep].
sealed interface StepAdjoint
    permits RosenbrockAdjoint, RungeKuttaAdjoint, StochasticAdjoint, SymplecticAdjoint {

  /// The adjoint of a method's steps on a field.
  ///
  /// @throws IllegalArgumentException if the method has none, or needs more of the field
  static StepAdjoint of(Method method, DifferentiableField field) {
    return switch (method) {
      case ButcherTableau tableau -> new RungeKuttaAdjoint(tableau, field);
      case Rosenbrock rosenbrock -> new RosenbrockAdjoint(rosenbrock, field);
      case Symplectic symplectic -> new SymplecticAdjoint(symplectic, field);
      case Stochastic stochastic -> new StochasticAdjoint(stochastic, field);
      case Reversible _, Stabilised _, HipparchusMethod _ -> throw without(method);
    };
  }

  /// @throws IllegalArgumentException if the method's steps have no adjoint
  static void require(Method method) {
    switch (method) {
      case ButcherTableau _, Rosenbrock _, Symplectic _, Stochastic _ -> {}
      case Reversible _ ->
          throw new IllegalArgumentException(
              "discrete adjoint: method %s is differentiated without a trajectory; use ReversibleAdjoint"
                  .formatted(method.name()));
      case Stabilised _, HipparchusMethod _ -> throw without(method);
    }
  }

  private static IllegalArgumentException without(Method method) {
    return new IllegalArgumentException(
        "discrete adjoint: method %s; want one whose steps can be differentiated, such as TSIT5 or RODAS5P"
            .formatted(method.name()));
  }

  /// Pulls the cotangents of a recorded step's slopes back and adds the results to the cotangents
  /// of `y0`, θ, start and size.
  void pullBack(Trajectory trajectory, int step, Cotangents bar);

  /// The cotangents of one step: of its slopes `kᵢ`, its start `y0`, θ, its time `t` at fixed size,
  /// and its size `h`.
  final class Cotangents {
    /// The part of the largest `‖a‖` below which differences of `∂L/∂θ` are rounding.
    private static final double NEGLIGIBLE = 1e-3;

    final double[][] slopes;

    /// True for the slopes that the loss depends on.
    final boolean[] reached;

    final double[] y0;

    /// Accumulated over all steps.
    final double[] theta;

    double start;
    double size;
    long pullbacks;

    /// True if [#squareRate] is read.
    boolean isRated;

    /// The square of the largest `‖aᵀ ∂f/∂y‖ / ‖a‖` of the stages of the step.
    double squareRate;

    /// True for a step whose stages' `q = ‖aᵀ ∂f/∂θ‖ / ‖a‖`, by sums of magnitudes, are compared.
    private boolean isWatched;

    private double least;
    private double most;

    /// The largest `‖a‖` of a watched step.
    private double largest;

    /// `∂L/∂θ` before the current stage of a watched step; null until the first.
    private double[] thetaBefore;

    /// The cotangent of the first slope where that is the last one of the step before (FSAL).
    final double[] pending;

    boolean isPending;

    Cotangents(int stages, int n, int parameters) {
      this.slopes = new double[stages][n];
      this.reached = new boolean[stages];
      this.y0 = new double[n];
      this.theta = new double[parameters];
      this.pending = new double[n];
    }

    /// The number of values held.
    long doubles() {
      return (slopes.length + 2L) * y0.length + theta.length * (thetaBefore == null ? 1 : 2);
    }

    /// Resets all for another sweep.
    void restart() {
      clear();
      Arrays.fill(theta, 0);
      isPending = false;
      pullbacks = 0;
    }

    /// Resets time, size and rate for another step; [ReverseSweep] resets `y0`.
    void clear() {
      start = 0;
      size = 0;
      squareRate = 0;
      isWatched = false;
      least = Double.POSITIVE_INFINITY;
      most = 0;
      largest = 0;
    }

    /// Compares the stages of the next step, which is not cleared any more.
    void watch() {
      isWatched = true;
      if (thetaBefore == null) {
        thetaBefore = new double[theta.length];
      }
      System.arraycopy(theta, 0, thetaBefore, 0, theta.length);
    }

    /// `1 − min q / max q`, the relative change of `∂f/∂θ` within a watched step.
    double change() {
      return most > 0 ? 1 - least / most : 0;
    }

    /// Takes a stage's pullback of `a` into account in [#squareRate] and [#change], for steps whose
    /// error is estimated.
    void rate(double[] a, double[] yBar) {
      if (!isRated) {
        return;
      }
      double square = Vectors.dot(a, 0, a);
      if (square > 0) {
        squareRate = Math.max(squareRate, Vectors.dot(yBar, 0, yBar) / square);
      }
      if (isWatched) {
        double sum = 0;
        for (int j = 0; j < theta.length; j++) {
          sum += Math.abs(theta[j] - thetaBefore[j]);
        }
        System.arraycopy(theta, 0, thetaBefore, 0, theta.length);
        double size = 0;
        for (double component : a) {
          size += Math.abs(component);
        }
        if (size > NEGLIGIBLE * largest) {
          largest = Math.max(largest, size);
          least = Math.min(least, sum / size);
          most = Math.max(most, sum / size);
        }
      }
    }

    /// `k̄ᵢ += factor · x`
    void add(int i, double factor, double[] x, int from) {
      reached[i] = true;
      Vectors.axpy(factor, x, from, slopes[i]);
    }
  }

  /// The linear system `(I − w Jᵀ) u = v` of an implicit stage's pullback, with the field's
  /// Jacobian `J`, one pullback per row.
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
          new LUDecomposition(new Array2DRowRealMatrix(matrix, false), Double.MIN_NORMAL)
              .getSolver();
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
}
