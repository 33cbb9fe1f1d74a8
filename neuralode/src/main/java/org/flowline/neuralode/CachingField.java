package org.flowline.neuralode;

/// A field that can cache intermediate values of an evaluation for its pullback, which is then
/// faster and has the same bits.
///
/// The slots of the cache belong to the field; an evaluation overwrites its slot. θ must be the
/// same at the evaluation and the pullback.
public interface CachingField extends DifferentiableField {

  /// The number of evaluations that the cache holds.
  int slots();

  /// Evaluates as [#evaluate] does and caches the intermediate values in a slot.
  void evaluateAndCache(int slot, double t, double[] y, double[] dydt);

  /// Pulls back as [#pullback] does, from a slot whose evaluation was at the same `t` and `y`.
  double pullbackCached(
      int slot, double t, double[] y, double[] a, double[] yBar, double[] thetaBar);
}
