package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;

/// The continuous adjoint along the dense output `ŷ` of the forward solve, solved backwards with a
/// solver and tolerance of its own:
///
///     da/dt = −aᵀ ∂f/∂y(t, ŷ(t))        dg/dt = −aᵀ ∂f/∂θ(t, ŷ(t))
///
/// `a` jumps by `∂L/∂y(tᵢ)` at observations, and at events by the transposed saltation matrix, see
/// [org.flowline.neuralode.event.TracedEvents]. `ŷ` is interpolated and not solved for again, so
/// that the method is right on contracting fields, where [Backsolve] is wrong. It gives the
/// gradient of the *true* trajectory, up to the tolerances of both solves and the order of the
/// dense output. Use it where the backward solve needs another solver, such as a stiff one at a
/// loose tolerance.
///
/// Memory: every accepted step with its stages, as [DiscreteAdjoint]. Cost: one pullback per
/// evaluation of the backward solve. **Not** where the exact gradient of the computed loss is
/// needed, as by a line search: [DiscreteAdjoint] costs no more memory, and rarely more time.
///
/// @param forward solves for `y`
/// @param backward solves for `(a, g)`, which has `n + p` components; its absolute tolerance is
///     relative to the sum of all `|∂L/∂y(tᵢ)|`
/// @param control the components of `(a, g)` in the backward error norm; [ErrorControl#STATE]
///     leaves the quadrature `g` out
public record InterpolatedAdjoint(Integrator forward, Integrator backward, ErrorControl control)
    implements GradientMethod {

  /// @throws IllegalArgumentException if events jump by functions without derivatives, there are
  ///     events backward, a solve is stochastic, or the backward method has stages beyond the ends
  ///     of its steps
  public InterpolatedAdjoint {
    ForwardPass.requireContinuous("interpolated adjoint", forward);
    ForwardPass.requireContinuous("interpolated adjoint", backward);
    ForwardPass.requireNoEvents("interpolated adjoint", backward);
    requireInside(backward.method());
  }

  /// Refuses methods with stages beyond the end of a step, where there is no dense output.
  private static void requireInside(Method backward) {
    if (backward instanceof ButcherTableau tableau) {
      for (int i = 0; i < tableau.stages(); i++) {
        if (tableau.c(i) < 0 || tableau.c(i) > 1) {
          throw new IllegalArgumentException(
              "interpolated adjoint: %s backward evaluates beyond its steps, at c = %s; want one that does not, such as KVAERNO4 or RODAS5P"
                  .formatted(tableau.name(), tableau.c(i)));
        }
      }
    }
  }

  /// The method with `a` and `g` in the backward error norm.
  public InterpolatedAdjoint(Integrator forward, Integrator backward) {
    this(forward, backward, ErrorControl.ALL);
  }

  /// The method with one solver and tolerance for both directions.
  ///
  /// @throws IllegalArgumentException if the step size is fixed, since fixed steps have one
  ///     direction
  public InterpolatedAdjoint(Integrator both) {
    this(both, both.withoutEvents());
    if (!(both.stepSize() instanceof StepSize.Adaptive)) {
      throw new IllegalArgumentException(
          "interpolated adjoint: fixed steps go one way only; give a forward and a backward"
              + " integrator");
    }
  }

  /// This method with another control of the backward error.
  public InterpolatedAdjoint with(ErrorControl control) {
    return new InterpolatedAdjoint(forward, backward, control);
  }

  @Override
  public PreparedGradient prepare(DifferentiableField field) {
    Trajectory trajectory = new Trajectory();
    InterpolatedField adjoint = new InterpolatedField(field, trajectory);
    return new PreparedGradient(
        (y0, times, loss) -> solve(field, adjoint, y0, times, loss),
        () -> new MemoryUse(trajectory.bytes(), 8L * adjoint.dimension()));
  }

  private TrajectoryGradient solve(
      DifferentiableField field,
      InterpolatedField adjoint,
      double[] y0,
      double[] times,
      TrajectoryLoss loss) {
    ForwardPass pass = new ForwardPass("interpolated adjoint", field, y0, times);
    adjoint.clear();
    Solution solution = forward.withObserver(adjoint.trajectory).solve(field, y0, times);
    Integrator solver = control.over(backward, field.dimension(), adjoint.dimension());
    return pass.gradient(
        solution,
        loss,
        cotangents -> {
          BackwardSolve solve =
              new BackwardSolve(
                  field, adjoint, solver, times, cotangents, solution, adjoint::setEvent);
          double from = solution.status().t();
          for (int i = cotangents.reached() - 1; i >= 0; i--) {
            if (from != times[i] && !solve.solve(from, times[i])) {
              return pass.failed(solve.status(), solution.stats());
            }
            solve.observe(i, solution.values()[i]);
            from = times[i];
          }
          return solve.gradient(cotangents.value(), solution, Double.NaN);
        });
  }

  /// The adjoint equations on `(a, g)` along a recorded trajectory.
  private static final class InterpolatedField implements VectorField {
    private final DifferentiableField field;
    private final Trajectory trajectory;
    private final double[] y;
    private final double[] a;
    private final double[] yBar;
    private final double[] thetaBar;

    /// The time of an event and the state before it, which dense output does not give there.
    private double eventTime = Double.NaN;

    private double[] beforeEvent;

    InterpolatedField(DifferentiableField field, Trajectory trajectory) {
      this.field = field;
      this.trajectory = trajectory;
      this.y = new double[field.dimension()];
      this.a = new double[y.length];
      this.yBar = new double[y.length];
      this.thetaBar = new double[field.parameterCount()];
    }

    /// Clears the trajectory and the event.
    void clear() {
      trajectory.clear();
      eventTime = Double.NaN;
    }

    void setEvent(double[] state, double t, double[] before, double[] after) {
      eventTime = t;
      beforeEvent = before;
    }

    @Override
    public int dimension() {
      return a.length + thetaBar.length;
    }

    @Override
    public Breakpoints breakpoints() {
      return field.breakpoints();
    }

    @Override
    public void evaluate(double t, double[] state, double[] rate) {
      int n = a.length;
      if (t == eventTime) {
        System.arraycopy(beforeEvent, 0, y, 0, n);
      } else {
        trajectory.evaluate(t, y);
      }
      System.arraycopy(state, 0, a, 0, n);
      Arrays.fill(thetaBar, 0);
      field.pullback(t, y, a, yBar, thetaBar);
      Vectors.negate(yBar, 0, n, rate, 0);
      Vectors.negate(thetaBar, 0, thetaBar.length, rate, n);
    }
  }
}
