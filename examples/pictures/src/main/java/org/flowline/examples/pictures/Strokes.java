package org.flowline.examples.pictures;

import java.util.stream.DoubleStream;

/// Polylines in XChart's format: columns of coordinates, with NaN between lines.
public final class Strokes {
  private final DoubleStream.Builder x = DoubleStream.builder();
  private final DoubleStream.Builder y = DoubleStream.builder();
  private double last;

  /// Appends a point to the line.
  public void to(double toX, double toY) {
    x.add(toX);
    y.add(toY);
    last = toX;
  }

  public void lift() {
    to(last, Double.NaN);
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

  /// Returns the horizontal and the vertical coordinates, and ends the drawing.
  public double[][] columns() {
    return new double[][] {x.build().toArray(), y.build().toArray()};
  }
}
