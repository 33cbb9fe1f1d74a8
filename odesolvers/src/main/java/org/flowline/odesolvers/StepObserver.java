package org.flowline.odesolvers;

/// Receives every step of a solve: recordings, progress and metrics are observers.
///
/// An observer must not change the step, and must copy what it keeps. Its exceptions end the solve
/// and reach the caller.
@FunctionalInterface
public interface StepObserver {

  /// Receives an accepted step.
  void accepted(Step step);

  /// Receives a rejected trial step: too inaccurate, not finite, or without a result.
  default void rejected(Step step) {}
}
