package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs [ExplorerSession] with the window of `flowline explore` on a virtual screen (Xvfb, if it is
/// installed). Screenshots remain in `target/explore`.
class ExplorerObeysMouseAndKeys {
  @TempDir Path folder;
  private Process screen;
  private String display;

  /// Starts a screen without auto-repeat, which would repeat keys on a busy machine.
  @BeforeEach
  void startAScreen() throws IOException {
    try {
      screen =
          new ProcessBuilder("Xvfb", "-r", "-displayfd", "1", "-screen", "0", "1400x900x24")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "Xvfb is not installed");
    }
    // Not closed: the screen ends with its output.
    BufferedReader output = screen.inputReader();
    display = output.readLine();
    assumeTrue(display != null, "Xvfb does not start");
  }

  @AfterEach
  void stopTheScreen() {
    if (screen != null) {
      screen.destroy();
    }
  }

  @Test
  void onARealScreen() throws Exception {
    Path shots = Files.createDirectories(Path.of("target", "explore"));
    assertEquals("", output(0, ExplorerSession.class.getName(), shots.toString()));
  }

  @Test
  void aScreenThatDoesNotAnswerGetsOneClearLine() throws Exception {
    stopTheScreen();
    screen.waitFor();
    assertEquals(
        "flowline: explore: no display to open a window on; --snapshot FILE.png draws without one",
        output(1, Flowline.class.getName(), "explore"));
  }

  /// Returns the output of a program that must end with this exit code.
  private String output(int exitCode, String... words) throws Exception {
    Path output = folder.resolve("output");
    Process process = java(output, words);
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output).strip();
    assertTrue(ended, "still running: " + text);
    assertEquals(exitCode, process.exitValue(), text);
    return text;
  }

  private Process java(Path output, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=false",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("DISPLAY", ":" + display);
    return builder.start();
  }
}
