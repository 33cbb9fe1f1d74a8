package org.flowline.neuralode.training.objective;

import java.util.List;
import org.flowline.neuralode.loss.TwiceDifferentiableLoss;

/// The squared distances of one series, over the number of all values in the loss:
///
///     L(y) = 1/N Σᵢ Σⱼ (yᵢⱼ − dataᵢⱼ)²        over the values that are not NaN
///
/// @param rows the data; NaN where a value is missing
/// @param dimension of states, whose first components are the measured ones
/// @param values `N`
record SeriesLoss(List<double[]> rows, int dimension, long values)
    implements TwiceDifferentiableLoss {

  @Override
  public double evaluate(double[] y, double[] yBar) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      double datum = datum(i);
      double residual = y[i] - datum;
      boolean missing = Double.isNaN(datum);
      yBar[i] = missing ? 0 : 2 * residual / values;
      sum += missing ? 0 : residual * residual;
    }
    return sum / values;
  }

  @Override
  public void curvature(double[] y, double[] dy, double[] yBar, double[] product) {
    evaluate(y, yBar);
    for (int i = 0; i < y.length; i++) {
      product[i] = Double.isNaN(datum(i)) ? 0 : 2 * dy[i] / values;
    }
  }

  private double datum(int i) {
    double[] row = rows.get(i / dimension);
    int component = i % dimension;
    return component < row.length ? row[component] : Double.NaN;
  }
}
