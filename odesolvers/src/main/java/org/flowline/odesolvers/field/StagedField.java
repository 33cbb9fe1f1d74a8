package org.flowline.odesolvers.field;

/// A field that receives the index of the stage with each evaluation of an explicit Runge–Kutta
/// step, for example to cache what it computes there.
///
/// A rejected trial is followed by evaluations of the same stages; stage 0 is not evaluated again
/// after a rejected trial, nor where a method reuses the last slope of the step before. Evaluations
/// outside a stage, for example for the initial step size, call [VectorField#evaluate].
public interface StagedField extends VectorField {

  /// Evaluates `f(t, y)` as [VectorField#evaluate] does, at stage `0, 1, …` of the current trial.
  void evaluateStage(int stage, double t, double[] y, double[] dydt);
}
