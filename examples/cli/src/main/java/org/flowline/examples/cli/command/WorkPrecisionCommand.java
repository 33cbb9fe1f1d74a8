package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.flowline.examples.bench.WorkPrecision;
import org.flowline.examples.bench.WorkPrecision.Diagram;
import org.flowline.examples.bench.WorkPrecision.Point;
import org.flowline.examples.bench.WorkPrecision.Series;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.OverwriteOption;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.cli.report.Text;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.knowm.xchart.XYChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Draws work-precision diagrams: error against evaluations and against time, for each problem.
@Command(name = "work-precision", mixinStandardHelpOptions = true)
public final class WorkPrecisionCommand implements Callable<Integer> {
  @Mixin private JsonOption json;
  @Mixin private OverwriteOption overwrite;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/work-precision")
  private Path out;

  @Option(names = "--seconds", paramLabel = "S", defaultValue = "30")
  private double seconds;

  @Spec private CommandSpec spec;

  /// The results that `--json` prints.
  record Report(List<Diagram> diagrams, String out) {}

  @Override
  public Integer call() {
    CommandWords.requirePositive(spec, "--seconds", seconds);
    OutputFolder folder = overwrite.open(out, "van-der-pol-time.png");
    CommandWords.say(spec, "measuring for about %.0f s", Math.ceil(seconds));
    WorkPrecision measured = WorkPrecision.measure(seconds);
    for (Diagram diagram : measured.diagrams()) {
      XYChart work = picture(diagram, "evaluations of the right-hand side", Point::nfe);
      XYChart time = picture(diagram, "time of a solve in milliseconds, median", Point::medianMs);
      folder.add(Picture.of(diagram.file() + "-evaluations", "Error against evaluations.", work));
      folder.add(Picture.of(diagram.file() + "-time", "Error against time.", time));
    }
    folder.write();
    json.print(new Report(measured.diagrams(), out.toString()), () -> text(measured, folder));
    return 0;
  }

  private static XYChart picture(Diagram diagram, String cost, ToDoubleFunction<Point> costOf) {
    XYChart chart =
        Pictures.chart(
            diagram.problem() + ": a point per decade of tolerance, 1e-3 down",
            cost,
            "error at the end, max |y − ŷ| / (1 + |ŷ|)");
    for (int i = 0; i < diagram.series().size(); i++) {
      Series series = diagram.series().get(i);
      double[] x = series.points().stream().mapToDouble(costOf).toArray();
      double[] y = series.points().stream().mapToDouble(Point::error).toArray();
      Pictures.markedLine(chart, series.method(), x, y, i);
    }
    Pictures.logarithmic(chart);
    return chart;
  }

  /// The cost of an error of 1e-5 for each method.
  private static String text(WorkPrecision measured, OutputFolder folder) {
    String format = "%7.0e  %8d evaluations  %9.3f ms  error %.1e";
    StringBuilder text = new StringBuilder();
    for (Diagram diagram : measured.diagrams()) {
      text.append(diagram.problem()).append(", the loosest tolerance for an error below 1e-5\n");
      for (Series series : diagram.series()) {
        String found =
            series.points().stream()
                .filter(point -> point.error() < 1e-5)
                .findFirst()
                .map(it -> Text.format(format, it.tolerance(), it.nfe(), it.medianMs(), it.error()))
                .orElse("not reached");
        text.append(Text.format("  %-16s %s%n", series.method(), found));
      }
    }
    return text.append("written   ").append(folder).toString();
  }
}
