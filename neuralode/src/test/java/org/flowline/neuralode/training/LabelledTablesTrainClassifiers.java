package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// A Neural ODE trained on a table classifies the arms of a spiral, which no straight line
/// separates.
class LabelledTablesTrainClassifiers {
  /// Three quarters of a turn each, at distances of 0.4 to 1.4, with noise.
  private static LabelledTable spiral(int arms, int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double s = random.nextDouble();
      double angle = Math.PI * (1.5 * s + 2.0 * (i % arms) / arms);
      points.add(
          new double[] {
            (0.4 + s) * Math.cos(angle) + 0.05 * random.nextGaussian(),
            (0.4 + s) * Math.sin(angle) + 0.05 * random.nextGaussian()
          });
    }
    return new LabelledTable(
        List.of("x", "y"),
        points,
        List.of("inner", "outer", "third").subList(0, arms),
        IntStream.range(0, rows).map(i -> i % arms).toArray());
  }

  private static final LabelledTable TRAINING = spiral(2, 120, 1);
  private static final LabelledTable OTHERS = spiral(2, 400, 2);

  private static Classifier untrained(LabelledTable table) {
    return Classifier.untrained(table, 16, Activation.TANH, new SplittableRandom(3));
  }

  private static Classifier trained(LabelledTable table, int iterations) {
    Classifier untrained = untrained(table);
    Trainer trainer = Trainer.of(untrained.objective(table), Optimizer.adam(0.03));
    return untrained.with(trainer.train(untrained.theta(), iterations).orThrow().theta());
  }

  /// The share of rows whose class has the largest number.
  private static double accuracy(List<double[]> p, LabelledTable table) {
    int[] labels = table.labels();
    return IntStream.range(0, labels.length)
        .map(i -> Arrays.stream(p.get(i)).allMatch(each -> each <= p.get(i)[labels[i]]) ? 1 : 0)
        .average()
        .orElseThrow();
  }

  private static double accuracy(Classifier classifier, LabelledTable table) {
    return accuracy(classifier.probabilities(table.rows()), table);
  }

  @Test
  void thatKnowRowsTheyHaveNotSeen() {
    Classifier classifier = trained(TRAINING, 200);
    double seen = accuracy(classifier, TRAINING);
    double unseen = accuracy(classifier, OTHERS);
    assertTrue(seen == 1 && unseen >= 0.98, "of what it saw " + seen + ", of others " + unseen);
  }

  @Test
  void thatTellMoreThanTwoClasses() {
    Classifier classifier = trained(spiral(3, 240, 1), 300);
    List<double[]> p = classifier.probabilities(spiral(3, 300, 2).rows());
    double unseen = accuracy(p, spiral(3, 300, 2));
    assertTrue(unseen >= 0.97, "of others " + unseen);
    p.forEach(each -> assertEquals(1, Arrays.stream(each).sum(), 1e-15));
  }

  /// The same table without a flow: as far as a straight line goes.
  @Test
  void thatStraightLinesDoNot() {
    Linear line = new Linear(2, 2);
    Parameters layout = line.parameters();
    double[] x = TRAINING.rows().stream().flatMapToDouble(Arrays::stream).toArray();
    double[] certain =
        Arrays.stream(TRAINING.labels())
            .asDoubleStream()
            .flatMap(label -> DoubleStream.of(1 - label, label))
            .toArray();
    Objective objective =
        Objective.traced(
            layout.size(),
            theta -> {
              Shape shape = Shape.of(x.length / 2, 2);
              Var logits = line.apply(layout.of(theta), theta.constant(shape, x));
              return logits.crossEntropy(logits.constant(shape, certain)).mean();
            });
    double[] w =
        Trainer.of(objective, Optimizer.adam(0.1)).train(new double[layout.size()], 300).theta();
    List<double[]> logits =
        OTHERS.rows().stream()
            .map(
                row ->
                    new double[] {
                      row[0] * w[0] + row[1] * w[2] + w[4], row[0] * w[1] + row[1] * w[3] + w[5]
                    })
            .toList();
    double found = accuracy(logits, OTHERS);
    assertTrue(found > 0.4 && found < 0.8, "a straight line classifies " + found);
  }

  /// Steps do not depend on θ, as the discrete adjoint assumes. Central differences of a loss near
  /// 1 err by `1e-16/h + h²`, hence some 1e-10 at `h = 1e-5`. Tested with more than 256 rows, whose
  /// gradient is the sum over shards, and with few.
  @Test
  void byExactGradients() {
    Integrator steps = Integrator.of(Methods.TSIT5, StepSize.Constant.of(0.25, 4));
    Mlp layer = Mlp.of(Activation.TANH, 5, 4, 5);
    for (int rows : new int[] {30, 300}) {
      LabelledTable table = spiral(3, rows, 5);
      double[] start =
          table.rows().stream()
              .flatMapToDouble(row -> Arrays.stream(Arrays.copyOf(row, 5)))
              .toArray();
      Objective loss = Classifier.objective(layer, steps, start, 3, table.labels());
      double[] theta = layer.initial(new SplittableRandom(4));
      double[] gradient = new double[theta.length];
      double[] unused = new double[theta.length];
      loss.gradient(0, theta, gradient);
      for (int i = 0; i < theta.length; i++) {
        double[] there = theta.clone();
        there[i] += 1e-5;
        double above = loss.gradient(0, there, unused);
        there[i] -= 2e-5;
        double below = loss.gradient(0, there, unused);
        assertEquals((above - below) / 2e-5, gradient[i], 1e-9, "component " + i);
      }
      assertTrue(Arrays.stream(gradient).anyMatch(g -> Math.abs(g) > 0.01));
    }
  }

  @Test
  void ofALossThatIsTheOneTheyDescend() {
    Classifier classifier = untrained(TRAINING);
    double[] gradient = new double[classifier.theta().length];
    double descended = classifier.objective(TRAINING).gradient(0, classifier.theta(), gradient);
    // 120 rows are one block: the same solve.
    assertEquals(descended, classifier.crossEntropy(TRAINING), 1e-14);
    double others = classifier.objective(OTHERS).gradient(0, classifier.theta(), gradient);
    assertEquals(others, classifier.crossEntropy(OTHERS), 1e-4, "400 are several, of other steps");
  }

  /// Alone a row has steps of its own. The tolerance of a step is 1e-4, over some ten steps.
  @Test
  void whoseRowsAreIndependent() {
    Classifier classifier = trained(TRAINING, 200);
    List<double[]> together = classifier.probabilities(OTHERS.rows());
    for (int i = 0; i < together.size(); i++) {
      double[] alone = classifier.probabilities(List.of(OTHERS.rows().get(i))).getFirst();
      assertArrayEquals(alone, together.get(i), 1e-3);
    }
    assertEquals(List.of(), classifier.probabilities(List.of()));
  }

  @Test
  void withConstantFeaturesInAnyUnits() {
    LabelledTable more =
        new LabelledTable(
            List.of("x", "constant", "y"),
            TRAINING.rows().stream()
                .map(row -> new double[] {1e6 + 1000 * row[0], 7, 1e-9 * row[1]})
                .toList(),
            TRAINING.classes(),
            TRAINING.labels());
    double seen = accuracy(trained(more, 200), more);
    assertTrue(seen >= 0.99, "of what it saw " + seen);
  }

  @Test
  void forAnyNumberOfThreads() {
    Classifier classifier = untrained(TRAINING);
    List<double[]> once = classifier.probabilities(OTHERS.rows());
    IntStream.range(0, 32)
        .parallel()
        .mapToObj(_ -> classifier.probabilities(OTHERS.rows()))
        .forEach(
            again -> {
              for (int i = 0; i < once.size(); i++) {
                assertArrayEquals(once.get(i), again.get(i));
              }
            });
  }

  /// Classes are found by name, in any order.
  @Test
  void thatKnowClassesByName() {
    Classifier classifier = untrained(TRAINING);
    int[] swapped = Arrays.stream(TRAINING.labels()).map(label -> 1 - label).toArray();
    LabelledTable same =
        new LabelledTable(TRAINING.features(), TRAINING.rows(), List.of("outer", "inner"), swapped);
    assertEquals(classifier.crossEntropy(TRAINING), classifier.crossEntropy(same));
  }

  @Test
  void orAreRefused() {
    List<double[]> rows = List.of(new double[] {1, 2}, new double[] {3, 4});
    List<String> names = List.of("x", "y");
    int[] zeros = new int[2];
    says(
        "classifier: 2 features, 2 scaled, 1 classes, 16 hidden units; want 1, 1, 2 and 1 or more",
        () -> untrained(new LabelledTable(names, rows, List.of("a"), zeros)));
    Classifier classifier = untrained(TRAINING);
    says(
        "classifier: a row of class \"a\"; want one of [inner, outer]",
        () -> classifier.objective(new LabelledTable(names, rows, List.of("a"), zeros)));
    says(
        "classifier: 2 rows of [y, x]; want one or more of [x, y]",
        () ->
            classifier.objective(
                new LabelledTable(names.reversed(), rows, TRAINING.classes(), zeros)));
    says(
        "classifier: a row [1.0, NaN]; want a finite number for each of [x, y]",
        () -> classifier.probabilities(List.of(new double[] {1, Double.NaN})));
    says("classifier: 1 parameters; want 148", () -> classifier.with(new double[1]));
  }

  private static void says(String message, Executable refused) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, refused).getMessage());
  }
}
