package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.flowline.examples.cli.fit.HybridPendulum;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.cli.report.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs [HybridPendulum].
@Command(
    name = "hybrid",
    description =
        "Train a hybrid model, known physics and a network: a pendulum's friction, learned from angles.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline hybrid --out /tmp/hybrid"})
public final class HybridCommand implements Callable<Integer> {
  @Mixin private JsonOption json;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/hybrid")
  private Path out;

  @Spec private CommandSpec spec;

  /// The numbers that `--json` prints.
  record Report(
      double rmse, double noise, double frictionError, double wanted, double seconds, String out) {}

  @Override
  public Integer call() {
    OutputFolder folder = OutputFolder.open(out);
    HybridPendulum found = HybridPendulum.of(seed);
    folder.add(found.picture());
    folder.write();
    Report report =
        new Report(
            found.rmse(),
            found.noise(),
            found.frictionError(),
            found.wanted(),
            found.seconds(),
            out.toString());
    json.print(
        spec,
        report,
        () ->
            Text.format(
                """
                pendulum    known: gravity; unknown: friction, a network of the speed
                data        %s; noise %.3f
                fit         RMSE %.4f of the angles
                friction    error at most %.1f %% of the largest, want %.0f %% (%s)
                cost        %.1f s
                written     %s""",
                HybridPendulum.setup(),
                report.noise,
                report.rmse,
                100 * report.frictionError,
                100 * report.wanted,
                found.holds() ? "holds" : "DOES NOT HOLD",
                report.seconds,
                folder));
    return found.holds() ? 0 : 1;
  }
}
