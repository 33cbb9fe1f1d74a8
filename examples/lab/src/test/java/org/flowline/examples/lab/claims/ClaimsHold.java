package org.flowline.examples.lab.claims;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.knowm.xchart.XYChart;

/// The measurements of every experiment are as expected and reproducible, and its pictures show all
/// their series.
class ClaimsHold {
  /// The fewest pixels of a series' own colour: fewer than one marker has.
  private static final int FEWEST = 20;

  /// The experiments that run twice: those with noise, long trainings and random starts.
  private static final Set<String> TWICE = Set.of("A13", "A18", "B5");

  @TempDir Path folder;

  static Stream<Experiment> experiments() {
    return Lab.experiments().stream();
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void asMeasured(Experiment experiment) throws Exception {
    Findings findings = run(experiment);
    assertAll(
        findings.measurements().stream()
            .map(found -> () -> assertTrue(found.pass(), found.toString())));
    assertFalse(findings.pictures().isEmpty(), "the experiment draws no picture");
    for (Picture picture : findings.pictures()) {
      assertTrue(
          picture.name().startsWith(experiment.claim().id() + "-"), () -> "name " + picture.name());
      shows(picture);
    }
    if (TWICE.contains(experiment.claim().id())) {
      same(findings, run(experiment));
    }
  }

  private static Findings run(Experiment experiment) {
    Notebook notes = new Notebook();
    experiment.procedure().accept(notes);
    return notes.findings();
  }

  /// Checks that every series of a legend is visible inside its plot.
  private void shows(Picture picture) throws Exception {
    Path svg = folder.resolve(picture.name() + ".svg");
    picture.writeSvg(svg);
    assertEquals(List.of(), PlotPixels.hidden(picture, FEWEST), picture.name());
    assertTrue(Files.size(svg) > 20_000, picture.name() + " is nearly empty");
  }

  @Test
  void invisibleSeriesAreFound() {
    double[] x = {0, 1, 2};
    double[] nothing = {Double.NaN, Double.NaN, Double.NaN};
    XYChart empty = Pictures.panel("Empty", "x", "y");
    Pictures.markedLine(empty, "line", x, nothing, 0);
    Pictures.marks(empty, "points", x, nothing, 1);
    XYChart half = Pictures.panel("Half", "x", "y");
    Pictures.markedLine(half, "line", x, new double[] {1, 3, 2}, 0);
    Pictures.marks(half, "points", x, nothing, 1);
    assertEquals(
        List.of("Empty: line", "Empty: points", "Half: points"),
        PlotPixels.hidden(Picture.of("empty", "", empty, half), FEWEST));
  }

  private static void same(Findings first, Findings second) {
    assertEquals(first.measurements(), second.measurements());
    assertEquals(first.pictures().size(), second.pictures().size());
    for (int i = 0; i < first.pictures().size(); i++) {
      Picture picture = first.pictures().get(i);
      assertArrayEquals(picture.png(), second.pictures().get(i).png(), picture.name());
    }
  }
}
