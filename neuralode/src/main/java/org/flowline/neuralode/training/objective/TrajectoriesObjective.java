package org.flowline.neuralode.training.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.FieldWithTangent;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.gradient.ForwardLoss;
import org.flowline.neuralode.gradient.ForwardSensitivity;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.gradient.TrajectoryHessian;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.model.InitialState;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.Status;

/// The mean squared distance between a field's trajectories and measured ones, which may have
/// different lengths and times and missing values:
///
///     L(θ) = 1/N Σ_series Σᵢ Σⱼ (yⱼ(tᵢ; θ) − dataᵢⱼ)²        over the N values that are not NaN
///
/// The loss of a batch of series, as in [MiniBatches], is the mean over the values of the batch.
///
/// Each series is a solve of its own with its own steps, so that a stiff series does not shorten
/// the steps of others and its gradient has the same bits in every batch. Rows of one state, as
/// `NeuralField.of(layer, rows, columns)` solves them, share steps and run as one matrix product:
/// faster where they are alike.
public final class TrajectoriesObjective implements TwiceDifferentiableObjective {

  /// One measured trajectory.
  ///
  /// @param times two or more, increasing or decreasing, where equal ones are repeated measurements
  /// @param rows a state for each time; NaN where a value is missing. The trajectory starts at the
  ///     first row, which is complete
  public record Series(double[] times, List<double[]> rows) {
    public Series {
      times = times.clone();
      rows = rows.stream().map(double[]::clone).toList();
      if (times.length < 2 || times.length != rows.size()) {
        throw new IllegalArgumentException(
            "series: %s times and %s rows; want two or more of each, and as many"
                .formatted(times.length, rows.size()));
      }
      int columns = rows.getFirst().length;
      for (double[] row : rows) {
        if (row.length != columns || Arrays.stream(row).anyMatch(Double::isInfinite)) {
          throw new IllegalArgumentException(
              "series: a row %s; want %s finite numbers in each as in the first, or NaN where one is missing"
                  .formatted(Arrays.toString(row), columns));
        }
      }
      if (!Arrays.stream(rows.getFirst()).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "series: the first row is not complete; start at one that is, or fill it in");
      }
      int direction = times[times.length - 1] < times[0] ? -1 : 1;
      for (int i = 1; i < times.length; i++) {
        double gap = times[i] - times[i - 1];
        if (!(gap == 0 || gap * direction > 0) || Double.isInfinite(gap)) {
          throw new IllegalArgumentException(
              "series: time %s is %s, after %s; want finite times, all rising or all falling"
                  .formatted(i, times[i], times[i - 1]));
        }
      }
    }
  }

  /// A window of a series, and the field that is solved for it.
  ///
  /// @param rows the data, of which the solve starts at the first
  /// @param loss null for the squared distances from the data
  private record Trial(
      DifferentiableField field,
      PreparedGradient gradient,
      double[] times,
      List<double[]> rows,
      TrajectoryLoss loss) {

    /// Returns the number of values in the data.
    long values() {
      return rows.stream().flatMapToDouble(Arrays::stream).filter(x -> !Double.isNaN(x)).count();
    }

    Trial with(TrajectoryLoss loss) {
      return new Trial(field, gradient, times, rows, loss);
    }

    Trial between(int from, int to) {
      if (rows.size() != times.length) {
        throw new IllegalArgumentException(
            "trajectories objective: a loss without data has no pieces; want measured series");
      }
      List<double[]> part = rows.subList(from, to);
      TrajectoryLoss squares = loss == null ? null : TrajectoryLoss.meanSquaredError(part);
      return new Trial(field, gradient, Arrays.copyOfRange(times, from, to), part, squares);
    }

    /// Returns the loss in a batch with this many values.
    TrajectoryLoss in(long values) {
      return loss != null ? loss : new SeriesLoss(rows, field.dimension(), values);
    }
  }

  private final GradientMethod method;
  private final InitialState start;
  private final List<Trial> all;

  /// The number of values in the loss.
  private final long values;

  private final Costs.Account account = new Costs.Account();
  private Status lastStatus;

  private TrajectoriesObjective(GradientMethod method, InitialState start, List<Trial> all) {
    this.method = method;
    this.start = start;
    this.all = List.copyOf(all);
    this.values = all.stream().mapToLong(Trial::values).sum();
  }

  /// Returns the loss of `field` on these series, each from its first row, in the field's units.
  ///
  /// @throws IllegalArgumentException if there are no series, or a row has not the field's
  ///     dimension
  public static TrajectoriesObjective of(
      DifferentiableField field, GradientMethod method, List<Series> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("trajectories objective: no series; want one or more");
    }
    for (Series series : all) {
      if (series.rows.getFirst().length != field.dimension()) {
        throw new IllegalArgumentException(
            "trajectories objective: a row of %s values; the field has %s components"
                .formatted(series.rows.getFirst().length, field.dimension()));
      }
    }
    PreparedGradient gradient = method.prepare(field);
    return new TrajectoriesObjective(
        method,
        InitialState.still(field.dimension(), 0),
        all.stream().map(one -> new Trial(field, gradient, one.times, one.rows, null)).toList());
  }

  /// Returns the loss of `field` on one trajectory, from its first row.
  ///
  /// @throws IllegalArgumentException as [Series], or if a row has not the field's dimension
  public static TrajectoriesObjective of(
      DifferentiableField field, GradientMethod method, double[] times, List<double[]> rows) {
    TrajectoriesObjective one = of(field, method, List.of(new Series(times, rows)));
    Trial trial = one.all.getFirst();
    boolean complete = trial.values() == (long) times.length * field.dimension();
    return complete
        ? one.of(Stream.of(trial.with(TrajectoryLoss.meanSquaredError(trial.rows))))
        : one;
  }

  /// Returns any loss of one trajectory from `y0`.
  public static TrajectoriesObjective of(
      DifferentiableField field,
      GradientMethod method,
      double[] y0,
      double[] times,
      TrajectoryLoss loss) {
    List<double[]> first = List.of(y0.clone());
    Trial trial = new Trial(field, method.prepare(field), times.clone(), first, loss);
    InitialState start = InitialState.still(y0.length, 0);
    return new TrajectoriesObjective(method, start, List.of(trial));
  }

  /// Returns the loss of a model on measurements, each trajectory from its first row and under its
  /// inputs, in the model's standardised units. θ is the model's. Components of a state that are
  /// not measured have no loss; see [InitialState].
  ///
  /// @throws IllegalArgumentException if the measurements have not the model's components or
  ///     inputs by name, or a trajectory has fewer than two rows
  public static TrajectoriesObjective of(
      Model model, Measurements measured, GradientMethod method) {
    List<String> names = measured.experiments().getFirst().states().names();
    if (!names.equals(model.names())) {
      throw new IllegalArgumentException(
          "trajectories objective: measurements of %s, the model is of %s; want the same, in this order"
              .formatted(names, model.names()));
    }
    List<Trial> all = new ArrayList<>();
    for (Experiment experiment : measured.experiments()) {
      Series series =
          new Series(
              model.scaling().scaledTimes(experiment.states().times()),
              model.scaling().scaled(experiment.states().rows()));
      boolean driven = !model.inputs().isEmpty() || experiment.inputs().dimension() > 0;
      boolean shared = !driven && !all.isEmpty();
      DifferentiableField field = shared ? all.getFirst().field : model.field(experiment.inputs());
      PreparedGradient gradient = shared ? all.getFirst().gradient : method.prepare(field);
      all.add(new Trial(field, gradient, series.times, series.rows, null));
    }
    return new TrajectoriesObjective(method, model.initialState(), all);
  }

  /// Returns the loss on the first rows of each series, for a growing horizon; see [#inPieces].
  ///
  /// @param rows from the number of rows of a series to the number in use; clamped to 2 … all
  public TrajectoriesObjective first(IntUnaryOperator rows) {
    return of(
        all.stream()
            .map(
                trial -> {
                  int size = trial.rows.size();
                  return trial.between(0, Math.clamp(rows.applyAsInt(size), 2, size));
                }));
  }

  /// Returns the loss of multiple shooting: each series in `count` pieces that start at measured
  /// rows; see [Experiment#pieceEnds].
  ///
  /// Both objectives share fields, scaled data and the buffers of gradients, so that they must not
  /// be evaluated at the same time; costs are counted apart.
  public TrajectoriesObjective inPieces(int count) {
    return of(
        all.stream()
            .flatMap(
                trial -> {
                  int[] ends = Experiment.pieceEnds(trial.rows, count);
                  return IntStream.range(1, ends.length)
                      .mapToObj(i -> trial.between(ends[i - 1], ends[i] + 1));
                }));
  }

  /// Returns the loss of some of the series, such as a batch of [MiniBatches]; see [#inPieces] for
  /// what it shares.
  ///
  /// @param series their numbers, counted from 0
  /// @throws IllegalArgumentException if there are none, or a number is out of range
  public TrajectoriesObjective batch(int... series) {
    if (series.length == 0) {
      throw new IllegalArgumentException(
          "trajectories objective: a batch of no series; want one or more");
    }
    for (int number : series) {
      if (number < 0 || number >= all.size()) {
        throw new IllegalArgumentException(
            "trajectories objective: series %s of a batch; want 0 … %s, as in MiniBatches of size()"
                .formatted(number, all.size() - 1));
      }
    }
    return of(Arrays.stream(series).mapToObj(all::get));
  }

  private TrajectoriesObjective of(Stream<Trial> windows) {
    return new TrajectoriesObjective(method, start, windows.toList());
  }

  /// The number of series.
  public int size() {
    return all.size();
  }

  @Override
  public int dimension() {
    return all.getFirst().field.parameterCount();
  }

  /// Returns the loss and its gradient; NaN where a solve fails.
  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    Arrays.fill(gradient, 0);
    account.gradient();
    double loss = 0;
    for (Trial trial : all) {
      double[] y0 = begin(trial, theta);
      TrajectoryGradient part = trial.gradient.gradient(y0, trial.times, trial.in(values));
      lastStatus = part.status();
      trial.gradient.charge(account, part);
      loss += part.loss();
      Vectors.add(part.theta(), 0, gradient);
      start.pullback(trial.rows.getFirst(), part.y0(), gradient);
      if (!lastStatus.succeeded()) {
        break;
      }
    }
    return loss;
  }

  /// Returns the loss by forward solves alone; NaN where one fails.
  @Override
  public double loss(double tau, double[] theta) {
    if (method instanceof ForwardSensitivity) { // whose steps may depend on the sensitivities
      return gradient(tau, theta, new double[theta.length]);
    }
    double loss = 0;
    for (Trial trial : all) {
      double[] y0 = begin(trial, theta);
      ForwardLoss part =
          ForwardLoss.of(method.forward(), trial.field, y0, trial.times, trial.in(values));
      lastStatus = part.status();
      account.trajectory(part.evaluations(), 0, MemoryUse.NONE);
      loss += part.value();
      if (!lastStatus.succeeded()) {
        break;
      }
    }
    return loss;
  }

  @Override
  public boolean hasHessian() {
    return all.stream().allMatch(trial -> trial.field instanceof FieldWithTangent);
  }

  /// The Hessian of the loss, on the steps that the method's forward solver accepts for each
  /// series.
  ///
  /// @throws IllegalArgumentException if field, loss or solver have no second derivatives; see
  ///     [TrajectoryHessian#at]
  /// @throws org.flowline.odesolvers.SolveException if a solve fails
  @Override
  public Curvature hessian(double tau, double[] theta) {
    List<TrajectoryHessian> parts = new ArrayList<>();
    for (Trial trial : all) {
      double[] y0 = begin(trial, theta);
      parts.add(
          TrajectoryHessian.at(trial.field, y0, trial.times, trial.in(values), method.forward()));
    }
    return account.counted(
        (v, product) -> {
          Arrays.fill(product, 0);
          for (int i = 0; i < parts.size(); i++) {
            double[] row = all.get(i).rows.getFirst();
            TrajectoryHessian.Direction part =
                parts.get(i).times(new TrajectoryHessian.Direction(v, start.tangent(v, row)));
            Vectors.add(part.theta(), 0, product);
            start.pullback(row, part.y0(), product);
          }
        });
  }

  /// Binds θ and returns the start of the trajectory.
  private double[] begin(Trial trial, double[] theta) {
    trial.field.bind(theta);
    return start.state(theta, trial.rows.getFirst());
  }

  @Override
  public Costs costs() {
    return account.costs();
  }

  @Override
  public Optional<Status> failure() {
    return Optional.ofNullable(lastStatus).filter(status -> !status.succeeded());
  }
}
