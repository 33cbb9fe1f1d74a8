package org.flowline.examples.bench;

import java.util.List;
import java.util.Locale;

/// The kernels as a readable table.
final class KernelTable {
  private KernelTable() {}

  static String of(double peak, int rounds, List<Timed> timed) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "multiply-adds in registers: %.1f GFLOP/s (the peak); one thread of %s, Java %s, medians of %d rounds%n%n",
            peak,
            System.getProperty("os.arch"),
            System.getProperty("java.version"),
            rounds));
    text.append(
        String.format(
            "%-38s %11s %9s %7s %7s  %s%n",
            "kernel", "median µs", "GFLOP/s", "of peak", "× ND4J", ""));
    for (Timed line : timed) {
      KernelBench.Row row = line.row(peak);
      text.append(
          String.format(
                  Locale.ROOT,
                  "%-38s %,11.3f %9s %7s %7s  %s",
                  row.name(),
                  row.medianUs(),
                  shown("%.1f", row.gflops(), 1),
                  shown("%.0f %%", row.fractionOfPeak(), 100),
                  shown("%.2f", row.timesNd4j(), 1),
                  line.remarks(peak))
              .stripTrailing());
      text.append('\n');
    }
    text.append(
        """

        × ND4J, × SameDiff: their time over ours; ND4J's are gemm for products, for networks its operations
        one at a time. × floor: our time over the FLOP of the matrix products at the peak rate, and 1.2 ns for each tanh.""");
    return text.toString();
  }

  private static String shown(String format, Double value, double factor) {
    return value == null ? "–" : String.format(Locale.ROOT, format, factor * value);
  }
}
