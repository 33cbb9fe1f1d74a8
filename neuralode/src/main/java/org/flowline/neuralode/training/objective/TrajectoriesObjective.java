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
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.gradient.TrajectoryHessian;
import org.flowline.neuralode.model.InitialState;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;

/// Several measured trajectories, of different lengths and times and with missing values, in one
/// loss: the mean squared distance over all that was measured,
///
///     L(θ) = 1/N Σ_series Σᵢ Σⱼ (yⱼ(tᵢ; θ) − dataᵢⱼ)²        over the N values that are not NaN
///
/// Of a batch of series, as [MiniBatches] asks for, the mean over the values of the batch.
///
/// **Step sizes**: each series is a solve of its own, with steps of its own, so that a stiff one
/// makes no other's steps short, and its gradient is the same bits whatever its mates. Rows of one
/// state, as `NeuralField.of(layer, rows, columns)` solves them, share the steps that suit the
/// hardest on average, and run as one matrix product: faster where they are alike.
public final class TrajectoriesObjective
    implements TwiceDifferentiableObjective, MiniBatches.TwiceDifferentiableSamples {

  /// One measured trajectory.
  ///
  /// @param times strictly monotone, two or more
  /// @param rows a state for each time; NaN where a value is missing, the first row complete, since
  ///     the trajectory starts there
  public record Series(double[] times, List<double[]> rows) {
    public Series {
      times = times.clone();
      rows = rows.stream().map(double[]::clone).toList();
      if (times.length < 2 || times.length != rows.size()) {
        throw new IllegalArgumentException(
            "series: %d times and %d rows; want two or more of each, and as many"
                .formatted(times.length, rows.size()));
      }
      for (double[] row : rows) {
        if (row.length != rows.getFirst().length
            || Arrays.stream(row).anyMatch(Double::isInfinite)) {
          throw new IllegalArgumentException(
              "series: a row "
                  + Arrays.toString(row)
                  + "; want "
                  + rows.getFirst().length
                  + " finite numbers in each as in the first, or NaN where one is missing");
        }
      }
      if (!Arrays.stream(rows.getFirst()).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "series: the first row is not complete; start at one that is, or fill it in");
      }
      TrajectoryObjective.requireOrdered("series", times);
    }
  }

  /// A window of a series, and the field that is solved for it.
  private record Trial(
      DifferentiableField field, PreparedGradient gradient, double[] times, List<double[]> rows) {

    static Trial of(DifferentiableField field, PreparedGradient gradient, Series series) {
      return new Trial(field, gradient, series.times, series.rows);
    }

    Trial between(int from, int to) {
      return new Trial(
          field, gradient, Arrays.copyOfRange(times, from, to), rows.subList(from, to));
    }

    /// The first row, at which the solve starts.
    double[] initial() {
      return rows.getFirst();
    }

    long measured() {
      return rows.stream()
          .flatMapToDouble(Arrays::stream)
          .filter(value -> !Double.isNaN(value))
          .count();
    }
  }

  private final GradientMethod method;
  private final InitialState start;
  private final List<Trial> all;
  private final Costs.Account account = new Costs.Account();
  private Status lastStatus;

  private TrajectoriesObjective(GradientMethod method, InitialState start, List<Trial> all) {
    this.method = method;
    this.start = start;
    this.all = List.copyOf(all);
  }

  /// The loss of `field` on these series, each from its first row, in the units of the field.
  ///
  /// @throws IllegalArgumentException if there are no series, or a row has not the field's
  ///     dimension
  public static TrajectoriesObjective of(
      DifferentiableField field, GradientMethod method, List<Series> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("trajectories objective: no series; want one or more");
    }
    for (Series series : all) {
      for (double[] row : series.rows) {
        if (row.length != field.dimension()) {
          throw new IllegalArgumentException(
              "trajectories objective: a row of "
                  + row.length
                  + " values; the field has "
                  + field.dimension()
                  + " components");
        }
      }
    }
    PreparedGradient gradient = method.prepare(field);
    return new TrajectoriesObjective(
        method,
        InitialState.measured(field.dimension()),
        all.stream().map(series -> Trial.of(field, gradient, series)).toList());
  }

  /// The loss of a model on measurements, each trajectory from its first row and under its inputs,
  /// in the model's standardised units. Its θ is the model's. What is not measured of a state has
  /// no loss; see [InitialState].
  ///
  /// @throws IllegalArgumentException if the measurements have not the model's components or
  ///     inputs by name, or a trajectory has fewer than two rows
  public static TrajectoriesObjective of(
      Model model, Measurements measured, GradientMethod method) {
    List<String> names = measured.experiments().getFirst().states().names();
    if (!names.equals(model.names())) {
      throw new IllegalArgumentException(
          "trajectories objective: measurements of "
              + names
              + ", the model is of "
              + model.names()
              + "; want the same, in this order");
    }
    List<Trial> all = new ArrayList<>();
    for (Experiment experiment : measured.experiments()) {
      Series series =
          new Series(
              model.scaling().scaledTimes(experiment.states().times()),
              model.scaling().scaled(experiment.states().rows()));
      boolean driven = !model.inputs().isEmpty() || experiment.inputs().dimension() > 0;
      if (!driven && !all.isEmpty()) {
        all.add(Trial.of(all.getFirst().field, all.getFirst().gradient, series));
      } else {
        DifferentiableField field = model.field(experiment.inputs());
        all.add(Trial.of(field, method.prepare(field), series));
      }
    }
    return new TrajectoriesObjective(method, model.start(), all);
  }

  /// Returns the loss on the first rows of each series; see [#inPieces].
  ///
  /// @param rows how many rows to take of a series with this many; clamped to 2 … all
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
  /// Fields, scaled data and the buffers of gradients are those of this objective, so that the two
  /// must not be evaluated at the same time; costs are counted apart.
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

  private TrajectoriesObjective of(Stream<Trial> windows) {
    return new TrajectoriesObjective(method, start, windows.toList());
  }

  /// How many series there are.
  public int size() {
    return all.size();
  }

  @Override
  public int dimension() {
    return all.getFirst().field.parameterCount();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    return gradient(IntStream.range(0, all.size()).toArray(), theta, gradient);
  }

  /// The loss of these series and its gradient; NaN where a solve fails.
  ///
  /// @throws IllegalArgumentException if there are none, or one has a number that no series has
  @Override
  public double gradient(int[] samples, double[] theta, double[] gradient) {
    long measured = measured(samples);
    Arrays.fill(gradient, 0);
    account.gradient();
    double loss = 0;
    for (int sample : samples) {
      Trial trial = all.get(sample);
      trial.field.bind(theta);
      TrajectoryGradient part =
          trial.gradient.gradient(
              start.state(theta, trial.initial()),
              trial.times,
              new SeriesLoss(trial.rows, start.dimension(), measured));
      lastStatus = part.status();
      trial.gradient.charge(account, part);
      loss += part.loss();
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] += part.theta()[i];
      }
      start.pullback(trial.initial(), part.y0(), gradient);
      if (!lastStatus.succeeded()) {
        break;
      }
    }
    return loss;
  }

  /// The loss of all series, by forward solves alone; NaN where one fails.
  public double loss(double[] theta) {
    long measured = measured(IntStream.range(0, all.size()).toArray());
    double loss = 0;
    for (Trial trial : all) {
      trial.field.bind(theta);
      double[] from = start.state(theta, trial.initial());
      Solution solution = method.forward().solve(trial.field, from, trial.times);
      account.forward(solution.stats().evaluations());
      if (!solution.status().succeeded()) {
        return Double.NaN;
      }
      double[] y = Arrays.stream(solution.values()).flatMapToDouble(Arrays::stream).toArray();
      loss +=
          new SeriesLoss(trial.rows, start.dimension(), measured).evaluate(y, new double[y.length]);
    }
    return loss;
  }

  /// Evaluations of the field and its pullback so far.
  public long evaluations() {
    return costs().evaluations() + costs().pullbacks();
  }

  /// The Hessian of the loss of all series.
  @Override
  public Curvature hessian(double tau, double[] theta) {
    return hessian(IntStream.range(0, all.size()).toArray(), theta);
  }

  /// The Hessian of the loss of these series, on the steps that the method's forward solver accepts
  /// for each; the sum of theirs.
  ///
  /// @throws IllegalArgumentException if there are none, or field or solver have no second
  ///     derivatives; see [TrajectoryHessian#at]
  /// @throws org.flowline.odesolvers.SolveException if a solve fails
  @Override
  public Curvature hessian(int[] samples, double[] theta) {
    long measured = measured(samples);
    List<TrajectoryHessian> parts =
        Arrays.stream(samples)
            .mapToObj(sample -> hessian(all.get(sample), theta, measured))
            .toList();
    int[] chosen = samples.clone();
    return account.counted(
        (v, product) -> {
          Arrays.fill(product, 0);
          for (int i = 0; i < chosen.length; i++) {
            addTimes(all.get(chosen[i]), parts.get(i), v, product);
          }
        });
  }

  @Override
  public Costs costs() {
    return account.costs();
  }

  private TrajectoryHessian hessian(Trial trial, double[] theta, long measured) {
    trial.field.bind(theta);
    return TrajectoryHessian.at(
        trial.field,
        start.state(theta, trial.initial()),
        trial.times,
        new SeriesLoss(trial.rows, start.dimension(), measured),
        method.forward());
  }

  private void addTimes(Trial trial, TrajectoryHessian part, double[] v, double[] product) {
    TrajectoryHessian.Direction one =
        part.times(new TrajectoryHessian.Direction(v, start.tangent(v, trial.initial())));
    for (int i = 0; i < product.length; i++) {
      product[i] += one.theta()[i];
    }
    start.pullback(trial.initial(), one.y0(), product);
  }

  /// How many values these series have.
  private long measured(int[] samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException(
          "trajectories objective: a batch of no series; want one or more");
    }
    for (int sample : samples) {
      if (sample < 0 || sample >= all.size()) {
        throw new IllegalArgumentException(
            "trajectories objective: series "
                + sample
                + " of a batch; want 0 … "
                + (all.size() - 1)
                + ", as MiniBatches of size() samples asks for");
      }
    }
    return Arrays.stream(samples).mapToLong(sample -> all.get(sample).measured()).sum();
  }

  @Override
  public Optional<Status> failure() {
    return Optional.ofNullable(lastStatus).filter(status -> !status.succeeded());
  }
}
