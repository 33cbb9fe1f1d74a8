package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `gradcheck`, `resnet-euler`, `hybrid` and `work-precision` reproduce their claims.
class CommandsShowTheirClaims {
  @TempDir Path folder;

  @Test
  void aResidualNetworkIsEulerBitForBit() {
    JsonNode report =
        CommandLineRun.of("resnet-euler", "--out", folder.toString(), "--json").json();
    assertTrue(report.get("output_identical").asBoolean());
    assertTrue(report.get("gradient_identical").asBoolean());
    assertEquals("[4,8,16,32,64]", report.get("depths").toString());
    // Halving the step halves the distance, up to the next term of the error's expansion.
    assertEquals(1, report.get("order").asDouble(), 0.15);
    assertTrue(Files.exists(folder.resolve("resnet-euler.png")));
  }

  /// The error is at most 3 % of the largest friction; the network starts without friction.
  @Test
  void aNetworkFindsFrictionThatIsNotMeasured() {
    CommandLineRun run = CommandLineRun.of("hybrid", "--out", folder.toString(), "--json");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode report = run.json();
    assertTrue(report.get("friction_error").asDouble() <= 0.03, report.toString());
    assertEquals(1, report.get("rmse").asDouble() / report.get("noise").asDouble(), 0.1);
    assertTrue(Files.exists(folder.resolve("hybrid.png")));
  }

  @Test
  void theDiscreteAdjointIsExactAndBacksolveAsGoodAsItsTolerance() {
    JsonNode report = CommandLineRun.of("gradcheck", "--iterations", "300", "--json").json();
    assertEquals(2, report.get("taylor_slope").asDouble(), 0.1);
    JsonNode methods = report.get("methods");
    assertEquals("discrete", methods.get(0).get("name").asString());
    assertTrue(error(methods.get(0)) <= 1e-6, methods.toString());
    assertTrue(error(methods.get(1)) > 10 * error(methods.get(2)), methods.toString());
    assertTrue(error(methods.get(2)) > 3 * error(methods.get(3)), methods.toString());
    for (JsonNode method : methods) {
      assertTrue(method.has("nfe_forward") && method.has("nfe_backward"), method.toString());
      assertTrue(method.get("milliseconds").asDouble() > 0, method.toString());
    }
    JsonNode audit = report.get("audit");
    assertTrue(error(audit.get("check"), "theta") <= 1e-8, audit.toString());
    assertEquals("[]", audit.get("refused").toString());
    for (JsonNode row : audit.get("rows")) {
      assertTrue(error(row.get("errors"), "theta") <= 1e-5, audit.toString());
      assertTrue(row.get("peak_bytes").asLong() > 0 && row.has("taylor_slope"), row.toString());
    }
  }

  private static double error(JsonNode method) {
    return error(method, "max_relative_error");
  }

  private static double error(JsonNode node, String name) {
    return node.get(name).asDouble();
  }

  @Test
  void smallerErrorsCostMoreEvaluations() {
    CommandLineRun run =
        CommandLineRun.of(
            "work-precision", "--seconds", "1e-3", "--out", folder.toString(), "--json");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode diagrams = run.json().get("diagrams");
    assertEquals(5, diagrams.size());
    for (JsonNode diagram : diagrams) {
      for (String cost : new String[] {"evaluations", "time"}) {
        Path file = folder.resolve(diagram.get("file").asString() + "-" + cost + ".png");
        assertTrue(Files.exists(file), file.toString());
      }
      for (JsonNode series : diagram.get("series")) {
        JsonNode points = series.get("points");
        for (int i = 1; i < points.size(); i++) {
          assertTrue(
              points.get(i).get("nfe").asLong() > points.get(i - 1).get("nfe").asLong(),
              series.toString());
          assertTrue(points.get(i).get("median_ms").asDouble() > 0, series.toString());
        }
        // Against the largest, since a loose tolerance may be lucky; over three decades or more a
        // method of order 2, the lowest here, gains a factor of 100.
        double last = error(points.get(points.size() - 1), "error");
        double largest =
            points.valueStream().mapToDouble(point -> error(point, "error")).max().orElseThrow();
        assertTrue(10 * last < largest, series.toString());
      }
    }
  }

  @Test
  void everyCommandHelps() {
    for (String command :
        new String[] {
          "train", "gradcheck", "resnet-euler", "bench", "work-precision", "hybrid", "explore"
        }) {
      CommandLineRun run = CommandLineRun.of(command, "--help");
      assertEquals(0, run.exitCode());
      assertTrue(run.out().contains("Example:"), run.out());
    }
    assertTrue(CommandLineRun.of("--version").out().startsWith("flowline "));
  }
}
