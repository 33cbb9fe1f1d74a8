package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.flowline.neuralode.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The default training fits both peaks of both species, and writes all of its files.
class TrainFitsHareAndLynx {
  @TempDir Path folder;

  @Test
  void rootMeanSquareErrorIsBelowThreeAndAHalfThousandPelts() throws IOException {
    CommandLineRun run = CommandLineRun.of("train", "--out", folder.toString(), "--json");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode report = run.json();
    assertEquals(
        List.of("data", "iterations", "rmse", "loss", "nfe", "seconds", "out"),
        report.propertyNames().stream().toList());
    assertEquals(3500, report.get("iterations").asInt());
    assertTrue(report.get("rmse").asDouble() < 3.5, run.out());
    assertTrue(report.get("nfe").asLong() > 100_000, run.out());

    Model model = Model.load(folder.resolve("model.flowline"));
    double[] years = {1900, 1903, 1904, 1913, 1915};
    List<double[]> predicted = model.predict(new double[] {30, 4}, years);
    // The peaks: hare 77.4 in 1903 and 76.6 in 1913, lynx 59.4 in 1904 and 51.1 in 1915.
    assertEquals(77.4, predicted.get(1)[0], 8);
    assertEquals(59.4, predicted.get(2)[1], 8);
    assertEquals(76.6, predicted.get(3)[0], 8);
    assertEquals(51.1, predicted.get(4)[1], 8);

    for (String picture : List.of("fit", "loss", "phase")) {
      assertTrue(colours(folder.resolve(picture + ".png")) > 20, picture + " is empty");
      assertTrue(Files.size(folder.resolve(picture + ".svg")) > 20_000, picture + " is empty");
    }
    List<String> predictions = Files.readAllLines(folder.resolve("predictions.csv"));
    assertEquals("year,hare,hare (model),lynx,lynx (model)", predictions.getFirst());
    assertEquals(22, predictions.size());
    try (var files = Files.list(folder)) {
      assertEquals(13, files.count(), "nothing but the results is left in the folder");
    }
  }

  @Test
  void theSameSeedGivesTheSameModel() throws IOException {
    for (String run : List.of("a", "b")) {
      String words = "train --no-report --iterations 40 --out " + folder.resolve(run);
      assertEquals(0, CommandLineRun.of(words.split(" ")).exitCode());
    }
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("a/model.flowline")),
        Files.readAllBytes(folder.resolve("b/model.flowline")));
  }

  @Test
  void everyGradientOptimizerAndKindOfSolverTrains() {
    List<String> descents =
        List.of(
            "adam",
            "adamw",
            "rmsprop",
            "nesterov",
            "heavy-ball",
            "gradient-descent",
            "adaptive",
            "proximal-point",
            "damped-newton");
    descents.forEach(name -> trains("--optimizer", name, "--schedule", "cosine"));
    for (String gradient :
        List.of("checkpointed", "reversible", "interpolated", "backsolve", "sensitivity")) {
      trains("--gradient", gradient, "--optimizer", "heavy-ball", "--schedule", "warm-up");
    }
    for (String solver : List.of("bosh3", "dop853", "kvaerno5", "rodas5p")) {
      trains("--solver", solver);
    }
    trains("--solver", "rkc2", "--gradient", "interpolated");
  }

  private void trains(String... how) {
    List<String> words =
        new ArrayList<>(List.of("train", "--iterations", "30", "--rate", "0.001", "--quiet"));
    words.addAll(List.of("--no-report", "--overwrite", "--out", folder.toString(), "--json"));
    words.addAll(List.of(how));
    CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));
    assertEquals(0, run.exitCode(), words + ": " + run.err());
    assertTrue(run.json().get("rmse").asDouble() < 200, run.out());
  }

  @Test
  void diagnosticsShowSharpnessItsLimitAndTheEnergyBalance() throws IOException {
    String plain = "train --no-report --iterations 60 --out " + folder.resolve("a");
    assertEquals(0, CommandLineRun.of(plain.split(" ")).exitCode());
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "--iterations",
            "60",
            "--diagnostics",
            "--out",
            folder.resolve("b").toString(),
            "--json");
    assertEquals(0, run.exitCode(), run.err());
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("a/model.flowline")),
        Files.readAllBytes(folder.resolve("b/model.flowline")),
        "diagnostics do not change the model");
    JsonNode found = run.json().get("diagnostics");
    assertEquals(60, found.get("looks").asInt());
    assertEquals(3800, found.get("limit").asDouble(), 1e-9);
    assertTrue(found.get("sharpness").asDouble() > found.get("smallest").asDouble(), run.out());
    assertTrue(found.get("products").asLong() > 60, run.out());
    // Adam's steps of 0.01 follow the slope; what they miss is of third order in them.
    double lost = found.get("lost").asDouble();
    assertEquals(lost, found.get("dissipated").asDouble(), 0.05 * lost, run.out());
    JsonNode costs = found.get("costs");
    assertEquals(60, costs.get("training").get("steps").asInt());
    // The losses at the end, and of the best θ wherever the horizon grows, are forward solves.
    assertEquals(60, costs.get("training").get("gradients").asInt(), run.out());
    assertEquals(
        run.json().get("nfe").asLong(),
        costs.get("state").get("evaluations").asLong()
            + costs.get("adjoint").get("pullbacks").asLong(),
        "the cost of diagnostics is counted apart");
    assertTrue(costs.get("state").get("bytes").asLong() > 0, run.out());
    assertEquals(0, found.get("from").asInt());
    assertEquals(61, Files.readAllLines(folder.resolve("b/sharpness.csv")).size());
    assertTrue(colours(folder.resolve("b/sharpness.png")) > 20);
    assertTrue(Files.size(folder.resolve("b/sharpness.svg")) > 20_000);
    assertTrue(Files.readAllLines(folder.resolve("b/depth.csv")).size() > 5);
    assertTrue(colours(folder.resolve("b/depth.png")) > 20);
  }

  @Test
  void diagnosticsHoldDescentAgainstItsFlow() throws IOException {
    CommandLineRun run =
        CommandLineRun.of(
            ("train --quiet --json --iterations 40 --optimizer gradient-descent --rate 0.01"
                    + " --diagnostics --out "
                    + folder)
                .split(" "));
    assertEquals(0, run.exitCode(), run.err());
    JsonNode distance = run.json().get("diagnostics").get("distance");
    assertEquals(40, distance.get("iterations").asInt());
    assertEquals(0.4, distance.get("tau").asDouble(), 1e-12);
    double found = distance.get("distance").asDouble();
    assertTrue(found > 1e-4 && found < distance.get("bound").asDouble(), run.out());
    assertTrue(colours(folder.resolve("distance.png")) > 20);
  }

  /// The weights diverge until neither losses nor curvatures can be computed.
  @Test
  void diagnosticsLeaveTheModelOfATrainingThatHasToStop() {
    CommandLineRun run =
        CommandLineRun.of(
            ("train --quiet --iterations 60 --optimizer gradient-descent --rate 0.8 --horizon 1"
                    + " --retries 0 --no-report --diagnostics --out "
                    + folder)
                .split(" "));
    assertEquals(1, run.exitCode(), run.err());
    assertTrue(run.err().contains("the best model so far is kept"), run.err());
    assertTrue(run.out().contains("flow        not observed: "), run.out());
    assertTrue(Files.exists(folder.resolve("model.flowline")));
  }

  @Test
  void oneComponentHasAPhasePictureToo() throws IOException {
    Path csv = folder.resolve("decay.csv");
    Files.writeString(csv, "t,x\n0,1\n1,0.5\n2,0.25\n3,0.125\n");
    CommandLineRun run =
        CommandLineRun.of(
            "train", "--data", csv.toString(), "--iterations", "50", "--out", folder.toString());
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("decay.csv"), run.out());
    assertTrue(colours(folder.resolve("phase.png")) > 20);
  }

  @Test
  void aComponentOfSecondOrderIsShownWithItsVelocity() throws IOException {
    Path csv = folder.resolve("swing.csv");
    Files.writeString(csv, "t,x\n0,1\n1,0.5\n2,-0.5\n3,-1\n4,-0.5\n");
    CommandLineRun run =
        CommandLineRun.of(
            ("train --quiet --second-order --iterations 30 --data " + csv + " --out " + folder)
                .split(" "));
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(colours(folder.resolve("phase.png")) > 20);
    String page = Files.readString(folder.resolve("report.html"));
    assertTrue(page.contains("The direction of the learned field, by x and its velocity."), page);
  }

  @Test
  void withoutAReportTheModelAndItsPredictionsAreWritten() throws IOException {
    CommandLineRun run =
        CommandLineRun.of(
            "train", "--quiet", "--no-report", "--iterations", "5", "--out", folder.toString());
    assertEquals(0, run.exitCode(), run.err());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          Set.of("model.flowline", "predictions.csv", "curve.csv", "metrics.csv"),
          left.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @Test
  void progressShowsTheStage() {
    CommandLineRun run =
        CommandLineRun.of("train", "--no-report", "--iterations", "20", "--out", folder.toString());
    List<String> lines = run.errorLines();
    assertTrue(lines.getFirst().contains(" (first 5 of 21 rows), "), run.err());
    assertFalse(lines.getLast().contains("rows"), run.err());
  }

  @Test
  void scoresAddUp() {
    CommandLineRun run =
        CommandLineRun.of(
            ("train --quiet --no-report --json --iterations 30 --validation 0.2 --out " + folder)
                .split(" "));
    double sum = 0;
    int count = 0;
    Set<String> scored = new HashSet<>();
    for (JsonNode score : run.json().get("scores")) {
      scored.add(score.get("part").asString() + " " + score.get("component").asString());
      if (score.get("part").asString().equals("training")) {
        double rmse = score.get("rmse").asDouble();
        sum += score.get("count").asInt() * rmse * rmse;
        count += score.get("count").asInt();
      }
    }
    assertEquals(
        Set.of("training hare", "training lynx", "validation hare", "validation lynx"), scored);
    double rmse = run.json().get("rmse").asDouble();
    assertEquals(rmse, Math.sqrt(sum / count), 1e-12 * rmse);
    String model = folder.resolve("model.flowline").toString();
    assertTrue(CommandLineRun.of("info", model).out().contains("iterations = 30\n"), "a count");
  }

  private static int colours(Path picture) throws IOException {
    BufferedImage image = ImageIO.read(picture.toFile());
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y += 2) {
      for (int x = 0; x < image.getWidth(); x += 2) {
        colours.add(image.getRGB(x, y));
      }
    }
    return colours.size();
  }
}
