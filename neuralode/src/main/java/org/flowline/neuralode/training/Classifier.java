package org.flowline.neuralode.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.field.ShardedField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.loss.Augmentation;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.model.ModelFile;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Layer;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Tells classes of rows from each other by a Neural ODE. Rows of standardised features flow for
/// one unit of time, and further columns, one for each class, that start at 0 arrive as logits:
///
///     d[x, z]/dt = mlp([x, z]; θ),   z(0) = 0        p = softmax(z(1))
///
/// The additional columns are also what lets rows pass each other, which trajectories of the
/// features alone cannot; see [Augmentation].
///
/// Rows are solved in blocks of 128 with common steps, chosen by the root mean square of their
/// errors: the influence of a row on the probabilities of others is of the order of the tolerance,
/// 1e-4, up to ten times more for a row that is harder than all others.
///
/// Immutable and thread-safe: each solve has a field of its own, which is reused.
public final class Classifier {
  private static final ModelFile<Description> FILE =
      new ModelFile<>("flowline-classifier", 1, Description.class);

  private record Description(
      List<String> features,
      List<String> classes,
      Scaling scaling,
      int hidden,
      Activation activation) {
    Description {
      features = List.copyOf(features);
      classes = List.copyOf(classes);
      if (features.isEmpty()
          || classes.size() < 2
          || hidden < 1
          || scaling.mean().length != features.size()) {
        throw new IllegalArgumentException(
            "classifier: %s features, %s scaled, %s classes, %s hidden units; want 1, 1, 2 and 1 or more"
                .formatted(features.size(), scaling.mean().length, classes.size(), hidden));
      }
    }

    Mlp layer() {
      int columns = features.size() + classes.size();
      return Mlp.of(activation, columns, hidden, columns);
    }
  }

  private static final int BLOCK = 128;
  private static final double[] TIMES = {0, 1};
  private static final Integrator SOLVER =
      Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-4, 1e-4));

  private final Description about;
  private final double[] theta;

  /// Idle fields by their number of rows, shared by all classifiers that differ in θ only.
  private final Map<Integer, Queue<NeuralField>> idle;

  private Classifier(Description about, double[] theta, Map<Integer, Queue<NeuralField>> idle) {
    this.about = about;
    this.theta = theta;
    this.idle = idle;
  }

  /// Returns a classifier with random weights for the features and classes of a table, whose
  /// features it standardises; a constant feature keeps its unit.
  ///
  /// @param table the training data
  /// @param hidden units of the one hidden layer
  /// @throws IllegalArgumentException if there is no feature, no unit, one class only, or one row
  /// @throws org.flowline.neuralode.data.DataException if the squares of a feature overflow
  public static Classifier untrained(
      LabelledTable table, int hidden, Activation activation, RandomGenerator random) {
    var about =
        new Description(table.features(), table.classes(), table.scaling(), hidden, activation);
    return new Classifier(about, about.layer().initial(random), new ConcurrentHashMap<>());
  }

  /// Reads a classifier from a file of [#save].
  ///
  /// @throws org.flowline.neuralode.data.DataException if the file cannot be read, is damaged or is
  ///     not a classifier of this version
  public static Classifier load(Path file) {
    return FILE.read(
        file,
        saved -> saved.layer().parameters(),
        (saved, theta) -> new Classifier(saved, theta, new ConcurrentHashMap<>()));
  }

  /// Writes the classifier to a file atomically.
  ///
  /// @throws org.flowline.neuralode.data.DataException if the file cannot be written; an existing
  ///     one is then unchanged
  public void save(Path file) {
    FILE.write(file, about, about.layer().parameters(), theta);
  }

  /// Returns this classifier with other parameters.
  ///
  /// @throws IllegalArgumentException if there are more or fewer of them
  public Classifier with(double[] theta) {
    if (theta.length != this.theta.length) {
      throw new IllegalArgumentException(
          "classifier: " + theta.length + " parameters; want " + this.theta.length);
    }
    return new Classifier(about, theta.clone(), idle);
  }

  /// The parameters θ.
  public double[] theta() {
    return theta.clone();
  }

  /// The names of a row's columns.
  public List<String> features() {
    return about.features;
  }

  /// The names of the classes, in the order of [#probabilities].
  public List<String> classes() {
    return about.classes;
  }

  /// The mean cross-entropy on a table as an objective of θ, with the exact gradient of the solve
  /// as it was computed. All rows share its steps; from 256 rows on it uses all cores. For one
  /// thread at a time.
  ///
  /// @throws IllegalArgumentException if the table has no rows, other features, or a class that is
  ///     none of these
  public Objective objective(LabelledTable table) {
    int[] labels = labels(table);
    return objective(about.layer(), SOLVER, start(table.rows()), about.classes.size(), labels);
  }

  /// The mean cross-entropy of rows that flow for one unit of time, all with the same steps:
  ///
  ///     dY/dt = layer(Y; θ)        L(θ) = −mean ln softmax(logits(1))[label]
  ///
  /// @param start the rows at time 0, one after the other, with the logits in the last columns
  static Objective objective(
      Layer layer, Integrator solver, double[] start, int classes, int[] labels) {
    int rows = labels.length;
    int columns = start.length / rows;
    double[] certain = new double[rows * classes];
    for (int i = 0; i < rows; i++) {
      certain[i * classes + labels[i]] = 1;
    }
    TrajectoryLoss loss =
        TrajectoryLoss.traced(
            TIMES.length,
            start.length,
            y -> {
              Var ends = y.reshape(TIMES.length * rows, columns).slice(0, rows, 2 * rows);
              Var logits = ends.slice(1, columns - classes, columns);
              return logits.crossEntropy(logits.constant(Shape.of(rows, classes), certain)).mean();
            });
    ShardedField field = ShardedField.of(layer, rows, columns);
    return TrajectoriesObjective.of(field, new DiscreteAdjoint(solver), start, TIMES, loss);
  }

  /// The mean cross-entropy `−mean ln p[label]` on a table by [#probabilities]; NaN where their
  /// solve fails.
  ///
  /// @throws IllegalArgumentException as [#objective]
  public double crossEntropy(LabelledTable table) {
    int[] labels = labels(table);
    try {
      return crossEntropy(probabilities(table.rows()), labels);
    } catch (SolveException _) {
      return Double.NaN;
    }
  }

  /// The mean of `−ln p` of the right classes, with `p` bounded below by the smallest number.
  ///
  /// @param probabilities of the classes for each row
  /// @param labels of each row the index of its class
  /// @return NaN of no rows
  /// @throws IllegalArgumentException if there are more or fewer labels than rows, or a label
  ///     has no probability
  public static double crossEntropy(List<double[]> probabilities, int[] labels) {
    if (probabilities.size() != labels.length) {
      throw new IllegalArgumentException(
          "cross-entropy: %s rows and %s labels; want as many"
              .formatted(probabilities.size(), labels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= probabilities.get(i).length) {
        throw new IllegalArgumentException(
            "cross-entropy: label %s of row %s; want 0 … %s"
                .formatted(labels[i], i, probabilities.get(i).length - 1));
      }
    }
    return IntStream.range(0, labels.length)
        .mapToDouble(
            i -> -StrictMath.log(Math.max(probabilities.get(i)[labels[i]], Double.MIN_VALUE)))
        .average()
        .orElse(Double.NaN);
  }

  /// The probabilities of the classes for each row, which add up to 1.
  ///
  /// @param rows a value of each feature, in the features' own units
  /// @throws IllegalArgumentException if a row has not a finite number for each feature
  /// @throws SolveException if the solve fails
  public List<double[]> probabilities(List<double[]> rows) {
    List<double[]> found = new ArrayList<>(rows.size());
    int columns = about.features.size() + about.classes.size();
    for (int from = 0; from < rows.size(); from += BLOCK) {
      List<double[]> block = rows.subList(from, Math.min(from + BLOCK, rows.size()));
      double[] ends = arrived(start(block), block.size());
      for (int end = columns; end <= ends.length; end += columns) {
        found.add(softmax(Arrays.copyOfRange(ends, end - about.classes.size(), end)));
      }
    }
    return found;
  }

  private double[] arrived(double[] start, int rows) {
    Queue<NeuralField> fields = idle.computeIfAbsent(rows, _ -> new ConcurrentLinkedQueue<>());
    NeuralField field = fields.poll();
    if (field == null) {
      field = NeuralField.of(about.layer(), rows, start.length / rows);
    }
    field.bind(theta);
    try {
      return SOLVER.solve(field, start, 0, 1).orThrow().last();
    } finally {
      fields.add(field);
    }
  }

  private static double[] softmax(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double[] p = Arrays.stream(logits).map(z -> StrictMath.exp(z - largest)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(each -> each / sum).toArray();
  }

  /// Standardised rows, each followed by a 0 for each class.
  private double[] start(List<double[]> rows) {
    for (double[] row : rows) {
      if (row.length != about.features.size() || !Arrays.stream(row).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "classifier: a row %s; want a finite number for each of %s"
                .formatted(Arrays.toString(row), about.features));
      }
    }
    double[] scaled = about.scaling.scaled(rows).stream().flatMapToDouble(Arrays::stream).toArray();
    return new Augmentation(rows.size(), about.features.size(), about.classes.size()).start(scaled);
  }

  /// The labels of a table, whose classes may come in another order, as indices of these.
  private int[] labels(LabelledTable table) {
    int[] labels = table.labels();
    if (labels.length == 0 || !table.features().equals(about.features)) {
      throw new IllegalArgumentException(
          "classifier: %s rows of %s; want one or more of %s"
              .formatted(labels.length, table.features(), about.features));
    }
    int[] known = table.classes().stream().mapToInt(about.classes::indexOf).toArray();
    return Arrays.stream(labels)
        .map(
            label -> {
              if (known[label] < 0) {
                throw new IllegalArgumentException(
                    "classifier: a row of class \"%s\"; want one of %s"
                        .formatted(table.classes().get(label), about.classes));
              }
              return known[label];
            })
        .toArray();
  }
}
