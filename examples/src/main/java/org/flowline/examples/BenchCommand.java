package org.flowline.examples;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.flowline.examples.bench.KernelBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measures how fast Flowline is on this machine, suite by suite.
@Command(
    name = "bench",
    description = "Measure speed on this machine, beside its peak and beside ND4J.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline bench --kernels"})
final class BenchCommand implements Callable<Integer> {
  /// Shorter measurements say little.
  private static final int JIT_SECONDS = 20;

  @Mixin private JsonOption json;

  @Option(
      names = "--kernels",
      description =
          "Matrix products, elementary functions, small networks: time, GFLOP/s, share of the peak,"
              + " times ND4J. Wants a machine with nothing else to do.")
  private boolean kernels;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "40",
      description =
          "About how long to measure (default ${DEFAULT-VALUE}); below "
              + JIT_SECONDS
              + " the JIT is not done yet.")
  private double seconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!kernels) {
      throw new ParameterException(spec.commandLine(), "which suite? want --kernels");
    }
    CommandWords.requirePositive(spec, "--seconds", seconds);
    PrintWriter err = spec.commandLine().getErr();
    String early =
        seconds < JIT_SECONDS ? "; the JIT is not done by then, times will be too long" : "";
    err.printf(Locale.ROOT, "flowline: measuring for about %.0f s%s%n", Math.ceil(seconds), early);
    KernelBench bench = KernelBench.run(seconds);
    bench.hint().ifPresent(hint -> err.println("flowline: " + hint));
    json.print(spec, bench.report(), bench::text);
    return 0;
  }
}
