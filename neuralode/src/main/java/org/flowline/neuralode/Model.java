package org.flowline.neuralode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepSize;

/// A Neural ODE of measurements: a perceptron as the field of standardised components in
/// standardised time.
///
///     dỹ/dt̃ = mlp(ỹ; θ)
///
/// @param timeName what time is called
/// @param names what the components are called
/// @param hidden the widths of the hidden layers
/// @param activation between the layers
/// @param scaling between the user's units and the model's
/// @param theta the parameters
public record Model(
    String timeName,
    List<String> names,
    List<Integer> hidden,
    Activation activation,
    Scaling scaling,
    double[] theta) {

  /// The solver of [#predict]: tight enough that its error is below what a model can know.
  private static final Integrator SOLVER =
      Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-8, 1e-8));

  /// @throws IllegalArgumentException if there are not as many parameters as the architecture has,
  ///     or as many scaled components as names
  public Model {
    names = List.copyOf(names);
    hidden = List.copyOf(hidden);
    theta = theta.clone();
    int wanted = layout(names.size(), hidden, activation).size();
    if (theta.length != wanted) {
      throw new IllegalArgumentException(
          "model: " + theta.length + " parameters, the architecture has " + wanted);
    }
    if (scaling.mean().length != names.size()) {
      throw new IllegalArgumentException(
          "model: a scaling of "
              + scaling.mean().length
              + " components, the model has "
              + names.size());
    }
  }

  /// A model of these measurements with random parameters.
  public static Model untrained(
      TimeSeries series, List<Integer> hidden, Activation activation, RandomGenerator random) {
    return new Model(
        series.timeName(),
        series.names(),
        hidden,
        activation,
        Scaling.of(series),
        layer(series.dimension(), hidden, activation).initial(random));
  }

  /// The same model with other parameters.
  public Model with(double[] theta) {
    return new Model(timeName, names, hidden, activation, scaling, theta);
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  /// The names and shapes of [#theta()].
  public Parameters layout() {
    return layout(names.size(), hidden, activation);
  }

  static Parameters layout(int dimension, List<Integer> hidden, Activation activation) {
    return layer(dimension, hidden, activation).parameters();
  }

  /// A new field with this model's parameters, in standardised units.
  public NeuralField field() {
    NeuralField field = NeuralField.of(layer(names.size(), hidden, activation), 1, names.size());
    field.bind(theta());
    return field;
  }

  /// The trajectory from `y0` at `times[0]`, in the measurements' units.
  ///
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  public List<double[]> predict(double[] y0, double... times) {
    double[][] scaled =
        SOLVER.solve(field(), scaling.scaled(y0), scaling.scaledTimes(times)).orThrow().values();
    return Arrays.stream(scaled).map(scaling::unscaled).toList();
  }

  private static Mlp layer(int dimension, List<Integer> hidden, Activation activation) {
    List<Integer> widths = new ArrayList<>();
    widths.add(dimension);
    widths.addAll(hidden);
    widths.add(dimension);
    return Mlp.of(activation, widths.stream().mapToInt(Integer::intValue).toArray());
  }
}
