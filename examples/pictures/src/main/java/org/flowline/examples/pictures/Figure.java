package org.flowline.examples.pictures;

import java.util.Base64;

/// A picture that is embedded in a page.
///
/// @param source the data URL of the picture
public record Figure(Picture picture, String source) {

  /// Embeds a picture that is also a PNG file of these bytes.
  public static Figure of(Picture picture, byte[] png) {
    return new Figure(picture, "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
  }
}
