package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.ThreadTeam;

/// BACKWARD, the second of the three fields: the adjoint of `dy/dt = f(t, y; θ)` on `(y, a, g)`,
/// integrated from `t1` down to `t0`:
///
///     dy/dt = f        da/dt = −aᵀ ∂f/∂y        dg/dt = −aᵀ ∂f/∂θ
///
/// Memory O(1) in the number of steps. `y` is solved again backwards and drifts where the forward
/// field contracts; see [org.flowline.neuralode.gradient.Backsolve]. For the exact gradient of the
/// computed trajectory use
/// [org.flowline.neuralode.gradient.DiscreteAdjoint].
///
/// Layout: `y` in `[0, n)`, `a` in `[n, 2n)`, `g` in `[2n, 2n + p)`. Chen et al. (2018), eqs. 4–5.
public final class AdjointField implements ParallelField {
  private final DifferentiableField field;
  private final int n;
  private final int p;
  private final double[] y;
  private final double[] a;
  private final double[] dydt;
  private final double[] yBar;
  private final double[] thetaBar;
  private final ThreadTeam team;
  private final ThreadTeam.Work read = this::read;
  private final ThreadTeam.Work write = this::write;

  private double[] state;
  private double[] rate;

  /// The adjoint of this field under the θ that is bound to it, with workspaces of its own: for one
  /// thread at a time.
  public AdjointField(DifferentiableField field) {
    this.field = field;
    this.n = field.dimension();
    this.p = field.parameterCount();
    this.y = new double[n];
    this.a = new double[n];
    this.dydt = new double[n];
    this.yBar = new double[n];
    this.thetaBar = new double[p];
    this.team = team().on(2 * n + p);
  }

  @Override
  public int dimension() {
    return 2 * n + p;
  }

  @Override
  public ThreadTeam team() {
    return ParallelField.teamOf(field);
  }

  @Override
  public void evaluate(double t, double[] state, double[] rate) {
    this.state = state;
    this.rate = rate;
    team.run(read);
    field.evaluateAndPullback(t, y, a, dydt, yBar, thetaBar);
    team.run(write);
  }

  private void read(int k, int parts) {
    int from = ThreadTeam.rangeStart(n, k, parts);
    int length = ThreadTeam.rangeStart(n, k + 1, parts) - from;
    System.arraycopy(state, from, y, from, length);
    System.arraycopy(state, n + from, a, from, length);
    Arrays.fill(
        thetaBar, ThreadTeam.rangeStart(p, k, parts), ThreadTeam.rangeStart(p, k + 1, parts), 0);
  }

  private void write(int k, int parts) {
    int from = ThreadTeam.rangeStart(n, k, parts);
    int to = ThreadTeam.rangeStart(n, k + 1, parts);
    System.arraycopy(dydt, from, rate, from, to - from);
    negate(yBar, from, to, rate, n);
    negate(
        thetaBar,
        ThreadTeam.rangeStart(p, k, parts),
        ThreadTeam.rangeStart(p, k + 1, parts),
        rate,
        2 * n);
  }

  private static void negate(double[] x, int from, int to, double[] out, int at) {
    for (int i = from; i < to; i++) {
      out[at + i] = -x[i];
    }
  }
}
