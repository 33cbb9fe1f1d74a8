package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.report.Text;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.model.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Prints the description of a model.
@Command(name = "info", mixinStandardHelpOptions = true)
public final class InfoCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "The model.flowline that train wrote.")
  private Path file;

  @Mixin private JsonOption json;

  /// The description that `--json` prints.
  record Report(
      String model,
      String time,
      Clock clock,
      List<String> components,
      List<String> inputs,
      Architecture architecture,
      Model.Solver solver,
      Scaling scaling,
      Scaling inputScaling,
      Provenance provenance,
      int parameterCount,
      List<Parameter> parameters) {}

  /// The name and shape of a parameter.
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
            model.variables().clock(),
            model.names(),
            model.inputs(),
            model.architecture(),
            model.solver(),
            model.scaling(),
            model.variables().inputScaling(),
            model.provenance(),
            model.layout().size(),
            parameters);
    json.print(report, () -> text(model, report));
    return 0;
  }

  private static String text(Model model, Report report) {
    Provenance trained = report.provenance();
    return Text.format(
        """
        model       %s
        field       %s, hidden layers %s, %s, standardised
        %s
        solver      %s, rtol %s, atol %s, on standardised components
        trained on  %s from %s to %s
        components
        %s%s%s%s""",
        report.model(),
        formula(model),
        report.architecture().hidden(),
        report.architecture().activation().name().toLowerCase(Locale.ROOT),
        model.layout(),
        report.solver().method(),
        report.solver().rtol(),
        report.solver().atol(),
        report.time(),
        report.clock().write(trained.from()),
        report.clock().write(trained.to()),
        ranges(report.components(), trained.low(), trained.high(), report.scaling()),
        report.inputs().isEmpty()
            ? ""
            : "\ninputs\n"
                + ranges(
                    report.inputs(),
                    trained.inputLow(),
                    trained.inputHigh(),
                    report.inputScaling()),
        lines("setting", trained.settings()),
        lines("metric", trained.metrics()));
  }

  /// The formula, `dy/dt = mlp(y, u, t)`, with notes on the initial state.
  private static String formula(Model model) {
    Architecture architecture = model.architecture();
    boolean second = architecture.order() == 2;
    String arguments =
        "y"
            + (second ? ", dy/dt" : "")
            + (model.inputs().isEmpty() ? "" : ", u")
            + (architecture.timeDependent() ? ", t" : "");
    int augment = architecture.augment();
    return "%s = mlp(%s)%s%s"
        .formatted(
            second ? "d2y/dt2" : "dy/dt",
            arguments,
            second ? ", dy/dt at the start = y W + b" : "",
            augment > 0 ? ", " + augment + " augmented components from 0" : "");
  }

  private static String lines(String kind, Map<String, ?> named) {
    return named.entrySet().stream()
        .map(entry -> Text.format("\n%-11s %s = %s", kind, entry.getKey(), plain(entry.getValue())))
        .collect(Collectors.joining());
  }

  /// A whole number without its fraction.
  private static Object plain(Object value) {
    return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
        ? (Object) number.longValue()
        : value;
  }

  private static String ranges(
      List<String> names, List<Double> low, List<Double> high, Scaling scaling) {
    return IntStream.range(0, low.size())
        .mapToObj(
            i ->
                Text.format(
                    "  %s from %s to %s, mean %.6g, deviation %.6g",
                    names.get(i),
                    low.get(i),
                    high.get(i),
                    scaling.mean()[i],
                    scaling.deviation()[i]))
        .collect(Collectors.joining("\n"));
  }
}
