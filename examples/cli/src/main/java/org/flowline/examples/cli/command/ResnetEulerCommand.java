package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.flowline.examples.cli.fit.ResNetEuler;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.cli.report.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs [ResNetEuler].
@Command(
    name = "resnet-euler",
    description =
        "Show that a residual network is Euler's method on a Neural ODE: outputs and gradients, bit for bit.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline resnet-euler --out /tmp/resnet"})
public final class ResnetEulerCommand implements Callable<Integer> {
  @Mixin private JsonOption json;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "3")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/resnet-euler")
  private Path out;

  @Spec private CommandSpec spec;

  /// The numbers that `--json` prints.
  record Report(
      boolean outputIdentical,
      boolean gradientIdentical,
      List<Integer> depths,
      List<Double> distanceToOde,
      double order,
      String out) {}

  @Override
  public Integer call() {
    OutputFolder folder = OutputFolder.open(out);
    ResNetEuler found = ResNetEuler.of(seed);
    folder.add(found.picture());
    folder.write();
    Report report =
        new Report(
            found.outputsIdentical(),
            found.gradientsIdentical(),
            found.depths(),
            found.outputDistances(),
            found.order(),
            out.toString());
    json.print(spec, report, () -> text(report, folder));
    return report.outputIdentical && report.gradientIdentical ? 0 : 1;
  }

  private static String text(Report report, OutputFolder folder) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        residual network = Euler on the Neural ODE with the same weights
          outputs    %s
          gradients  %s

        layers   distance to the ODE
        """
            .formatted(identical(report.outputIdentical), identical(report.gradientIdentical)));
    for (int i = 0; i < report.depths.size(); i++) {
      text.append(Text.format("%6d   %.3e%n", report.depths.get(i), report.distanceToOde.get(i)));
    }
    return text.append(Text.format("measured order %.2f (expected 1)%n", report.order))
        .append("written   ")
        .append(folder)
        .toString();
  }

  private static String identical(boolean identical) {
    return identical ? "identical, bit for bit" : "DIFFER";
  }
}
