package org.flowline.neuralode.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.dynamics.Driven;
import org.flowline.neuralode.dynamics.Signal;
import org.flowline.neuralode.nn.Activation;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;

/// A Neural ODE of measurements: a perceptron as the field of standardised components in
/// standardised time. With components `ỹ`, of which further ones that nobody measures start at 0,
/// inputs `ũ` and time as far as the [Architecture] asks for them,
///
///     first order    dỹ/dt̃ = mlp([ỹ, ũ(t̃), t̃]; θ)
///     second order   dỹ/dt̃ = ṽ,   dṽ/dt̃ = mlp([ỹ, ṽ, ũ(t̃), t̃]; θ),   ṽ(0) = ỹ·W + b
///
/// the velocity at the start being learned with the rest, as it is not measured; see
/// [InitialState].
///
/// Immutable, and safe to use in many threads at once: each prediction borrows a field of its own.
public final class Model {

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

    /// Adaptive steps of the method to these tolerances; a new one at each call.
    public Integrator integrator() {
      return integrator(method, rtol, atol);
    }

    private static Integrator integrator(String method, double rtol, double atol) {
      return Integrator.of(Methods.named(method), StepSize.Adaptive.of(rtol, atol));
    }
  }

  private final Variables variables;
  private final Architecture architecture;
  private final Solver solver;
  private final Provenance provenance;
  private final double[] theta;

  private final InitialState start;
  private final Integrator integrator;
  /// Of models with inputs [Driven]'s.
  private final Queue<NeuralField> idle = new ConcurrentLinkedQueue<>();

  /// A field that only serves to be forked, under this model's lock; null until first needed.
  private NeuralField prototype;

  private Model(
      Variables variables,
      Architecture architecture,
      Solver solver,
      Provenance provenance,
      double[] theta) {
    this.variables = variables;
    this.architecture = architecture;
    this.solver = solver;
    this.provenance = provenance;
    this.theta = theta.clone();
    this.start = architecture.start(names().size(), inputs().size());
    this.integrator = solver.integrator();
    requireFit();
  }

  private void requireFit() {
    int wanted = layout().size();
    if (theta.length != wanted) {
      throw new IllegalArgumentException(
          "model: " + theta.length + " parameters, the architecture has " + wanted);
    }
    Variables.requireComponents(
        "a provenance", provenance.low().length, names().size(), "components");
    Variables.requireComponents(
        "a provenance", provenance.inputLow().length, inputs().size(), "inputs");
    for (int i = 0; i < theta.length; i++) {
      if (!Double.isFinite(theta[i])) {
        throw new IllegalArgumentException(
            "model: parameter " + i + " is " + theta[i] + "; want finite numbers");
      }
    }
  }

  /// A model, solved as [Solver#USUAL].
  ///
  /// @param theta the parameters, in the order of [#layout()]
  /// @throws IllegalArgumentException if there are not as many parameters as the architecture has,
  ///     one is not finite, or there are not as many components everywhere
  public static Model of(
      Variables variables, Architecture architecture, Provenance provenance, double[] theta) {
    return new Model(variables, architecture, Solver.USUAL, provenance, theta);
  }

  /// A model of these measurements with random parameters.
  public static Model untrained(
      TimeSeries series, List<Integer> hidden, Activation activation, RandomGenerator random) {
    return untrained(Measurements.of(series), new Architecture(hidden, activation), random);
  }

  /// A model of all these trajectories and of their inputs, with random parameters; velocities at
  /// the start are 0.
  public static Model untrained(
      Measurements measured, Architecture architecture, RandomGenerator random) {
    Variables variables = Variables.of(measured);
    int components = variables.components().size();
    int inputs = variables.inputs().size();
    double[] theta =
        Arrays.copyOf(
            architecture.layer(components, inputs).initial(random),
            architecture.layout(components, inputs).size());
    return of(variables, architecture, Provenance.of(measured), theta);
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
  ///     one is then as it was
  public void save(Path file) {
    ModelFile.write(file, this);
  }

  /// All of the model but its parameters, as JSON: what `model.json` in its file says, the checksum
  /// left empty.
  public String description() {
    return ModelDescription.of(this).text();
  }

  /// The same model with other parameters.
  public Model with(double[] theta) {
    return new Model(variables, architecture, solver, provenance, theta);
  }

  /// The same model, solved otherwise.
  public Model with(Solver solver) {
    return new Model(variables, architecture, solver, provenance, theta);
  }

  /// The same model with other notes on where it comes from.
  public Model with(Provenance provenance) {
    return new Model(variables, architecture, solver, provenance, theta);
  }

  /// Names and units.
  public Variables variables() {
    return variables;
  }

  /// What time is called.
  public String timeName() {
    return variables.time();
  }

  /// What the components are called.
  public List<String> names() {
    return variables.components();
  }

  /// What drives it; perhaps nothing.
  public List<String> inputs() {
    return variables.inputs();
  }

  /// What its field is.
  public Architecture architecture() {
    return architecture;
  }

  /// Between the measurements' units and the model's.
  public Scaling scaling() {
    return variables.scaling();
  }

  /// What solves it.
  public Solver solver() {
    return solver;
  }

  /// Where it comes from, and how good it is.
  public Provenance provenance() {
    return provenance;
  }

  /// The parameters.
  public double[] theta() {
    return theta.clone();
  }

  /// The names and shapes of [#theta()].
  public Parameters layout() {
    return architecture.layout(names().size(), inputs().size());
  }

  /// Where trajectories start, in standardised units.
  public InitialState start() {
    return start;
  }

  /// A new field with this model's parameters, in standardised units.
  ///
  /// @throws IllegalArgumentException if the model has inputs
  public NeuralField field() {
    requireUndriven();
    return field(Optional.empty());
  }

  private void requireUndriven() {
    if (!inputs().isEmpty()) {
      throw new IllegalArgumentException("model: driven by " + inputs() + "; give their values");
    }
  }

  /// A new field with this model's parameters, driven by these inputs, in standardised units. They
  /// are straight lines between their rows, and constant before the first and after the last.
  ///
  /// @throws IllegalArgumentException if the inputs are not the model's, one is missing, or there
  ///     are fewer than two rows
  public NeuralField field(TimeSeries inputs) {
    return inputs().isEmpty() && inputs.dimension() == 0
        ? field()
        : field(Optional.of(variables.signal(inputs)));
  }

  private NeuralField field(Optional<Signal> signal) {
    NeuralField field = architecture.field(names().size(), signal);
    field.bind(theta());
    return field;
  }

  /// The trajectory from `y0` at `times[0]`, in the measurements' units.
  ///
  /// @param times at least two, strictly increasing or strictly decreasing
  /// @throws IllegalArgumentException if `y0` is not a finite number for each component, the times
  ///     are none, or the model has inputs
  /// @throws org.flowline.odesolvers.SolveException if the solve fails; its status is in the
  ///     measurements' units, too
  public List<double[]> predict(double[] y0, double... times) {
    requireUndriven();
    requireSolvable(y0, times);
    return predict(field -> field, y0, times);
  }

  /// The trajectory from `y0` at `times[0]` under these inputs, all in the measurements' units.
  ///
  /// @throws IllegalArgumentException as [#predict(double[], double...)] and [#field(TimeSeries)]
  /// @throws org.flowline.odesolvers.SolveException if the solve fails; its status is in the
  ///     measurements' units, too
  public List<double[]> predict(double[] y0, TimeSeries inputs, double... times) {
    if (inputs().isEmpty() && inputs.dimension() == 0) {
      return predict(y0, times);
    }
    requireSolvable(y0, times);
    TimeSeries driving = variables.driving(inputs);
    return predict(field -> new Driven(field, theta, driving), y0, times);
  }

  private void requireSolvable(double[] y0, double[] times) {
    boolean finite = y0.length == names().size() && Arrays.stream(y0).allMatch(Double::isFinite);
    if (!finite) {
      throw new IllegalArgumentException(
          "model: from %s; want %d finite numbers, one for each component"
              .formatted(Arrays.toString(y0), names().size()));
    }
    boolean ordered = times.length >= 2 && Arrays.stream(times).allMatch(Double::isFinite);
    for (int i = 1; ordered && i < times.length; i++) {
      ordered = times[1] > times[0] ? times[i] > times[i - 1] : times[i] < times[i - 1];
    }
    if (!ordered) {
      throw new IllegalArgumentException(
          "model: times %s; want two or more, strictly increasing or decreasing"
              .formatted(
                  times.length > 8
                      ? "of which not all follow each other"
                      : Arrays.toString(times)));
    }
  }

  private List<double[]> predict(
      Function<NeuralField, VectorField> driven, double[] y0, double[] times) {
    NeuralField field = idle.poll();
    if (field == null) {
      field = another();
    }
    try {
      return predict(driven.apply(field), y0, times);
    } finally {
      idle.add(field);
    }
  }

  private List<double[]> predict(VectorField field, double[] y0, double[] times) {
    Scaling scaling = scaling();
    int n = names().size();
    double[] from = start.state(theta, scaling.scaled(y0));
    Solution solution = integrator.solve(field, from, scaling.scaledTimes(times));
    if (!solution.status().succeeded()) {
      inUnits(solution.status()).requireSuccess();
    }
    return Arrays.stream(solution.values())
        .map(y -> scaling.unscaled(Arrays.copyOf(y, n)))
        .toList();
  }

  /// Why a solve in standardised units ended, in the measurements'.
  private Status inUnits(Status status) {
    double t = scaling().origin() + scaling().unit() * status.t();
    String why =
        switch (status.reason()) {
          case MAX_STEPS -> "its steps become too many";
          case STEP_SIZE_UNDERFLOW -> "its steps become too small";
          case NON_FINITE_STATE -> "its numbers overflow";
          default -> "an equation of a step is not solved";
        };
    String message =
        "model: no trajectory beyond %s = %s, %s; predict less far, or from states nearer to the data"
            .formatted(timeName(), variables.clock().write(t), why);
    return new Status(
        status.reason(), t, scaling().unit() * status.h(), status.steps(), -1, message);
  }

  private synchronized NeuralField another() {
    if (prototype == null) {
      prototype = inputs().isEmpty() ? field() : architecture.open(names().size(), inputs().size());
    }
    return prototype.fork();
  }
}
