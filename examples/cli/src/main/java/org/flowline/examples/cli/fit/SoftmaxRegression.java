package org.flowline.examples.cli.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;

/// What straight lines tell of a table, without any flow: `softmax(x·W + b)` of the standardised
/// features. A classifier is worth what it knows beyond.
public record SoftmaxRegression(Scaling scaling, int classes, double[] theta) {
  private static final int ITERATIONS = 300;

  public static SoftmaxRegression of(LabelledTable table) {
    int rows = table.labels().length;
    int classes = table.classes().size();
    Scaling scaling = table.scaling();
    double[] x = scaling.scaled(table.rows()).stream().flatMapToDouble(Arrays::stream).toArray();
    double[] certain = new double[rows * classes];
    int[] labels = table.labels();
    for (int i = 0; i < rows; i++) {
      certain[i * classes + labels[i]] = 1;
    }
    Linear lines = new Linear(table.features().size(), classes);
    Parameters layout = lines.parameters();
    Objective loss =
        Objective.traced(
            layout.size(),
            theta -> {
              Var at = theta.constant(Shape.of(rows, lines.in()), x);
              Var logits = lines.apply(layout.of(theta), at);
              return logits.crossEntropy(logits.constant(Shape.of(rows, classes), certain)).mean();
            });
    double[] start = new double[layout.size()];
    Trainer.Result trained = Trainer.of(loss, Optimizer.adam(0.1)).train(start, ITERATIONS);
    return new SoftmaxRegression(scaling, classes, trained.theta());
  }

  /// Logits of each row, whose largest says the class.
  public List<double[]> logits(List<double[]> rows) {
    List<double[]> all = new ArrayList<>();
    for (double[] row : scaling.scaled(rows)) {
      double[] z = Arrays.copyOfRange(theta, row.length * classes, theta.length);
      for (int i = 0; i < row.length; i++) {
        for (int j = 0; j < classes; j++) {
          z[j] += row[i] * theta[i * classes + j];
        }
      }
      all.add(z);
    }
    return all;
  }
}
