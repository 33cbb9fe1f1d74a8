package org.flowline.examples.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The exit code and the output of a command line.
public record CommandLineRun(int exitCode, String out, String err) {
  public static CommandLineRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Flowline.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new CommandLineRun(exitCode, out.toString(), err.toString());
  }

  /// Standard output, which must be one JSON object and nothing else.
  public JsonNode json() {
    JsonNode node = JsonMapper.builder().build().readTree(out);
    if (out.lines().count() != 1 || !node.isObject()) {
      throw new AssertionError("not one JSON object: " + out);
    }
    return node;
  }

  public List<String> errorLines() {
    return err.lines().toList();
  }
}
