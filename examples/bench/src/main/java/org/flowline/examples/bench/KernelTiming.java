package org.flowline.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The median times of a kernel and of its rivals by name, in nanoseconds.
record KernelTiming(Kernel kernel, double nanos, Map<String, Double> rivals) {
  static final String HEADER =
      "%-38s %11s %9s %7s %7s%n".formatted("kernel", "median µs", "GFLOP/s", "of peak", "× ND4J");

  KernelBench.Row row(double peak) {
    Double gflops = kernel.flop() == 0 ? null : kernel.flop() / nanos;
    return new KernelBench.Row(
        kernel.name(),
        nanos / 1e3,
        gflops,
        gflops == null ? null : gflops / peak,
        rivals.containsKey(Kernel.ND4J) ? times(Kernel.ND4J) : null);
  }

  /// A line of the table.
  String line(double peak) {
    KernelBench.Row row = row(peak);
    return String.format(
            Locale.ROOT,
            "%-38s %,11.3f %9s %7s %7s  %s",
            row.name(),
            row.medianUs(),
            shown("%.1f", row.gflops(), 1),
            shown("%.0f %%", row.fractionOfPeak(), 100),
            shown("%.2f", row.timesNd4j(), 1),
            remarks(peak))
        .stripTrailing();
  }

  private static String shown(String format, Double value, double factor) {
    return value == null ? "–" : String.format(Locale.ROOT, format, factor * value);
  }

  private double times(String rival) {
    return rivals.get(rival) / nanos;
  }

  /// The figures that only some kernels have.
  private String remarks(double peak) {
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
