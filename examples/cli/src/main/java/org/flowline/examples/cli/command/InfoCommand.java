package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
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

  /// The name and shape of a parameter.
  record Parameter(String name, int[] shape) {}

  @Override
  public Integer call() {
    Model model = Model.load(file);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("model", file.toString());
    report.put("time", model.timeName());
    report.put("clock", model.variables().clock());
    report.put("components", model.names());
    report.put("inputs", model.inputs());
    report.put("architecture", model.architecture());
    report.put("solver", model.solver());
    report.put("scaling", model.scaling());
    report.put("input_scaling", model.variables().inputScaling());
    report.put("provenance", model.provenance());
    report.put("parameter_count", model.layout().size());
    report.put(
        "parameters",
        model.layout().entries().stream()
            .map(entry -> new Parameter(entry.name(), entry.shape().dims()))
            .toList());
    json.print(report, () -> text(model));
    return 0;
  }

  private String text(Model model) {
    Architecture field = model.architecture();
    String activation = field.activation().name().toLowerCase(Locale.ROOT);
    Model.Solver solver = model.solver();
    Provenance trained = model.provenance();
    Clock clock = model.variables().clock();
    String inputs =
        ranges(
            model.inputs(),
            trained.inputLow(),
            trained.inputHigh(),
            model.variables().inputScaling());
    return Text.format(
            """
            model       %s
            field       %s, hidden layers %s, %s, standardised
            %s
            """,
            file, formula(model), field.hidden(), activation, model.layout())
        + Text.format(
            "solver      %s, rtol %s, atol %s, on standardised components\n",
            solver.method(), solver.rtol(), solver.atol())
        + Text.format(
            "trained on  %s from %s to %s\ncomponents\n",
            model.timeName(), clock.write(trained.from()), clock.write(trained.to()))
        + ranges(model.names(), trained.low(), trained.high(), model.scaling())
        + (inputs.isEmpty() ? "" : "\ninputs\n" + inputs)
        + lines("setting", trained.settings())
        + lines("metric", trained.metrics());
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
    String format = "  %s from %s to %s, mean %.6g, deviation %.6g";
    double[] mean = scaling.mean();
    double[] deviation = scaling.deviation();
    return IntStream.range(0, low.size())
        .mapToObj(
            i -> Text.format(format, names.get(i), low.get(i), high.get(i), mean[i], deviation[i]))
        .collect(Collectors.joining("\n"));
  }
}
