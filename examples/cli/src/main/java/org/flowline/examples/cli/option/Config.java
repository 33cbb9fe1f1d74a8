package org.flowline.examples.cli.option;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flowline.neuralode.data.DataException;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A configuration file: options of a command as one JSON object, with their names as keys. Null is
/// an option that is not set. The command line overrides the file.
public final class Config implements IDefaultValueProvider {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final Pattern DUPLICATE = Pattern.compile("^Duplicate .*property (\".*\")");

  private final String source;
  private final Map<String, String> values;

  private Config(String source, Map<String, String> values) {
    this.source = source;
    this.values = values;
  }

  /// Reads a file.
  ///
  /// @throws DataException if it cannot be read or is not a JSON object
  /// @throws ParameterException if a key is not a setting
  public static Config read(Path file, CommandSpec spec, List<String> noSettings) {
    try {
      return of(file.toString(), Files.readString(file), spec, noSettings);
    } catch (IOException e) {
      String why =
          switch (e) {
            case NoSuchFileException _ -> "no such file; --print-config prints one";
            case AccessDeniedException _ -> "may not be read; check its permissions";
            case CharacterCodingException _ -> "is not UTF-8 text; want a JSON object";
            case IOException _ when Files.isDirectory(file) ->
                "is a folder; want a file with a JSON object";
            default -> "cannot be read: " + e.getMessage();
          };
      throw new DataException(file + ": " + why);
    }
  }

  /// Reads a text, with the name of its source for messages; see [#read].
  public static Config of(String source, String text, CommandSpec spec, List<String> noSettings) {
    JsonNode root = tree(source, text);
    if (!root.isObject()) {
      throw new DataException(source + ": is not a JSON object; want {\"iterations\": 100, …}");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String key = entry.getKey();
      OptionSpec option = spec.findOption("--" + key);
      if (option == null || noSettings.contains("--" + key)) {
        Optional<String> near = OptionHints.option(key, spec, noSettings);
        String hint = near.map("; did you mean \"%s\"?"::formatted).orElse("");
        throw CommandWords.wrong(spec, source + ": unknown key \"" + key + "\"" + hint);
      }
      if (!entry.getValue().isNull()) {
        values.put("--" + key, value(source, option, entry.getValue()));
      }
    }
    return new Config(source, values);
  }

  private static JsonNode tree(String source, String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      String problem = e.getOriginalMessage().lines().findFirst().orElse("");
      Matcher duplicate = DUPLICATE.matcher(problem);
      throw new DataException(
          duplicate.find()
              ? source + ": " + duplicate.group(1) + " occurs twice; want each key once"
              : source + ": is not JSON: " + problem);
    }
  }

  /// The argument on the command line; a list for options whose values are lists.
  private static String value(String source, OptionSpec option, JsonNode node) {
    if (node.isValueNode()) {
      return node.asString();
    }
    boolean list = option.paramLabel().equals(DataOption.LIST);
    String key = source + ": \"" + option.longestName().substring(2) + "\"";
    if (!list || !node.isArray()) {
      String nor = list ? ", nor a list of texts: [\"a\", \"b\"]" : "";
      throw new DataException(key + " is not a number, a text, true or false" + nor);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isString() || element.asString().contains(",")) {
        throw new DataException(key + " has " + element + "; want names of columns without commas");
      }
      texts.add(element.asString());
    }
    return String.join(",", texts);
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option ? values.get(option.longestName()) : null;
  }

  /// Parses the command line again, with these values as defaults.
  public void apply(CommandSpec spec) {
    spec.commandLine().setDefaultValueProvider(this);
    CommandLine root = spec.root().commandLine();
    root.parseArgs(root.getParseResult().originalArgs().toArray(String[]::new));
  }

  /// Returns the source, if it set the option that a problem is about.
  public Optional<String> sourceOf(ParameterException problem) {
    String option =
        problem.getArgSpec() instanceof OptionSpec known
            ? known.longestName()
            : problem.getMessage().split("[:,\\s]", 2)[0];
    CommandLine root = problem.getCommandLine().getCommandSpec().root().commandLine();
    boolean onLine =
        root.getParseResult().expandedArgs().stream()
            .anyMatch(word -> word.equals(option) || word.startsWith(option + "="));
    return values.containsKey(option) && !onLine ? Optional.of(source) : Optional.empty();
  }

  /// Returns the values of all options as JSON; null for those that are not set.
  public static String text(CommandSpec spec, List<String> noSettings) {
    return JSON.writeValueAsString(values(spec, noSettings));
  }

  /// Returns the values of the options that are set.
  public static Map<String, String> settings(CommandSpec spec, List<String> noSettings) {
    Map<String, String> settings = new LinkedHashMap<>();
    values(spec, noSettings)
        .forEach(
            (name, value) -> {
              if (value != null) {
                settings.put(name, value.toString());
              }
            });
    return settings;
  }

  private static Map<String, Object> values(CommandSpec spec, List<String> noSettings) {
    Map<String, Object> values = new LinkedHashMap<>();
    spec.options().stream()
        .filter(option -> !noSettings.contains(option.longestName()))
        .forEach(option -> values.put(option.longestName().substring(2), plain(option.getValue())));
    return values;
  }

  private static Object plain(Object value) {
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : value.toString();
  }
}
