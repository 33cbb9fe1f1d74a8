package org.flowline.neuralode;

/// A field that can keep what costs much of an evaluation until its pullback, instead of computing
/// it again there: faster, to the same bits, and it takes memory.
///
/// The memory belongs to the field and is used again and again; what is in a slot is overwritten by
/// the next evaluation there. θ must be the same at the evaluation and the pullback.
public interface CachingField extends DifferentiableField {

  /// How many evaluations it can keep at a time.
  int slots();

  /// As [#evaluate], keeping in this slot what [#pullbackCached] needs.
  void evaluateAndCache(int slot, double t, double[] y, double[] dydt);

  /// As [#pullback], where the last [#evaluateAndCache] in this slot was at the same `t` and `y`.
  double pullbackCached(
      int slot, double t, double[] y, double[] a, double[] yBar, double[] thetaBar);
}
