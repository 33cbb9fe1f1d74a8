package org.flowline.neuralode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.data.Measurements;
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
/// Immutable, and safe to use in many threads at once: each prediction borrows a field of its own.
public final class Model {

  /// What the field is.
  ///
  /// @param hidden the widths of the hidden layers
  /// @param activation between the layers
  public record Architecture(List<Integer> hidden, Activation activation) {
    private static final int MOST_LAYERS = 1000;

    /// @throws IllegalArgumentException if there are more than 1000 layers or a width is not
    ///     positive
    public Architecture {
      hidden = List.copyOf(hidden);
      if (hidden.size() > MOST_LAYERS) {
        throw new IllegalArgumentException(
            "model: " + hidden.size() + " hidden layers; want at most " + MOST_LAYERS);
      }
      for (int width : hidden) {
        if (width < 1) {
          throw new IllegalArgumentException(
              "model: a hidden layer of width " + width + "; want 1 or more");
        }
      }
    }

    Mlp layer(int dimension) {
      List<Integer> widths = new ArrayList<>();
      widths.add(dimension);
      widths.addAll(hidden);
      widths.add(dimension);
      return Mlp.of(activation, widths.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /// What solves it: a method of [Methods#named] with adaptive steps, tolerances in standardised
  /// units.
  public record Solver(String method, double rtol, double atol) {
    /// Tight enough that its error is below what a model can know.
    public static final Solver USUAL = new Solver(Methods.TSIT5.name(), 1e-8, 1e-8);

    /// @throws IllegalArgumentException if there is no such method, it does not estimate its error,
    ///     or the tolerances are none
    public Solver {
      integrator(method, rtol, atol);
    }

    public Integrator integrator() {
      return integrator(method, rtol, atol);
    }

    private static Integrator integrator(String method, double rtol, double atol) {
      return Integrator.of(Methods.named(method), StepSize.Adaptive.of(rtol, atol));
    }
  }

  private final String timeName;
  private final List<String> names;
  private final Architecture architecture;
  private final Scaling scaling;
  private final Solver solver;
  private final Provenance provenance;
  private final double[] theta;

  private final Integrator integrator;
  private final Queue<NeuralField> idle = new ConcurrentLinkedQueue<>();

  /// A field that only serves to be forked, under this model's lock; null until first needed.
  private NeuralField prototype;

  private Model(
      String timeName,
      List<String> names,
      Architecture architecture,
      Scaling scaling,
      Solver solver,
      Provenance provenance,
      double[] theta) {
    this.timeName = timeName;
    this.names = List.copyOf(names);
    this.architecture = architecture;
    this.scaling = scaling;
    this.solver = solver;
    this.provenance = provenance;
    this.theta = theta.clone();
    this.integrator = solver.integrator();
    requireFit();
  }

  private void requireFit() {
    int wanted = layout().size();
    if (theta.length != wanted) {
      throw new IllegalArgumentException(
          "model: " + theta.length + " parameters, the architecture has " + wanted);
    }
    requireComponents("a scaling", scaling.mean().length);
    requireComponents("a provenance", provenance.low().length);
    for (int i = 0; i < theta.length; i++) {
      if (!Double.isFinite(theta[i])) {
        throw new IllegalArgumentException(
            "model: parameter " + i + " is " + theta[i] + "; want finite numbers");
      }
    }
  }

  private void requireComponents(String what, int count) {
    if (count != names.size()) {
      throw new IllegalArgumentException(
          "model: " + what + " of " + count + " components, the model has " + names.size());
    }
  }

  /// A model of components with these names, solved as [Solver#USUAL].
  ///
  /// @param timeName what time is called
  /// @param theta the parameters, in the order of [#layout()]
  /// @throws IllegalArgumentException if there are not as many parameters as the architecture has,
  ///     one is not finite, or there are not as many components everywhere
  public static Model of(
      String timeName,
      List<String> names,
      Architecture architecture,
      Scaling scaling,
      Provenance provenance,
      double[] theta) {
    return new Model(timeName, names, architecture, scaling, Solver.USUAL, provenance, theta);
  }

  /// A model of these measurements with random parameters.
  public static Model untrained(
      TimeSeries series, List<Integer> hidden, Activation activation, RandomGenerator random) {
    return untrained(List.of(series), new Architecture(hidden, activation), random);
  }

  /// A model of all these trajectories with random parameters.
  public static Model untrained(
      Measurements measured, Architecture architecture, RandomGenerator random) {
    return untrained(measured.states(), architecture, random);
  }

  private static Model untrained(
      List<TimeSeries> all, Architecture architecture, RandomGenerator random) {
    TimeSeries first = all.getFirst();
    return of(
        first.timeName(),
        first.names(),
        architecture,
        Scaling.of(all),
        Provenance.of(all),
        architecture.layer(first.dimension()).initial(random));
  }

  /// The model in a file that [#save] wrote.
  ///
  /// @throws org.flowline.neuralode.data.DataException if the file cannot be read, is damaged or is
  ///     not a model of this version
  public static Model load(Path file) {
    return ModelFile.read(file);
  }

  /// Writes the model to a file, which is replaced at once when all is on the disk.
  ///
  /// @throws org.flowline.neuralode.data.DataException if the file cannot be written; an earlier
  ///     one
  ///     is then as it was
  public void save(Path file) {
    ModelFile.write(file, this);
  }

  /// The same model with other parameters.
  public Model with(double[] theta) {
    return new Model(timeName, names, architecture, scaling, solver, provenance, theta);
  }

  /// The same model, solved otherwise.
  public Model with(Solver solver) {
    return new Model(timeName, names, architecture, scaling, solver, provenance, theta);
  }

  /// The same model with other notes on where it comes from.
  public Model with(Provenance provenance) {
    return new Model(timeName, names, architecture, scaling, solver, provenance, theta);
  }

  /// What time is called.
  public String timeName() {
    return timeName;
  }

  /// What the components are called.
  public List<String> names() {
    return names;
  }

  public Architecture architecture() {
    return architecture;
  }

  /// Between the measurements' units and the model's.
  public Scaling scaling() {
    return scaling;
  }

  public Solver solver() {
    return solver;
  }

  public Provenance provenance() {
    return provenance;
  }

  /// The parameters.
  public double[] theta() {
    return theta.clone();
  }

  /// The names and shapes of [#theta()].
  public Parameters layout() {
    return architecture.layer(names.size()).parameters();
  }

  /// A new field with this model's parameters, in standardised units.
  public NeuralField field() {
    NeuralField field = NeuralField.of(architecture.layer(names.size()), 1, names.size());
    field.bind(theta());
    return field;
  }

  /// The trajectory from `y0` at `times[0]`, in the measurements' units.
  ///
  /// @param times at least two, strictly increasing or strictly decreasing
  /// @throws IllegalArgumentException if `y0` has not the model's components, or the times are none
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  public List<double[]> predict(double[] y0, double... times) {
    double[] start = scaling.scaled(y0);
    double[] scaledTimes = scaling.scaledTimes(times);
    NeuralField field = idle.poll();
    if (field == null) {
      field = another();
    }
    try {
      double[][] scaled = integrator.solve(field, start, scaledTimes).orThrow().values();
      return Arrays.stream(scaled).map(scaling::unscaled).toList();
    } finally {
      idle.add(field);
    }
  }

  private synchronized NeuralField another() {
    if (prototype == null) {
      prototype = field();
    }
    return prototype.fork();
  }
}
