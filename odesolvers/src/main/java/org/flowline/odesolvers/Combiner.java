package org.flowline.odesolvers;

/// Applies [LinearCombination]s to states, long ones in ranges shared by a crew, to the same bits.
final class Combiner implements Crew.Work {
  private final Crew crew;

  private LinearCombination combination;
  private double[] y;
  private double h;
  private double[][] k;
  private double[] out;

  Combiner(Crew crew) {
    this.crew = crew;
  }

  /// `out = y + h Σ w_i k_i`; `out` must be none of the arrays read.
  void apply(LinearCombination combination, double[] y, double h, double[][] k, double[] out) {
    Crew crew = this.crew.on(y.length);
    if (crew == Crew.ALONE) {
      combination.apply(y, h, k, out);
      return;
    }
    this.combination = combination;
    this.y = y;
    this.h = h;
    this.k = k;
    this.out = out;
    crew.run(this);
  }

  @Override
  public void part(int part, int parts) {
    int from = Crew.start(y.length, part, parts);
    combination.apply(y, h, k, out, from, Crew.start(y.length, part + 1, parts));
  }
}
