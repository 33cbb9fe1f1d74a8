package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `explore --snapshot` draws what the window shows; where something is wrong it says what.
class ExploreDrawsWithoutADisplay {
  private static final int FLOW = 0x0072B2;
  private static final int DESCENT = 0xD55E00;
  @TempDir Path folder;

  @Test
  void flowAndDescentAreThereAndFollowTheStep() throws Exception {
    BufferedImage small = snapshot("--eta", "0.05");
    BufferedImage large = snapshot("--eta", "0.45");
    assertEquals(2360, small.getWidth(), "twice the nominal size");
    for (BufferedImage image : new BufferedImage[] {small, large}) {
      assertTrue(pixels(image, FLOW) > 300, pixels(image, FLOW) + " pixels of flow");
      assertTrue(pixels(image, DESCENT) > 300, "descent");
    }
    long different =
        IntStream.range(0, small.getWidth() * small.getHeight())
            .filter(i -> colour(small, i) != colour(large, i))
            .count();
    assertTrue(different > 5000, different + " pixels differ");
  }

  @Test
  void itReportsTheCriticalStep() {
    CommandLineRun run = run("--b", "0.4", "--eta", "0.33", "--json");
    assertEquals(0, run.exitCode(), run.err());
    // 2/λ with λ = 1/0.4².
    assertEquals(0.32, run.json().get("critical_step").asDouble(), 1e-15);
    assertEquals("diverges", run.json().get("verdict").asString());
    assertTrue(
        run("--method", "adam", "--json").json().get("critical_step").isNull(), "Adam has none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --a      | 0        | --a: 0.0; want 0.25 … 2
          --b      | NaN      | --b: NaN; want 0.25 … 2
          --angle  | 181      | --angle: 181.0; want 0 … 180
          --eta    | -1       | --eta: -1.0; want 0.01 … 10
          --eta    | much     | --eta
          --method | sgd      | --method: "sgd"; want one of euler, midpoint,
          --snapshot | a.jpg  | --snapshot: a.jpg; want a name that ends in .png
          --ets    | 1        | did you mean --eta?
          """)
  void wrongWordsAreNamed(String option, String value, String message) {
    refused(2, message, option, value);
  }

  @Test
  void filesThatCannotBeWrittenAreNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    refused(
        1,
        "cannot be written: it is a file; choose another folder with --snapshot",
        "--snapshot",
        file.resolve("a.png").toString());
    Path taken = Files.createDirectory(folder.resolve("taken.png"));
    Files.writeString(taken.resolve("inside"), "keep");
    refused(1, "taken.png: cannot be written", "--snapshot", taken.toString());
    assertTrue(Files.exists(taken.resolve("inside")));
  }

  @Test
  void aWindowWantsADisplay() {
    refused(1, "explore: no display to open a window on; --snapshot FILE.png draws without one");
    refused(2, "--json: wants --snapshot FILE.png as well", "--json");
  }

  private static void refused(int exitCode, String message, String... words) {
    CommandLineRun run = explore(words);
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }

  private BufferedImage snapshot(String... words) throws Exception {
    CommandLineRun run = run(words);
    assertEquals(0, run.exitCode(), run.err());
    assertFalse(run.out().isEmpty());
    return ImageIO.read(folder.resolve("view.png").toFile());
  }

  private CommandLineRun run(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--snapshot";
    all[words.length + 1] = folder.resolve("view.png").toString();
    return explore(all);
  }

  private static CommandLineRun explore(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "explore";
    System.arraycopy(words, 0, all, 1, words.length);
    return CommandLineRun.of(all);
  }

  /// Counts the pixels of a colour, without legends below the charts.
  private static long pixels(BufferedImage image, int colour) {
    return IntStream.range(0, image.getWidth() * (image.getHeight() * 4 / 5))
        .filter(i -> colour(image, i) == colour)
        .count();
  }

  private static int colour(BufferedImage image, int i) {
    return image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xFFFFFF;
  }
}
