package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `bench NAME…` on workloads with a gradient: what does not depend on the machine is what is
/// claimed. Here after as little measuring as there is.
class BenchMeasuresGradients {
  /// The gradient errors of torchdiffeq on the same workloads, as published with them; RK4's is
  /// not, and compared with the pair.
  private static final Map<String, Double> PEER =
      Map.of(
          "spiral-adjoint", 7e-9,
          "spiral-discrete", 6e-7,
          "spiral-rk4", 6e-7,
          "mid-adjoint", 2e-5,
          "wide-adjoint", 4e-5,
          "wide-rk4", 4e-5);

  @Test
  void withErrorsNoLargerThanThePeers() {
    List<String> names =
        List.of(
            "spiral-adjoint",
            "spiral-discrete",
            "spiral-rk4",
            "mid-adjoint",
            "wide-adjoint",
            "wide-rk4");
    JsonNode results = results(names, "--profile");
    assertEquals(
        names, results.valueStream().map(result -> result.get("workload").asString()).toList());
    for (JsonNode result : results) {
      double error = result.get("gradient_error").asDouble();
      assertTrue(
          error > 0 && error <= PEER.get(result.get("workload").asString()), result.toString());
      assertTrue(result.get("nfe_forward").asLong() >= 20, result.toString());
      assertTrue(result.get("nfe_backward").asLong() >= 19, result.toString());
      double least = result.get("min_ms").asDouble();
      assertTrue(least > 0 && least <= result.get("median_ms").asDouble(), result.toString());
      for (String phase : List.of("forward_ms", "pullback_ms", "loss_ms", "solver_ms")) {
        assertTrue(result.get("phases").get(phase).asDouble() > 0, result.toString());
      }
    }
  }

  /// The network of the demo ends closer to the data, of size about 1, than at the start, where it
  /// hardly moves.
  @Test
  void onAWholeTrainingRunInAProcessOfItsOwn() {
    JsonNode demo = results(List.of("ode-demo")).get(0);
    assertTrue(demo.get("error").asDouble() < 0.25, demo.toString());
    assertTrue(demo.get("nfe_forward").asLong() > 2000 * 8, demo.toString());
    assertTrue(demo.get("min_ms").asDouble() > 100, demo.toString());
    assertTrue(demo.get("phases").isNull());
  }

  @Test
  void andSaysForWhatAProfileIs() {
    CommandLineRun run = CommandLineRun.of("bench", "--detest", "--profile");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("--profile is for workloads"), run.err());
  }

  private static JsonNode results(List<String> names, String... options) {
    CommandLineRun run =
        CommandLineRun.of(
            Stream.of(
                    List.of("bench"),
                    names,
                    List.of("--json", "--seconds", "1e-3"),
                    List.of(options))
                .flatMap(List::stream)
                .toArray(String[]::new));
    assertEquals(0, run.exitCode(), run.err());
    return run.json().get("results");
  }
}
