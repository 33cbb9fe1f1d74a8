package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// `classify` learns what straight lines cannot tell, says how well, and leaves it in tables and
/// pictures.
class ClassifiersKnowRowsTheyHaveNotSeen {
  @TempDir Path folder;

  private CommandLineRun classify(String... more) {
    List<String> words =
        new ArrayList<>(List.of("classify", "--out", folder.resolve("out").toString(), "--json"));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(folder.resolve("out").resolve(file));
  }

  private static double number(JsonNode node, String name) {
    return node.get(name).asDouble();
  }

  @Test
  void whereStraightLinesDoNot() throws IOException {
    Path more = Files.writeString(folder.resolve("new.csv"), "y,id,x\n0.4,one,-0.9\n0.4,two,1\n");
    CommandLineRun run = classify("--new", more.toString());
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().contains("iteration 300 of 300: loss "), run.err());
    JsonNode report = run.json();
    JsonNode apart = report.get("validation");
    assertTrue(number(apart, "accuracy") >= 0.97, report.toString());
    assertTrue(number(apart, "softmax_regression") < 0.8, report.toString());
    assertEquals(0.5, number(apart, "commonest_class"), report.toString());
    assertTrue(number(apart, "cross_entropy") < 0.1, report.toString());
    assertEquals(300, number(report.get("training"), "rows"));
    assertEquals(100, number(apart, "rows"));

    List<String> rows = lines("predictions.csv");
    assertEquals("row,class,predicted,part,p(arm A),p(arm B)", rows.getFirst());
    assertEquals(401, rows.size());
    long right =
        rows.stream()
            .map(row -> row.split(","))
            .filter(cells -> cells[3].equals("validation") && cells[1].equals(cells[2]))
            .count();
    assertEquals(number(apart, "accuracy"), right / 100.0, "the table says what the report says");
    List<String> unknown = lines("new.csv");
    assertEquals("row,predicted,p(arm A),p(arm B)", unknown.getFirst());
    assertTrue(unknown.get(1).startsWith("1,arm A,0."), unknown.toString());
    assertTrue(unknown.get(2).startsWith("2,arm B,"), unknown.toString());
    for (String file : List.of("classes.png", "classes.svg", "loss.png", "metrics.csv")) {
      assertTrue(Files.size(folder.resolve("out").resolve(file)) > 1000, file);
    }
  }

  /// Three clouds of four features, of which one is constant; the same from the same seed.
  @Test
  void ofMoreFeaturesAndClasses() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder("a;b;kind;c;d\n");
    for (int i = 0; i < 90; i++) {
      text.append(i % 3 + 0.2 * random.nextGaussian()).append(';');
      text.append(100 * (i % 3 == 1 ? 1 : 0) + 20 * random.nextGaussian()).append(';');
      text.append(List.of("red", "green", "blue").get(i % 3)).append(";1;");
      text.append(random.nextGaussian()).append('\n');
    }
    Path file = Files.writeString(folder.resolve("clouds.csv"), text);
    String[] words = {"--data", file.toString(), "--label", "kind", "--iterations", "40"};
    JsonNode report = classify(words).json();
    assertEquals("[\"blue\",\"green\",\"red\"]", report.get("classes").toString());
    assertEquals("[\"a\",\"b\",\"c\",\"d\"]", report.get("features").toString());
    JsonNode apart = report.get("validation");
    assertTrue(number(apart, "accuracy") >= 0.95, report.toString());
    assertEquals(3, apart.get("confusion").size());
    assertEquals(91, lines("predictions.csv").size());
    List<String> first = lines("predictions.csv");
    classify(words);
    assertEquals(first, lines("predictions.csv"));

    CommandLineRun two =
        CommandLineRun.of(
            "classify",
            "--quiet",
            "--data",
            file.toString(),
            "--label",
            "kind",
            "--features",
            "a, b",
            "--iterations",
            "1",
            "--out",
            folder.resolve("two").toString());
    assertEquals(0, two.exitCode(), two.err());
    assertEquals("", two.err());
    for (String line : List.of("softmax regression", "commonest class", "cross-entropy", "blue")) {
      assertTrue(two.out().contains(line), two.out());
    }
    assertFalse(Files.exists(folder.resolve("two").resolve("new.csv")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'x,k~1,a~2,b~3,a~4,b~' | kid | x      | t.csv:1: no column "kid"; want one of "x, k"
          'x,k~1,a~2,b~3,a~4,b~' | k   | z      | t.csv:1: no column "z"; want one of "x, k"
          'x,k~1,a~2,a~'         | k   | x      | t.csv: one class only in column "k"; want two or more
          'x,k~1,a~2,b~3,b~'     | k   | x      | split: one row only of class "a"; want two or more of each
          'x,k~1,a~red,b~'       | k   | x      | t.csv:3: column "x" is not a number: "red"
          'x,k~1,a~,b~'          | k   | x      | t.csv:3: column "x" is empty; fill it in or remove the row
          'x,k~1,a~2,~'          | k   | x      | t.csv:3: column "k" is empty; name a class
          'x,k~1,a~2,b~'         | k   | 'x,k'  | column "k" has two roles
          'x,k~1e200,a~2,a~3,b~4,b~' | k | x    | column "x" has numbers whose squares overflow
          """)
  void orSayWhyNot(String content, String label, String features, String message)
      throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), content.replace('~', '\n'));
    refused(1, message, "--data", file.toString(), "--label", label, "--features", features);
    assertFalse(Files.exists(folder.resolve("out")), "nothing is written");
  }

  @Test
  void orWhichWordsAreWrong() {
    refused(2, "--data: want --label COLUMN, too", "--data", "x.csv");
    refused(2, "--label: want --data FILE, too", "--label", "x");
    refused(2, "--features: want --data FILE, too", "--features", "x");
    refused(2, "--validation: 1; want 0.01 … 0.9", "--validation", "1");
    refused(2, "--iterations: 0; want a positive number", "--iterations", "0");
    refused(2, "--rate: -1; want 1.0E-9 … 1000", "--rate", "-1");
    refused(2, "--width: 0; want 1 … 10000", "--width", "0");
    refused(1, "no such file", "--data", "/none.csv", "--label", "k");
    refused(1, "no such file", "--new", "/none.csv");
  }

  private void refused(int exitCode, String message, String... words) {
    CommandLineRun run = classify(words);
    assertEquals(exitCode, run.exitCode(), run.toString());
    assertEquals("", run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }
}
