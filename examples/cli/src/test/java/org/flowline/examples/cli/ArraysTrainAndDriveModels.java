package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flowline.neuralode.data.Npy;
import org.flowline.neuralode.data.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same numbers train the same model and drive it to the same places, as text and as arrays.
class ArraysTrainAndDriveModels {
  private static final double[] ROWS = {0, 1, 0, 1, 0.5, 1, 2, 0.75, 0, 3, 1.25, 1};

  @TempDir Path folder;

  private Path array() throws IOException {
    return Files.write(folder.resolve("data.npy"), Npy.of(ROWS, 4, 3).bytes());
  }

  private Path text() throws IOException {
    return Files.writeString(
        folder.resolve("data.csv"), "t;y1;y2\n0;1;0\n1;0,5;1\n2;0,75;0\n3;1,25;1\n");
  }

  private Path named() throws IOException {
    Map<String, Npy> arrays = new LinkedHashMap<>();
    arrays.put("t", Npy.of(new double[] {0, 1, 2, 3}));
    arrays.put("y2", Npy.of(new double[] {0, 1, 0, 1}));
    Path file = folder.resolve("inputs.npz");
    try (OutputStream out = Files.newOutputStream(file)) {
      Npz.write(out, arrays);
    }
    return file;
  }

  private String predicted(Path data, Path inputs) {
    Path out = folder.resolve("run-of-" + data.getFileName());
    CommandLineRun training =
        CommandLineRun.of(
            "train",
            "--data",
            data.toString(),
            "--input",
            "y2",
            "--iterations",
            "3",
            "--quiet",
            "--no-report",
            "--overwrite",
            "--out",
            out.toString());
    assertEquals(0, training.exitCode(), training.err());
    CommandLineRun run =
        CommandLineRun.of(
            "predict",
            out.resolve("model.flowline").toString(),
            "--from",
            "1",
            "--input-data",
            inputs.toString());
    assertEquals(0, run.exitCode(), run.err());
    return run.out();
  }

  @Test
  void asTextDoes() throws IOException {
    String wanted = predicted(text(), text());
    assertTrue(wanted.lines().count() > 50, wanted);
    assertEquals(wanted, predicted(array(), array()));
    assertEquals(wanted, predicted(text(), named()));
  }
}
