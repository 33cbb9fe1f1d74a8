package org.flowline.odesolvers.ensemble;

import java.util.List;
import org.flowline.odesolvers.Solution;

/// The exception of a field, an observer or a check of arguments in an ensemble, thrown by
/// [org.flowline.odesolvers.ensemble.Ensemble#solveAll] after all other problems are solved.
/// Exceptions of further problems are suppressed in it.
public final class EnsembleException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int index;
  private final transient List<Solution> solutions;

  EnsembleException(int index, Throwable cause, List<Solution> solutions) {
    super(
        "solveAll: problem %s of %s threw %s; the others' solutions are in solutions()"
            .formatted(index, solutions.size(), cause),
        cause);
    this.index = index;
    this.solutions = solutions;
  }

  /// The index of the first problem that failed, counted from 0.
  public int index() {
    return index;
  }

  /// The solutions of all other problems; null for those that failed.
  public List<Solution> solutions() {
    return solutions;
  }
}
