package org.flowline.examples.cli.option;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// The option `--json`: one JSON object on standard output and nothing else there.
public final class JsonOption {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  /// Whether it was given.
  public boolean chosen() {
    return json;
  }

  /// A record as JSON.
  public String text(Object report) {
    return MAPPER.writeValueAsString(report);
  }

  /// Prints a record as JSON, or its text.
  public void print(CommandSpec spec, Object report, Supplier<String> text) {
    spec.commandLine().getOut().println(json ? text(report) : text.get());
  }
}
