package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.model.Provenance;
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
public final class InfoCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "The model.flowline that train wrote.")
  private Path file;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  /// What `--json` prints.
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
    json.print(spec, report, () -> text(model, report));
    return 0;
  }

  private static String text(Model model, Report report) {
    Provenance seen = report.provenance();
    return String.format(
        Locale.ROOT,
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
        report.clock().write(seen.from()),
        report.clock().write(seen.to()),
        ranges(report.components(), seen.low(), seen.high(), report.scaling()),
        report.inputs().isEmpty()
            ? ""
            : "\ninputs\n"
                + ranges(report.inputs(), seen.inputLow(), seen.inputHigh(), report.inputScaling()),
        lines("setting", seen.settings()),
        lines("metric", seen.metrics()));
  }

  /// As `dy/dt = mlp(y, u, t)`, and what is not measured of it.
  private static String formula(Model model) {
    Architecture architecture = model.architecture();
    boolean second = architecture.order() == 2;
    List<String> seen = new ArrayList<>(List.of("y"));
    List<String> notes = new ArrayList<>();
    if (second) {
      seen.add("dy/dt");
      notes.add("dy/dt at the start = y W + b");
    }
    if (!model.inputs().isEmpty()) {
      seen.add("u");
    }
    if (architecture.timeDependent()) {
      seen.add("t");
    }
    if (architecture.augment() > 0) {
      notes.add(architecture.augment() + " augmented components from 0");
    }
    return (second ? "d2y/dt2" : "dy/dt")
        + " = mlp("
        + String.join(", ", seen)
        + ")"
        + notes.stream().map(note -> ", " + note).collect(Collectors.joining());
  }

  private static String lines(String kind, Map<String, ?> named) {
    return named.entrySet().stream()
        .map(
            entry ->
                String.format(
                    Locale.ROOT, "\n%-11s %s = %s", kind, entry.getKey(), plain(entry.getValue())))
        .collect(Collectors.joining());
  }

  /// Counts without a fraction.
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
                String.format(
                    Locale.ROOT,
                    "  %s from %s to %s, mean %.6g, deviation %.6g",
                    names.get(i),
                    low.get(i),
                    high.get(i),
                    scaling.mean()[i],
                    scaling.deviation()[i]))
        .collect(Collectors.joining("\n"));
  }
}
