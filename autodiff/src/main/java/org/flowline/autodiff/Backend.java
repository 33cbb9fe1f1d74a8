package org.flowline.autodiff;

/// Turns tapes into programs that run. Implementations live in `org.flowline.autodiff.backend`.
public interface Backend {
  Program compile(Tape tape);
}
