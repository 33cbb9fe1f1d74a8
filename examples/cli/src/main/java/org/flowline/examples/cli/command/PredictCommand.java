package org.flowline.examples.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.flowline.examples.cli.fit.Predictions;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.InputDataOption;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.TimesOption;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.neuralode.data.AtomicFiles;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Predicts trajectories of a trained model, in the units of the data.
@Command(name = "predict", mixinStandardHelpOptions = true)
public final class PredictCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "The model.flowline that train wrote.")
  private Path file;

  @Option(names = "--from", paramLabel = "A,B,...", required = true)
  private List<String> from;

  @Mixin private TimesOption times;
  @Mixin private InputDataOption inputData;

  @Option(names = "--out", paramLabel = "FILE")
  private Path out;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<double[]> states =
        from.stream().map(state -> CommandWords.numbers(spec, "--from", state)).toList();
    Model model = Model.load(file);
    states.forEach(state -> requireComponents(model, state));
    TimeSeries inputs = inputData.read(spec, model);
    Predictions.Times at =
        times.read(spec, model.variables().clock(), inputs.times(), states.size());
    Predictions predictions = Predictions.of(file.toString(), model, inputs, states, at);
    String text = json.chosen() ? json.text(predictions) + "\n" : predictions.csv();
    if (out == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      Path whole = out.toAbsolutePath().normalize();
      if (Files.isDirectory(whole)) {
        throw new DataException(out + ": is a folder; give a file with --out");
      }
      if (!Files.exists(whole)) {
        OutputFolder.open(whole.getParent());
      }
      AtomicFiles.write(out, path -> Files.writeString(path, text));
    }
    return 0;
  }

  private void requireComponents(Model model, double[] state) {
    if (state.length != model.names().size()) {
      throw CommandWords.wrong(
          spec,
          "--from: %d values; want %d, for %s",
          state.length,
          model.names().size(),
          String.join(", ", model.names()));
    }
  }
}
