package org.flowline.examples.cli.report;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Figure;
import org.flowline.examples.pictures.Numbers;
import org.flowline.examples.pictures.Page;
import org.flowline.neuralode.gradient.GradientAudit;
import org.flowline.neuralode.model.Model;

/// All about a training on one page that needs nothing else.
///
/// @param data what the data are called
/// @param ended how, as a sentence
/// @param numbers of the training by name, each with its unit
/// @param settings by option
/// @param fit of the model
/// @param figures in their order
/// @param audit of its gradients
/// @param diagnosis if it was asked for, in lines
/// @param folder where the model is
public record RunReport(
    String data,
    String ended,
    Map<String, String> numbers,
    Map<String, ?> settings,
    Fit fit,
    List<Figure> figures,
    Audit audit,
    Optional<String> diagnosis,
    Path folder) {

  /// A name and what belongs to it.
  record Entry(String name, String value) {}

  /// A row of the table of errors.
  record ErrorRow(
      Part part,
      String component,
      int count,
      String rmse,
      String mean,
      String persistence,
      boolean good,
      String verdict) {

    static ErrorRow of(Score score) {
      double skill = score.skill();
      boolean known = Double.isFinite(skill);
      return new ErrorRow(
          score.part(),
          score.component(),
          score.count(),
          shown(score.rmse()),
          shown(score.mean()),
          shown(score.persistence()),
          skill > 0,
          known ? String.format(Locale.ROOT, "%+.0f %%", -100 * skill) : "—");
    }
  }

  /// A row of the table of gradients.
  ///
  /// @param good whether its errors are small
  /// @param bad whether one is so large that the gradient leads elsewhere
  /// @param verdict in words
  record AuditRow(
      String name,
      String theta,
      String y0,
      String times,
      String slope,
      long forward,
      long back,
      boolean good,
      boolean bad,
      String verdict) {
    private static final double CLOSE = 1e-2;
    private static final double FAR = 0.1;

    static AuditRow of(GradientAudit.Row row) {
      double worst =
          DoubleStream.of(row.errors().theta(), row.errors().y0(), row.errors().times())
              .filter(error -> !Double.isNaN(error))
              .max()
              .orElse(Double.NaN);
      boolean good = worst <= CLOSE;
      boolean bad = !good && !(worst <= FAR);
      return new AuditRow(
          row.name(),
          exponent(row.errors().theta()),
          exponent(row.errors().y0()),
          exponent(row.errors().times()),
          Double.isNaN(row.taylorSlope())
              ? "—"
              : String.format(Locale.ROOT, "%.2f", row.taylorSlope()),
          row.nfeForward(),
          row.nfeBackward(),
          good,
          bad,
          good ? "close" : bad ? "far off" : "rough");
    }
  }

  /// The page.
  public String html() {
    Model model = fit.model();
    return Page.of(RunReport.class, "report.mustache", RunReport::shown)
        .filledIn(
            Map.ofEntries(
                Map.entry("data", data),
                Map.entry("ended", ended),
                Map.entry("about", about()),
                Map.entry("numbers", entries(numbers)),
                Map.entry("settings", entries(settings)),
                Map.entry("errors", fit.scores().stream().map(ErrorRow::of).toList()),
                Map.entry("validates", fit.validates()),
                Map.entry("failures", failures()),
                Map.entry("figures", figures),
                Map.entry("audited", audit.on()),
                Map.entry(
                    "check", audit.found().map(found -> List.of(check(found))).orElse(List.of())),
                Map.entry("doubt", audit.found().flatMap(GradientAudit::doubt).orElse("")),
                Map.entry("gradients", audit.found().map(RunReport::rows).orElse(List.of())),
                Map.entry("refused", audit.found().map(GradientAudit::refused).orElse(List.of())),
                Map.entry("diagnosis", diagnosis.stream().toList()),
                Map.entry("file", folder.resolve("model.flowline").toString()),
                Map.entry("from", start(",")),
                Map.entry("start", start(", ")),
                Map.entry("driven", !model.inputs().isEmpty()),
                Map.entry("inputs", String.join(", ", model.inputs())),
                Map.entry("times", times(model)),
                Map.entry("components", String.join(", ", model.names()))));
  }

  private List<Entry> about() {
    Model model = fit.model();
    long rows = fit.courses().stream().mapToLong(course -> course.measured().size()).sum();
    long learnt = fit.courses().stream().mapToLong(FittedTrajectory::trained).sum();
    long missing =
        fit.courses().stream()
            .flatMap(course -> course.series().rows().stream())
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isNaN)
            .count();
    double first = fit.courses().stream().mapToDouble(FittedTrajectory::start).min().orElseThrow();
    double last = fit.courses().stream().mapToDouble(FittedTrajectory::end).max().orElseThrow();
    String inputs =
        model.inputs().isEmpty() ? "" : "; driven by " + String.join(", ", model.inputs());
    return List.of(
        new Entry("Components", String.join(", ", model.names()) + inputs),
        new Entry(
            "Data",
            counted(fit.courses().size(), "trajectory", "trajectories")
                + ", "
                + counted(rows, "row", "rows")
                + (missing == 0 ? "" : ", " + counted(missing, "value", "values") + " missing")
                + "; "
                + model.timeName()
                + " from "
                + time(first)
                + " to "
                + time(last)),
        new Entry(
            "Learnt from",
            learnt == rows ? "all of it" : counted(learnt, "row", "rows") + "; judged by the rest"),
        new Entry("Field", field(model)));
  }

  private static String field(Model model) {
    String inside =
        model.architecture().hidden().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return "perceptron with hidden layers of "
        + inside
        + " ("
        + model.architecture().activation().name().toLowerCase(Locale.ROOT)
        + "), "
        + counted(model.layout().size(), "parameter", "parameters")
        + (model.architecture().order() == 2 ? ", second order" : "")
        + (model.architecture().augment() > 0
            ? ", " + model.architecture().augment() + " further components"
            : "")
        + (model.architecture().timeDependent() ? ", depends on time" : "");
  }

  private static String counted(long count, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
  }

  private String time(double time) {
    String written = fit.clock().write(time);
    return written.endsWith(".0") ? written.substring(0, written.length() - 2) : written;
  }

  /// What each trajectory's solve failed of, for those that did.
  private List<Entry> failures() {
    return fit.courses().stream()
        .filter(course -> course.failure().isPresent())
        .map(course -> new Entry(course.name(), course.failure().get()))
        .toList();
  }

  private String start(String between) {
    return Arrays.stream(fit.courses().getFirst().series().rows().getFirst())
        .mapToObj(RunReport::plain)
        .collect(Collectors.joining(between));
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private String times(Model model) {
    double from = model.provenance().from();
    double to = model.provenance().to();
    return IntStream.of(0, 1, 2)
        .mapToObj(i -> plain(i == 2 ? to : from + i * (to - from) / 2))
        .collect(Collectors.joining(", "));
  }

  private static String check(GradientAudit audit) {
    return exponent(audit.check().theta());
  }

  private static List<AuditRow> rows(GradientAudit audit) {
    return audit.rows().stream().map(AuditRow::of).toList();
  }

  private static List<Entry> entries(Map<String, ?> map) {
    return map.entrySet().stream()
        .map(entry -> new Entry(entry.getKey(), entry.getValue().toString()))
        .toList();
  }

  private static String exponent(double value) {
    return Double.isNaN(value) ? "—" : String.format(Locale.ROOT, "%.0e", value);
  }

  private static String shown(Object value) {
    return value instanceof Double number ? Numbers.significant(number) : value.toString();
  }
}
