package org.flowline.neuralode.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.dynamics.ControlledField;
import org.flowline.neuralode.dynamics.Signal;
import org.flowline.neuralode.nn.Activation;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;

/// A Neural ODE of measurements: a field of standardised components `ỹ` in standardised time `t̃`.
/// The field is the perceptron of an [Architecture], with inputs `ũ` and additional components that
/// start at 0,
///
///     first order    dỹ/dt̃ = mlp([ỹ, ũ(t̃), t̃]; θ)
///     second order   dỹ/dt̃ = ṽ,   dṽ/dt̃ = mlp([ỹ, ṽ, ũ(t̃), t̃]; θ),   ṽ(0) = ỹ·W + b
///
/// with a learned initial velocity (see [InitialState]), or any [NeuralField] recorded by the user,
/// whose dynamics have to be given again to [#load(Path, NeuralField)].
///
/// Immutable and safe for concurrent use: each prediction borrows a field of its own.
public final class Model {
  private static final ModelFile<Description> FILE =
      new ModelFile<>("flowline-model", 4, Description.class);
  private static final ModelFile<RecordedDescription> RECORDED_FILE =
      new ModelFile<>("flowline-recorded-model", 1, RecordedDescription.class);

  private record Description(
      Variables variables, Architecture architecture, Solver solver, Provenance provenance) {
    Parameters layout() {
      return architecture.layout(variables.components().size(), variables.inputs().size());
    }

    Model model(double[] theta) {
      return new Model(
          variables, Optional.of(architecture), Optional.empty(), solver, provenance, theta);
    }
  }

  /// @param dimension the number of components of a state
  private record RecordedDescription(
      Variables variables, int dimension, Solver solver, Provenance provenance) {
    Parameters layout(NeuralField field) {
      if (field.dimension() != dimension) {
        throw new IllegalArgumentException(
            "its states have %s components, the field %s".formatted(dimension, field.dimension()));
      }
      return field.layout();
    }

    Model model(NeuralField field, double[] theta) {
      return new Model(
          variables, Optional.empty(), Optional.of(field.fork()), solver, provenance, theta);
    }
  }

  /// The solver of a model: a method of [Methods#named] with adaptive steps and tolerances in
  /// standardised units.
  public record Solver(String method, double rtol, double atol) {
    /// Tight enough that its error is negligible beside the model's.
    public static final Solver USUAL = new Solver(Methods.TSIT5.name(), 1e-8, 1e-8);

    /// @throws IllegalArgumentException if there is no such method, it has no error estimate, or a
    ///     tolerance is not positive
    public Solver {
      Integrator.of(Methods.named(method), StepSize.Adaptive.of(rtol, atol));
    }

    /// Returns a new integrator with this method and these tolerances.
    public Integrator integrator() {
      return Integrator.of(Methods.named(method), StepSize.Adaptive.of(rtol, atol));
    }
  }

  private final Variables variables;
  private final Optional<Architecture> architecture;
  private final Optional<NeuralField> recorded;
  private final Solver solver;
  private final Provenance provenance;
  private final double[] theta;

  private final Parameters layout;
  private final InitialState initialState;
  private final Integrator integrator;

  /// Fields for predictions; with inputs, open fields of [ControlledField].
  private final Queue<NeuralField> idle = new ConcurrentLinkedQueue<>();

  /// The field that is forked for predictions, guarded by this model's lock; null until needed.
  private NeuralField prototype;

  /// Creates a model of an architecture or of a recorded field.
  private Model(
      Variables variables,
      Optional<Architecture> architecture,
      Optional<NeuralField> recorded,
      Solver solver,
      Provenance provenance,
      double[] theta) {
    this.variables = variables;
    this.architecture = architecture;
    this.recorded = recorded;
    this.solver = solver;
    this.provenance = provenance;
    this.theta = theta.clone();
    int components = names().size();
    int driving = inputs().size();
    this.layout =
        architecture
            .map(known -> known.layout(components, driving))
            .orElseGet(() -> recorded.orElseThrow().layout());
    this.initialState =
        architecture
            .map(known -> known.initialState(components, driving))
            .orElseGet(() -> initialState(recorded.orElseThrow()));
    this.integrator = solver.integrator();
    requireFit();
  }

  private InitialState initialState(NeuralField field) {
    int extra = field.dimension() - names().size();
    if (field.state().dim(0) != 1 || extra < 0 || !inputs().isEmpty()) {
      throw new IllegalArgumentException(
          "model: a recorded field of states %s for %s components and %s inputs; %s"
              .formatted(
                  field.state(),
                  names().size(),
                  inputs().size(),
                  "want [1, n] with n of at least the components, and inputs recorded in it"));
    }
    return InitialState.still(names().size(), extra);
  }

  private void requireFit() {
    if (theta.length != layout.size()) {
      throw new IllegalArgumentException(
          "model: " + theta.length + " parameters; want " + layout.size() + " as in the layout");
    }
    Variables.requireComponents(
        "a provenance", provenance.low().size(), names().size(), "components");
    Variables.requireComponents(
        "a provenance", provenance.inputLow().size(), inputs().size(), "inputs");
    for (int i = 0; i < theta.length; i++) {
      if (!Double.isFinite(theta[i])) {
        throw new IllegalArgumentException(
            "model: parameter " + i + " is " + theta[i] + "; want finite numbers");
      }
    }
  }

  /// Creates a model with the solver [Solver#USUAL].
  ///
  /// @param theta the parameters, in the order of [#layout()]
  /// @throws IllegalArgumentException if the number of parameters or of components differs, or a
  ///     parameter is not finite
  public static Model of(
      Variables variables, Architecture architecture, Provenance provenance, double[] theta) {
    return new Description(variables, architecture, Solver.USUAL, provenance).model(theta);
  }

  /// Creates a model of a field recorded by the user, with the field's θ and the solver
  /// [Solver#USUAL]. Components of the state beyond the variables are not measured and start at 0.
  ///
  /// @param field the field of one row of standardised components; copied
  /// @throws IllegalArgumentException if the field has several rows or too few components, a
  ///     parameter is not finite, or the variables have inputs
  public static Model of(Variables variables, NeuralField field, Provenance provenance) {
    return new RecordedDescription(variables, field.dimension(), Solver.USUAL, provenance)
        .model(field, field.parameters());
  }

  /// Creates a model of one trajectory with random parameters.
  public static Model untrained(
      TimeSeries series, List<Integer> hidden, Activation activation, RandomGenerator random) {
    return untrained(Measurements.of(series), new Architecture(hidden, activation), random);
  }

  /// Creates a model of these trajectories and their inputs with random parameters; initial
  /// velocities are 0.
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

  /// Reads a model with an [Architecture] from a file of [#save].
  ///
  /// @throws org.flowline.neuralode.data.DataException if the file cannot be read, is damaged or is
  ///     not a model of this version
  public static Model load(Path file) {
    requireModel(file);
    return FILE.read(file, Description::layout, Description::model);
  }

  /// Reads a model of a recorded field from a file of [#save].
  ///
  /// @param field a field of the same dynamics; its state and the names and shapes of its
  ///     parameters must be those in the file, its θ is ignored
  /// @throws org.flowline.neuralode.data.DataException if the file cannot be read, is damaged, is
  ///     not a model of this version, or has another layout
  public static Model load(Path file, NeuralField field) {
    requireModel(file);
    return RECORDED_FILE.read(
        file, saved -> saved.layout(field), (saved, theta) -> saved.model(field, theta));
  }

  /// Refuses a file with another suffix than a model's that is not a zip file; the reader reports
  /// all else.
  private static void requireModel(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      boolean isZip = new String(in.readNBytes(2), StandardCharsets.ISO_8859_1).equals("PK");
      if (!isZip && !file.toString().endsWith(".flowline")) {
        throw new DataException(
            file
                + ": is not a whole zip file, so no model; want the model.flowline that train wrote");
      }
    } catch (IOException e) {
      return;
    }
  }

  /// Writes the model to a file atomically.
  ///
  /// @throws org.flowline.neuralode.data.DataException if the file cannot be written; an existing
  ///     one is then unchanged
  public void save(Path file) {
    architecture.ifPresentOrElse(
        known -> FILE.write(file, description(known), layout, theta),
        () -> RECORDED_FILE.write(file, recordedDescription(), layout, theta));
  }

  /// Returns the model without its parameters as JSON: the content of `model.json` with an empty
  /// checksum.
  public String description() {
    return architecture
        .map(known -> FILE.text(description(known)))
        .orElseGet(() -> RECORDED_FILE.text(recordedDescription()));
  }

  private Description description(Architecture known) {
    return new Description(variables, known, solver, provenance);
  }

  private RecordedDescription recordedDescription() {
    return new RecordedDescription(variables, initialState.dimension(), solver, provenance);
  }

  /// Returns this model with other parameters.
  public Model with(double[] theta) {
    return new Model(variables, architecture, recorded, solver, provenance, theta);
  }

  /// Returns this model with another solver.
  public Model with(Solver solver) {
    return new Model(variables, architecture, recorded, solver, provenance, theta);
  }

  /// Returns this model with another provenance.
  public Model with(Provenance provenance) {
    return new Model(variables, architecture, recorded, solver, provenance, theta);
  }

  /// Returns the names and units.
  public Variables variables() {
    return variables;
  }

  /// Returns the name of time.
  public String timeName() {
    return variables.time();
  }

  /// Returns the names of the components.
  public List<String> names() {
    return variables.components();
  }

  /// Returns the names of the inputs; empty for an undriven model.
  public List<String> inputs() {
    return variables.inputs();
  }

  /// Returns the architecture.
  ///
  /// @throws IllegalStateException if the field was recorded by the user
  public Architecture architecture() {
    return architecture.orElseThrow(
        () -> new IllegalStateException("model: a recorded field has no architecture"));
  }

  /// Returns the scaling between the measurements' units and the model's.
  public Scaling scaling() {
    return variables.scaling();
  }

  /// Returns the solver.
  public Solver solver() {
    return solver;
  }

  /// Returns the training data's ranges, settings and metrics.
  public Provenance provenance() {
    return provenance;
  }

  /// Returns the parameters.
  public double[] theta() {
    return theta.clone();
  }

  /// Returns the names and shapes of [#theta()].
  public Parameters layout() {
    return layout;
  }

  /// Returns the initial state of trajectories, in standardised units.
  public InitialState initialState() {
    return initialState;
  }

  /// Returns a new field with this model's parameters, in standardised units.
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

  /// Returns a new field with this model's parameters, driven by these inputs, in standardised
  /// units. Inputs are interpolated linearly, and constant before the first and after the last row.
  ///
  /// @throws IllegalArgumentException if the columns are not the model's inputs, a value is
  ///     missing, or there are fewer than two rows
  public NeuralField field(TimeSeries inputs) {
    if (isUndriven(inputs)) {
      return field();
    }
    TimeSeries driving = variables.driving(inputs);
    return field(Optional.of(Signal.linear(driving.times(), driving.rows())));
  }

  private boolean isUndriven(TimeSeries inputs) {
    return inputs().isEmpty() && inputs.dimension() == 0;
  }

  private NeuralField field(Optional<Signal> signal) {
    NeuralField field =
        architecture
            .map(known -> known.field(names().size(), signal))
            .orElseGet(() -> fork(recorded.orElseThrow()));
    field.bind(theta());
    return field;
  }

  /// Returns the trajectory from `y0` at `times[0]`, in the measurements' units.
  ///
  /// @param times increasing or decreasing, where equal ones may follow one another
  /// @throws IllegalArgumentException if `y0` does not have a finite number for each component,
  ///     times are not ordered, or the model has inputs
  /// @throws org.flowline.odesolvers.SolveException if the solve fails, with a status in the
  ///     measurements' units
  public List<double[]> predict(double[] y0, double... times) {
    requireUndriven();
    return predict(field -> field, y0, times);
  }

  /// Returns the trajectory from `y0` at `times[0]` under these inputs, in the measurements' units.
  ///
  /// @throws IllegalArgumentException as [#predict(double[], double...)] and [#field(TimeSeries)]
  /// @throws org.flowline.odesolvers.SolveException if the solve fails, with a status in the
  ///     measurements' units
  public List<double[]> predict(double[] y0, TimeSeries inputs, double... times) {
    if (isUndriven(inputs)) {
      return predict(y0, times);
    }
    TimeSeries driving = variables.driving(inputs);
    return predict(field -> new ControlledField(field, theta, driving), y0, times);
  }

  private void requireSolvable(double[] y0, double[] times) {
    if (y0.length != names().size() || !Arrays.stream(y0).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "model: from %s; want %s finite numbers, one for each component"
              .formatted(Arrays.toString(y0), names().size()));
    }
    boolean ordered = times.length >= 1 && Arrays.stream(times).allMatch(Double::isFinite);
    for (int i = 1; ordered && i < times.length; i++) {
      boolean forward = times[times.length - 1] >= times[0];
      ordered = forward ? times[i] >= times[i - 1] : times[i] <= times[i - 1];
    }
    if (!ordered) {
      throw new IllegalArgumentException(
          "model: times %s; want one or more, increasing or decreasing"
              .formatted(times.length > 8 ? "that are not ordered" : Arrays.toString(times)));
    }
  }

  private List<double[]> predict(
      Function<NeuralField, VectorField> drive, double[] y0, double[] times) {
    requireSolvable(y0, times);
    NeuralField borrowed = idle.poll();
    NeuralField field = borrowed == null ? fork() : borrowed;
    try {
      Scaling scaling = scaling();
      double[] from = initialState.state(theta, scaling.scaled(y0));
      Solution solution = integrator.solve(drive.apply(field), from, scaling.scaledTimes(times));
      if (!solution.status().succeeded()) {
        unscaled(solution.status()).requireSuccess();
      }
      return IntStream.range(0, times.length)
          .mapToObj(i -> i == 0 ? y0.clone() : unscaled(solution.values()[i]))
          .toList();
    } finally {
      idle.add(field);
    }
  }

  /// Returns the components of a state in the measurements' units.
  private double[] unscaled(double[] state) {
    return scaling().unscaled(Arrays.copyOf(state, names().size()));
  }

  /// Returns a status of a solve in standardised units in the measurements' units.
  private Status unscaled(Status status) {
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

  private static NeuralField fork(NeuralField recorded) {
    synchronized (recorded) {
      return recorded.fork();
    }
  }

  private synchronized NeuralField fork() {
    if (prototype == null) {
      prototype =
          inputs().isEmpty() ? field() : architecture().open(names().size(), inputs().size());
    }
    return prototype.fork();
  }
}
