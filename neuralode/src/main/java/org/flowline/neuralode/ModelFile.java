package org.flowline.neuralode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
  private static final int LONGEST_SHOWN = 40;
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
    List<String> names = list(root, "components").valueStream().map(ModelFile::text).toList();
    List<Integer> hidden = list(root, "hidden").valueStream().map(ModelFile::width).toList();
    Activation activation = activation(text(child(root, "activation")));
    JsonNode scaling = child(root, "scaling");
    JsonNode parameters = child(root, "parameters");
    List<Parameters.Entry> entries = Model.layout(names.size(), hidden, activation).entries();
    if (parameters.size() != entries.size()) {
      throw new IllegalArgumentException(
          parameters.size() + " parameters, the architecture has " + entries.size());
    }
    return new Model(
        text(child(root, "time")),
        names,
        hidden,
        activation,
        new Scaling(
            number(child(scaling, "origin")),
            number(child(scaling, "unit")),
            numbers(scaling, "mean", names.size()),
            numbers(scaling, "deviation", names.size())),
        entries.stream()
            .flatMapToDouble(
                entry -> Arrays.stream(numbers(parameters, entry.name(), entry.shape().size())))
            .toArray());
  }

  private static void write(ArrayNode array, double[] values) {
    for (double value : values) {
      array.add(value);
    }
  }

  private static JsonNode child(JsonNode parent, String name) {
    JsonNode child = parent.get(name);
    if (child == null) {
      throw new IllegalArgumentException("\"" + name + "\" is missing");
    }
    return child;
  }

  private static JsonNode list(JsonNode parent, String name) {
    JsonNode list = child(parent, name);
    if (!list.isArray()) {
      throw new IllegalArgumentException("\"" + name + "\" is not a list");
    }
    return list;
  }

  private static double[] numbers(JsonNode parent, String name, int size) {
    JsonNode list = list(parent, name);
    if (list.size() != size) {
      throw new IllegalArgumentException(
          "\"" + name + "\" holds " + list.size() + " numbers, want " + size);
    }
    return list.valueStream().mapToDouble(ModelFile::number).toArray();
  }

  private static double number(JsonNode node) {
    if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
      throw new IllegalArgumentException(shown(node) + " is not a finite number");
    }
    return node.asDouble();
  }

  private static int width(JsonNode node) {
    if (!node.isInt()) {
      throw new IllegalArgumentException(shown(node) + " is not the width of a layer");
    }
    return node.asInt();
  }

  private static String text(JsonNode node) {
    if (!node.isString()) {
      throw new IllegalArgumentException(shown(node) + " is not a text");
    }
    return node.asString();
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
  }

  private static Activation activation(String name) {
    return Arrays.stream(Activation.values())
        .filter(activation -> activation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "activation \""
                        + name
                        + "\" is none of "
                        + Arrays.toString(Activation.values())));
  }
}
