package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.field.ThreadTeam;

/// The parts of an [AdjointField]'s state `(y, a, g)` and rate `(f, −ȳ, −θ̄)`, copied by the
/// threads of a team.
final class AdjointState {
  final double[] y;
  final double[] a;
  final double[] dydt;
  final double[] yBar;
  final double[] thetaBar;

  private final int n;
  private final ThreadTeam team;
  private final ThreadTeam.Work read = this::read;
  private final ThreadTeam.Work write = this::write;
  private double[] state;
  private double[] rate;

  AdjointState(int n, int p, ThreadTeam team) {
    this.n = n;
    this.y = new double[n];
    this.a = new double[n];
    this.dydt = new double[n];
    this.yBar = new double[n];
    this.thetaBar = new double[p];
    this.team = team.on(2 * n + p);
  }

  /// Reads `y` and `a`, and sets `θ̄` to 0.
  void read(double[] state) {
    this.state = state;
    team.run(read);
  }

  /// Writes `(f, −ȳ, −θ̄)`.
  void writeNegated(double[] rate) {
    this.rate = rate;
    team.run(write);
  }

  private void read(int k, int parts) {
    int from = ThreadTeam.rangeStart(n, k, parts);
    int length = ThreadTeam.rangeStart(n, k + 1, parts) - from;
    System.arraycopy(state, from, y, from, length);
    System.arraycopy(state, n + from, a, from, length);
    int p = thetaBar.length;
    Arrays.fill(
        thetaBar, ThreadTeam.rangeStart(p, k, parts), ThreadTeam.rangeStart(p, k + 1, parts), 0);
  }

  private void write(int k, int parts) {
    int from = ThreadTeam.rangeStart(n, k, parts);
    int to = ThreadTeam.rangeStart(n, k + 1, parts);
    System.arraycopy(dydt, from, rate, from, to - from);
    Vectors.negate(yBar, from, to, rate, n);
    int p = thetaBar.length;
    int thetaTo = ThreadTeam.rangeStart(p, k + 1, parts);
    Vectors.negate(thetaBar, ThreadTeam.rangeStart(p, k, parts), thetaTo, rate, 2 * n);
  }
}
