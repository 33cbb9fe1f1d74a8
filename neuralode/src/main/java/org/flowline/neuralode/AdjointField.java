package org.flowline.neuralode;

import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.ThreadTeam;

/// BACKWARD, the second of the three fields: the adjoint of `dy/dt = f(t, y; θ)` on `(y, a, g)`,
/// integrated from `t1` down to `t0`,
///
///     dy/dt = f        da/dt = −aᵀ ∂f/∂y        dg/dt = −aᵀ ∂f/∂θ
///
/// Memory O(1) in the number of steps. `y` is solved again backwards and drifts where the forward
/// field contracts; see [org.flowline.neuralode.gradient.Backsolve]. For the exact gradient of the
/// computed trajectory use [org.flowline.neuralode.gradient.DiscreteAdjoint].
///
/// Layout: `y` in `[0, n)`, `a` in `[n, 2n)`, `g` in `[2n, 2n + p)`. Chen et al. (2018), eqs. 4–5.
/// Not thread-safe.
public final class AdjointField implements ParallelField {
  private final DifferentiableField f;
  private final AdjointState s;

  /// The adjoint of this field under the θ bound to it.
  public AdjointField(DifferentiableField field) {
    this.f = field;
    this.s = new AdjointState(field.dimension(), field.parameterCount(), team());
  }

  @Override
  public int dimension() {
    return 2 * f.dimension() + f.parameterCount();
  }

  @Override
  public Breakpoints breakpoints() {
    return f.breakpoints();
  }

  @Override
  public void evaluate(double t, double[] state, double[] rate) {
    s.read(state); // y, a
    f.evaluateAndPullback(t, s.y, s.a, s.dydt, s.yBar, s.thetaBar); // f, aᵀ ∂f/∂y, aᵀ ∂f/∂θ
    s.writeNegated(rate); // f, −aᵀ ∂f/∂y, −aᵀ ∂f/∂θ
  }

  @Override
  public ThreadTeam team() {
    return ParallelField.teamOf(f);
  }
}
