package org.flowline.examples.pictures;

import java.util.Base64;

/// A picture for a page: its bytes are in the page.
///
/// @param picture what it shows
/// @param png its bytes
public record Figure(Picture picture, byte[] png) {

  public Figure {
    png = png.clone();
  }

  public static Figure of(Picture picture) {
    return new Figure(picture, picture.png());
  }

  @Override
  public byte[] png() {
    return png.clone();
  }

  /// What the page says instead of a file's name.
  public String source() {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }
}
