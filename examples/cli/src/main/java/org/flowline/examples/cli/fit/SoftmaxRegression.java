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

/// The linear baseline of a classifier, `softmax(x·W + b)` of the standardised features.
public record SoftmaxRegression(Scaling scaling, int classes, double[] theta) {
  private static final int ITERATIONS = 300;

  /// Fits the baseline to a table by Adam.
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

  /// Returns the logits of each row; the largest is the prediction.
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
