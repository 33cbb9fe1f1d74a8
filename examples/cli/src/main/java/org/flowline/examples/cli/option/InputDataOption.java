package org.flowline.examples.cli.option;

import java.nio.file.Path;
import java.util.List;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.CsvOptions;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The option `--input-data`: the inputs of a model that was trained with inputs.
public final class InputDataOption {
  @Option(names = "--input-data", paramLabel = "FILE")
  private Path file;

  /// Reads the inputs of this model; without columns for a model without inputs, over the time of
  /// its training data.
  ///
  /// @throws DataException if columns or values are missing, or there are fewer than two rows
  /// @throws picocli.CommandLine.ParameterException if a model with inputs gets none, or one
  ///     without inputs gets some
  public TimeSeries read(CommandSpec spec, Model model) {
    List<String> names = model.inputs();
    if (names.isEmpty() && file == null) {
      double[] ends = {model.provenance().from(), model.provenance().to()};
      return new TimeSeries(model.timeName(), names, ends, List.of(new double[0], new double[0]));
    }
    if (names.isEmpty()) {
      throw CommandWords.wrong(spec, "--input-data: the model has no inputs; leave it out");
    }
    if (file == null) {
      throw CommandWords.wrong(
          spec,
          "the model has the inputs %s; give their values with --input-data",
          String.join(", ", names));
    }
    Clock clock = model.variables().clock();
    CsvOptions layout =
        CsvOptions.usual().withTime("").withColumns(names).withOrigin(clock.origin());
    Measurements measured = Measurements.read(file, layout);
    if (measured.clock().notation() != clock.notation()) {
      throw new DataException(
          "%s: its times have another format than the training data; want %s",
          file, clock.notation());
    }
    TimeSeries inputs = measured.states().getFirst();
    if (measured.experiments().size() != 1 || !inputs.isComplete()) {
      throw new DataException(
          file + ": want one file, and a value of each input in each of its rows");
    }
    try {
      model.scaling().scaledTimes(inputs.times());
    } catch (DataException e) {
      throw new DataException(file + ": " + e.getMessage());
    }
    return inputs;
  }
}
