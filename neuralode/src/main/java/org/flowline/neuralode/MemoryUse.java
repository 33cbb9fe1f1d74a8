package org.flowline.neuralode;

/// The largest memory that one gradient held so far, in bytes, computed from the lengths of the
/// arrays. Excludes the memory of every method (the solve's own stages, and state and cotangent at
/// each observed time) and the cache of a [CachingField].
///
/// @param state steps and states stored by the forward solve for the backward pass
/// @param adjoint cotangents of state and slopes, and `∂L/∂θ`; the sensitivities of forward methods
public record MemoryUse(long state, long adjoint) {

  /// No memory.
  public static final MemoryUse NONE = new MemoryUse(0, 0);

  /// The larger of both, part by part.
  public MemoryUse max(MemoryUse other) {
    return new MemoryUse(Math.max(state, other.state), Math.max(adjoint, other.adjoint));
  }
}
