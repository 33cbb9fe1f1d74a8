package org.flowline.examples.gallery;

import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.odesolvers.Solution;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/// The outcome of a program: figures beside their expected values, and a picture.
public final class Outcome {

  /// A figure beside its expected value.
  ///
  /// @param tolerance the largest error at which the figure holds
  public record Figure(String name, double value, double expected, double tolerance) {
    /// Returns whether the figure is within its tolerance.
    public boolean holds() {
      return Math.abs(value - expected) <= tolerance;
    }

    /// Returns a line such as `restitution 0.700000, expected 0.700000, error 3.1e-12`.
    @Override
    public String toString() {
      double error = Math.abs(value - expected);
      String line = "%s %.6f, expected %.6f, error %.1e";
      return String.format(Locale.ROOT, line, name, value, expected, error)
          + (holds() ? "" : " (DOES NOT HOLD)");
    }
  }

  private final String program;
  private final List<Figure> figures = new ArrayList<>();
  private final XYChart chart;

  private Outcome(String program, XYChart chart) {
    this.program = program;
    this.chart = chart;
  }

  /// An outcome without figures and with an empty chart.
  static Outcome of(Class<?> program, String title, String x, String y) {
    XYChart chart = Pictures.chart(title, x, y, 480, 340);
    Pictures.below(chart);
    return new Outcome(program.getSimpleName(), chart);
  }

  /// Returns 201 equidistant numbers.
  static double[] grid(double from, double to) {
    double[] grid = new double[201];
    Arrays.setAll(grid, i -> from + (to - from) * i / 200);
    return grid;
  }

  /// Adds a figure.
  Outcome figure(String name, double value, double expected, double tolerance) {
    figures.add(new Figure(name, value, expected, tolerance));
    return this;
  }

  /// Adds a line through points.
  Outcome line(String name, double[] x, double[] y) {
    Pictures.line(chart, name, x, y, next());
    return this;
  }

  /// Adds the graph of a component of a solution.
  Outcome line(String name, Solution solution, int component) {
    return line(name, solution.times(), column(solution, component));
  }

  /// Adds a thin grey line that the legend leaves out.
  Outcome faint(Solution solution, int component) {
    double[] y = column(solution, component);
    Pictures.asFaintLine(Pictures.series(chart, " ", solution.times(), y)).setShowInLegend(false);
    return this;
  }

  /// Adds dots, such as data.
  Outcome dots(String name, double[] x, double[] y) {
    Pictures.points(chart, name, x, y, Color.BLACK);
    return this;
  }

  /// Adds 11 dots on the graph of a function, such as the exact solution.
  Outcome dots(String name, double from, double to, DoubleUnaryOperator y) {
    double[] x =
        IntStream.rangeClosed(0, 10).mapToDouble(i -> from + i * (to - from) / 10).toArray();
    return dots(name, x, Arrays.stream(x).map(y).toArray());
  }

  /// Sets the limits of both axes.
  Outcome within(double left, double right, double bottom, double top) {
    chart.getStyler().setXAxisMin(left).setXAxisMax(right);
    chart.getStyler().setYAxisMin(bottom).setYAxisMax(top);
    return this;
  }

  /// Returns a component of a solution at each of its times.
  static double[] column(Solution solution, int component) {
    return column(List.of(solution.values()), component);
  }

  /// Returns a component of each vector.
  static double[] column(List<double[]> vectors, int component) {
    return vectors.stream().mapToDouble(y -> y[component]).toArray();
  }

  private Color next() {
    long lines = chart.getSeriesCollection().stream().filter(XYSeries::isShowInLegend).count();
    return Pictures.colour((int) lines);
  }

  /// Returns the figures.
  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  /// Returns whether all figures are within their tolerances.
  public boolean holds() {
    return figures.stream().allMatch(Figure::holds);
  }

  /// Returns the picture, named after the program.
  public Picture picture() {
    Pictures.roundTicks(chart);
    return Picture.of(program, chart.getTitle(), chart);
  }

  /// Prints the figures, and writes the picture to the folder `args[0]` if there is one.
  void show(String... args) {
    figures.forEach(System.out::println);
    for (String folder : args) {
      try {
        Path file = Files.createDirectories(Path.of(folder)).resolve(program + ".png");
        picture().writePng(file);
        System.out.println("written " + file);
      } catch (IOException e) {
        throw new UncheckedIOException(folder, e);
      }
    }
  }
}
