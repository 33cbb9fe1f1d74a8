package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A file of settings trains what the options do, the command line goes before it, what is printed
/// can be read, and unknown keys are refused with a suggestion.
class ConfigsSayWhatOptionsSay {
  @TempDir Path folder;

  @Test
  void printedSettingsTrainTheSameModel() throws IOException {
    String[] options = {
      "train",
      "--width",
      "5",
      "--depth",
      "2",
      "--activation",
      "softplus",
      "--solver",
      "dopri5",
      "--tolerance",
      "1e-4",
      "--rate",
      "0.02",
      "--weight-decay",
      "0.01",
      "--clip",
      "0.5",
      "--iterations",
      "9",
      "--seed",
      "4",
      "--out",
      folder.resolve("a").toString()
    };
    String[] printing = Arrays.copyOf(options, options.length + 1);
    printing[options.length] = "--print-config";
    CommandLineRun printed = CommandLineRun.of(printing);
    assertEquals(0, printed.exitCode(), printed.err());
    assertTrue(Files.notExists(folder.resolve("a")), "nothing is trained");
    Path config = Files.writeString(folder.resolve("my.json"), printed.out());
    assertEquals(0, CommandLineRun.of(options).exitCode());
    CommandLineRun run =
        CommandLineRun.of(
            "train", "--config", config.toString(), "--out", folder.resolve("b").toString());
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        Files.readString(folder.resolve("a/predictions.csv")),
        Files.readString(folder.resolve("b/predictions.csv")));
    JsonNode again =
        JsonMapper.builder()
            .build()
            .readTree(
                CommandLineRun.of(
                        "train", "--config", config.toString(), "--seed", "8", "--print-config")
                    .out());
    assertEquals(8, again.get("seed").asInt(), "the command line goes first");
    assertEquals(5, again.get("width").asInt());
    assertEquals("softplus", again.get("activation").asString());
  }

  @Test
  void whatIsNotKnownIsRefused() throws IOException {
    refused(2, "unknown key \"iteratons\"; did you mean \"iterations\"?", "{\"iteratons\": 3}");
    refused(2, "unknown key \"ietrations\"; did you mean \"iterations\"?", "{\"ietrations\": 3}");
    refused(2, "unknown key \"lr\"; did you mean \"rate\"?", "{\"lr\": 3}");
    refused(2, "did you mean \"weight-decay\"?", "{\"weight_decay\": 3}");
    refused(2, "unknown key \"resume\"", "{\"resume\": \"here\"}");
    refused(2, "bad.json: Invalid value for option '--width'", "{\"width\": \"wide\"}");
    refused(2, "bad.json: --width: 0; want 1 … 10000", "{\"width\": 0}");
    refused(1, "\"width\" is not a number, a text, true or false", "{\"width\": [1]}");
    refused(
        1,
        "is not a number, a text, true or false, nor a list of texts: [\"a\", \"b\"]",
        "{\"columns\": {}}");
    refused(1, "want names of columns without commas", "{\"columns\": [\"a,b\"]}");
    refused(1, "want names of columns without commas", "{\"input\": [1]}");
    refused(1, "bad.json: \"seed\" occurs twice; want each key once", "{\"seed\": 1, \"seed\": 2}");
    refused(1, "is not JSON", "{\"width\": ");
    refused(1, "is not a JSON object", "[]");
  }

  /// An error on the command line does not name the file.
  @Test
  void filesAreNamedForWhatTheySayOnly() throws IOException {
    String config = Files.writeString(folder.resolve("my.json"), "{\"width\": 0}").toString();
    CommandLineRun run = CommandLineRun.of("train", "--config", config, "--width", "-1");
    assertEquals(
        "flowline: --width: -1; want 1 … 10000 (see flowline train --help)", run.err().strip());
    assertTrue(
        CommandLineRun.of("train", "--config", folder.toString()).err().contains("is a folder"));
    Path closed = Files.writeString(folder.resolve("closed.json"), "{}");
    assumeTrue(closed.toFile().setReadable(false) && !Files.isReadable(closed), "root reads all");
    assertTrue(
        CommandLineRun.of("train", "--config", closed.toString())
            .err()
            .contains("closed.json: may not be read; check its permissions"));
  }

  @Test
  void everySettingIsPrintedAndNullIsNone() throws IOException {
    String printed = CommandLineRun.of("train", "--print-config").out();
    JsonNode all = JsonMapper.builder().build().readTree(printed);
    for (String unset : List.of("data", "rate", "segments", "horizon", "batch", "patience")) {
      assertTrue(all.has(unset) && all.get(unset).isNull(), unset + " in " + printed);
    }
    Path config = Files.writeString(folder.resolve("null.json"), printed);
    assertEquals(
        printed, CommandLineRun.of("train", "--config", config.toString(), "--print-config").out());
    Files.writeString(config, "{\"columns\": [\"lynx\", \"hare\"], \"width\": null}");
    JsonNode listed =
        JsonMapper.builder()
            .build()
            .readTree(
                CommandLineRun.of("train", "--config", config.toString(), "--print-config").out());
    assertEquals("lynx,hare", listed.get("columns").asString());
    assertEquals(16, listed.get("width").asInt());
  }

  private void refused(int exitCode, String message, String text) throws IOException {
    Path config = Files.writeString(folder.resolve("bad.json"), text);
    CommandLineRun run =
        CommandLineRun.of(
            "train", "--config", config.toString(), "--out", folder.resolve("none").toString());
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
    assertTrue(Files.notExists(folder.resolve("none")));
  }
}
