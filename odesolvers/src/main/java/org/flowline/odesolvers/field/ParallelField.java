package org.flowline.odesolvers.field;

/// A field whose evaluation several threads share, for long states.
///
/// An explicit Runge–Kutta solve shares its own arithmetic among the same threads, range by range,
/// with the same bits: the order of sums over components does not depend on the team. Worthwhile
/// from some ten thousand components on.
public interface ParallelField extends VectorField {

  /// The threads that share the work; the same at every call.
  ThreadTeam team();

  /// Returns the team of a field that has one, or [ThreadTeam#SERIAL].
  static ThreadTeam teamOf(VectorField field) {
    return field instanceof ParallelField parallel ? parallel.team() : ThreadTeam.SERIAL;
  }
}
