package org.flowline.examples.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// What is timed beside each other has the same results: to `1e-12`. Sums of 256 products of
/// numbers up to 1 in different orders err by `256²·2⁻⁵³ ≈ 7e-12` at the very worst, where every
/// rounding goes the same way, and by a hundredth of it in fact.
class RivalsComputeTheSame {
  @Test
  void forEveryKernel() {
    for (Kernel kernel : KernelBench.kernels(Nd4jRivals.start())) {
      kernel.ours().run().run();
      double[] ours = kernel.ours().results().get();
      assertTrue(kernel.rivals().isEmpty() || ours.length > 0, kernel.name());
      kernel
          .rivals()
          .forEach(
              (name, rival) -> {
                rival.run().run();
                assertArrayEquals(
                    ours, rival.results().get(), 1e-12, () -> kernel.name() + " of " + name);
              });
    }
  }
}
