package org.flowline.examples.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

/// Dots that others would cover are not drawn, and the size of files follows what is visible.
class PicturesDrawOnlyWhatIsVisible {
  @TempDir Path folder;

  private static XYChart chart() {
    XYChart chart = Pictures.chart("", "x", "y", 960, 500);
    Scale.of(0, 1).across(chart);
    Scale.of(0, 1).up(chart);
    return chart;
  }

  private static double[] random(int count, SplittableRandom random) {
    return random.doubles(count).map(Scale.of(0, 1)::drawn).toArray();
  }

  @Test
  void fewDotsAreNotThinned() {
    SplittableRandom random = new SplittableRandom(1);
    double[] x = random(1000, random);
    double[] y = random(1000, random);
    Dots dots = Dots.of(chart(), x, y);
    assertFalse(dots.thinned());
    assertEquals(1000, dots.x().length);
  }

  @Test
  void everyRemovedDotHasANeighbour() {
    SplittableRandom random = new SplittableRandom(1);
    double[] x = random(100_000, random);
    double[] y = random.doubles(100_000).map(v -> v * v * v * v * v * v / 3).toArray();
    y[17] = 0.95; // an outlier
    y[18] = Double.NaN;
    y[19] = 7; // outside the chart
    Dots dots = Dots.of(chart(), x, y);
    assertTrue(dots.thinned());
    assertTrue(dots.x().length > 1000 && dots.x().length <= 4000, "" + dots.x().length);
    for (int i = 0; i < x.length; i += 97) {
      assertTrue(near(dots, x[i], y[i]), "row " + i);
    }
    assertTrue(near(dots, x[17], y[17]), "the outlier");
    assertFalse(near(dots, x[19], y[19]), "outside the chart");
  }

  private static boolean near(Dots dots, double x, double y) {
    for (int i = 0; i < dots.x().length; i++) {
      double across = (dots.x()[i] - x) * 960;
      double up = (dots.y()[i] - y) * 500;
      if (Math.abs(across) < 16 && Math.abs(up) < 16) {
        return true;
      }
    }
    return false;
  }

  @Test
  void linesAndDotsBecomeOnePathPerColour() throws IOException {
    XYChart chart = chart();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 3; i++) {
      double[] x = random.doubles(1000).sorted().toArray();
      Pictures.points(chart, "dots", x, random(1000, random), Pictures.colour(i));
    }
    double[] x = random.doubles(1000).sorted().toArray();
    Pictures.line(chart, "line", x, random(1000, random), Pictures.colour(3));
    Path file = folder.resolve("dots.svg");
    Picture.of("dots", "Dots.", chart).under(new Heading("Title", "a note")).writeSvg(file);
    String svg = Files.readString(file);
    assertTrue(svg.length() < 150_000, "" + svg.length());
    List<String> paths = svg.lines().filter(line -> line.contains("h.01")).toList();
    assertEquals(3, paths.stream().mapToInt(line -> line.split("h\\.01", -1).length / 900).sum());
    for (int i = 0; i < 3; i++) {
      var colour = Pictures.colour(i);
      String written =
          "rgb(%d,%d,%d)".formatted(colour.getRed(), colour.getGreen(), colour.getBlue());
      assertTrue(svg.contains("stroke=\"" + written + "\""), written);
    }
  }

  @Test
  void headingsAddToTheHeight() {
    XYChart chart = chart();
    Picture plain = Picture.of("a", "A.", chart);
    String note = "many words ".repeat(40);
    Picture one = plain.under(new Heading("Title", "words"));
    Picture more = plain.under(new Heading("Title", note));
    assertTrue(plain.height() < one.height() && one.height() < more.height());
    assertEquals(plain.width(), more.width());
  }
}
