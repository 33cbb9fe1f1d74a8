package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `flowline gallery` lists the programs, runs those that are named and writes their pictures.
class GalleryShowsItsFigures {
  @TempDir Path folder;

  @Test
  void besideExpectedValues() throws Exception {
    CommandLineRun run =
        CommandLineRun.of("gallery", "HyperNetworkField", "--out", folder.toString());
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("w 1.000000, expected 1.000000"), run.out());
    assertTrue(run.out().contains("b -1.000000, expected -1.000000"), run.out());
    assertTrue(Files.size(folder.resolve("HyperNetworkField.png")) > 10_000);
    assertTrue(Files.exists(folder.resolve("HyperNetworkField.svg")));
  }

  @Test
  void asJson() {
    JsonNode row =
        CommandLineRun.of("gallery", "eventwithlearnedparameter", "--json")
            .json()
            .get("programs")
            .get(0);
    assertEquals("EventWithLearnedParameter", row.get("name").asString());
    assertTrue(row.get("holds").asBoolean(), row.toString());
    assertEquals(0.7, row.get("figures").get(0).get("value").asDouble(), 1e-9);
  }

  @Test
  void ofListedPrograms() {
    CommandLineRun run = CommandLineRun.of("gallery");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(10, run.out().lines().count(), run.out());
    CommandLineRun wrong = CommandLineRun.of("gallery", "QuikStart");
    assertEquals(2, wrong.exitCode());
    assertTrue(wrong.err().contains("did you mean QuickStart?"), wrong.err());
  }
}
