package org.flowline.neuralode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.nn.Activation;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A [Model] as a JSON file: architecture, scaling, and the parameters by name. Numbers survive to
/// the last bit.
public final class ModelFile {
  private static final String FORMAT = "flowline-model";
  private static final int VERSION = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ModelFile() {}

  /// The model as JSON text.
  public static String text(Model model) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION).put("time", model.timeName());
    model.names().forEach(root.putArray("components")::add);
    model.hidden().forEach(root.putArray("hidden")::add);
    root.put("activation", model.activation().name());
    ObjectNode scaling = root.putObject("scaling");
    scaling.put("origin", model.scaling().origin()).put("unit", model.scaling().unit());
    write(scaling.putArray("mean"), model.scaling().mean());
    write(scaling.putArray("deviation"), model.scaling().deviation());
    ObjectNode parameters = root.putObject("parameters");
    double[] theta = model.theta();
    for (Parameters.Entry entry : model.layout().entries()) {
      ArrayNode values = parameters.putArray(entry.name());
      for (int i = 0; i < entry.shape().size(); i++) {
        values.add(theta[entry.offset() + i]);
      }
    }
    return JSON.writeValueAsString(root);
  }

  /// @throws DataException if the file cannot be read or is not a model of this version
  public static Model read(Path file) {
    try {
      return model(file, JSON.readTree(Files.readString(file)));
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file");
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage());
    } catch (JacksonException | IllegalArgumentException e) {
      throw new DataException(
          file + ": is not a model file: " + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private static Model model(Path file, JsonNode root) {
    if (!FORMAT.equals(root.path("format").asString(""))
        || root.path("version").asInt(0) != VERSION) {
      throw new DataException(
          file
              + ": is not a model file of version "
              + VERSION
              + "; write it with this program's train");
    }
    List<String> names = new ArrayList<>();
    root.required("components").forEach(name -> names.add(name.asString()));
    List<Integer> hidden = new ArrayList<>();
    root.required("hidden").forEach(width -> hidden.add(width.asInt()));
    JsonNode scaling = root.required("scaling");
    List<Double> theta = new ArrayList<>();
    root.required("parameters")
        .forEach(values -> values.forEach(value -> theta.add(value.asDouble())));
    return new Model(
        root.required("time").asString(),
        names,
        hidden,
        Activation.valueOf(root.required("activation").asString()),
        new Scaling(
            scaling.required("origin").asDouble(),
            scaling.required("unit").asDouble(),
            numbers(scaling.required("mean")),
            numbers(scaling.required("deviation"))),
        theta.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static void write(ArrayNode array, double[] values) {
    for (double value : values) {
      array.add(value);
    }
  }

  private static double[] numbers(JsonNode array) {
    return IntStream.range(0, array.size()).mapToDouble(i -> array.get(i).asDouble()).toArray();
  }
}
