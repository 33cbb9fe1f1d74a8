package org.flowline.examples.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.neuralode.data.DataException;
import picocli.CommandLine.Option;

/// The option `--overwrite`: results may replace earlier ones.
public final class OverwriteOption {
  @Option(names = "--overwrite")
  private boolean overwrite;

  /// Returns whether the option is set.
  public boolean chosen() {
    return overwrite;
  }

  /// Requires a folder without earlier results, unless the option is set.
  ///
  /// @param results the names of files that earlier results have
  /// @throws DataException if one of them is there
  public void require(Path out, String... results) {
    for (String name : results) {
      if (!overwrite && Files.isRegularFile(out.resolve(name))) {
        throw new DataException(
            "%s: holds the results of an earlier run, such as %s; choose another folder with --out, or replace them with --overwrite",
            out, name);
      }
    }
  }

  /// Opens a folder for results; see [#require].
  public OutputFolder open(Path out, String... results) {
    require(out, results);
    return OutputFolder.open(out);
  }
}
