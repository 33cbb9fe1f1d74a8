package org.flowline.examples.bench;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.Curriculum;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Stats;
import org.hipparchus.ode.ODEIntegrator;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince54Integrator;

/// `Model.load(path).predict(y0, times)` of a model 2-16-2 trained on hare and lynx, at their 21
/// times, with the solver of `train` and without the time of loading; compared with Hipparchus on
/// the same field at the same tolerance, which computes the last time only. The error of the last
/// state is in standard deviations.
record PredictWorkload(String name) implements Workload {
  private static final Model.Solver TRAINED_WITH = new Model.Solver("TSIT5", 1e-5, 1e-6);
  private static final String PELTS = "/org/flowline/examples/gallery/lynx-hare.csv";
  private static final int ITERATIONS = 1000;

  @Override
  public List<Contestant> contestants() {
    TimeSeries series = series();
    Model model = reloaded(trained(series));
    double[] y0 = series.rows().getFirst();
    double[] times = series.times();
    double[] exact = scaledEnd(model.with(new Model.Solver("VERN7", 1e-13, 1e-13)), y0, times);
    double[] scaled = model.scaling().scaledTimes(times);
    Stats stats =
        TRAINED_WITH.integrator().solve(model.field(), model.scaling().scaled(y0), scaled).stats();
    ODEState start = new ODEState(scaled[0], model.scaling().scaled(y0));
    OrdinaryDifferentialEquation equation = OdeCode.equation(model.field());
    ODEIntegrator rival =
        new DormandPrince54Integrator(1e-9, 20, TRAINED_WITH.atol(), TRAINED_WITH.rtol());
    Supplier<double[]> end =
        () -> rival.integrate(equation, start, scaled[scaled.length - 1]).getPrimaryState();
    double error = distance(end.get(), exact);
    return List.of(
        Contestant.solve(
            "Model.predict, TSIT5",
            () -> model.predict(y0, times),
            stats.evaluations(),
            distance(scaledEnd(model, y0, times), exact)),
        Contestant.solve("Hipparchus DP54, end only", end::get, rival.getEvaluations(), error));
  }

  private static TimeSeries series() {
    return TimeSeries.read(
        "lynx-hare.csv",
        new InputStreamReader(
            Objects.requireNonNull(PredictWorkload.class.getResourceAsStream(PELTS)),
            StandardCharsets.UTF_8));
  }

  private static Model trained(TimeSeries series) {
    Model model =
        Model.untrained(series, List.of(16), Activation.TANH, new SplittableRandom(1))
            .with(TRAINED_WITH);
    Optimizer optimizer = Optimizer.adam(0.01);
    double grown = 0.6 * optimizer.interval() * ITERATIONS;
    double[] times = model.scaling().scaledTimes(series.times());
    List<double[]> rows = model.scaling().scaled(series.rows());
    GradientMethod method = new DiscreteAdjoint(TRAINED_WITH.integrator());
    Curriculum loss =
        Curriculum.of(
            tau -> Math.min(4 + (int) ((series.size() - 4) * tau / grown), series.size()),
            points ->
                TrajectoriesObjective.of(
                    model.field(), method, Arrays.copyOf(times, points), rows.subList(0, points)));
    return model.with(Trainer.of(loss, optimizer).train(model.theta(), ITERATIONS).theta());
  }

  private static Model reloaded(Model model) {
    try {
      Path file = Files.createTempFile("predict", ".flowline");
      file.toFile().deleteOnExit();
      model.save(file);
      return Model.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException("predict: no temporary file", e);
    }
  }

  private static double[] scaledEnd(Model model, double[] y0, double[] times) {
    return model.scaling().scaled(model.predict(y0, times).getLast());
  }

  private static double distance(double[] a, double[] b) {
    return Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]));
  }
}
