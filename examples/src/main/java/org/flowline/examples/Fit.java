package org.flowline.examples;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Provenance;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.TimeSeries;
import org.knowm.xchart.XYChart;

/// A trained model beside the data it was trained on.
///
/// @param inputs what drove it
/// @param predicted the model's values at the data's times
/// @param fineTimes many times between the first and the last
/// @param fine the model's values there
record Fit(
    Model model,
    TimeSeries series,
    TimeSeries inputs,
    List<double[]> predicted,
    double[] fineTimes,
    List<double[]> fine) {
  private static final int FINE = 600;

  static Fit of(Model model, Experiment measured) {
    TimeSeries series = measured.states();
    TimeSeries inputs = measured.inputs();
    double[] times = series.times();
    double first = times[0];
    double last = times[times.length - 1];
    double[] fineTimes =
        IntStream.range(0, FINE)
            .mapToDouble(i -> i == FINE - 1 ? last : first + (last - first) * i / (FINE - 1))
            .distinct()
            .toArray();
    double[] start = series.rows().getFirst();
    return new Fit(
        model,
        series,
        inputs,
        predicted(model, start, inputs, times),
        fineTimes,
        predicted(model, start, inputs, fineTimes));
  }

  private static List<double[]> predicted(
      Model model, double[] start, TimeSeries inputs, double[] times) {
    return model.inputs().isEmpty()
        ? model.predict(start, times)
        : model.predict(start, inputs, times);
  }

  /// The same fit, of the model with these notes on where it comes from.
  Fit with(Provenance provenance) {
    return new Fit(model.with(provenance), series, inputs, predicted, fineTimes, fine);
  }

  /// Root of the mean square error over all that was measured of all components, in the data's
  /// units.
  static double rmse(List<Fit> fits) {
    int n = fits.getFirst().series.dimension();
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.pow(rmse(fits, i), 2);
    }
    return Math.sqrt(sum / n);
  }

  private static double rmse(List<Fit> fits, int component) {
    return Math.sqrt(
        fits.stream()
            .flatMapToDouble(fit -> fit.residuals(component))
            .map(residual -> residual * residual)
            .average()
            .orElse(0));
  }

  private DoubleStream residuals(int component) {
    double[] measured = series.component(component);
    return IntStream.range(0, measured.length)
        .filter(i -> !Double.isNaN(measured[i]))
        .mapToDouble(i -> predicted.get(i)[component] - measured[i]);
  }

  static String perComponent(List<Fit> fits) {
    List<String> names = fits.getFirst().series.names();
    return IntStream.range(0, names.size())
        .mapToObj(i -> String.format(Locale.ROOT, "%s %.3f", names.get(i), rmse(fits, i)))
        .collect(Collectors.joining(", "));
  }

  void addTo(OutputFolder folder) {
    folder.add(Picture.of("fit", "The model and the data over time.", overTime()));
    folder.add(Picture.of("phase", "The model in the phase plane.", phasePlane()));
    folder.add("model.flowline", model::save);
    folder.add(
        "predictions.csv",
        file -> {
          try (CsvWriter csv = CsvWriter.builder().build(file)) {
            List<String> header = new ArrayList<>(List.of(series.timeName()));
            series.names().forEach(name -> header.addAll(List.of(name, name + " (model)")));
            csv.writeRecord(header);
            List<double[]> rows = series.rows();
            double[] times = series.times();
            for (int i = 0; i < series.size(); i++) {
              csv.writeRecord(row(times[i], rows.get(i), i));
            }
          }
        });
  }

  private List<String> row(double time, double[] measured, int i) {
    List<String> row = new ArrayList<>(List.of(Double.toString(time)));
    for (int j = 0; j < series.dimension(); j++) {
      row.add(Double.isNaN(measured[j]) ? "" : Double.toString(measured[j]));
      row.add(Double.toString(predicted.get(i)[j]));
    }
    return row;
  }

  private XYChart overTime() {
    XYChart chart =
        Pictures.chart(
            "Data and the learned trajectory",
            series.timeName(),
            String.join(", ", series.names()));
    for (int i = 0; i < series.dimension(); i++) {
      String name = series.names().get(i);
      Pictures.line(chart, name + " (model)", fineTimes, column(fine, i), Pictures.colour(i));
      Pictures.points(chart, name, series.times(), series.component(i), Pictures.colour(i));
    }
    Pictures.labels(chart, series.times());
    return chart;
  }

  /// The first two components against each other; of a single one, its learned rate of change
  /// against it.
  private XYChart phasePlane() {
    String x = series.names().getFirst();
    if (series.dimension() == 1) {
      XYChart chart =
          Pictures.chart("The learned rate of change", x, "d" + x + "/d" + series.timeName());
      Pictures.line(chart, "model", column(fine, 0), rates(), Pictures.colour(0));
      return chart;
    }
    XYChart chart = Pictures.chart("Phase plane", x, series.names().get(1));
    Pictures.line(
        chart, "learned trajectory", column(fine, 0), column(fine, 1), Pictures.colour(0));
    Pictures.points(chart, "data", series.component(0), series.component(1), Pictures.colour(1));
    return chart;
  }

  private double[] rates() {
    double[] rates = new double[fineTimes.length];
    NeuralField field = model.field(inputs);
    double[] scaledTimes = model.scaling().scaledTimes(fineTimes);
    double[] rate = new double[1];
    for (int i = 0; i < fineTimes.length; i++) {
      field.evaluate(scaledTimes[i], model.scaling().scaled(fine.get(i)), rate);
      rates[i] = rate[0] * model.scaling().deviation()[0] / model.scaling().unit();
    }
    return rates;
  }

  private static double[] column(List<double[]> rows, int index) {
    return rows.stream().mapToDouble(row -> row[index]).toArray();
  }
}
