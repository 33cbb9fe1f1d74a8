package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.flowline.neuralode.data.Archive;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.data.Npy;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A loaded classifier has the probabilities of the saved one, bit for bit; a damaged file or one
/// with other parameters is refused in one line.
class ClassifiersSurviveTheirFiles {
  private static final LabelledTable TABLE =
      new LabelledTable(
          List.of("width", "height ü"),
          List.of(new double[] {1, 20}, new double[] {2, 10}, new double[] {3, -5}),
          List.of("left", "right \"x\""),
          new int[] {0, 1, 1});

  private static final Classifier CLASSIFIER =
      Classifier.untrained(TABLE, 3, Activation.SOFTPLUS, new SplittableRandom(1));

  @TempDir Path folder;

  private Path saved() {
    Path file = folder.resolve("a.flowline");
    CLASSIFIER.save(file);
    return file;
  }

  @Test
  void toTheLastBit() throws IOException {
    Path file = saved();
    Classifier back = Classifier.load(file);
    assertEquals(CLASSIFIER.features(), back.features());
    assertEquals(CLASSIFIER.classes(), back.classes());
    assertArrayEquals(CLASSIFIER.theta(), back.theta());
    List<double[]> wanted = CLASSIFIER.probabilities(TABLE.rows());
    List<double[]> came = back.probabilities(TABLE.rows());
    for (int i = 0; i < wanted.size(); i++) {
      assertArrayEquals(wanted.get(i), came.get(i));
    }
    byte[] first = Files.readAllBytes(file);
    back.save(file);
    assertArrayEquals(first, Files.readAllBytes(file), "the same bytes");
  }

  @Test
  void orAreRefusedWhenDamaged() throws IOException {
    Path file = saved();
    byte[] good = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(2);
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = good.clone();
      int at = random.nextInt(bytes.length);
      if (i % 4 == 0) {
        bytes = Arrays.copyOf(bytes, at);
      } else {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bytes);
      try {
        assertArrayEquals(CLASSIFIER.theta(), Classifier.load(file).theta());
      } catch (DataException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 800, refused + " refused");
  }

  @Test
  void orWithAnotherDescriptionOrLayout() throws IOException {
    says("its checksum is another", "\"SOFTPLUS\"", "\"TANH\"");
    says("layer1.weight has shape [4, 3]; want [4, 5]", "\"hidden\" : 3", "\"hidden\" : 5");
    says("", "\"hidden\" : 3", "\"hidden\" : 2000000000");
    says(
        "classifier: 2 features, 2 scaled, 2 classes, 0 hidden",
        "\"hidden\" : 3",
        "\"hidden\" : 0");
    says("classifier: 1 features, 2 scaled, 2 classes", "\"width\", ", "");
    says("it is of version 2, this program reads version 1", "\"version\" : 1", "\"version\" : 2");
    Path file = saved();
    SequencedMap<String, byte[]> parts = parts(file);
    parts.put("parameters/layer2.bias.npy", Npy.of(new double[5]).bytes());
    write(file, parts);
    refused("layer2.bias has shape [5]; want [4]", file);
    saved();
    String other = assertThrows(DataException.class, () -> Model.load(file)).getMessage();
    assertTrue(other.endsWith("; it is a flowline-classifier"), other);
  }

  private void says(String message, String from, String to) throws IOException {
    Path file = saved();
    SequencedMap<String, byte[]> parts = parts(file);
    String text = new String(parts.get("model.json"), StandardCharsets.UTF_8);
    assertTrue(text.contains(from), text);
    parts.put("model.json", text.replace(from, to).getBytes(StandardCharsets.UTF_8));
    write(file, parts);
    refused(message, file);
  }

  private static SequencedMap<String, byte[]> parts(Path file) {
    return new LinkedHashMap<>(Archive.read(file, Archive.USUAL_LIMIT));
  }

  private static void write(Path file, SequencedMap<String, byte[]> parts) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      Archive.write(out, parts);
    }
  }

  private static void refused(String message, Path file) {
    DataException e = assertThrows(DataException.class, () -> Classifier.load(file), message);
    assertTrue(e.getMessage().startsWith(file + ": is not a model file: "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
