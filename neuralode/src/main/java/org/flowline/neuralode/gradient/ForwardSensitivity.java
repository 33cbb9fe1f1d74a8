package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.VectorField;

/// The gradient by the sensitivities `S = ∂y/∂(y0, θ)`, solved forwards together with `y`:
///
///     dS/dt = ∂f/∂y S + ∂f/∂(y0, θ)        S(t₀) = (I, 0)        ∂L/∂(y0, θ) = Σ ∂L/∂y(tᵢ) S(tᵢ)
///
/// With respect to times: `∂L/∂tᵢ = ⟨∂L/∂y(tᵢ), f(tᵢ)⟩` and `∂L/∂t₀ = −⟨Σ_{i>0} ∂L/∂y(tᵢ) S(tᵢ),
/// f(t₀)⟩`. There is no backward pass and no stored trajectory.
///
/// A Runge–Kutta step of `(y, S)` is the derivative of a step of `y`. Hence with
/// [ErrorControl#STATE], where `y` alone controls the steps, the loss has the same bits as without
/// sensitivities, and its gradient in `y0` and θ equals [DiscreteAdjoint]'s up to rounding. With
/// [ErrorControl#ALL], the default, both approximate the true trajectory to the tolerance.
///
/// At an event `S` jumps by the saltation matrix, see [EventSensitivity]: the gradient
/// through events is the true trajectory's, with either control.
///
/// Memory: the observed sensitivities, `8 n (n + p)` bytes each, for any number of steps. Cost: per
/// evaluation one of `f`, `n` pullbacks and `n² (n + p)` multiply-adds. **Not** for more than some
/// ten components and parameters, hence not for networks: adjoint methods take the time of a few
/// solves for any number of either. Dickinson & Gelinas (1976), J. Comput. Phys. 21,
/// 123–143.
///
/// @param forward solves for `(y, S)`, which has `n (1 + n + p)` components
/// @param control the components of `(y, S)` in the error norm
public record ForwardSensitivity(Integrator forward, ErrorControl control)
    implements GradientMethod {

  /// @throws IllegalArgumentException if events jump by functions without derivatives, or the solve
  ///     is stochastic
  public ForwardSensitivity {
    ForwardPass.requireContinuous("forward sensitivity", forward);
  }

  /// The method with `y` and `S` in the error norm.
  public ForwardSensitivity(Integrator forward) {
    this(forward, ErrorControl.ALL);
  }

  /// This method with another control of the error.
  public ForwardSensitivity with(ErrorControl control) {
    return new ForwardSensitivity(forward, control);
  }

  @Override
  public PreparedGradient prepare(DifferentiableField field) {
    long n = field.dimension();
    return new PreparedGradient(
        (y0, times, loss) -> solve(field, y0, times, loss),
        () -> new MemoryUse(0, 8 * n * (n + field.parameterCount())));
  }

  private TrajectoryGradient solve(
      DifferentiableField field, double[] y0, double[] times, TrajectoryLoss loss) {
    ForwardPass pass = new ForwardPass("forward sensitivity", field, y0, times);
    int n = field.dimension();
    Sensitivities sensitivities = new Sensitivities(field);
    EventSensitivity events = new EventSensitivity(field, forward.events());
    Solution solution =
        control
            .over(events.over(forward), n, sensitivities.dimension())
            .solve(sensitivities, sensitivities.start(y0), times);
    return pass.gradient(
        solution,
        Solution::values,
        solved -> events.occurrences(solved.occurrences()),
        loss,
        cotangents -> gradient(field, times, solution, cotangents, events, sensitivities));
  }

  private static TrajectoryGradient gradient(
      DifferentiableField field,
      double[] times,
      Solution solution,
      LossCotangents loss,
      EventSensitivity events,
      Sensitivities sensitivities) {
    int n = field.dimension();
    double[] cotangents = loss.states();
    double[] gradient = new double[n + field.parameterCount()];
    double[] timesBar = new double[times.length];
    double[] rate = new double[n];
    events.addGradient(solution.occurrences(), loss.events(), gradient);
    for (int i = loss.reached() - 1; i >= 0; i--) {
      double[] state = solution.values()[i];
      field.evaluate(times[i], Arrays.copyOf(state, n), rate);
      timesBar[i] = i > 0 ? Vectors.dot(cotangents, i * n, rate) : -Vectors.dot(gradient, 0, rate);
      for (int row = 0; row < n; row++) {
        Vectors.axpy(cotangents[i * n + row], state, n + row * gradient.length, gradient);
      }
    }
    return new TrajectoryGradient(
        loss.value(),
        Arrays.copyOfRange(gradient, n, gradient.length),
        Arrays.copyOf(gradient, n),
        timesBar,
        solution.status(),
        solution.stats(),
        sensitivities.pullbacks);
  }

  /// The field on `(y, S)`, with `S` row by row: `∂yᵢ/∂y0` and `∂yᵢ/∂θ` for one `i` after the
  /// other.
  private static final class Sensitivities implements VectorField {
    private final DifferentiableField field;
    private final int n;
    private final int columns;
    private final double[] y;
    private final double[] dydt;
    private final double[] unit;
    private final double[] jacobianRow;
    private final double[] thetaRow;
    private long pullbacks;

    Sensitivities(DifferentiableField field) {
      this.field = field;
      this.n = field.dimension();
      this.columns = n + field.parameterCount();
      this.y = new double[n];
      this.dydt = new double[n];
      this.unit = new double[n];
      this.jacobianRow = new double[n];
      this.thetaRow = new double[field.parameterCount()];
    }

    double[] start(double[] y0) {
      if (y0.length != n) {
        throw new IllegalArgumentException(
            "forward sensitivity: y0 has " + y0.length + " components; the field has " + n);
      }
      double[] state = Arrays.copyOf(y0, dimension());
      for (int i = 0; i < n; i++) {
        state[n + i * columns + i] = 1;
      }
      return state;
    }

    @Override
    public int dimension() {
      return n * (1 + columns);
    }

    @Override
    public Breakpoints breakpoints() {
      return field.breakpoints();
    }

    @Override
    public void evaluate(double t, double[] state, double[] rate) {
      System.arraycopy(state, 0, y, 0, n);
      field.evaluate(t, y, dydt);
      System.arraycopy(dydt, 0, rate, 0, n);
      for (int i = 0; i < n; i++) {
        unit[i] = 1;
        Arrays.fill(thetaRow, 0);
        field.pullback(t, y, unit, jacobianRow, thetaRow);
        unit[i] = 0;
        int row = n + i * columns;
        Arrays.fill(rate, row, row + n, 0);
        System.arraycopy(thetaRow, 0, rate, row + n, columns - n);
        for (int k = 0; k < n; k++) {
          addRow(jacobianRow[k], state, n + k * columns, rate, row);
        }
      }
      pullbacks += n;
    }

    private void addRow(double factor, double[] state, int from, double[] rate, int to) {
      for (int j = 0; j < columns; j++) {
        rate[to + j] += factor * state[from + j];
      }
    }
  }
}
