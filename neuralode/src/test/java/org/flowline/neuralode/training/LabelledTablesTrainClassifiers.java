package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.Augmentation;
import org.flowline.neuralode.DiscreteAdjoint;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.PreparedGradient;
import org.flowline.neuralode.TrajectoryGradient;
import org.flowline.neuralode.TrajectoryLoss;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepSize;
import org.junit.jupiter.api.Test;

/// Two arms of a spiral, which no straight line parts, are told from each other by a Neural ODE
/// that learned from a table. Rows of features flow for one unit of time, and further columns that
/// start at 0 arrive as the logits:
///
///     d[x, z]/dt = mlp([x, z]; θ),   z(0) = 0        L = mean cross-entropy of softmax(z(1))
class LabelledTablesTrainClassifiers {
  private static final double[] TIMES = {0, 1};
  private static final List<String> ARMS = List.of("inner", "outer");

  /// Three quarters of a turn each, at distances of 0.4 to 1.4, with noise.
  private static LabelledTable spiral(int rows, RandomGenerator random) {
    StringBuilder text = new StringBuilder("x,y,arm\n");
    for (int i = 0; i < rows; i++) {
      double s = random.nextDouble();
      double angle = Math.PI * (1.5 * s + i % 2);
      double x = (0.4 + s) * Math.cos(angle) + 0.05 * random.nextGaussian();
      double y = (0.4 + s) * Math.sin(angle) + 0.05 * random.nextGaussian();
      text.append(x).append(',').append(y).append(',').append(ARMS.get(i % 2)).append('\n');
    }
    return LabelledTable.read("spiral", new StringReader(text.toString()), "arm", List.of());
  }

  private static double[] features(LabelledTable table) {
    return table.rows().stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /// Of each row 1 for its class, 0 for the others.
  private static double[] classes(LabelledTable table) {
    int[] labels = table.labels();
    double[] p = new double[2 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      p[2 * i + labels[i]] = 1;
    }
    return p;
  }

  private static Var crossEntropy(Var logits, LabelledTable table) {
    Shape shape = Shape.of(table.labels().length, 2);
    return logits.crossEntropy(logits.constant(shape, classes(table))).mean();
  }

  /// The share of rows whose class has the larger of the two logits, `columns` apart.
  private static double accuracy(double[] logits, int columns, LabelledTable table) {
    int[] labels = table.labels();
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      int last = (i + 1) * columns - 1;
      right += (logits[last] > logits[last - 1] ? 1 : 0) == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  private final LabelledTable training = spiral(120, new SplittableRandom(1));
  private final LabelledTable others = spiral(400, new SplittableRandom(2));

  private static final Mlp LAYER = Mlp.of(Activation.TANH, 4, 16, 4);
  private static final Integrator SOLVER =
      Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-4, 1e-4));

  private double[] arrived(double[] theta, LabelledTable table) {
    int rows = table.labels().length;
    NeuralField field = NeuralField.of(LAYER, rows, 4);
    field.bind(theta);
    double[] start = new Augmentation(rows, 2, 2).start(features(table));
    return SOLVER.solve(field, start, TIMES).orThrow().last();
  }

  @Test
  void thatKnowRowsTheyHaveNotSeen() {
    int rows = training.labels().length;
    NeuralField field = NeuralField.of(LAYER, rows, 4);
    PreparedGradient gradients = new DiscreteAdjoint(SOLVER).prepare(field);
    double[] start = new Augmentation(rows, 2, 2).start(features(training));
    TrajectoryLoss loss =
        TrajectoryLoss.traced(
            2,
            rows * 4,
            y ->
                crossEntropy(
                    y.reshape(2 * rows, 4).slice(0, rows, 2 * rows).slice(1, 2, 4), training));
    Objective objective =
        Objective.of(
            field.parameterCount(),
            (theta, gradient) -> {
              field.bind(theta);
              TrajectoryGradient found = gradients.gradient(start, TIMES, loss);
              System.arraycopy(found.theta(), 0, gradient, 0, gradient.length);
              return found.loss();
            });
    Trainer.Result result =
        Trainer.of(objective, Optimizer.adam(0.03))
            .train(LAYER.initial(new SplittableRandom(3)), 200)
            .orThrow();
    double seen = accuracy(arrived(result.theta(), training), 4, training);
    double unseen = accuracy(arrived(result.theta(), others), 4, others);
    assertTrue(seen == 1 && unseen >= 0.98, "of what it saw " + seen + ", of others " + unseen);
  }

  /// The same table without a flow: as far as a straight line goes.
  @Test
  void thatStraightLinesDoNot() {
    Linear line = new Linear(2, 2);
    Parameters layout = line.parameters();
    Objective objective =
        Objective.traced(
            layout.size(),
            theta -> {
              Shape shape = Shape.of(training.labels().length, 2);
              Var x = theta.constant(shape, features(training));
              return crossEntropy(line.apply(layout.of(theta), x), training);
            });
    double[] theta =
        Trainer.of(objective, Optimizer.adam(0.1)).train(new double[layout.size()], 300).theta();
    double[] x = features(others);
    double[] logits = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i / 2 * 2;
      logits[i] = x[row] * theta[i % 2] + x[row + 1] * theta[2 + i % 2] + theta[4 + i % 2];
    }
    double found = accuracy(logits, 2, others);
    assertTrue(found > 0.4 && found < 0.8, "a straight line knows " + found);
  }
}
