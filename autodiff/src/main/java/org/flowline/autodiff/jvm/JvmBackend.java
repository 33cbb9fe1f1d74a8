package org.flowline.autodiff.jvm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flowline.autodiff.Backend;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Simplify;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.kernels.Kernels;

/// Compiles tapes for this virtual machine: vector kernels where the incubating Vector API is
/// loaded, else plain loops. Both give the same bits.
public final class JvmBackend implements Backend {
  private static final String MODULE = "jdk.incubator.vector";

  private final Kernels kernels;

  private JvmBackend(Kernels kernels) {
    this.kernels = kernels;
  }

  /// Returns the backend with the fastest available kernels. Without the Vector API a warning is
  /// logged once after ten seconds, with the option that loads it.
  public static JvmBackend best() {
    return Best.BACKEND;
  }

  /// Returns the backend with vector kernels.
  ///
  /// @throws IllegalStateException if the Vector API is not loaded
  public static JvmBackend vector() {
    if (!vectorsLoaded()) {
      throw new IllegalStateException(
          "vector kernels: module %s is not loaded; start java with --add-modules %s"
              .formatted(MODULE, MODULE));
    }
    return new JvmBackend(Kernels.vector());
  }

  /// Returns the backend with plain loops, for any Java 25.
  public static JvmBackend scalar() {
    return new JvmBackend(Kernels.scalar());
  }

  static boolean vectorsLoaded() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  @Override
  public Program compile(Tape tape) {
    return JvmProgram.compile(Simplify.of(tape, new Once()), kernels);
  }

  /// Compiles tapes that run once, in constant folding; scalar kernels give the same bits.
  private record Once() implements Backend {
    @Override
    public Program compile(Tape constants) {
      return JvmProgram.compile(constants, Kernels.scalar());
    }
  }

  @Override
  public String toString() {
    return kernels.getClass().getSimpleName();
  }

  private static final class Best {
    static final JvmBackend BACKEND = choose();

    /// The seconds of a short program, in which scalar kernels are faster and need no warning.
    private static final int SHORT = 10;

    private static JvmBackend choose() {
      if (vectorsLoaded()) {
        return vector();
      }
      CompletableFuture.delayedExecutor(SHORT, TimeUnit.SECONDS).execute(Best::warn);
      return scalar();
    }

    private static void warn() {
      System.getLogger("org.flowline")
          .log(
              System.Logger.Level.WARNING,
              "Flowline computes with scalar kernels, in long programs several times slower than"
                  + " need be; start java with --add-modules jdk.incubator.vector");
    }
  }
}
