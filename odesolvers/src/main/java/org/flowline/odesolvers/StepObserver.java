package org.flowline.odesolvers;

/// Sees the steps of a solve as they are made; recording, progress and metrics are observers.
///
/// An observer must not change the step and must copy what it wants to keep. What it throws ends
/// the solve and reaches the caller.
@FunctionalInterface
public interface StepObserver {

  /// A step that stands.
  void accepted(Step step);

  /// A trial step that was discarded: too inaccurate, or not finite.
  default void rejected(Step step) {}
}
