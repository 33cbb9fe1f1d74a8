package org.flowline.examples.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Kernels and their rivals have the same results to `1e-12`. Sums of 256 products of numbers up to
/// 1 in different orders differ by at most `256²·2⁻⁵³ ≈ 7e-12`, if all rounding errors have the
/// same sign, and in practice by a hundredth of that.
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
