package org.flowline.examples.cli.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A fit as tables: `predictions.csv` at the times of the data, `curve.csv` in between. Times are
/// written as the data have them; a cell is empty where nothing was measured, or the model's solve
/// does not get to.
public record PredictionsTable(Fit fit) {

  /// Each component as measured and as predicted; with columns that say the trajectory and the part
  /// where there are several.
  public void writeRows(Path file) throws IOException {
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      List<String> header = leading();
      if (fit.validates()) {
        header.add("part");
      }
      fit.model().names().forEach(name -> header.addAll(List.of(name, name + " (model)")));
      csv.writeRecord(header);
      for (FittedTrajectory course : fit.courses()) {
        double[] times = course.series().times();
        List<double[]> rows = course.series().rows();
        for (int i = 0; i < times.length; i++) {
          List<String> row = leading(course, times[i]);
          if (fit.validates()) {
            row.add((i < course.trained() ? Part.TRAINING : Part.VALIDATION).toString());
          }
          for (int j = 0; j < rows.get(i).length; j++) {
            row.add(cell(rows.get(i)[j]));
            row.add(cell(course.predicted().get(i)[j]));
          }
          csv.writeRecord(row);
        }
      }
    }
  }

  /// The model's values at many times.
  public void writeCurve(Path file) throws IOException {
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      List<String> header = leading();
      header.addAll(fit.model().names());
      csv.writeRecord(header);
      for (FittedTrajectory course : fit.courses()) {
        for (int i = 0; i < course.fineTimes().length; i++) {
          List<String> row = leading(course, course.fineTimes()[i]);
          for (double value : course.fine().get(i)) {
            row.add(cell(value));
          }
          csv.writeRecord(row);
        }
      }
    }
  }

  private boolean several() {
    return fit.courses().size() > 1;
  }

  private List<String> leading() {
    List<String> header = new ArrayList<>(several() ? List.of("trajectory") : List.of());
    header.add(fit.model().timeName());
    return header;
  }

  private List<String> leading(FittedTrajectory course, double time) {
    List<String> row = new ArrayList<>(several() ? List.of(course.name()) : List.of());
    row.add(fit.clock().write(time));
    return row;
  }

  private static String cell(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}
