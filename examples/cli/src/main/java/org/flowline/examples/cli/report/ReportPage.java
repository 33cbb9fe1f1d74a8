package org.flowline.examples.cli.report;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.flowline.examples.pictures.Figure;
import org.flowline.examples.pictures.Numbers;
import org.flowline.examples.pictures.Page;
import org.flowline.neuralode.gradient.GradientAudit;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;

/// The report of a training as one self-contained HTML page.
///
/// @param data their name
/// @param ended how training ended, as a sentence
/// @param numbers of the training, with units
/// @param settings by option
/// @param diagnosis in lines; empty without one
/// @param folder of the model
public record ReportPage(
    String data,
    String ended,
    Map<String, String> numbers,
    Map<String, String> settings,
    Fit fit,
    List<Figure> figures,
    Audit audit,
    List<String> diagnosis,
    Path folder) {

  /// A row of the table of errors; numbers are formatted by [#shown].
  record ErrorRow(Score score, boolean good, String verdict) {
    static ErrorRow of(Score score) {
      double skill = score.skill();
      String verdict = Double.isFinite(skill) ? Text.format("%+.0f %%", -100 * skill) : "—";
      return new ErrorRow(score, skill > 0, verdict);
    }
  }

  /// A row of the table of gradients.
  ///
  /// @param good whether its errors are small
  /// @param bad whether one is so large that the gradient is useless
  record AuditRow(
      GradientAudit.Row row,
      String theta,
      String y0,
      String times,
      String slope,
      boolean good,
      boolean bad,
      String verdict) {
    private static final double CLOSE = 1e-2;
    private static final double FAR = 0.1;

    static AuditRow of(GradientAudit.Row row) {
      GradientAudit.Errors errors = row.errors();
      double worst =
          DoubleStream.of(errors.theta(), errors.y0(), errors.times())
              .filter(error -> !Double.isNaN(error))
              .max()
              .orElse(Double.NaN);
      boolean good = worst <= CLOSE;
      boolean bad = !(worst <= FAR);
      return new AuditRow(
          row,
          shown("%.0e", errors.theta()),
          shown("%.0e", errors.y0()),
          shown("%.0e", errors.times()),
          shown("%.2f", row.taylorSlope()),
          good,
          bad,
          good ? "close" : bad ? "far off" : "rough");
    }
  }

  /// Returns the page; the template refers to the components and methods of this record by name.
  public String html() {
    return Page.filledIn(ReportPage.class, "report.mustache", ReportPage::shown, this);
  }

  List<ErrorRow> errors() {
    return fit.scores().stream().map(ErrorRow::of).toList();
  }

  /// The error of the reference; empty without an audit.
  List<String> check() {
    return audit.found().map(it -> shown("%.0e", it.check().theta())).stream().toList();
  }

  String doubt() {
    return audit.found().flatMap(GradientAudit::doubt).orElse("");
  }

  List<AuditRow> gradients() {
    return audit.found().stream().flatMap(it -> it.rows().stream()).map(AuditRow::of).toList();
  }

  List<?> refused() {
    return audit.found().map(GradientAudit::refused).orElse(List.of());
  }

  String file() {
    return folder.resolve("model.flowline").toString();
  }

  boolean driven() {
    return !fit.model().inputs().isEmpty();
  }

  String inputs() {
    return String.join(", ", fit.model().inputs());
  }

  String components() {
    return String.join(", ", fit.model().names());
  }

  Map<String, String> about() {
    Model model = fit.model();
    List<FittedTrajectory> all = fit.trajectories();
    long rows = all.stream().mapToLong(one -> one.measured().size()).sum();
    long trained = all.stream().mapToLong(FittedTrajectory::trained).sum();
    long missing =
        all.stream()
            .flatMap(one -> one.series().rows().stream())
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isNaN)
            .count();
    double first = all.stream().mapToDouble(FittedTrajectory::start).min().orElseThrow();
    double last = all.stream().mapToDouble(FittedTrajectory::end).max().orElseThrow();
    Map<String, String> about = new LinkedHashMap<>();
    about.put("Components", components() + (driven() ? "; inputs " + inputs() : ""));
    about.put(
        "Data",
        "%s, %s%s; %s from %s to %s"
            .formatted(
                counted(all.size(), "trajectory"),
                counted(rows, "row"),
                missing == 0 ? "" : ", " + counted(missing, "missing value"),
                model.timeName(),
                fit.time(first),
                fit.time(last)));
    boolean whole = trained == rows;
    about.put(
        "Training data", whole ? "all" : counted(trained, "row") + "; the rest for validation");
    about.put("Field", field(model));
    return about;
  }

  private static String field(Model model) {
    Architecture field = model.architecture();
    String layers = field.hidden().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "perceptron with hidden layers of %s units (%s), %s%s%s%s"
        .formatted(
            layers,
            field.activation().name().toLowerCase(Locale.ROOT),
            counted(model.layout().size(), "parameter"),
            field.order() == 2 ? ", second order" : "",
            field.augment() > 0 ? ", " + counted(field.augment(), "augmented component") : "",
            field.timeDependent() ? ", depends on time" : "");
  }

  private static String counted(long count, String one) {
    return Text.format("%,d %s", count, count == 1 ? one : one.replaceFirst("y$", "ie") + "s");
  }

  List<FittedTrajectory> failures() {
    return fit.trajectories().stream().filter(one -> one.failure().isPresent()).toList();
  }

  String from() {
    return start().replace(" ", "");
  }

  String start() {
    return Arrays.stream(fit.trajectories().getFirst().series().rows().getFirst())
        .mapToObj(Text::number)
        .collect(Collectors.joining(", "));
  }

  String times() {
    double from = fit.model().provenance().from();
    double to = fit.model().provenance().to();
    return DoubleStream.of(from, from + (to - from) / 2, to)
        .mapToObj(Text::number)
        .collect(Collectors.joining(", "));
  }

  private static String shown(String format, double value) {
    return Double.isNaN(value) ? "—" : Text.format(format, value);
  }

  private static String shown(Object value) {
    return value instanceof Double number ? Numbers.significant(number) : value.toString();
  }
}
