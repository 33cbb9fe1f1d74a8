package org.flowline.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flowline.neuralode.data.DataException;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The options of a command as one JSON object, whose keys are their names without the dashes. What
/// the command line says goes before it.
final class Config implements IDefaultValueProvider {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Map<String, String> values;

  private Config(Map<String, String> values) {
    this.values = values;
  }

  /// @throws DataException if the file cannot be read or is not a JSON object
  /// @throws ParameterException if a key is no option that is a setting
  static Config read(Path file, CommandSpec spec, List<String> noSettings) {
    try {
      return of(file.toString(), Files.readString(file), spec, noSettings);
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file; see --print-config for what to write there");
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read as UTF-8 text; want a JSON object");
    }
  }

  static Config of(String source, String text, CommandSpec spec, List<String> noSettings) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new DataException(
          source + ": is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    if (!root.isObject()) {
      throw new DataException(source + ": is not a JSON object; want {\"iterations\": 100, …}");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String option = "--" + entry.getKey();
      if (spec.findOption(option) == null || noSettings.contains(option)) {
        throw unknown(source, entry.getKey(), spec);
      }
      if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
        throw new DataException(
            source + ": \"" + entry.getKey() + "\" is not a number, a text, true or false");
      }
      values.put(option, entry.getValue().asString());
    }
    return new Config(values);
  }

  private static ParameterException unknown(String source, String key, CommandSpec spec) {
    String near =
        suggestion(key, spec).map(found -> "; did you mean \"" + found + "\"?").orElse("");
    return new ParameterException(
        spec.commandLine(), source + ": unknown key \"" + key + "\"" + near);
  }

  /// The command line's own for a word that is near.
  private static Optional<String> suggestion(String key, CommandSpec spec) {
    return new UnmatchedArgumentException(spec.commandLine(), List.of("--" + key))
        .getSuggestions().stream()
            .filter(found -> found.startsWith("--"))
            .map(found -> found.substring(2))
            .findFirst();
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option ? values.get(option.longestName()) : null;
  }

  /// Parses the words of the command line again, with these values for what they do not say.
  void apply(CommandSpec spec) {
    CommandLine command = spec.commandLine();
    command.setDefaultValueProvider(this);
    CommandLine root = spec.root().commandLine();
    root.parseArgs(root.getParseResult().originalArgs().toArray(String[]::new));
  }

  /// What the options of a command are set to, as JSON; those that are not set are left out.
  static String text(CommandSpec spec, List<String> noSettings) {
    return JSON.writeValueAsString(settings(spec, noSettings));
  }

  /// What the options of a command are set to, without those that are not set.
  static Map<String, Object> settings(CommandSpec spec, List<String> noSettings) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (OptionSpec option : spec.options()) {
      Object value = option.getValue();
      if (value != null && !noSettings.contains(option.longestName())) {
        boolean plain = value instanceof Number || value instanceof Boolean;
        values.put(option.longestName().substring(2), plain ? value : value.toString());
      }
    }
    return values;
  }
}
