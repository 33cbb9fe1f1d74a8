package org.flowline.examples.cli.fit;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.flowline.examples.cli.report.Csv;
import org.flowline.examples.cli.report.Fit;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.diagnostics.DepthProfile;
import org.flowline.neuralode.diagnostics.DepthProfile.StepNorms;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Trajectory;
import org.knowm.xchart.XYChart;

/// The gradient of the last residual along the solve of a fitted model.
///
/// @param profile of the solve from the first measurement to the last
record DepthCurve(DepthProfile profile) {

  /// Adds the curve of the first trajectory to a folder, unless its solve fails, or its gradient is
  /// 0 or not finite.
  static void add(Fit fit, Integrator integrator, OutputFolder folder) {
    Model model = fit.model();
    Experiment measured = fit.trajectories().getFirst().measured();
    double[] times = model.scaling().scaledTimes(measured.states().times());
    List<double[]> rows = model.scaling().scaled(measured.states().rows());
    NeuralField field = model.field(measured.inputs());
    double[] start = model.initialState().state(model.theta(), rows.getFirst());
    Trajectory steps = new Trajectory();
    Solution solution =
        integrator.withObserver(steps).solve(field, start, times[0], times[times.length - 1]);
    if (!solution.status().succeeded()) {
      return;
    }
    double[] last = rows.getLast();
    double[] cotangent = new double[start.length];
    for (int i = 0; i < last.length; i++) {
      double residual = Double.isNaN(last[i]) ? 0 : solution.last()[i] - last[i];
      cotangent[i] = 2 * residual / (times.length * last.length);
    }
    DepthCurve curve = new DepthCurve(DepthProfile.of(field, steps, cotangent));
    if (curve.profile.steps().stream().allMatch(DepthCurve::drawable)) {
      curve.addTo(folder);
    }
  }

  private static boolean drawable(StepNorms at) {
    boolean finite = Double.isFinite(at.state() + at.parameters() + at.radius());
    return finite && at.state() > 0 && at.parameters() > 0;
  }

  private void addTo(OutputFolder folder) {
    XYChart gradients = Pictures.panel("Gradient of the last residual", "scaled time", "norm");
    double[] t = values(StepNorms::t);
    Pictures.markedLine(gradients, "with respect to the state", t, values(StepNorms::state), 0);
    Pictures.markedLine(
        gradients, "with respect to θ, per step", t, values(StepNorms::parameters), 1);
    Pictures.logarithmicY(gradients);
    XYChart steps =
        Pictures.panel("Step sizes relative to the field", "scaled time", "|h| ρ(∂f/∂y)");
    Pictures.markedLine(steps, "|h| ρ", t, values(StepNorms::radius), 2);
    steps.getStyler().setYAxisMin(0.0);
    folder.add(Picture.of("depth", "The gradient along the fitted trajectory.", gradients, steps));
    folder.add(
        "depth.csv",
        new Csv(
                List.of("t", "h", "state", "parameters", "radius"),
                profile.steps().stream()
                    .map(at -> List.of(at.t(), at.h(), at.state(), at.parameters(), at.radius())))
            ::write);
  }

  private double[] values(ToDoubleFunction<StepNorms> of) {
    return profile.steps().stream().mapToDouble(of).toArray();
  }
}
