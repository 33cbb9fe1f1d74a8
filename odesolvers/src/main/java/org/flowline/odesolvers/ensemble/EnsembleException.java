package org.flowline.odesolvers.ensemble;

import java.util.List;
import org.flowline.odesolvers.Solution;

/// What a field, an observer or the check of arguments threw in a batch, once all other problems
/// are solved; see [org.flowline.odesolvers.ensemble.Ensemble#solveAll]. What further problems
/// threw is suppressed in it.
public final class EnsembleException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int index;
  private final transient List<Solution> solutions;

  EnsembleException(int index, Throwable cause, List<Solution> solutions) {
    super(
        "solveAll: problem %d of %d threw %s; the others' solutions are in solutions()"
            .formatted(index, solutions.size(), cause),
        cause);
    this.index = index;
    this.solutions = solutions;
  }

  /// The first problem that threw, counted from 0.
  public int index() {
    return index;
  }

  /// The solutions of all others; null where a problem threw.
  public List<Solution> solutions() {
    return solutions;
  }
}
