package org.flowline.examples.cli.fit;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.diagnostics.DepthProfile;
import org.flowline.neuralode.diagnostics.DepthProfile.Layer;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Trajectory;
import org.knowm.xchart.XYChart;

/// How the gradient of a fitted model's last residual goes back through the solve.
///
/// @param profile of the solve from the first measurement to the last
record DepthCurve(DepthProfile profile) {

  /// Nothing where the model cannot be solved, or the gradient is 0 or not finite.
  static Optional<DepthCurve> of(Model model, Experiment measured, Integrator integrator) {
    TimeSeries series = measured.states();
    double[] times = model.scaling().scaledTimes(series.times());
    List<double[]> rows = model.scaling().scaled(series.rows());
    NeuralField field = model.field(measured.inputs());
    double[] start = model.start().state(model.theta(), rows.getFirst());
    Trajectory steps = new Trajectory();
    Solution solution =
        integrator.withObserver(steps).solve(field, start, times[0], times[times.length - 1]);
    if (!solution.status().succeeded()) {
      return Optional.empty();
    }
    double[] last = rows.getLast();
    double[] cotangent = new double[start.length];
    for (int i = 0; i < last.length; i++) {
      double residual = Double.isNaN(last[i]) ? 0 : solution.last()[i] - last[i];
      cotangent[i] = 2 * residual / (times.length * last.length);
    }
    DepthProfile profile = DepthProfile.of(field, steps, cotangent);
    return Optional.of(new DepthCurve(profile)).filter(DepthCurve::drawable);
  }

  private boolean drawable() {
    return profile.layers().stream()
        .allMatch(
            at ->
                at.state() > 0
                    && at.parameters() > 0
                    && Double.isFinite(at.state() + at.parameters() + at.radius()));
  }

  void addTo(OutputFolder folder) {
    XYChart gradients =
        Pictures.panel("Gradient of the last residual", "scaled time", "length of the gradient");
    double[] t = values(Layer::t);
    Pictures.markedLine(gradients, "by the state", t, values(Layer::state), 0);
    Pictures.markedLine(gradients, "by θ in a step", t, values(Layer::parameters), 1);
    Pictures.logarithmicY(gradients);
    XYChart steps = Pictures.panel("Steps as the field sees them", "scaled time", "|h| ρ(∂f/∂y)");
    Pictures.markedLine(steps, "|h| ρ", t, values(Layer::radius), 2);
    steps.getStyler().setYAxisMin(0.0);
    folder.add(
        Picture.of(
            "depth", "How the gradient goes back through the fitted solve.", gradients, steps));
    folder.add("depth.csv", this::write);
  }

  private double[] values(ToDoubleFunction<Layer> of) {
    return profile.layers().stream().mapToDouble(of).toArray();
  }

  private void write(Path file) throws IOException {
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      csv.writeRecord("t", "h", "state", "parameters", "radius");
      for (Layer layer : profile.layers()) {
        csv.writeRecord(
            Double.toString(layer.t()),
            Double.toString(layer.h()),
            Double.toString(layer.state()),
            Double.toString(layer.parameters()),
            Double.toString(layer.radius()));
      }
    }
  }
}
