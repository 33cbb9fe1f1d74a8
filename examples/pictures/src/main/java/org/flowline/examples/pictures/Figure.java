package org.flowline.examples.pictures;

import java.util.Base64;

/// A picture that is embedded in a page.
///
/// @param picture the picture
/// @param png the bytes of its PNG file
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

  /// The data URL of the picture.
  public String source() {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }
}
