package org.flowline.odesolvers;

/// The failure of a solve to reach its end, thrown by [Solution#orThrow].
public final class SolveException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Status status;

  SolveException(Status status) {
    super(status.message());
    this.status = status;
  }

  /// The reason for the end of the solve, with the same message.
  public Status status() {
    return status;
  }
}
