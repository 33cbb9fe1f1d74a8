package org.flowline.neuralode;

/// The largest memory that one gradient held so far, in bytes, computed from the lengths of the
/// arrays. Excludes what every method holds (a solve's own stages, and state and cotangent at each
/// observed time) and what a [CachingField] caches.
///
/// @param state what was kept of the forward solve for the way back: steps, states
/// @param adjoint what goes back: cotangents of state and slopes, and `∂L/∂θ`; the sensitivities
///     of forward methods
public record MemoryUse(long state, long adjoint) {

  /// No memory.
  public static final MemoryUse NONE = new MemoryUse(0, 0);

  /// The larger of both, part by part.
  public MemoryUse max(MemoryUse other) {
    return new MemoryUse(Math.max(state, other.state), Math.max(adjoint, other.adjoint));
  }
}
