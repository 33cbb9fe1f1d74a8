package org.flowline.autodiff.nd4j;

import org.flowline.autodiff.Backend;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Tape;

/// Runs tapes on ND4J arrays in double precision, with one ND4J call or a few for each operation.
///
/// It serves as an independent oracle for [org.flowline.autodiff.jvm.JvmBackend], for exchange with
/// code on ND4J, and for a GPU, with the CUDA artifact in place of the native one. It is not fast:
/// ND4J takes 1–2 s to start, at the first [#create()], then 5–60 µs for each call of any size,
/// more where its threads compete for the processor. Every value is a new array outside the heap,
/// freed by the garbage collector; a small `-Xmx` makes it run.
///
/// Results agree with [org.flowline.autodiff.jvm.JvmBackend] to rounding, not bit for bit: sums
/// have another order, elementary functions other methods (ND4J's `tanh` near 0 is exact to `1e-17`
/// absolutely, not relatively).
///
/// ND4J is optional and neither loaded nor started before [#create()].
public final class Nd4jBackend implements Backend {
  private Nd4jBackend() {}

  /// Starts ND4J with the native library on the class path.
  ///
  /// @throws IllegalStateException if ND4J, or a native library of it that loads on this machine,
  ///     is not on the class path; names the artifact to add
  public static Nd4jBackend create() {
    Nd4jLibrary.start();
    return new Nd4jBackend();
  }

  @Override
  public Program compile(Tape tape) {
    return Nd4jProgram.compile(tape);
  }

  @Override
  public String toString() {
    return "Nd4j";
  }
}
