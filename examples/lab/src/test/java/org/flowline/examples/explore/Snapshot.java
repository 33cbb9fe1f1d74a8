package org.flowline.examples.explore;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.flowline.examples.pictures.Picture;

/// A picture as pixels.
final class Snapshot {
  private Snapshot() {}

  static BufferedImage of(Picture picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    picture.paint(graphics);
    graphics.dispose();
    return image;
  }
}
