package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Random words, and options with random values, end in exit code 0, 1 or 2 with at most one line
/// of explanation, and never in an unexpected error.
class WordsOfAnyKindEndInAnExitCode {
  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "-",
          "--",
          "0",
          "1",
          "2",
          "-1",
          "1e300",
          "1e-300",
          "NaN",
          "Infinity",
          "-0.0",
          "99999999999999999999",
          "0x10",
          "1,2",
          "30,4",
          ",",
          "1,,2",
          "ü",
          "\u0000",
          "a b",
          "a\nb",
          "null",
          "true",
          "adam",
          "discrete",
          "tanh",
          "{}",
          "[1]",
          "..",
          "~",
          "*",
          "%s",
          "${x}",
          "\"",
          "'",
          "\uD83D\uDE00",
          "@",
          "=",
          "1.5",
          "train",
          "relu",
          "y1",
          "hare");

  @TempDir Path folder;
  private final SplittableRandom random = new SplittableRandom(7);

  @BeforeEach
  void model() {
    String out = folder.resolve("run").toString();
    run("train", "--quiet", "--no-report", "--iterations", "1", "--out", out);
  }

  private static int run(String... words) {
    CommandLineRun run = CommandLineRun.of(words);
    String what = Arrays.toString(words) + " → " + run;
    assertTrue(run.exitCode() >= 0 && run.exitCode() <= 2, what);
    assertFalse(run.err().contains("unexpected ") || run.err().contains("\tat "), what);
    if (run.exitCode() == 2) {
      assertEquals(1, run.errorLines().size(), what);
      assertEquals("", run.out(), what);
    }
    return run.exitCode();
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private List<String> options(String command) {
    return new CommandLine(new Flowline())
        .getSubcommands().get(command).getCommandSpec().options().stream()
            .map(option -> option.longestName())
            .filter(
                name ->
                    !List.of("--out", "--overwrite", "--resume", "--points", "--config")
                        .contains(name))
            .toList();
  }

  private String[] words(String command, String... always) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(always));
    List<String> options = options(command);
    for (int i = random.nextInt(4); i > 0; i--) {
      if (random.nextInt(4) > 0) {
        words.add(random.nextInt(5) > 0 ? any(options) : any(options) + "=" + any(VALUES));
      }
      if (random.nextInt(4) > 0) {
        words.add(any(VALUES));
      }
    }
    return words.toArray(String[]::new);
  }

  /// An unknown option prevents commands from running.
  @Test
  void ofEveryCommand() {
    for (String command : new CommandLine(new Flowline()).getSubcommands().keySet()) {
      for (int i = 0; i < 40; i++) {
        run(words(command, "--no-such-option"));
      }
    }
    for (int i = 0; i < 100; i++) {
      run(any(VALUES), any(VALUES));
    }
  }

  @Test
  void ofTrainings() {
    int done = 0;
    for (int i = 0; i < 300; i++) {
      done += run(words("train", "--print-config")) == 0 ? 1 : 0;
    }
    assertTrue(done > 20, "valid: " + done);
  }

  @Test
  void ofModels() {
    String model = folder.resolve("run").resolve("model.flowline").toString();
    int done = 0;
    for (int i = 0; i < 200; i++) {
      String[] always =
          random.nextBoolean()
              ? new String[] {model, "--from", "30,4", "--points", "5"}
              : new String[] {model};
      done += run(words("predict", always)) == 0 ? 1 : 0;
      done += run(words("info", model)) == 0 ? 1 : 0;
      String out = folder.resolve("e").toString();
      done += run(words("export", model, "--overwrite", "--out", out)) == 0 ? 1 : 0;
    }
    assertTrue(done > 60, "valid: " + done);
  }

  @Test
  void ofSettingsInFiles() throws Exception {
    List<String> scraps =
        List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\"seed\"",
            "\"rate\"",
            "1",
            "0.01",
            "true",
            "null",
            "\"adam\"",
            "\"optimizer\"",
            "e",
            "\\u0000",
            "\uFEFF",
            "//",
            "\n",
            "1e999",
            "-");
    Path file = folder.resolve("settings.json");
    int done = 0;
    for (int i = 0; i < 400; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "{\"seed\":" : "");
      for (int k = random.nextInt(8); k > 0; k--) {
        text.append(any(scraps));
      }
      text.append(random.nextBoolean() ? "}" : "");
      Files.writeString(file, text);
      done += run("train", "--print-config", "--config", file.toString()) == 0 ? 1 : 0;
    }
    assertTrue(done > 0, "valid: " + done);
  }
}
