package org.flowline.neuralode.loss;

/// States with more columns than are measured, zeros at the start: trajectories that may not cross
/// in the measured columns may in more of them. Dupont, Doucet & Teh (2019).
///
/// @param rows samples of a state
/// @param columns measured columns
/// @param extra columns appended to each row
public record Augmentation(int rows, int columns, int extra) {

  /// @throws IllegalArgumentException if there is no row or column, or fewer than no extra ones
  public Augmentation {
    if (rows < 1 || columns < 1 || extra < 0) {
      throw new IllegalArgumentException(
          "augmentation: "
              + rows
              + " rows of "
              + columns
              + " + "
              + extra
              + " columns; want 1 or more rows and columns, 0 or more extra");
    }
  }

  /// A measured state with zeros appended to each row.
  ///
  /// @throws IllegalArgumentException if there are not `rows·columns` values
  public double[] start(double[] measured) {
    require("start", measured, rows * columns);
    double[] state = new double[rows * (columns + extra)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(measured, row * columns, state, row * (columns + extra), columns);
    }
    return state;
  }

  /// The measured columns of a state, or of a gradient with respect to one.
  ///
  /// @throws IllegalArgumentException if there are not `rows·(columns + extra)` values
  public double[] measured(double[] state) {
    require("measured", state, rows * (columns + extra));
    double[] measured = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(state, row * (columns + extra), measured, row * columns, columns);
    }
    return measured;
  }

  private void require(String what, double[] values, int wanted) {
    if (values.length != wanted) {
      throw new IllegalArgumentException(
          "augmentation: "
              + values.length
              + " values for "
              + what
              + "; want "
              + wanted
              + ", "
              + rows
              + " rows");
    }
  }

  /// A loss of the measured columns as one of the whole states; nothing pulls on the others.
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
