package org.flowline.examples.pictures;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.List;

/// A heading above all charts of a picture: a title and a smaller note, wrapped to the width.
public record Heading(String title, String note) {
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);
  private static final Font NOTE = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  private static final Color QUIET = new Color(0x5A5A5A);
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private static final int TOP = 32;
  private static final int LINE = 20;
  private static final int SIDES = 40;

  /// The height of the heading of a picture with this width, in pixels.
  int height(int width) {
    return TOP + LINE * lines(width).size();
  }

  /// Paints the heading at the top of a picture with this width.
  void paint(Graphics2D graphics, int width) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.BLACK);
    centred(graphics, title, TITLE, width, TOP - 6);
    graphics.setColor(QUIET);
    int y = TOP + LINE - 6;
    for (String line : lines(width)) {
      centred(graphics, line, NOTE, width, y);
      y += LINE;
    }
  }

  private static void centred(Graphics2D graphics, String text, Font font, int width, int y) {
    TextLayout layout = new TextLayout(text, font, CONTEXT);
    double x = (width - layout.getAdvance()) / 2;
    graphics.fill(layout.getOutline(AffineTransform.getTranslateInstance(x, y)));
  }

  /// The note, wrapped between words.
  private List<String> lines(int width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : note.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      boolean fits = new TextLayout(longer + " ", NOTE, CONTEXT).getAdvance() <= width - SIDES;
      if (!fits && !line.isEmpty()) {
        lines.add(line);
      }
      line = fits || line.isEmpty() ? longer : word;
    }
    if (!line.isEmpty()) {
      lines.add(line);
    }
    return lines;
  }
}
