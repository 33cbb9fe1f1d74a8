package org.flowline.examples.gallery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each program of the gallery reaches its figures, in a short form where it can be shorter, and
/// writes its picture.
class GalleryRuns {
  @TempDir Path folder;

  @Test
  void quickStart() throws Exception {
    reaches(QuickStart.run(200), 0.1); // 200 of 500 iterations
  }

  /// The error falls by the factor `1 − 2 · 0.3 · (dt₂/de)² = 0.36` in each of 30 iterations.
  @Test
  void eventWithLearnedParameter() throws Exception {
    reaches(EventWithLearnedParameter.run(30), 1e-9);
  }

  /// Rate 0.2 leaves a standard deviation of some 0.01 of the mean weight.
  @Test
  void noisyFieldTraining() throws Exception {
    reaches(NoisyFieldTraining.run(5000), 0.03);
  }

  /// Milstein's error is of order 1: at most a few steps, and a tenth with a tenth of the step.
  @Test
  void stochasticField() throws Exception {
    reaches(StochasticField.run(100), 0.03);
    reaches(StochasticField.run(1000), 0.003);
  }

  @Test
  void secondOrder() throws Exception {
    reaches(SecondOrder.run(1000), 1e-4);
  }

  @Test
  void hyperNetworkField() throws Exception {
    reaches(HyperNetworkField.run(20), 1e-6);
  }

  @Test
  void runningCostObjective() throws Exception {
    reaches(RunningCostObjective.run(500), 1e-4);
  }

  @Test
  void manyProblems() throws Exception {
    reaches(ManyProblems.run(100), 1e-8);
  }

  @Test
  void eachProgramIsListed() throws Exception {
    for (Program program : Program.ALL) {
      Class<?> listed = Class.forName(Program.class.getPackageName() + "." + program.name());
      assertEquals(void.class, listed.getMethod("main", String[].class).getReturnType());
    }
    assertEquals(8, Program.ALL.size());
  }

  private void reaches(Outcome outcome, double tolerance) throws Exception {
    for (Outcome.Figure figure : outcome.figures()) {
      assertEquals(figure.expected(), figure.value(), tolerance, figure.name());
    }
    outcome.show(folder.toString());
    Path file = folder.resolve(outcome.picture().name() + ".png");
    BufferedImage image = ImageIO.read(file.toFile());
    int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, 960);
    long drawn = Arrays.stream(pixels).filter(it -> (it & 0xFFFFFF) == 0x0072B2).count();
    assertEquals(960, image.getWidth());
    assertTrue(drawn > 200, drawn + " pixels of the line in " + file);
  }
}
