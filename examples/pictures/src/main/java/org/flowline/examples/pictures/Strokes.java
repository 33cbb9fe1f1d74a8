package org.flowline.examples.pictures;

import java.util.Arrays;

/// Polylines in XChart's format: columns of coordinates, with NaN between lines.
public final class Strokes {
  private double[] x = new double[64];
  private double[] y = new double[64];
  private int points;

  /// Appends a point to the line.
  public void to(double toX, double toY) {
    if (points == x.length) {
      x = Arrays.copyOf(x, 2 * points);
      y = Arrays.copyOf(y, 2 * points);
    }
    x[points] = toX;
    y[points++] = toY;
  }

  public void lift() {
    to(points == 0 ? 0 : x[points - 1], Double.NaN);
  }

  /// Appends an arrow centred at a point.
  public void arrow(double atX, double atY, double dx, double dy, double head) {
    double length = Math.hypot(dx, dy);
    double tipX = atX + dx / 2;
    double tipY = atY + dy / 2;
    double barb = Math.min(head, 0.5 * length) / length;
    to(atX - dx / 2, atY - dy / 2);
    to(tipX, tipY);
    to(tipX - barb * (dx + 0.5 * dy), tipY - barb * (dy - 0.5 * dx));
    lift();
    to(tipX, tipY);
    to(tipX - barb * (dx - 0.5 * dy), tipY - barb * (dy + 0.5 * dx));
    lift();
  }

  /// Returns the horizontal and the vertical coordinates.
  public double[][] columns() {
    return new double[][] {Arrays.copyOf(x, points), Arrays.copyOf(y, points)};
  }
}
