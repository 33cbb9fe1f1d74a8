package org.flowline.neuralode.model;

import com.fasterxml.jackson.annotation.Nulls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.data.Archive;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Npy;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A kind of model file: a zip of a JSON description and one NumPy array for each parameter.
///
///     model.json                 format, version, the components of the description, checksum
///     parameters/layer1.weight.npy
///     parameters/layer1.bias.npy …
///
/// Equal models are equal bytes; numbers survive to the last bit. Reading trusts nothing: see
/// [Archive]; unknown or missing keys are refused, arrays are checked against the layout, and the
/// whole against a SHA-256 checksum.
///
/// @param format the name of this kind of file
/// @param version the version of the description; files of other versions are refused
/// @param type the record that describes a model
public record ModelFile<D extends Record>(String format, int version, Class<D> type) {
  private static final String DESCRIPTION = "model.json";
  private static final String FOLDER = "parameters/";
  private static final String SUFFIX = ".npy";

  /// The keys of `model.json` beside the description.
  private static final List<String> FRAME = List.of("format", "version", "checksum");

  private static final int MOST_BYTES = 16 << 20;
  private static final long LONGEST_HEADER = 16 << 10;

  /// Names of Java types in messages of the parser.
  private static final Pattern TYPE =
      Pattern.compile("(type )?`[^`]*`|\\b(type )?(class )?([a-z]\\w*\\.){2,}[\\w$.<>,]+");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(
              MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .changeDefaultNullHandling(
              nulls -> nulls.withValueNulls(Nulls.FAIL).withContentNulls(Nulls.FAIL))
          .build();

  /// Returns the JSON text of a description with an empty checksum.
  public String text(D description) {
    return text(description, "");
  }

  private String text(D description, String checksum) {
    ObjectNode root = JSON.createObjectNode().put("format", format).put("version", version);
    root.setAll((ObjectNode) JSON.valueToTree(description));
    return JSON.writeValueAsString(root.put("checksum", checksum));
  }

  /// Writes a model atomically.
  ///
  /// @throws DataException if the file cannot be written; an existing one is then unchanged
  public void write(Path file, D description, Parameters layout, double[] theta) {
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>();
    for (Parameters.Entry entry : layout.entries()) {
      int end = entry.offset() + entry.shape().size();
      double[] values = Arrays.copyOfRange(theta, entry.offset(), end);
      parts.put(part(entry), Npy.of(values, entry.shape().dims()).bytes());
    }
    String text = text(description, checksum(description, parts));
    parts.putFirst(DESCRIPTION, text.getBytes(StandardCharsets.UTF_8));
    Archive.write(file, parts);
  }

  private static String part(Parameters.Entry entry) {
    return FOLDER + entry.name() + SUFFIX;
  }

  /// Returns the checksum of the arrays and of the description, independent of its formatting.
  private String checksum(D description, SequencedMap<String, byte[]> arrays) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(text(description).getBytes(StandardCharsets.UTF_8));
      arrays.values().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256, which every Java platform has, is missing", e);
    }
  }

  /// Reads a model.
  ///
  /// @param layout the layout of θ for a description
  /// @param model creates the model from its description and θ
  /// @throws DataException if the file cannot be read, is damaged, or is not of this kind, or one
  ///     of the functions throws an [IllegalArgumentException]
  public <M> M read(Path file, Function<D, Parameters> layout, BiFunction<D, double[], M> model) {
    Map<String, Long> sizes = new HashMap<>();
    Archive.Check allowed =
        (name, size, before) -> {
          if (before.isEmpty()) {
            requireModel(file, name);
            sizes.put(name, (long) MOST_BYTES);
          } else if (before.size() == 1) {
            sizes.putAll(refusing(file, () -> sizes(layout.apply(description(before)))));
          }
          if (size > sizes.getOrDefault(name, size)) {
            throw refused(file, "its " + name + " is too large, of " + size + " bytes");
          }
        };
    SequencedMap<String, byte[]> parts =
        new LinkedHashMap<>(Archive.read(file, Archive.USUAL_LIMIT, allowed));
    return refusing(
        file,
        () -> {
          requireModel(file, parts.isEmpty() ? "" : parts.firstEntry().getKey());
          String checksum = root(parts.get(DESCRIPTION)).path("checksum").asString("");
          D description = description(parts);
          parts.remove(DESCRIPTION);
          double[][] values = arrays(file, layout.apply(description), parts);
          if (!checksum(description, parts).equals(checksum)) {
            throw new IllegalArgumentException(
                "its checksum is another, so that it was damaged or changed; copy or write it again");
          }
          // θ is allocated only after all of its arrays have been checked.
          double[] theta = Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
          return model.apply(description, theta);
        });
  }

  private static void requireModel(Path file, String first) {
    if (!first.equals(DESCRIPTION)) {
      throw new DataException(
          file + ": is not a model file, it has no model.json; want one that train wrote");
    }
  }

  private D description(Map<String, byte[]> parts) {
    return JSON.treeToValue(root(parts.get(DESCRIPTION)).without(FRAME), type);
  }

  /// Returns the largest sizes of the arrays in bytes, by the name of their part.
  private static Map<String, Long> sizes(Parameters layout) {
    return layout.entries().stream()
        .collect(
            Collectors.toMap(
                ModelFile::part, it -> LONGEST_HEADER + 8L * it.shape().size(), Math::max));
  }

  /// Returns what `read` returns; the reason why it cannot becomes a [DataException].
  private static <T> T refusing(Path file, Supplier<T> read) {
    try {
      return read.get();
    } catch (JacksonException e) {
      throw refused(file, "its model.json: " + problem(e));
    } catch (IllegalArgumentException e) {
      throw refused(file, e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private static DataException refused(Path file, String why) {
    return new DataException("%s: is not a model file: %s", file, why);
  }

  private ObjectNode root(byte[] text) {
    if (text.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "its model.json has " + text.length + " bytes; want at most " + MOST_BYTES);
    }
    JsonNode root = JSON.readTree(text);
    String found = root.path("format").asString("");
    JsonNode number = root.path("version");
    if (!found.equals(format) || !number.isInt()) {
      String other = found.startsWith("flowline-") ? "; it is a " + found : "";
      throw new IllegalArgumentException(
          "its model.json does not say \"format\" : \"%s\" and a version%s"
              .formatted(format, other));
    }
    if (number.asInt() != version) {
      throw new IllegalArgumentException(
          "it is of version %s, this program reads version %s; %s"
              .formatted(number.asInt(), version, "use the program that wrote it, or train again"));
    }
    return (ObjectNode) root;
  }

  /// Returns the reason of a record that refused its components, else Jackson's and its path.
  private static String problem(JacksonException e) {
    if (e.getCause() instanceof IllegalArgumentException refused) {
      return refused.getMessage();
    }
    String path =
        e.getPath().stream()
            .map(
                at ->
                    at.getPropertyName() == null ? "[" + at.getIndex() + "]" : at.getPropertyName())
            .collect(Collectors.joining("."));
    String original = e.getOriginalMessage().lines().findFirst().orElse("").split(" \\(|; ", 2)[0];
    String message = TYPE.matcher(original).replaceAll("the kind wanted here");
    return path + (path.isEmpty() ? "" : ": ") + message;
  }

  private static double[][] arrays(
      Path file, Parameters layout, SequencedMap<String, byte[]> parts) {
    List<Parameters.Entry> entries = layout.entries();
    if (!List.copyOf(parts.keySet()).equals(entries.stream().map(ModelFile::part).toList())) {
      throw new IllegalArgumentException("its arrays differ from the layout, " + layout);
    }
    double[][] values = new double[entries.size()][];
    for (int i = 0; i < values.length; i++) {
      Parameters.Entry entry = entries.get(i);
      Npy array = Npy.read(file + "/" + part(entry), parts.get(part(entry)));
      List<Integer> shape = Arrays.stream(entry.shape().dims()).boxed().toList();
      if (!array.shape().equals(shape)) {
        throw new IllegalArgumentException(
            "%s has shape %s; want %s".formatted(entry.name(), array.shape(), shape));
      }
      values[i] = array.values();
    }
    return values;
  }
}
