package org.flowline.examples.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Charts and series in the common look: colours that colour-blind readers can distinguish (Okabe &
/// Ito 2008), thin grids, labelled axes.
public final class Pictures {
  private static final String PLAIN = "0.########";
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x000000));
  private static final List<Marker> SHAPES =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_DOWN,
          SeriesMarkers.CROSS,
          SeriesMarkers.PLUS);
  private static final BasicStroke LINE =
      new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

  /// The line style of limits and bounds.
  public static final BasicStroke DASHES =
      new BasicStroke(
          2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {8f, 6f}, 0f);

  private static final Color REGION = new Color(0xF1ECDD);
  private static final Color FAINT = new Color(0xA8A8A8);

  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

  private static final int LONGEST_NAME = 24;

  /// The largest matrix with numbers in its cells.
  private static final int MOST_NUMBERS = 20;

  /// The width of a letter and the height of a row of text on an axis, in pixels.
  private static final int LETTER = 9;

  private static final int ROW = 16;

  private Pictures() {}

  /// The colour with this index, which wraps around.
  public static Color colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  /// An empty chart with title and axes.
  public static XYChart chart(String title, String x, String y) {
    return chart(title, x, y, 960, 600);
  }

  public static XYChart panel(String title, String x, String y) {
    return chart(title, x, y, 700, 520);
  }

  /// An empty chart with title and axes, of a size in pixels.
  public static XYChart chart(String title, String x, String y, int width, int height) {
    XYChart chart = new XYChart(width, height);
    dress(chart, title, x, y);
    chart.getStyler().setMarkerSize(7);
    return chart;
  }

  /// A heat map of a square matrix from white to light blue, with the numbers in its cells unless
  /// there are too many. Names that are wider than a column run upwards.
  public static HeatMapChart table(
      String title, String x, String y, List<String> names, int[][] values) {
    // Only a constructor with a theme sets the sizes of a heat map, which are 0 otherwise.
    HeatMapChart chart = new HeatMapChart(700, 520, Styler.ChartTheme.XChart);
    dress(chart, title, x, y);
    chart.getStyler().setRangeColors(new Color[] {Color.WHITE, colour(5)});
    chart.getStyler().setShowValue(names.size() <= MOST_NUMBERS);
    chart.getStyler().setHeatMapValueDecimalPattern("0").setValueFont(TEXT);
    chart.getStyler().setDrawBorder(true).setPlotGridLinesVisible(false);
    chart.getStyler().setLegendVisible(false);
    int widest = LETTER * names.stream().mapToInt(String::length).max().orElse(0);
    chart.getStyler().setXAxisLabelRotation(widest * names.size() > 500 ? 90 : 0);
    chart.getStyler().setXAxisTickMarkSpacingHint(ROW).setYAxisTickMarkSpacingHint(ROW);
    List<Number[]> cells = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values.length; j++) {
        cells.add(new Number[] {j, values.length - 1 - i, values[i][j]});
      }
    }
    chart.addSeries("rows", names, names.reversed(), cells);
    return chart;
  }

  private static void dress(
      AxesChart<? extends AxesChartStyler, ?> chart, String title, String x, String y) {
    chart.setTitle(title);
    chart.setXAxisTitle(x);
    chart.setYAxisTitle(y);
    AxesChartStyler styler = chart.getStyler();
    styler
        .setChartTitleFont(TEXT.deriveFont(Font.BOLD, 17f))
        .setLegendFont(TEXT)
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setLegendBorderColor(Color.WHITE)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setChartPadding(14);
    styler
        .setAxisTitleFont(TEXT)
        .setAxisTickLabelsFont(TEXT.deriveFont(13f))
        .setPlotGridLinesColor(new Color(0xE0E0E0))
        .setPlotGridLinesStroke(new BasicStroke(1f))
        .setPlotBorderColor(new Color(0x909090));
    styler.setYAxisTickMarkSpacingHint(60).setYAxisDecimalPattern(PLAIN);
  }

  /// A pale version of a colour, for the background of its markers.
  public static Color pale(int index) {
    Color colour = colour(index);
    return new Color(lit(colour.getRed()), lit(colour.getGreen()), lit(colour.getBlue()));
  }

  private static int lit(int part) {
    return 255 - (255 - part) / 5;
  }

  /// Moves the legend below the chart, in a row.
  public static void below(XYChart chart) {
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal).setLegendPadding(16);
  }

  /// Aligns the left edges of plots with the one that has the widest labels. The charts have equal
  /// widths and limits of the horizontal axis.
  public static void align(List<XYChart> charts) {
    double furthest = charts.stream().mapToDouble(Pictures::left).max().orElse(0);
    for (XYChart chart : charts) {
      int hint = (int) Math.ceil(furthest) + chart.getStyler().getChartPadding();
      chart.getStyler().setYAxisLeftWidthHint(hint);
      hint += (int) Math.round(furthest - left(chart));
      chart.getStyler().setYAxisLeftWidthHint(hint);
    }
  }

  private static double left(XYChart chart) {
    layOut(chart);
    return chart.getScreenXFromChart(chart.getStyler().getXAxisMin());
  }

  /// Determines the positions of a chart's axes, which XChart does while painting only.
  public static void layOut(XYChart chart) {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    graphics.dispose();
  }

  /// Adds a series without a style.
  public static XYSeries series(XYChart chart, String name, double[] x, double[] y) {
    XYSeries series = chart.addSeries(unique(chart, name), x, y);
    series.setLabel(name);
    return series;
  }

  public static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color colour) {
    return asLine(series(chart, name, x, y), colour);
  }

  public static XYSeries asLine(XYSeries series, Color colour) {
    series.setLineColor(colour).setLineStyle(LINE);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  /// Styles a closed polygon as a faint region; later series are painted over it.
  public static XYSeries asRegion(XYSeries series) {
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(REGION);
    series.setLineColor(REGION).setLineStyle(new BasicStroke(0f));
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  /// Styles a series as a faint line, such as the arrows of a field.
  public static XYSeries asFaintLine(XYSeries series) {
    asLine(series, FAINT).setLineStyle(new BasicStroke(1.2f));
    return series;
  }

  /// Makes the vertical axis logarithmic over the whole decades of these values.
  public static void logarithmic(XYChart chart, double[] values) {
    double low = Arrays.stream(values).min().orElse(1);
    double high = Arrays.stream(values).max().orElse(1);
    double bottom = Math.floor(Math.log10(low));
    double top = Math.max(bottom + 1, Math.ceil(Math.log10(high)));
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(Math.pow(10, bottom)).setYAxisMax(Math.pow(10, top));
    chart.getStyler().setYAxisTickLabelsFormattingFunction(Pictures::decade);
    if (top - bottom > 6) {
      chart.getStyler().setPlotGridLinesColor(new Color(0xF2F2F2));
    }
  }

  /// Formats a power of ten: as a plain number between 0.001 and 1000, else as `10ⁿ`.
  private static String decade(double value) {
    int exponent = (int) Math.round(Math.log10(value));
    if (Math.abs(exponent) <= 3) {
      return BigDecimal.valueOf(value)
          .round(new MathContext(3))
          .stripTrailingZeros()
          .toPlainString();
    }
    return "10" + Numbers.raised(exponent);
  }

  /// Shortens a long name to its beginning and its end, so that names with a common prefix differ.
  public static String shortened(String name) {
    int length = name.codePointCount(0, name.length());
    if (length <= LONGEST_NAME) {
      return name;
    }
    int begins = name.offsetByCodePoints(0, LONGEST_NAME / 2 - 1);
    int ends = name.offsetByCodePoints(name.length(), -LONGEST_NAME / 2);
    return name.substring(0, begins) + "…" + name.substring(ends);
  }

  /// Labels the horizontal axis with round numbers. XChart labels equidistant values themselves; an
  /// invisible point makes the distances unequal.
  public static void roundTicks(XYChart chart) {
    double[] x =
        Arrays.stream(all(chart, XYSeries::getXData)).filter(Double::isFinite).sorted().toArray();
    double y =
        Arrays.stream(all(chart, XYSeries::getYData)).filter(Double::isFinite).max().orElse(1);
    double between = x[0] + (x[x.length - 1] - x[0]) / Math.E;
    points(chart, " ", new double[] {between}, new double[] {y}, Color.WHITE)
        .setMarker(SeriesMarkers.NONE)
        .setShowInLegend(false);
    chart.getStyler().setXAxisDecimalPattern("0.######");
  }

  /// Labels a vertical axis with powers of ten if plain numbers would be very long or all zero.
  static void shorten(XYChart chart) {
    double[] values =
        Arrays.stream(all(chart, XYSeries::getYData)).filter(Double::isFinite).toArray();
    double low = Arrays.stream(values).min().orElse(0);
    double high = Arrays.stream(values).max().orElse(0);
    double largest = Math.max(Math.abs(low), Math.abs(high));
    boolean plain = largest == 0 || (largest >= 1e-5 && largest < 1e9);
    if (!plain
        && PLAIN.equals(chart.getStyler().getYAxisDecimalPattern())
        && chart.getStyler().getYAxisTickLabelsFormattingFunction() == null) {
      chart.getStyler().setYAxisTickLabelsFormattingFunction(Scale.plain(low, high)::label);
    }
  }

  /// A name that is unique in the chart, as XChart requires.
  private static String unique(XYChart chart, String name) {
    return chart.getSeries(name) != null ? unique(chart, name + "′") : name;
  }

  public static XYSeries points(XYChart chart, String name, double[] x, double[] y, Color colour) {
    XYSeries series = series(chart, name, x, y);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
    return series;
  }

  public static XYSeries lineWithPoints(
      XYChart chart, String name, double[] x, double[] y, Color colour) {
    XYSeries series = line(chart, name, x, y, colour);
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
    return series;
  }

  /// Adds a line with markers of the `index`-th colour and shape, which differ without colours,
  /// too.
  public static XYSeries markedLine(XYChart chart, String name, double[] x, double[] y, int index) {
    XYSeries series = lineWithPoints(chart, name, x, y, colour(index));
    series.setMarker(SHAPES.get(index % SHAPES.size()));
    return series;
  }

  /// Makes the vertical axis logarithmic over the whole decades of its positive values.
  public static void logarithmicY(XYChart chart) {
    logarithmic(chart, Arrays.stream(all(chart, XYSeries::getYData)).filter(y -> y > 0).toArray());
  }

  /// Makes the vertical axis logarithmic and tight around values within a decade or two.
  public static void logarithmicYAround(XYChart chart) {
    double[] y = all(chart, XYSeries::getYData);
    chart.getStyler().setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(false);
    chart.getStyler().setYAxisTickLabelsFormattingFunction(Pictures::oneTwoFive);
    chart.getStyler().setYAxisMin(Arrays.stream(y).min().orElse(1) / 1.3);
    chart.getStyler().setYAxisMax(Arrays.stream(y).max().orElse(10) * 1.3);
  }

  /// Adds markers of the `index`-th colour and shape.
  public static XYSeries marks(XYChart chart, String name, double[] x, double[] y, int index) {
    XYSeries series = points(chart, name, x, y, colour(index));
    series.setMarker(SHAPES.get(index % SHAPES.size()));
    return series;
  }

  /// Makes both axes logarithmic: the vertical one over whole decades, the horizontal one tight.
  public static void logarithmic(XYChart chart) {
    double[] x = all(chart, XYSeries::getXData);
    logarithmicY(chart);
    chart.getStyler().setXAxisLogarithmic(true).setXAxisLogarithmicDecadeOnly(false);
    chart.getStyler().setXAxisTickLabelsFormattingFunction(Pictures::oneTwoFive);
    chart.getStyler().setXAxisMin(Arrays.stream(x).min().orElse(1) / 1.3);
    chart.getStyler().setXAxisMax(Arrays.stream(x).max().orElse(10) * 1.3);
  }

  /// Formats 1, 2 and 5 times a power of ten, and nothing else.
  private static String oneTwoFive(double value) {
    double mantissa = value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
    long digit = Math.round(mantissa);
    return digit == 1 || digit == 2 || digit == 5
        ? BigDecimal.valueOf(value).round(new MathContext(1)).stripTrailingZeros().toPlainString()
        : "";
  }

  private static double[] all(XYChart chart, Function<XYSeries, double[]> values) {
    return chart.getSeriesCollection().stream()
        .flatMapToDouble(series -> Arrays.stream(values.apply(series)))
        .toArray();
  }
}
