package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `bench --kernels --json` has a positive number wherever one applies, null elsewhere; here after
/// as little measuring as there is.
class BenchMeasuresEveryKernel {
  @Test
  void andPrintsWhatItPromises() {
    CommandLineRun run = CommandLineRun.of("bench", "--kernels", "--json", "--seconds", "1e-3");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        List.of("flowline: measuring for about 1 s; too short for the JIT, times will be too long"),
        run.errorLines());
    JsonNode report = run.json();
    assertEquals(Set.of("peak_gflops", "kernels"), Set.copyOf(report.propertyNames()));
    positive("peak", report.get("peak_gflops"));
    Set<String> names = new HashSet<>();
    for (JsonNode kernel : report.get("kernels")) {
      String name = kernel.get("name").asString();
      assertTrue(names.add(name), "twice: " + name);
      assertEquals(
          Set.of("name", "median_us", "gflops", "fraction_of_peak", "times_nd4j"),
          Set.copyOf(kernel.propertyNames()));
      positive(name, kernel.get("median_us"));
      boolean products = name.startsWith("matmul") || name.startsWith("mlp");
      positiveOrNull(products, name, kernel.get("gflops"));
      positiveOrNull(products, name, kernel.get("fraction_of_peak"));
      boolean alone = name.endsWith("scalar") || name.startsWith("record");
      positiveOrNull(!alone, name, kernel.get("times_nd4j"));
    }
    assertTrue(
        names.containsAll(
            List.of(
                "matmul 64×64×64 NN",
                "matmul 256×64×256 TT",
                "matmul 1×16×16 NN",
                "mlp 2-50-2 ×20 forward",
                "mlp 64-256-64 ×256 vjp",
                "mlp 2-50-2 ×20 vjp, scalar",
                "tanh ×1000",
                "max ×64×100 rows",
                "softmax ×64×100",
                "record and plan 2-50-2 ×20 vjp, cold")),
        names.toString());
  }

  private static void positiveOrNull(boolean applies, String name, JsonNode value) {
    if (applies) {
      positive(name, value);
    } else {
      assertTrue(value.isNull(), () -> name + ": " + value);
    }
  }

  private static void positive(String name, JsonNode value) {
    assertTrue(
        value.isNumber() && value.asDouble() > 0 && Double.isFinite(value.asDouble()),
        () -> name + ": " + value);
  }
}
