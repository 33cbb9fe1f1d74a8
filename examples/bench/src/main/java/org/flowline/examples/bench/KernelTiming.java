package org.flowline.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A kernel with its median times in nanoseconds, its rivals' by name.
record Timed(Kernel kernel, double nanos, Map<String, Double> rivals) {
  KernelBench.Row row(double peak) {
    Double gflops = kernel.flop() == 0 ? null : kernel.flop() / nanos;
    return new KernelBench.Row(
        kernel.name(),
        nanos / 1e3,
        gflops,
        gflops == null ? null : gflops / peak,
        rivals.containsKey(Kernel.ND4J) ? times(Kernel.ND4J) : null);
  }

  private double times(String rival) {
    return rivals.get(rival) / nanos;
  }

  /// What only this kind of kernel is asked.
  String remarks(double peak) {
    List<String> remarks = new ArrayList<>();
    if (kernel.floorNanos() > 0) {
      double floor = kernel.flop() / peak + kernel.floorNanos();
      remarks.add(String.format(Locale.ROOT, "%.2f × floor", nanos / floor));
    }
    if (kernel.elements() > 0) {
      remarks.add(String.format(Locale.ROOT, "%.2f ns per element", nanos / kernel.elements()));
    }
    if (rivals.containsKey(Kernel.SAME_DIFF)) {
      remarks.add(String.format(Locale.ROOT, "%.0f × SameDiff", times(Kernel.SAME_DIFF)));
    }
    if (rivals.containsKey(Kernel.VECTOR)) {
      remarks.add(
          String.format(Locale.ROOT, "%.1f × the vector kernels' time", 1 / times(Kernel.VECTOR)));
    }
    return String.join(", ", remarks);
  }
}
