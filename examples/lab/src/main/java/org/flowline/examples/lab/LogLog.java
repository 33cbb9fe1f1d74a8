package org.flowline.examples.lab;

import org.hipparchus.stat.regression.SimpleRegression;

/// Powers, as straight lines on logarithmic axes.
public final class LogLog {
  private LogLog() {}

  /// The `p` of `y ∝ xᵖ`, by least squares.
  public static double slope(double[] x, double[] y) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < x.length; i++) {
      line.addData(Math.log(x[i]), Math.log(y[i]));
    }
    return line.getSlope();
  }
}
