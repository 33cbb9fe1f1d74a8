package org.flowline.examples.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.samskivert.mustache.Escapers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flowline.examples.cli.CommandLineRun;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.claims.Lab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `lab` lists experiments, runs them, and leaves numbers, pictures and a page that needs nothing
/// else; the same every time.
class LabShowsWhatItFound {

  /// Cheap ones.
  private static final List<String> CHOSEN = List.of("A3", "A4", "A8");

  private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

  @TempDir Path folder;

  private CommandLineRun chosen(Path out, String... more) {
    return CommandLineRun.of(
        Stream.of(
                Stream.of("lab"),
                CHOSEN.stream(),
                Stream.of("--out", out.toString()),
                Stream.of(more))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  @Test
  void withoutAWordItListsAll() {
    CommandLineRun run = CommandLineRun.of("lab");
    assertEquals(0, run.exitCode(), run.err());
    for (var experiment : Lab.experiments()) {
      Claim claim = experiment.claim();
      assertTrue(run.out().contains("%-4s %s".formatted(claim.id(), claim.title())), run.out());
    }
  }

  @Test
  void idsAreInOrderAndTheirOwn() {
    List<String> ids = Lab.experiments().stream().map(each -> each.claim().id()).toList();
    List<String> sorted =
        ids.stream()
            .distinct()
            .sorted(
                Comparator.comparing((String id) -> id.charAt(0))
                    .thenComparing(id -> Integer.parseInt(id.substring(1))))
            .toList();
    assertEquals(sorted, ids);
  }

  @Test
  void jsonHasAnObjectForEach() {
    CommandLineRun run = chosen(folder, "--json");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode experiments = run.json().get("experiments");
    assertEquals(CHOSEN, experiments.valueStream().map(each -> each.get("id").asString()).toList());
    for (JsonNode each : experiments) {
      assertFalse(each.get("claim").asString().isBlank());
      assertTrue(each.get("pass").asBoolean(), each.toString());
      double distance = Math.abs(each.get("measured").asDouble() - each.get("expected").asDouble());
      assertTrue(each.get("measured").isNumber(), each.toString());
      boolean near = distance <= each.get("tolerance").asDouble();
      boolean less = each.get("measured").asDouble() < each.get("expected").asDouble();
      assertTrue(
          switch (each.get("relation").asString()) {
            case "=" -> near;
            case "<=" -> near || less;
            case ">=" -> near || !less;
            default -> false;
          },
          each.toString());
      assertEquals(each.get("relation"), each.get("measurements").get(0).get("relation"));
      assertTrue(each.get("measurements").size() > 1, each.toString());
      List<String> pictures = each.get("pictures").valueStream().map(JsonNode::asString).toList();
      assertTrue(pictures.stream().anyMatch(name -> name.endsWith(".png")), each.toString());
      assertTrue(pictures.stream().anyMatch(name -> name.endsWith(".svg")), each.toString());
      for (String picture : pictures) {
        assertTrue(Files.exists(folder.resolve(picture)), picture);
      }
    }
  }

  @Test
  void thePageTellsEveryClaimAndNeedsNothingElse() throws Exception {
    CommandLineRun run = chosen(folder);
    assertEquals(0, run.exitCode(), run.err());
    String page = Files.readString(folder.resolve("index.html"));
    for (String id : CHOSEN) {
      Claim claim = Lab.find(id).orElseThrow().claim();
      for (String text :
          List.of(
              claim.title(),
              claim.statement(),
              claim.formula(),
              claim.experiment(),
              claim.findings(),
              claim.source())) {
        assertTrue(page.contains(Escapers.HTML.escape(text)), text);
      }
      assertTrue(page.contains("<img src=\"" + id + "-"), id + " has no picture");
      assertTrue(page.contains("id=\"" + id + "\""), id + " cannot be linked to");
    }
    assertTrue(page.contains("3 of 3 hold"), "the summary");
    assertEquals(
        run.out().lines().filter(line -> line.startsWith("     pass")).count(),
        page.lines().filter(line -> line.contains("✓ holds")).count());
    assertFalse(page.contains("://"), "nothing from elsewhere");
    assertFalse(page.contains("<script"), "nothing to run");
    List<String> links = REFERENCE.matcher(page).results().map(match -> match.group(1)).toList();
    assertTrue(links.size() >= 9, links.toString());
    for (String link : links) {
      if (link.startsWith("#")) {
        assertTrue(page.contains("id=\"" + link.substring(1) + "\""), link);
      } else {
        assertFalse(link.startsWith("/") || link.contains(".."), link);
        assertTrue(Files.size(folder.resolve(link)) > 1000, link);
      }
    }
  }

  @Test
  void theSameEveryTime() throws Exception {
    CommandLineRun first = chosen(folder.resolve("first"), "--json");
    CommandLineRun second = chosen(folder.resolve("second"), "--json");
    assertEquals(
        first.json().get("experiments").toString(), second.json().get("experiments").toString());
    List<String> names;
    try (Stream<Path> files = Files.list(folder.resolve("first"))) {
      names = files.map(file -> file.getFileName().toString()).sorted().toList();
    }
    assertTrue(names.size() > 2 * CHOSEN.size(), names.toString());
    String changed = names.stream().filter(this::differs).collect(Collectors.joining(", "));
    assertEquals("", changed);
  }

  private boolean differs(String name) {
    try {
      return Files.mismatch(
              folder.resolve("first").resolve(name), folder.resolve("second").resolve(name))
          >= 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void someDoNotReplaceThePageOfAll() {
    assertEquals(Path.of("out", "lab"), LabCommand.folder(Lab.experiments()));
    assertEquals(
        Path.of("out", "lab-A4-B3"),
        LabCommand.folder(List.of(Lab.find("A4").orElseThrow(), Lab.find("B3").orElseThrow())));
  }

  @Test
  void oneIsNotCalledMany() {
    CommandLineRun run = CommandLineRun.of("lab", "A3", "--out", folder.toString());
    assertTrue(run.out().contains("\n1 experiment, its claim holds\n"), run.out());
    assertTrue(
        chosen(folder.resolve("chosen")).out().contains("\n3 experiments, all claims hold\n"));
  }

  @Test
  void idsAreTakenInAnyCaseAndOnce() {
    CommandLineRun run = CommandLineRun.of("lab", "a4", "A4", "--out", folder.toString(), "--json");
    assertEquals(1, run.json().get("experiments").size());
  }

  @Test
  void unknownIdsAndFoldersGetOneLine() throws Exception {
    refused(2, "no experiment Z9; want all, or some of A1, A2", "lab", "Z9");
    refused(2, "no experiment A44; want all, or some of A1, A2", "lab", "A3", "A44");
    refused(2, "did you mean lab?", "lap");
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    refused(1, "cannot be written: it is a file", "lab", "A4", "--out", file.toString());
  }

  @Test
  void unknownIdsAreToldWhatTheyMayMean() {
    refused(2, "C2; did you mean A2 or A19?", "lab", "A20");
    refused(2, "C2; did you mean A4?", "lab", "aa4");
    refused(2, "C2; did you mean B4 or B5?", "lab", "b44");
    refused(2, "C2; did you mean A9?", "lab", "Z9");
    refused(2, "C2; did you mean C2?", "lab", "C3");
    refused(2, "C2 (see flowline lab --help)", "lab", "oja");
    refused(2, "C2; did you mean A9?", "lab", "A99999999999");
  }

  private static void refused(int exitCode, String message, String... args) {
    CommandLineRun run = CommandLineRun.of(args);
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }
}
