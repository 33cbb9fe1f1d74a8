package org.flowline.examples.cli.command;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.flowline.examples.bench.DetestBench;
import org.flowline.examples.bench.KernelBench;
import org.flowline.examples.bench.WorkloadBench;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Measures the speed of Flowline on this machine.
@Command(name = "bench", mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
  /// Seconds for the kernels, and for anything else; the JIT needs half of them.
  private static final int KERNEL_SECONDS = 40;

  private static final int SECONDS = 8;

  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      completionCandidates = Names.class,
      description = "Workloads, of ${COMPLETION-CANDIDATES} (default: all).")
  private List<String> names = List.of();

  @Option(names = "--detest")
  private boolean detest;

  @Option(names = "--kernels")
  private boolean kernels;

  @Option(names = "--profile")
  private boolean profile;

  @Option(names = "--seconds", paramLabel = "S")
  private Double seconds;

  @Spec private CommandSpec spec;

  /// The names of workloads, for help and completion.
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return WorkloadBench.names().iterator();
    }
  }

  @Override
  public Integer call() {
    if ((kernels ? 1 : 0) + (detest ? 1 : 0) + (names.isEmpty() ? 0 : 1) > 1) {
      throw CommandWords.wrong(
          spec, "more than one of --kernels, --detest and workloads; want one a run");
    }
    if (profile && (kernels || detest)) {
      throw CommandWords.wrong(spec, "--profile is for workloads");
    }
    int usual = kernels ? KERNEL_SECONDS : SECONDS;
    double each = seconds == null ? usual : seconds;
    CommandWords.requirePositive(spec, "--seconds", each);
    if (kernels) {
      measuring(each, usual, 1);
      KernelBench bench = KernelBench.run(each);
      bench.hint().ifPresent(hint -> CommandWords.say(spec, hint));
      json.print(bench.report(), bench::text);
    } else if (detest) {
      measuring(each, usual, 1);
      DetestBench bench = DetestBench.run(each);
      json.print(bench.report(), bench::text);
    } else {
      List<String> chosen = chosen();
      measuring(each, usual, chosen.size());
      WorkloadBench bench = WorkloadBench.run(chosen, each, profile);
      json.print(bench.report(), bench::text);
    }
    return 0;
  }

  private List<String> chosen() {
    try {
      return WorkloadBench.choose(names);
    } catch (IllegalArgumentException unknown) {
      throw CommandWords.wrong(spec, unknown.getMessage());
    }
  }

  private void measuring(double each, int usual, int count) {
    String early = each < usual / 2.0 ? "; too short for the JIT, times will be too long" : "";
    CommandWords.say(spec, "measuring for about %.0f s%s", Math.ceil(each * count), early);
  }
}
