package org.flowline.autodiff;

/// Compiles tapes to programs; see `JvmBackend` in `org.flowline.autodiff.jvm` and `Nd4jBackend` in
/// `org.flowline.autodiff.nd4j`.
public interface Backend {
  /// Returns a program with the inputs and outputs of `tape`.
  Program compile(Tape tape);
}
