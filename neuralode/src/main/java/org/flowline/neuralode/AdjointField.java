package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.VectorField;

/// BACKWARD, the second of the three fields: the adjoint of `dy/dt = f(t, y; θ)` on `(y, a, g)`,
/// integrated from `t1` down to `t0`:
///
///     dy/dt = f        da/dt = −aᵀ ∂f/∂y        dg/dt = −aᵀ ∂f/∂θ
///
/// Memory O(1) in the number of steps. `y` is solved again backwards and drifts where the forward
/// field contracts; see [Backsolve]. For the exact gradient of the computed trajectory use
/// [DiscreteAdjoint].
///
/// Layout: `y` in `[0, n)`, `a` in `[n, 2n)`, `g` in `[2n, 2n + p)`. Chen et al. (2018), eqs. 4–5.
public final class AdjointField implements VectorField {
  private final DifferentiableField field;
  private final int n;
  private final int p;
  private final double[] y;
  private final double[] a;
  private final double[] dydt;
  private final double[] yBar;
  private final double[] thetaBar;

  public AdjointField(DifferentiableField field) {
    this.field = field;
    this.n = field.dimension();
    this.p = field.parameterCount();
    this.y = new double[n];
    this.a = new double[n];
    this.dydt = new double[n];
    this.yBar = new double[n];
    this.thetaBar = new double[p];
  }

  @Override
  public int dimension() {
    return 2 * n + p;
  }

  @Override
  public void evaluate(double t, double[] state, double[] rate) {
    System.arraycopy(state, 0, y, 0, n);
    System.arraycopy(state, n, a, 0, n);
    Arrays.fill(thetaBar, 0);
    field.evaluateAndPullback(t, y, a, dydt, yBar, thetaBar);
    System.arraycopy(dydt, 0, rate, 0, n);
    for (int i = 0; i < n; i++) {
      rate[n + i] = -yBar[i];
    }
    for (int i = 0; i < p; i++) {
      rate[2 * n + i] = -thetaBar[i];
    }
  }
}
