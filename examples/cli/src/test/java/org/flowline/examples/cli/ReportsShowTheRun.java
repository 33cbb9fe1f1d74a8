package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.samskivert.mustache.Escapers;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.flowline.examples.pictures.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `report.html` tells of the run that wrote it, and needs nothing else.
class ReportsShowTheRun {
  private static final Pattern IMAGE =
      Pattern.compile(
          "<img src=\"data:image/png;base64,([^\"]*)\" width=\"(\\d+)\" [^>]*alt=\"[^\"]+\">");

  @TempDir Path folder;

  private CommandLineRun train(String... more) {
    String[] words = {"train", "--out", folder.toString(), "--json", "--iterations", "60"};
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return CommandLineRun.of(all);
  }

  private String page() throws IOException {
    return Files.readString(folder.resolve("report.html"));
  }

  @Test
  void itHasThePicturesAndNeedsNothingElse() throws IOException {
    CommandLineRun run = train();
    assertEquals(0, run.exitCode(), run.err());
    String page = page();
    List<String> pictures = IMAGE.matcher(page).results().map(found -> found.group(1)).toList();
    assertEquals(page.split("<img").length - 1, pictures.size(), "all images are within the page");
    List<String> names = List.of("fit", "phase", "loss", "cost");
    assertEquals(names.size(), pictures.size());
    for (int i = 0; i < names.size(); i++) {
      byte[] bytes = Base64.getDecoder().decode(pictures.get(i));
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      assertNotNull(image, names.get(i));
      assertTrue(image.getWidth() > 1000, names.get(i));
      assertEquals(
          -1, Arrays.mismatch(bytes, Files.readAllBytes(folder.resolve(names.get(i) + ".png"))));
    }
    assertFalse(page.contains("://"), "nothing from elsewhere");
    assertFalse(page.contains("href"), "nothing to follow");
    assertFalse(page.contains("<script"), "nothing to run");
    assertFalse(page.contains("{{") || page.contains("}}"), "all is filled in");
    assertTrue(Files.size(folder.resolve("report.html")) < 2_000_000);
  }

  @Test
  void itsNumbersAreThoseOfTheRun() throws IOException {
    JsonNode json = train("--seed", "3").json();
    String page = page();
    shows(page, "Iterations", "60");
    String rmse = Numbers.significant(json.get("rmse").asDouble());
    shows(page, "Error", "%s (RMSE over all values)", rmse);
    shows(page, "Loss", "%.3e (mean square, standardised)", json.get("loss").asDouble());
    assertTrue(
        page.contains(
            String.format(Locale.ROOT, "%,d evaluations of the field", json.get("nfe").asLong())));
    shows(page, "seed", "3");
    shows(page, "gradient", "discrete");
    assertTrue(page.contains("<td>backsolve 10 anchors</td>"), "the gradients' audit");
    assertTrue(page.contains("<span class=\"pass\">close</span>"), "and what to think of it");
    assertTrue(page.contains(folder.resolve("model.flowline") + " --from 30,4"), "how to use it");
    assertTrue(page.contains("double[] start = { 30, 4 }; // hare, lynx"), "how to use it in Java");
  }

  private static void shows(String page, String name, String format, Object... values) {
    String value = String.format(Locale.ROOT, format, values);
    assertTrue(page.contains("<dt>" + name + "</dt><dd>" + value + "</dd>"), name + ": " + value);
  }

  @Test
  void diagnosticsAreOnIt() throws IOException {
    CommandLineRun run = train("--diagnostics");
    assertEquals(0, run.exitCode(), run.err());
    String page = page();
    assertEquals(6, IMAGE.matcher(page).results().count(), "sharpness and depth, too");
    assertTrue(page.contains("sharpness   λmax"), "in numbers");
    assertTrue(Files.size(folder.resolve("report.html")) < 2_000_000);
  }

  @Test
  void namesAreTextWhateverTheyAre() throws IOException {
    Path csv = folder.resolve("<i>&.csv");
    Files.writeString(csv, "t,\"<b>&\"\"\",{{y}}\n0,1,0\n1,0.5,1\n2,0.3,2\n3,0.2,3\n");
    CommandLineRun run = train("--data", csv.toString());
    assertEquals(0, run.exitCode(), run.err());
    String page = page();
    assertFalse(page.contains("<b>") || page.contains("<i>"), "names are no elements");
    assertTrue(page.contains(Escapers.HTML.escape("<b>&\"")), "but they are there");
    assertTrue(page.contains("{{y}}"), "and not filled in");
    assertEquals(4, IMAGE.matcher(page).results().count(), "alternative texts are whole");
  }

  @Test
  void oneComponentHasAReportToo() throws IOException {
    Path csv = folder.resolve("decay.csv");
    Files.writeString(csv, "t,x\n0,1\n1,0.5\n2,0.25\n3,0.125\n");
    CommandLineRun run = train("--data", csv.toString());
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(4, IMAGE.matcher(page()).results().count());
  }

  @Test
  void whatItSaysToTypeIsTaken() throws IOException {
    Path csv = folder.resolve("driven.csv");
    Files.writeString(csv, "t,x,u\n0,1,0\n1,0.5,1\n2,1.2,1\n3,1.4,0\n4,0.8,0\n");
    CommandLineRun run = train("--data", csv.toString(), "--input", "u", "--validation", "0.3");
    assertEquals(0, run.exitCode(), run.err());
    Matcher typed = Pattern.compile("<pre>flowline (predict [^<]*)</pre>").matcher(page());
    assertTrue(typed.find(), page());
    String[] words = typed.group(1).replace("FILE.csv", csv.toString()).split(" ");
    CommandLineRun predicted = CommandLineRun.of(words);
    assertEquals(0, predicted.exitCode(), predicted.err());
    assertTrue(predicted.out().startsWith("t,x"), predicted.out());
    shows(
        page(),
        "Error",
        "%s (RMSE over all training values)",
        Numbers.significant(run.json().get("rmse").asDouble()));
  }

  @Test
  void aSecondOrderFieldIsNoRateOfChange() throws IOException {
    Path csv = folder.resolve("swing.csv");
    Files.writeString(csv, "t,x\n0,1\n1,0.5\n2,-0.4\n3,-1\n4,-0.6\n");
    CommandLineRun run = train("--data", csv.toString(), "--second-order");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(page().contains("of the learned field, by x and its velocity"), "its caption");
    assertFalse(page().contains("at rest where the line crosses zero"), "it swings on");
  }
}
