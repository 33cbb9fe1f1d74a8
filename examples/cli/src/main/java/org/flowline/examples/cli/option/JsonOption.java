package org.flowline.examples.cli.option;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// The option `--json`: one JSON object on standard output and nothing else.
public final class JsonOption {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @Option(names = "--json")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /// Returns whether the option is set.
  public boolean chosen() {
    return json;
  }

  /// Returns a record as JSON.
  public String text(Object report) {
    return MAPPER.writeValueAsString(report);
  }

  /// Prints a record as JSON or as text.
  public void print(Object report, Supplier<String> text) {
    spec.commandLine().getOut().println(json ? text(report) : text.get());
  }
}
