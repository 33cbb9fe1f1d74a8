package org.flowline.neuralode.loss;

/// Augmented states, with columns of zeros appended to the measured ones: trajectories may cross in
/// the measured columns. Dupont, Doucet & Teh (2019).
///
/// @param rows the number of samples of a state
/// @param columns the number of measured columns
/// @param extra the number of appended columns
public record Augmentation(int rows, int columns, int extra) {

  /// @throws IllegalArgumentException if there is no row or column, or `extra` is negative
  public Augmentation {
    if (rows < 1 || columns < 1 || extra < 0) {
      throw new IllegalArgumentException(
          "augmentation: %s rows of %s + %s columns; want 1 or more rows and columns, 0 or more extra"
              .formatted(rows, columns, extra));
    }
  }

  /// A measured state with zeros appended to each row.
  ///
  /// @throws IllegalArgumentException if there are not `rows·columns` values
  public double[] start(double[] measured) {
    require("start", measured, rows * columns);
    return measuredColumns(measured, columns, columns + extra);
  }

  /// The measured columns of a state, or of a gradient with respect to one.
  ///
  /// @throws IllegalArgumentException if there are not `rows·(columns + extra)` values
  public double[] measured(double[] state) {
    require("measured", state, rows * (columns + extra));
    return measuredColumns(state, columns + extra, columns);
  }

  private double[] measuredColumns(double[] from, int fromWidth, int width) {
    double[] to = new double[rows * width];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, row * fromWidth, to, row * width, columns);
    }
    return to;
  }

  private void require(String what, double[] values, int wanted) {
    if (values.length != wanted) {
      throw new IllegalArgumentException(
          "augmentation: %s values for %s; want %s, %s rows"
              .formatted(values.length, what, wanted, rows));
    }
  }

  /// A loss of the measured columns as a loss of the augmented states.
  public TrajectoryLoss loss(TrajectoryLoss ofMeasured) {
    return (y, yBar) -> {
      int times = y.length / (rows * (columns + extra));
      Augmentation stacked = new Augmentation(times * rows, columns, extra);
      double[] measured = stacked.measured(y);
      double[] measuredBar = new double[measured.length];
      double loss = ofMeasured.evaluate(measured, measuredBar);
      System.arraycopy(stacked.start(measuredBar), 0, yBar, 0, yBar.length);
      return loss;
    };
  }
}
