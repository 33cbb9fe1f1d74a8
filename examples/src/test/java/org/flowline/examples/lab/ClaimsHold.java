package org.flowline.examples.lab;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.flowline.examples.pictures.Picture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every experiment of the laboratory finds what is claimed, the same each time, and draws it.
class ClaimsHold {
  @TempDir Path folder;

  static Stream<Experiment> experiments() {
    return Lab.experiments().stream();
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void asMeasured(Experiment experiment) throws Exception {
    Findings findings = experiment.run();
    assertAll(
        findings.measurements().stream()
            .map(found -> () -> assertTrue(found.pass(), found.toString())));
    assertFalse(findings.pictures().isEmpty(), "a claim of behaviour wants a picture");
    for (Picture picture : findings.pictures()) {
      assertTrue(
          picture.name().startsWith(experiment.claim().id() + "-"), () -> "name " + picture.name());
      shows(picture);
    }
  }

  /// Something is drawn: many pixels are neither white nor a border's grey, and not all are alike.
  private void shows(Picture picture) throws Exception {
    Path png = folder.resolve(picture.name() + ".png");
    Path svg = folder.resolve(picture.name() + ".svg");
    picture.writePng(png);
    picture.writeSvg(svg);
    BufferedImage image = ImageIO.read(png.toFile());
    assertEquals(2 * picture.width(), image.getWidth());
    int coloured = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        int rgb = image.getRGB(x, y);
        int red = rgb >> 16 & 255;
        int blue = rgb & 255;
        coloured += Math.abs(red - blue) > 60 ? 1 : 0;
      }
    }
    assertTrue(coloured > 500, picture.name() + " has " + coloured + " coloured pixels");
    assertTrue(Files.size(svg) > 20_000, picture.name() + " shows little");
  }
}
