package org.flowline.odesolvers.field;

/// A field on states so long that several threads share the work on one of them.
///
/// An explicit Runge–Kutta solve then shares its own arithmetic among the same threads, range by
/// range, to the same bits: each component is computed as before, and the order of sums over
/// components does not depend on the team. It pays from some ten thousand components on.
public interface ParallelField extends VectorField {

  /// Who shares the work; the same at every call.
  ThreadTeam team();

  /// The team of a field that has one, or [ThreadTeam#SERIAL].
  static ThreadTeam teamOf(VectorField field) {
    return field instanceof ParallelField parallel ? parallel.team() : ThreadTeam.SERIAL;
  }
}
