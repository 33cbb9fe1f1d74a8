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
import org.flowline.examples.cli.Suggestion;
import org.flowline.neuralode.data.DataException;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The options of a command as one JSON object, whose keys are their names without the dashes; one
/// that is null is not set. What the command line says goes before it.
public final class Config implements IDefaultValueProvider {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final Pattern TWICE = Pattern.compile("^Duplicate .*property (\".*\")");

  private final String source;
  private final Map<String, String> values;

  private Config(String source, Map<String, String> values) {
    this.source = source;
    this.values = values;
  }

  /// @throws DataException if the file cannot be read or is not a JSON object
  /// @throws ParameterException if a key is no option that is a setting
  public static Config read(Path file, CommandSpec spec, List<String> noSettings) {
    try {
      return of(file.toString(), Files.readString(file), spec, noSettings);
    } catch (IOException e) {
      throw new DataException(file + ": " + unreadable(file, e));
    }
  }

  private static String unreadable(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file; see --print-config for what to write there";
      case AccessDeniedException _ -> "may not be read; check its permissions";
      case CharacterCodingException _ -> "is not UTF-8 text; want a JSON object";
      default ->
          Files.isDirectory(file)
              ? "is a folder; want a file with a JSON object"
              : "cannot be read: " + e.getMessage();
    };
  }

  public static Config of(String source, String text, CommandSpec spec, List<String> noSettings) {
    JsonNode root = tree(source, text);
    if (!root.isObject()) {
      throw new DataException(source + ": is not a JSON object; want {\"iterations\": 100, …}");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String option = "--" + entry.getKey();
      if (spec.findOption(option) == null || noSettings.contains(option)) {
        throw unknown(source, entry.getKey(), spec, noSettings);
      }
      if (!entry.getValue().isNull()) {
        values.put(option, value(source, spec.findOption(option), entry.getValue()));
      }
    }
    return new Config(source, values);
  }

  private static JsonNode tree(String source, String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      String what = e.getOriginalMessage().lines().findFirst().orElse("");
      Matcher twice = TWICE.matcher(what);
      throw new DataException(
          twice.find()
              ? source + ": " + twice.group(1) + " is there twice; want each key once"
              : source + ": is not JSON: " + what);
    }
  }

  /// What would be written behind the option. Lists are for those options whose values are lists.
  private static String value(String source, OptionSpec option, JsonNode node) {
    boolean list = option.paramLabel().equals(DataOption.LIST);
    String key = option.longestName().substring(2);
    if (node.isValueNode()) {
      return node.asString();
    }
    if (!list || !node.isArray()) {
      throw new DataException(
          source
              + ": \""
              + key
              + "\" is not a number, a text, true or false"
              + (list ? ", nor a list of texts: [\"a\", \"b\"]" : ""));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isString() || element.asString().contains(",")) {
        throw new DataException(
            source + ": \"" + key + "\" has " + element + "; want names of columns without commas");
      }
      texts.add(element.asString());
    }
    return String.join(",", texts);
  }

  private static ParameterException unknown(
      String source, String key, CommandSpec spec, List<String> noSettings) {
    String near =
        Suggestion.option(key, spec, noSettings)
            .map(found -> "; did you mean \"" + found + "\"?")
            .orElse("");
    return new ParameterException(
        spec.commandLine(), source + ": unknown key \"" + key + "\"" + near);
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option ? values.get(option.longestName()) : null;
  }

  /// Parses the words of the command line again, with these values for what they do not say.
  public void apply(CommandSpec spec) {
    CommandLine command = spec.commandLine();
    command.setDefaultValueProvider(this);
    CommandLine root = spec.root().commandLine();
    root.parseArgs(root.getParseResult().originalArgs().toArray(String[]::new));
  }

  /// This file, if it is what set the option that a problem is about.
  public Optional<String> sourceOf(ParameterException problem) {
    String option =
        problem.getArgSpec() instanceof OptionSpec known
            ? known.longestName()
            : problem.getMessage().split("[:,\\s]", 2)[0];
    ParseResult words =
        problem.getCommandLine().getCommandSpec().root().commandLine().getParseResult();
    boolean said =
        words.expandedArgs().stream()
            .anyMatch(word -> word.equals(option) || word.startsWith(option + "="));
    return values.containsKey(option) && !said ? Optional.of(source) : Optional.empty();
  }

  /// What the options of a command are set to, as JSON; those that are not set are null, as which
  /// they are read again.
  public static String text(CommandSpec spec, List<String> noSettings) {
    Map<String, Object> set = settings(spec, noSettings);
    Map<String, Object> all = new LinkedHashMap<>();
    for (OptionSpec option : spec.options()) {
      if (!noSettings.contains(option.longestName())) {
        String key = option.longestName().substring(2);
        all.put(key, set.get(key));
      }
    }
    return JSON.writeValueAsString(all);
  }

  /// What the options of a command are set to, without those that are not set.
  public static Map<String, Object> settings(CommandSpec spec, List<String> noSettings) {
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
