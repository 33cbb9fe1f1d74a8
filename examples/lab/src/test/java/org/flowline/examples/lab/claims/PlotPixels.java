package org.flowline.examples.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.examples.pictures.Picture;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;

/// The pixels inside the frames of a picture's plots, without legends and titles.
final class PlotPixels {
  private static final int SCALE = 2;

  private PlotPixels() {}

  /// The series with fewer than this many visible pixels inside the frame, with their charts'
  /// titles.
  static List<String> hidden(Picture picture, int fewest) {
    BufferedImage image = picture.image();
    assertEquals(SCALE * picture.width(), image.getWidth());
    List<String> hidden = new ArrayList<>();
    int x = 0;
    int y = 0;
    for (int i = 0; i < picture.panels().size(); i++) {
      Chart<?, ?> panel = picture.panels().get(i);
      int[] inside =
          inside(
              image.getSubimage(
                  SCALE * x, SCALE * y, SCALE * panel.getWidth(), SCALE * panel.getHeight()),
              panel.getTitle());
      for (XYSeries series : ((XYChart) panel).getSeriesCollection()) {
        if (series.isShowInLegend() && visible(inside, series) < fewest) {
          hidden.add(panel.getTitle() + ": " + series.getLabel());
        }
      }
      boolean lastOfRow = (i + 1) % picture.columns() == 0;
      x = lastOfRow ? 0 : x + panel.getWidth();
      y = lastOfRow ? y + panel.getHeight() : y;
    }
    return hidden;
  }

  /// The number of pixels of a series' line or of its markers, the larger one.
  private static long visible(int[] inside, XYSeries series) {
    return Stream.of(series.getLineColor(), series.getMarkerColor())
        .filter(Objects::nonNull)
        .mapToLong(colour -> visible(inside, colour.getRGB()))
        .max()
        .orElse(0);
  }

  private static long visible(int[] inside, int rgb) {
    return Arrays.stream(inside).filter(pixel -> pixel == rgb).count();
  }

  /// The pixels within the frame, whose borders are columns and rows that are mostly grey.
  private static int[] inside(BufferedImage panel, String title) {
    int width = panel.getWidth();
    int height = panel.getHeight();
    int[] pixels = panel.getRGB(0, 0, width, height, null, 0, width);
    int[] columns =
        IntStream.range(0, width)
            .filter(x -> border(pixels, x, width, height) > height / 2)
            .toArray();
    int[] rows =
        IntStream.range(0, height)
            .filter(y -> border(pixels, y * width, 1, width) > width / 2)
            .toArray();
    assertTrue(columns.length > 1 && rows.length > 1, title + " has no frame");
    int across = columns[columns.length - 1] - columns[0];
    int down = rows[rows.length - 1] - rows[0];
    return panel.getRGB(columns[0], rows[0], across, down, null, 0, across);
  }

  /// The number of grey pixels among `count` pixels from `from` on, `stride` apart.
  private static int border(int[] pixels, int from, int stride, int count) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      found += border(pixels[from + i * stride]) ? 1 : 0;
    }
    return found;
  }

  private static boolean border(int rgb) {
    int red = rgb >> 16 & 255;
    int green = rgb >> 8 & 255;
    int blue = rgb & 255;
    return green > 0x80 && green < 0xB0 && Math.abs(red - green) < 6 && Math.abs(blue - green) < 6;
  }
}
