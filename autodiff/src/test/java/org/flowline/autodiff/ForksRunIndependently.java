package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flowline.autodiff.fixtures.Network;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;

/// Forks of a program share only its constants; several threads get the same bits as one.
class ForksRunIndependently {

  @Test
  void inSeveralThreadsAtOnce() throws Exception {
    Tape gradient = Derivative.gradient(Network.SMALL.loss());
    Program program = JvmBackend.best().compile(gradient);
    List<Future<?>> threads = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      for (int seed = 0; seed < 4; seed++) {
        double[][] in = Network.SMALL.arguments(seed);
        double[][] want = Running.run(JvmBackend.best().compile(gradient), in);
        Program fork = program.fork();
        threads.add(
            pool.submit(
                () -> {
                  for (int run = 0; run < 2_000; run++) {
                    assertArrayEquals(want, Running.run(fork, in));
                  }
                }));
      }
      for (Future<?> thread : threads) {
        thread.get();
      }
    }
  }

  @Test
  void aForkIsTheSameProgram() {
    Program program = JvmBackend.best().compile(Network.SMALL.loss());
    Program fork = program.fork();
    assertSame(program.tape(), fork.tape());
    assertEquals(program.bytes(), fork.bytes());
    double[][] in = Network.SMALL.arguments(5);
    assertArrayEquals(Running.run(program, in), Running.run(fork.fork(), in));
  }
}
