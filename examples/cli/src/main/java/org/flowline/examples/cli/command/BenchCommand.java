package org.flowline.examples.cli.command;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.flowline.examples.bench.DetestBench;
import org.flowline.examples.bench.KernelBench;
import org.flowline.examples.bench.WorkloadBench;
import org.flowline.examples.cli.CommandWords;
import org.flowline.examples.cli.option.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Measures how fast Flowline is on this machine, suite by suite.
@Command(
    name = "bench",
    description =
        "Measure speed on this machine: whole workloads beside their rivals, or a suite. Wants a"
            + " machine with nothing else to do.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline bench lorenz pleiades"})
public final class BenchCommand implements Callable<Integer> {
  /// How long to measure the kernels, and anything else; in half of it the JIT is done.
  private static final int KERNEL_SECONDS = 40;

  private static final int SECONDS = 8;

  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      completionCandidates = Names.class,
      description = "Workloads, of ${COMPLETION-CANDIDATES} (default all of them).")
  private List<String> names = List.of();

  @Option(
      names = "--detest",
      description =
          "The 25 DETEST problems at tolerance 1e-6: evaluations, error, time, beside the classical"
              + " codes.")
  private boolean detest;

  @Option(
      names = "--kernels",
      description =
          "Matrix products, elementary functions, small networks: time, GFLOP/s, share of the peak,"
              + " times ND4J.")
  private boolean kernels;

  @Option(
      names = "--profile",
      description = "Also where the time of workloads with a gradient goes.")
  private boolean profile;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description =
          "About how long to measure a suite or each workload (default "
              + KERNEL_SECONDS
              + " for --kernels, else "
              + SECONDS
              + "); in less than half of it the JIT is not done yet.")
  private Double seconds;

  @Spec private CommandSpec spec;

  /// The workloads' names, for the help.
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return WorkloadBench.names().iterator();
    }
  }

  @Override
  public Integer call() {
    if ((kernels ? 1 : 0) + (detest ? 1 : 0) + (names.isEmpty() ? 0 : 1) > 1) {
      throw new ParameterException(
          spec.commandLine(), "more than one of --kernels, --detest and workloads; want one a run");
    }
    if (profile && (kernels || detest)) {
      throw new ParameterException(spec.commandLine(), "--profile is for workloads");
    }
    int usual = kernels ? KERNEL_SECONDS : SECONDS;
    double each = seconds == null ? usual : seconds;
    CommandWords.requirePositive(spec, "--seconds", each);
    if (kernels) {
      measuring(each, usual, 1);
      KernelBench bench = KernelBench.run(each);
      bench.hint().ifPresent(hint -> err().println("flowline: " + hint));
      json.print(spec, bench.report(), bench::text);
    } else if (detest) {
      measuring(each, usual, 1);
      DetestBench bench = DetestBench.run(each);
      json.print(spec, bench.report(), bench::text);
    } else {
      WorkloadBench.Chosen chosen = chosen();
      measuring(each, usual, chosen.count());
      WorkloadBench bench = chosen.run(each, profile);
      json.print(spec, bench.report(), bench::text);
    }
    return 0;
  }

  private WorkloadBench.Chosen chosen() {
    try {
      return WorkloadBench.choose(names);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), unknown.getMessage());
    }
  }

  private void measuring(double each, int usual, int count) {
    String early =
        each < usual / 2.0 ? "; the JIT is not done by then, times will be too long" : "";
    err()
        .printf(
            Locale.ROOT,
            "flowline: measuring for about %.0f s%s%n",
            Math.ceil(each * count),
            early);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
