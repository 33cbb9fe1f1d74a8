package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class HelpTellsEverything {
  @TempDir Path folder;

  static List<String> commands() {
    return List.copyOf(new CommandLine(new Flowline()).getSubcommands().keySet());
  }

  private static String done(String... words) {
    CommandLineRun run = CommandLineRun.of(words);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.err());
    return run.out();
  }

  /// The options of an example are options of the command.
  @ParameterizedTest
  @MethodSource("commands")
  void withAnExampleForEveryCommand(String command) {
    String help = done(command, "--help");
    String example =
        help.lines()
            .filter(line -> line.startsWith("Example:  "))
            .findFirst()
            .orElseThrow(() -> new AssertionError(help));
    assertTrue(example.contains("flowline " + command), example);
    for (String word : example.split(" +")) {
      assertTrue(!word.startsWith("--") || help.contains(word), "an option of its own: " + word);
    }
    assertTrue(done("--help").contains("\n  " + command + " "), "it is listed");
    assertTrue(done(command, "--version").startsWith("flowline 0."), "it has a version");
    assertTrue(help.lines().allMatch(line -> line.length() <= 105), help);
  }

  /// Examples are in one line, for copying.
  @ParameterizedTest
  @MethodSource("commands")
  void withExamplesInOneLine(String command) {
    CommandLine alone = new CommandLine(new Flowline()).getSubcommands().get(command);
    List<String> help = done(command, "--help").lines().toList();
    for (String line : alone.getCommandSpec().usageMessage().footer()) {
      if (line.matches("(Example:| +) +flowline .*|.* (echo|flowline) .*>.*")) {
        assertTrue(help.contains(line), line);
      }
    }
  }

  @Test
  void inWordsToo() {
    assertEquals(done("--help"), done("help"));
    for (String command : commands()) {
      assertEquals(done(command, "--help"), done("help", command));
    }
    CommandLineRun run = CommandLineRun.of("help", "tarin");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("did you mean train?"), run.err());
  }

  /// Each option of a training is listed once, under its heading.
  @Test
  void underHeadingsWhereOptionsAreMany() {
    String help = done("train", "--help");
    CommandLine train = new CommandLine(new Flowline()).getSubcommands().get("train");
    for (var option : train.getCommandSpec().options()) {
      String line = "(?s).*\n +(-\\w, )?" + option.longestName() + "[=\\s].*";
      assertTrue(help.matches(line), option.longestName() + " in " + help);
    }
    List<Integer> places =
        List.of(
            help.indexOf("\nData\n      --data"),
            help.indexOf("\nModel\n      --width"),
            help.indexOf("\nSolver and gradients\n      --solver"),
            help.indexOf("\nOptimiser\n      --iterations"),
            help.indexOf("\nCurriculum and validation\n      --horizon"),
            help.indexOf("\nThis run\n      --json"),
            help.indexOf("\nExample:"));
    assertFalse(places.contains(-1), help);
    assertEquals(places.stream().sorted().toList(), places);
  }

  @Test
  void andTheExitCodes() {
    String help = done("--help");
    for (String code : List.of("0", "1", "2", "129", "130", "141", "143")) {
      assertTrue(help.lines().anyMatch(line -> line.matches(" +" + code + " +\\w.*")), help);
    }
    assertEquals("flowline 0.1.0", done("--version").strip());
  }

  @Test
  void andTheShellCompletesIt() throws Exception {
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "bash is not installed");
    Path script = Files.writeString(folder.resolve("completion"), done("completion"));
    assertEquals("train", completed(bash, script, "tra"));
    assertEquals("predict", completed(bash, script, "pre"));
    assertEquals("--iterations", completed(bash, script, "train", "--itera"));
    assertEquals("discrete", completed(bash, script, "train", "--gradient", "dis"));
    assertEquals("--json", completed(bash, script, "info", "--js"));
    assertFalse(completed(bash, script, "").isEmpty());
  }

  /// The candidates are exactly the words of the option, also where labels of options are alike.
  @Test
  void andTheShellCompletesEachWordOfAnOption() throws Exception {
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "bash is not installed");
    Path script = Files.writeString(folder.resolve("completion"), done("completion"));
    int asked = 0;
    for (String command : commands()) {
      CommandSpec spec =
          new CommandLine(new Flowline()).getSubcommands().get(command).getCommandSpec();
      for (OptionSpec option : spec.options()) {
        if (option.completionCandidates() != null) {
          List<String> words = new ArrayList<>();
          option.completionCandidates().forEach(words::add);
          String name = option.longestName();
          assertEquals(
              String.join(" ", words), completed(bash, script, command, name, ""), command + name);
          asked++;
        } else if (option.type() == Path.class) {
          String file = folder.resolve("compl").toString();
          assertEquals(
              script.toString(), completed(bash, script, command, option.longestName(), file));
          asked++;
        }
      }
    }
    assertTrue(asked > 20, "options: " + asked);
    assertEquals("sensitivity", completed(bash, script, "train", "--gradient", "s"));
    assertTrue(completed(bash, script, "train", "--solver", "").contains("kvaerno5"));
    assertEquals("resnet-euler", completed(bash, script, "help", "r"));
    for (String command : List.of("predict", "info", "export")) {
      String file = folder.resolve("compl").toString();
      assertEquals(script.toString(), completed(bash, script, command, file));
    }
  }

  private static String completed(Path bash, Path script, String... words)
      throws IOException, InterruptedException {
    String line =
        "source '%s'; COMP_WORDS=(flowline %s); COMP_CWORD=%d; _complete_flowline; echo ${COMPREPLY[*]}"
            .formatted(script, quoted(words), words.length);
    Process shell =
        new ProcessBuilder(bash.toString(), "--norc", "-c", line)
            .redirectError(ProcessBuilder.Redirect.DISCARD) // bash, of being asked without a Tab
            .start();
    shell.getOutputStream().close();
    String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor(), answer);
    return answer.strip();
  }

  private static String quoted(String... words) {
    return "'" + String.join("' '", words) + "'";
  }
}
