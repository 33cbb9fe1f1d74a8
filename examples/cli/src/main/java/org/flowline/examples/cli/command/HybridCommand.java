package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.flowline.examples.cli.fit.HybridPendulum;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.OverwriteOption;
import org.flowline.examples.cli.report.OutputFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs [HybridPendulum].
@Command(name = "hybrid", mixinStandardHelpOptions = true)
public final class HybridCommand implements Callable<Integer> {
  @Mixin private JsonOption json;
  @Mixin private OverwriteOption overwrite;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/hybrid")
  private Path out;

  @Override
  public Integer call() {
    OutputFolder folder = overwrite.open(out, "hybrid.png");
    HybridPendulum found = HybridPendulum.of(seed, out);
    folder.add(found.picture());
    folder.write();
    json.print(found, () -> found.text(folder));
    return found.holds() ? 0 : 1;
  }
}
