package org.flowline.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowline.neuralode.Architecture;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.Provenance;
import org.flowline.neuralode.data.Scaling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// All that a model file says of its model.
@Command(
    name = "info",
    description = "Everything about a trained model: what it is, where it comes from, how good.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline info out/train/model.flowline"})
final class InfoCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "The model.flowline that train wrote.")
  private Path file;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  /// What `--json` prints.
  record Report(
      String model,
      String time,
      List<String> components,
      Architecture architecture,
      Model.Solver solver,
      Scaling scaling,
      Provenance provenance,
      int parameterCount,
      List<Parameter> parameters) {}

  /// A parameter's name and shape.
  record Parameter(String name, int[] shape) {}

  @Override
  public Integer call() {
    Model model = Model.load(file);
    List<Parameter> parameters =
        model.layout().entries().stream()
            .map(entry -> new Parameter(entry.name(), entry.shape().dims()))
            .toList();
    Report report =
        new Report(
            file.toString(),
            model.timeName(),
            model.names(),
            model.architecture(),
            model.solver(),
            model.scaling(),
            model.provenance(),
            model.layout().size(),
            parameters);
    json.print(spec, report, () -> text(model, report));
    return 0;
  }

  private static String text(Model model, Report report) {
    Provenance seen = report.provenance();
    return String.format(
        Locale.ROOT,
        """
        model       %s
        field       dy/dt = mlp(y), hidden layers %s, %s, of standardised components
        %s
        solver      %s, rtol %s, atol %s, on standardised components
        trained on  %s from %s to %s
        components
        %s%s%s""",
        report.model(),
        report.architecture().hidden(),
        report.architecture().activation().name().toLowerCase(Locale.ROOT),
        model.layout(),
        report.solver().method(),
        report.solver().rtol(),
        report.solver().atol(),
        report.time(),
        seen.from(),
        seen.to(),
        components(report),
        seen.settings().entrySet().stream()
            .map(entry -> "\nsetting     " + entry.getKey() + " = " + entry.getValue())
            .collect(Collectors.joining()),
        seen.metrics().entrySet().stream()
            .map(entry -> "\nmetric      " + entry.getKey() + " = " + entry.getValue())
            .collect(Collectors.joining()));
  }

  private static String components(Report report) {
    double[] low = report.provenance().low();
    double[] high = report.provenance().high();
    double[] mean = report.scaling().mean();
    double[] deviation = report.scaling().deviation();
    return IntStream.range(0, low.length)
        .mapToObj(
            i ->
                String.format(
                    Locale.ROOT,
                    "  %s from %s to %s, mean %.6g, deviation %.6g",
                    report.components().get(i),
                    low[i],
                    high[i],
                    mean[i],
                    deviation[i]))
        .collect(Collectors.joining("\n"));
  }
}
