package org.flowline.examples.pictures;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A heat map fills its chart, and shows each class on both axes: another value in a corner of the
/// matrix changes the pixels of that corner, another name those beside its row and below.
class TablesShowEveryCellAndName {

  @ParameterizedTest
  @CsvSource({"2, a", "10, kind", "10, a_long_name_of_a_class_"})
  void ofMatricesOfEachSize(int size, String stem) {
    List<String> names = IntStream.range(0, size).mapToObj(i -> stem + i).toList();
    int[][] counts = new int[size][size];
    IntStream.range(0, size).forEach(i -> counts[i][i] = i % 2 == 0 ? 25 : 20);
    counts[1][0] = 25;
    BufferedImage image = image(names, counts);
    int width = image.getWidth();
    int height = image.getHeight();
    List<Point> first = changes(image, image(names, with(counts, 0)));
    List<Point> last = changes(image, image(names, with(counts, size - 1)));
    double cell = 0.2 * width * height / size / size;
    assertTrue(Math.min(first.size(), last.size()) > cell, first.size() + " " + last.size());
    assertTrue(first.stream().allMatch(at -> at.x < 0.6 * width && at.y < 0.5 * height));
    assertTrue(last.stream().allMatch(at -> at.x > 0.5 * width && at.y > 0.4 * height));

    int left = first.stream().mapToInt(at -> at.x).min().orElseThrow();
    int bottom = last.stream().mapToInt(at -> at.y).max().orElseThrow();
    for (int i = 0; i < size; i++) {
      List<String> renamed = new ArrayList<>(names);
      renamed.set(i, names.get(i).replace('a', 'o').replace('k', 'h'));
      List<Point> changes = changes(image, image(renamed, counts));
      assertTrue(changes.stream().anyMatch(at -> at.x < left && at.y < bottom), "row " + i);
      assertTrue(changes.stream().anyMatch(at -> at.x > left && at.y > bottom), "column " + i);
    }
  }

  private static int[][] with(int[][] counts, int corner) {
    int[][] other = Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
    other[corner][corner] = 3;
    return other;
  }

  private static BufferedImage image(List<String> names, int[][] counts) {
    return Picture.of("table", "", Pictures.table("Title", "x", "y", names, counts)).image();
  }

  private static List<Point> changes(BufferedImage image, BufferedImage other) {
    List<Point> changes = new ArrayList<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        if (image.getRGB(x, y) != other.getRGB(x, y)) {
          changes.add(new Point(x, y));
        }
      }
    }
    return changes;
  }
}
