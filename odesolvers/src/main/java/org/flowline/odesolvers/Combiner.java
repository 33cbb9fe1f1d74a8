package org.flowline.odesolvers;

import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.LinearCombination;

/// Applies [LinearCombination]s to states, long ones in ranges shared by a team, to the same bits.
final class Combiner implements ThreadTeam.Work {
  private final ThreadTeam team;

  private LinearCombination combination;
  private double[] y;
  private double h;
  private double[][] k;
  private double[] out;

  Combiner(ThreadTeam team) {
    this.team = team;
  }

  /// `out = y + h Σ w_i k_i`; `out` must be none of the arrays read.
  void apply(LinearCombination combination, double[] y, double h, double[][] k, double[] out) {
    ThreadTeam team = this.team.on(y.length);
    if (team == ThreadTeam.SERIAL) {
      combination.apply(y, h, k, out);
      return;
    }
    this.combination = combination;
    this.y = y;
    this.h = h;
    this.k = k;
    this.out = out;
    team.run(this);
  }

  @Override
  public void part(int part, int parts) {
    int from = ThreadTeam.rangeStart(y.length, part, parts);
    combination.apply(y, h, k, out, from, ThreadTeam.rangeStart(y.length, part + 1, parts));
  }
}
