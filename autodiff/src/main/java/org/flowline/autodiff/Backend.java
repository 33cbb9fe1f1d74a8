package org.flowline.autodiff;

/// Turns tapes into programs that run. Implementations live in `org.flowline.autodiff.backend`.
public interface Backend {
  /// The program that computes what `tape` says, with its inputs and outputs.
  Program compile(Tape tape);
}
