package org.flowline.examples.pictures;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.chartpart.Chart;

/// Charts on one sheet, in rows.
///
/// @param name the name of the files, without extension
/// @param caption a sentence below the charts
/// @param heading the common heading of the charts, if there is one
/// @param panels the charts, of equal height in a row and of equal width in a column
/// @param columns the number of charts side by side
public record Picture(
    String name, String caption, Optional<Heading> heading, List<Chart<?, ?>> panels, int columns) {
  private static final int SCALE = 2;

  public Picture {
    panels = List.copyOf(panels);
  }

  /// Charts without a common heading.
  public Picture(String name, String caption, List<Chart<?, ?>> panels, int columns) {
    this(name, caption, Optional.empty(), panels, columns);
  }

  /// Returns this picture with a heading.
  public Picture under(Heading above) {
    return new Picture(name, caption, Optional.of(above), panels, columns);
  }

  /// One chart, or charts side by side.
  public static Picture of(String name, String caption, Chart<?, ?>... panels) {
    return new Picture(name, caption, List.of(panels), panels.length);
  }

  /// Charts below each other.
  public static Picture column(String name, String caption, Chart<?, ?>... panels) {
    return new Picture(name, caption, List.of(panels), 1);
  }

  /// The width in pixels, before scaling.
  public int width() {
    return panels.stream().limit(columns).mapToInt(Chart::getWidth).sum();
  }

  public int height() {
    int height = top();
    for (int i = 0; i < panels.size(); i += columns) {
      height += panels.get(i).getHeight();
    }
    return height;
  }

  private int top() {
    return heading.map(above -> above.height(width())).orElse(0);
  }

  /// Writes a PNG file of twice the nominal size.
  public void writePng(Path file) throws IOException {
    Files.write(file, png());
  }

  public byte[] png() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image(), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /// Returns the pixels of the PNG file.
  public BufferedImage image() {
    BufferedImage image =
        new BufferedImage(SCALE * width(), SCALE * height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    paint(graphics);
    graphics.dispose();
    return image;
  }

  /// Writes an SVG file, with letters as shapes, so that it does not depend on installed fonts.
  public void writeSvg(Path file) throws IOException {
    SVGGraphics2D graphics = SvgFile.graphics();
    graphics.setSVGCanvasSize(new Dimension(width(), height()));
    paint(graphics);
    SvgFile.write(graphics, file);
  }

  /// Paints the charts onto a surface, such as a window.
  public void paint(Graphics2D graphics) {
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width(), height());
    AffineTransform sheet = graphics.getTransform();
    heading.ifPresent(above -> above.paint(graphics, width()));
    int x = 0;
    int y = top();
    for (int i = 0; i < panels.size(); i++) {
      Chart<?, ?> panel = panels.get(i);
      graphics.translate(x, y);
      if (panel instanceof XYChart chart) {
        Pictures.shorten(chart);
      }
      panel.paint(graphics, panel.getWidth(), panel.getHeight());
      graphics.setTransform(sheet);
      boolean lastOfRow = (i + 1) % columns == 0;
      x = lastOfRow ? 0 : x + panel.getWidth();
      y = lastOfRow ? y + panel.getHeight() : y;
    }
  }
}
