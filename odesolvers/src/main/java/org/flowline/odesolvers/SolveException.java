package org.flowline.odesolvers;

/// A solve that did not reach its end, for callers who asked [Solution#orThrow].
public final class SolveException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Status status;

  SolveException(Status status) {
    super(status.message());
    this.status = status;
  }

  /// Why the solve ended, and where; its message is the exception's.
  public Status status() {
    return status;
  }
}
