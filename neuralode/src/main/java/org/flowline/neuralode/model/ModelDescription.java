package org.flowline.neuralode.model;

import com.fasterxml.jackson.annotation.Nulls;
import java.util.stream.Collectors;
import org.flowline.autodiff.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/// What `model.json` says: all of a [Model] but the numbers in its parameters.
///
/// @param version of this schema; a file of another one is refused, as is a key that is not here
/// @param checksum SHA-256 of this with an empty one, and of the parameters' files, one after the
///     other
record ModelDescription(
    String format,
    int version,
    Variables variables,
    Architecture architecture,
    Model.Solver solver,
    Provenance provenance,
    String checksum) {
  private static final String FORMAT = "flowline-model";
  private static final int VERSION = 4;
  private static final int MOST_BYTES = 16 << 20;

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

  /// Of a model, without a checksum.
  static ModelDescription of(Model model) {
    return new ModelDescription(
        FORMAT,
        VERSION,
        model.variables(),
        model.architecture(),
        model.solver(),
        model.provenance(),
        "");
  }

  ModelDescription withChecksum(String checksum) {
    return new ModelDescription(
        format, version, variables, architecture, solver, provenance, checksum);
  }

  String text() {
    return JSON.writeValueAsString(this);
  }

  /// @throws IllegalArgumentException if these bytes are no description of this version
  static ModelDescription read(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "its model.json has " + bytes.length + " bytes; want at most " + MOST_BYTES);
    }
    try {
      JsonNode root = JSON.readTree(bytes);
      requireVersion(root);
      return JSON.treeToValue(root, ModelDescription.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("its model.json: " + problem(e));
    }
  }

  private static void requireVersion(JsonNode root) {
    JsonNode version = root.path("version");
    if (!FORMAT.equals(root.path("format").asString("")) || !version.isInt()) {
      throw new IllegalArgumentException(
          "its model.json does not say \"format\" : \"" + FORMAT + "\" and a version");
    }
    if (version.asInt() != VERSION) {
      throw new IllegalArgumentException(
          "it is of version "
              + version.asInt()
              + ", this program reads version "
              + VERSION
              + "; use the program that wrote it, or train again");
    }
  }

  /// What a record refused in its own words, else what Jackson says and where.
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
    String message = e.getOriginalMessage().lines().findFirst().orElse("").split(" \\(|; ", 2)[0];
    return path + (path.isEmpty() ? "" : ": ") + message;
  }

  Parameters layout() {
    return architecture.layout(variables.components().size(), variables.inputs().size());
  }

  /// The model with these parameters.
  Model model(double[] theta) {
    return Model.of(variables, architecture, provenance, theta).with(solver);
  }
}
