package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `bench NAME…` and `bench --detest`: every figure is there, and those that do not depend on the
/// machine keep what is claimed. Here after as little measuring as there is.
class BenchMeasuresSolvers {
  private static final Set<String> FIGURES =
      Set.of("median_ms", "min_ms", "nfe_forward", "nfe_backward", "error", "gradient_error");

  @Test
  void onWholeWorkloads() {
    CommandLineRun run =
        CommandLineRun.of(
            "bench", "lorenz", "PLEIADES", "lorenz-rk4", "--json", "--seconds", "1e-3");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        List.of("flowline: measuring for about 1 s; too short for the JIT, times will be too long"),
        run.errorLines());
    JsonNode results = run.json().get("results");
    assertEquals(
        List.of("lorenz", "pleiades", "lorenz-rk4"),
        results.valueStream().map(result -> result.get("workload").asString()).toList());
    for (JsonNode result : results) {
      figures(result);
      for (JsonNode rival : result.get("rivals")) {
        figures(rival);
        assertTrue(rival.get("times").asDouble() > 0, rival.toString());
      }
    }
  }

  private static void figures(JsonNode entry) {
    assertTrue(new HashSet<>(entry.propertyNames()).containsAll(FIGURES), entry.toString());
    double least = entry.get("min_ms").asDouble();
    assertTrue(least > 0 && least <= entry.get("median_ms").asDouble(), entry.toString());
    assertTrue(entry.get("nfe_forward").asLong() > 0, entry.toString());
    assertEquals(0, entry.get("nfe_backward").asLong());
    assertTrue(entry.get("gradient_error").isNull(), entry.toString());
  }

  /// A trained model's prediction is as good as its tolerance; the time it takes is for machines
  /// with nothing else to do.
  @Test
  void andPredictions() {
    JsonNode result =
        CommandLineRun.of("bench", "predict", "--json", "--seconds", "1e-3")
            .json()
            .get("results")
            .get(0);
    figures(result);
    assertTrue(result.get("error").asDouble() < 1e-3, result.toString());
    assertTrue(result.get("rivals").get(0).get("error").asDouble() < 1e-3, result.toString());
  }

  /// The other code's error at its tolerance is ours within the scatter of errors; and RK4's result
  /// equals the one of a loop by hand, up to rounding grown by e⁹.
  @Test
  void atEqualErrors() {
    JsonNode results =
        CommandLineRun.of(
                "bench", "lorenz", "lorenz-rk4", "pleiades", "--json", "--seconds", "1e-3")
            .json()
            .get("results");
    for (JsonNode result : results) {
      double ours = result.get("error").asDouble();
      if (result.get("workload").asString().equals("lorenz-rk4")) {
        assertTrue(ours < 1e-10, result.toString());
        continue;
      }
      JsonNode rivals = result.get("rivals");
      assertEquals(4, rivals.size());
      assertTrue(rivals.get(2).get("name").asString().startsWith("Hipparchus DP54 at "));
      assertEquals(1, rivals.get(2).get("error").asDouble() / ours, 0.2, result.toString());
      assertEquals(result.get("nfe_forward").asLong(), rivals.get(3).get("nfe_forward").asLong());
      assertTrue(rivals.get(3).get("error").isNull());
    }
  }

  @Test
  void onDetestWithFewerEvaluationsThanTheClassicalCodesForSmallerErrors() {
    CommandLineRun run = CommandLineRun.of("bench", "--detest", "--json", "--seconds", "1e-3");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode report = run.json();
    assertEquals(1e-6, report.get("tolerance").asDouble());
    consistent(report);
    int classical = 0;
    for (JsonNode rival : report.get("rivals")) {
      consistent(rival);
      String name = rival.get("name").asString();
      if (name.equals("classical Dopri5") || name.startsWith("Hipparchus")) {
        classical++;
        assertTrue(
            report.get("total_nfe").asLong() < rival.get("total_nfe").asLong()
                && report.get("geometric_mean_error").asDouble()
                    <= rival.get("geometric_mean_error").asDouble(),
            name);
      }
    }
    assertEquals(3, classical);
  }

  private static void consistent(JsonNode code) {
    JsonNode problems = code.get("problems");
    assertEquals(25, problems.size());
    long nfe = 0;
    double logarithms = 0;
    for (JsonNode problem : problems) {
      nfe += problem.get("nfe").asLong();
      logarithms += Math.log(problem.get("error").asDouble());
      assertTrue(problem.get("median_us").asDouble() > 0, problem.toString());
    }
    assertEquals(nfe, code.get("total_nfe").asLong());
    double mean = Math.exp(logarithms / 25);
    assertEquals(mean, code.get("geometric_mean_error").asDouble(), 1e-9 * mean);
  }
}
