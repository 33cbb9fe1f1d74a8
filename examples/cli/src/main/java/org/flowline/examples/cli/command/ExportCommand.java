package org.flowline.examples.cli.command;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.flowline.autodiff.Parameters.Entry;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.OverwriteOption;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.neuralode.data.Npy;
import org.flowline.neuralode.data.Npz;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.model.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Exports a model for other tools: its parameters for NumPy, and all of it as JSON.
@Command(name = "export", mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Parameters(paramLabel = "MODEL", description = "The model.flowline that train wrote.")
  private Path file;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/export")
  private Path out;

  @Mixin private JsonOption json;
  @Mixin private OverwriteOption overwrite;

  /// The numbers that `--json` prints.
  record Report(String model, String out, int parameterCount) {}

  /// The values of a parameter, the last index running fastest.
  record Values(List<Integer> shape, double[] values) {}

  @Override
  public Integer call() {
    Model model = Model.load(file);
    SequencedMap<String, Npy> parameters = parameters(model);
    SequencedMap<String, Npy> arrays = new LinkedHashMap<>(parameters);
    Scaling scaling = model.scaling();
    arrays.put("scaling.origin", new Npy(List.of(), new double[] {scaling.origin()}));
    arrays.put("scaling.unit", new Npy(List.of(), new double[] {scaling.unit()}));
    arrays.put("scaling.mean", Npy.of(scaling.mean()));
    arrays.put("scaling.deviation", Npy.of(scaling.deviation()));
    arrays.put("inputs.mean", Npy.of(model.variables().inputScaling().mean()));
    arrays.put("inputs.deviation", Npy.of(model.variables().inputScaling().deviation()));
    OutputFolder folder = overwrite.open(out, "model.npz");
    folder.add(
        "model.npz",
        path -> {
          try (OutputStream stream = Files.newOutputStream(path)) {
            Npz.write(stream, arrays);
          }
        });
    String text = text(model, parameters);
    folder.add("model.json", path -> Files.writeString(path, text));
    folder.write();
    Report report = new Report(file.toString(), out.toString(), model.layout().size());
    json.print(report, () -> "written     " + folder);
    return 0;
  }

  private static SequencedMap<String, Npy> parameters(Model model) {
    SequencedMap<String, Npy> arrays = new LinkedHashMap<>();
    double[] theta = model.theta();
    for (Entry entry : model.layout().entries()) {
      int end = entry.offset() + entry.shape().size();
      double[] values = Arrays.copyOfRange(theta, entry.offset(), end);
      arrays.put(entry.name(), Npy.of(values, entry.shape().dims()));
    }
    return arrays;
  }

  /// The description in the model's file, and the parameters.
  private static String text(Model model, SequencedMap<String, Npy> arrays) {
    Map<String, Values> values = new LinkedHashMap<>();
    arrays.forEach((name, array) -> values.put(name, new Values(array.shape(), array.values())));
    ObjectNode description = (ObjectNode) JSON.readTree(model.description());
    description.remove("checksum");
    description.set("parameters", JSON.valueToTree(values));
    return JSON.writeValueAsString(description) + "\n";
  }
}
