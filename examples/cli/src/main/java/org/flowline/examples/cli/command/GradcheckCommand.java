package org.flowline.examples.cli.command;

import java.util.concurrent.Callable;
import org.flowline.examples.cli.fit.GradientComparison;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.DataOption;
import org.flowline.examples.cli.option.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs [GradientComparison].
@Command(name = "gradcheck", mixinStandardHelpOptions = true)
public final class GradcheckCommand implements Callable<Integer> {
  @Mixin private DataOption data;
  @Mixin private JsonOption json;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1")
  private long seed;

  @Option(names = "--iterations", paramLabel = "N", defaultValue = "700")
  private int iterations;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandWords.requirePositive(spec, "--iterations", iterations);
    GradientComparison found = GradientComparison.of(data.readComplete(), iterations, seed);
    json.print(found, () -> found.text(data.name()));
    return 0;
  }
}
