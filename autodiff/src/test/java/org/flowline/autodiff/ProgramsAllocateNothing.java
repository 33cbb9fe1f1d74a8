package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.flowline.autodiff.backend.JvmBackend;
import org.junit.jupiter.api.Test;

/// A run of a program allocates not one byte, once the compiler has done its work: before that,
/// vectors are objects.
class ProgramsAllocateNothing {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int RUNS = 2_000;

  /// Asking for the number of bytes may itself allocate a few, once for each batch of runs.
  private static final long FOR_ASKING = 512;

  private static final int WARM_UPS = 1_500;

  @Test
  void aGradientOnVectors() {
    Network network = new Network(3, 17, 2, 9);
    Tape gradient = Derivative.gradient(network.loss());
    allocatesNothing(JvmBackend.vector().compile(gradient), network.arguments(1));
  }

  @Test
  void aGradientOnScalars() {
    Tape gradient = Derivative.gradient(Network.SMALL.loss());
    allocatesNothing(JvmBackend.scalar().compile(gradient), Network.SMALL.arguments(1));
  }

  @Test
  void everyFunctionAndEveryMove() {
    Tape tape =
        Tape.record(
            List.of(Shape.of(5, 9), Shape.of(9)),
            in -> {
              Var x = in.get(0).abs().add(0.5).add(in.get(1));
              Var y = x.log().add(x.exp()).add(x.sqrt()).add(x.sin()).add(x.cos()).add(x.neg());
              Var z = x.sigmoid().add(x.softplus()).add(x.relu()).add(x.step()).add(x.sign());
              Var p = x.pow(3).add(x.pow(-1)).div(x);
              Var wide = Var.concat(1, List.of(y, z, p)).slice(1, 3, 20).pad(1, 2, 1);
              return List.of(wide.transpose().matmul(wide), wide.sum(0), wide.transpose(), y);
            });
    double[][] in = OpCase.draw(1, OpCase.Domain.ANY, tape.inputShapes());
    allocatesNothing(JvmBackend.best().compile(tape), in);
  }

  /// Batches of runs until one is free of allocations; a program that always allocates never gets
  /// there.
  private static void allocatesNothing(Program program, double[][] in) {
    double[][] out = Running.results(program.tape());
    long least = Long.MAX_VALUE;
    for (int batch = 0; batch < WARM_UPS && least > FOR_ASKING; batch++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int run = 0; run < RUNS; run++) {
        program.run(in, out);
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least <= FOR_ASKING, least + " bytes in " + RUNS + " runs");
  }
}
