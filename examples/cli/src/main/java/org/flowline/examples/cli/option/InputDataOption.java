package org.flowline.examples.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.CsvOptions;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The option `--input-data`: what drives a model that was trained with inputs.
public final class InputDataOption {
  @Option(
      names = "--input-data",
      paramLabel = "FILE",
      description =
          "What drives the model, as CSV, TSV, .npz or .npy: the first column time, and a column"
              + " with the name of each of its inputs; straight lines between the rows, constant before and after them.")
  private Path file;

  /// The inputs of this model; none if it has none.
  ///
  /// @throws DataException if the file has not these columns, values are missing, or it has fewer
  ///     than two rows
  /// @throws ParameterException if a model with inputs got none, or one without got some
  public Optional<TimeSeries> read(CommandSpec spec, Model model) {
    List<String> names = model.inputs();
    if (names.isEmpty() != (file == null)) {
      throw new ParameterException(
          spec.commandLine(),
          file == null
              ? "the model is driven by "
                  + String.join(", ", names)
                  + "; give their values with --input-data"
              : "--input-data: nothing drives this model; leave it out");
    }
    if (file == null) {
      return Optional.empty();
    }
    Measurements measured =
        Measurements.read(file, CsvOptions.usual().withTime("").withColumns(names));
    Clock clock = model.variables().clock();
    if (measured.clock() != clock) {
      throw new DataException(
          file
              + ": its times are written otherwise than those of the training data; want "
              + clock);
    }
    TimeSeries inputs = measured.states().getFirst();
    if (measured.experiments().size() != 1 || !inputs.isComplete()) {
      throw new DataException(
          file + ": want one file, and a value of each input in each of its rows");
    }
    return Optional.of(inputs);
  }
}
