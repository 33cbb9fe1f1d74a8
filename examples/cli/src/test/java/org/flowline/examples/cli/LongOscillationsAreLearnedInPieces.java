package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten periods of predator and prey with noise end in the flat local minimum "go through the
/// middle" where all are learned at once, and at about the noise where the trajectory comes in
/// pieces that are joined, as is chosen where nothing is said.
///
/// The noise is known, since we add it: a model as good as the truth leaves it as residuals.
class LongOscillationsAreLearnedInPieces {
  private static final double NOISE = 0.05;

  @TempDir Path folder;

  private Path oscillation() throws IOException {
    VectorField lotkaVolterra =
        new VectorField() {
          @Override
          public int dimension() {
            return 2;
          }

          @Override
          public void evaluate(double t, double[] y, double[] dydt) {
            dydt[0] = y[0] * (1 - y[1]);
            dydt[1] = y[1] * (y[0] - 1);
          }
        };
    double[] times = new double[201];
    for (int i = 0; i < times.length; i++) {
      times[i] = 66.0 * i / 200;
    }
    double[][] exact =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-9, 1e-9))
            .solve(lotkaVolterra, new double[] {1.6, 0.7}, times)
            .orThrow()
            .values();
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("t,prey,predator\n");
    for (int i = 0; i < times.length; i++) {
      text.append(times[i]).append(',').append(exact[i][0] + NOISE * random.nextGaussian());
      text.append(',').append(exact[i][1] + NOISE * random.nextGaussian()).append('\n');
    }
    return Files.writeString(folder.resolve("ten-periods.csv"), text);
  }

  @Test
  void andNotOtherwise() throws IOException {
    String data = oscillation().toString();
    double pieces = rmse(Stream.of("--iterations", "3000", "--data", data));
    double atOnce = rmse(Stream.of("--iterations", "3000", "--data", data, "--horizon", "1"));
    // The deviation of the data is 0.44: what going through the middle leaves.
    assertTrue(atOnce > 0.3, "at once " + atOnce);
    assertTrue(pieces < 1.2 * NOISE, "in pieces " + pieces);
    assertTrue(pieces > 0.8 * NOISE, "not below the noise: " + pieces);
  }

  /// The angle of a pendulum alone, without its velocity, in half the default iterations.
  @Test
  void alsoWhereHalfOfTheStateIsHidden() throws IOException {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("t,x\n");
    for (int i = 0; i <= 200; i++) {
      double t = 0.1 * Math.PI * i;
      text.append(t).append(',').append(Math.cos(t) + NOISE * random.nextGaussian()).append('\n');
    }
    String data = Files.writeString(folder.resolve("angle.csv"), text).toString();
    Stream<String> usual = Stream.of("--data", data, "--second-order", "--iterations", "1500");
    double found = rmse(usual);
    // A start that is measured off by twice the noise moves the amplitude by that: √(1 + 2²/2).
    assertTrue(found > 0.8 * NOISE && found < 1.75 * NOISE, "left " + found);
  }

  /// The pelts turn some four times: a horizon that grows is enough, or a few pieces.
  @Test
  void norAreThePeltsLearnedAtOnce() {
    double atOnce = ofPelts("--horizon", "1");
    double growing = ofPelts();
    double pieces = ofPelts("--segments", "4");
    // Of all 42 numbers the deviation is 18.6.
    assertTrue(atOnce > 15, "at once " + atOnce);
    assertTrue(growing < 4, "growing " + growing);
    assertTrue(pieces < 4, "in pieces " + pieces);
  }

  private double ofPelts(String... how) {
    return rmse(Stream.concat(Stream.of("--iterations", "1000", "--seed", "3"), Stream.of(how)));
  }

  private double rmse(Stream<String> how) {
    String out = folder.resolve("out").toString();
    Stream<String> words =
        Stream.of("train", "--quiet", "--no-report", "--json", "--overwrite", "--out", out);
    CommandLineRun run = CommandLineRun.of(Stream.concat(words, how).toArray(String[]::new));
    assertEquals(0, run.exitCode(), run.err());
    return run.json().get("rmse").asDouble();
  }
}
