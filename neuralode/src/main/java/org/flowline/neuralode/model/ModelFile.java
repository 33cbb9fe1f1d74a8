package org.flowline.neuralode.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.data.Archive;
import org.flowline.neuralode.data.AtomicFiles;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Npy;

/// A [Model] as one zip file: `model.json`, and each parameter as a NumPy array.
///
///     model.json                 format, version, names, architecture, scaling, solver, provenance
///     parameters/layer1.weight.npy
///     parameters/layer1.bias.npy …
///
/// The same model is the same bytes; numbers survive to the last bit. What is read is trusted in
/// nothing: see [Archive], and the parameters are held against the architecture, all of it against
/// a checksum.
final class ModelFile {
  /// The part of the file that is read first and says what the others are.
  static final String DESCRIPTION = "model.json";

  private static final String FOLDER = "parameters/";
  private static final String SUFFIX = ".npy";

  private ModelFile() {}

  /// The file's bytes.
  static byte[] bytes(Model model) {
    SequencedMap<String, byte[]> arrays = new LinkedHashMap<>();
    double[] theta = model.theta();
    for (Parameters.Entry entry : model.layout().entries()) {
      int end = entry.offset() + entry.shape().size();
      double[] values = Arrays.copyOfRange(theta, entry.offset(), end);
      arrays.put(part(entry), Npy.of(values, entry.shape().dims()).bytes());
    }
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>();
    ModelDescription plain = ModelDescription.of(model);
    String text = plain.withChecksum(checksum(plain, arrays)).text();
    parts.put(DESCRIPTION, text.getBytes(StandardCharsets.UTF_8));
    parts.putAll(arrays);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Archive.write(out, parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String part(Parameters.Entry entry) {
    return FOLDER + entry.name() + SUFFIX;
  }

  /// Of numbers and names, however the description is laid out.
  private static String checksum(ModelDescription description, Map<String, byte[]> arrays) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(description.withChecksum("").text().getBytes(StandardCharsets.UTF_8));
      arrays.values().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256, which every Java platform has, is missing", e);
    }
  }

  static void write(Path file, Model model) {
    byte[] bytes = bytes(model);
    AtomicFiles.write(file, path -> Files.write(path, bytes));
  }

  static Model read(Path file) {
    SequencedMap<String, byte[]> parts = Archive.read(file, Archive.USUAL_LIMIT);
    byte[] description = parts.get(DESCRIPTION);
    if (description == null) {
      throw new DataException(
          file + ": is not a model file, it has no model.json; want one that train wrote");
    }
    try {
      return model(file, ModelDescription.read(description), parts);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          file + ": is not a model file: " + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private static Model model(
      Path file, ModelDescription description, SequencedMap<String, byte[]> parts) {
    List<Parameters.Entry> entries = description.layout().entries();
    SequencedMap<String, byte[]> arrays = new LinkedHashMap<>(parts);
    arrays.remove(DESCRIPTION);
    List<String> wanted = entries.stream().map(ModelFile::part).toList();
    if (!List.copyOf(arrays.keySet()).equals(wanted)) {
      throw new IllegalArgumentException(
          "the parameters in it are not those of its architecture, " + description.layout());
    }
    // θ is only made once all of its numbers are there and right.
    double[][] values = new double[entries.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = values(file, entries.get(i), arrays.get(part(entries.get(i))));
    }
    if (!checksum(description, arrays).equals(description.checksum())) {
      throw new IllegalArgumentException(
          "its checksum is another, so that it was damaged or changed; copy or write it again");
    }
    double[] theta = Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
    return description.model(theta);
  }

  private static double[] values(Path file, Parameters.Entry entry, byte[] bytes) {
    Npy array = Npy.read(file + "/" + part(entry), bytes);
    List<Integer> shape = Arrays.stream(entry.shape().dims()).boxed().toList();
    if (!array.shape().equals(shape)) {
      throw new IllegalArgumentException(
          entry.name() + " has shape " + array.shape() + "; want " + shape);
    }
    return array.values();
  }
}
