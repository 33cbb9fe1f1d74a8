package org.flowline.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `gradcheck` and `resnet-euler` report what they claim.
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

  @Test
  void theDiscreteAdjointIsExactAndBacksolveAsGoodAsItsTolerance() {
    JsonNode report = CommandLineRun.of("gradcheck", "--json").json();
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
  }

  private static double error(JsonNode method) {
    return method.get("max_relative_error").asDouble();
  }

  @Test
  void everyCommandHelps() {
    for (String command : new String[] {"train", "gradcheck", "resnet-euler", "bench"}) {
      CommandLineRun run = CommandLineRun.of(command, "--help");
      assertEquals(0, run.exitCode());
      assertTrue(run.out().contains("Example:"), run.out());
    }
    assertTrue(CommandLineRun.of("--version").out().startsWith("flowline "));
  }
}
