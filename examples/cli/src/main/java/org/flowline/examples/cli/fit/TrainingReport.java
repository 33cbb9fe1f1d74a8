package org.flowline.examples.cli.fit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.flowline.examples.cli.Flowline;
import org.flowline.examples.cli.option.TrainingOptions;
import org.flowline.examples.cli.report.Audit;
import org.flowline.examples.cli.report.Fit;
import org.flowline.examples.cli.report.FitPictures;
import org.flowline.examples.cli.report.PhasePicture;
import org.flowline.examples.cli.report.PredictionsTable;
import org.flowline.examples.cli.report.RunReport;
import org.flowline.examples.cli.report.Score;
import org.flowline.examples.pictures.Numbers;
import org.flowline.neuralode.model.Provenance;
import org.flowline.neuralode.training.EarlyStopping;
import org.flowline.odesolvers.Integrator;

/// What a training leaves behind: its files, its numbers, and a summary.
///
/// @param fit of the model, which knows where it comes from
/// @param settings of the training, by option
public record TrainingReport(
    Measures numbers,
    Fit fit,
    TrainingRun.Outcome outcome,
    TrainingOptions options,
    Map<String, Object> settings,
    Metrics metrics) {

  /// What `--json` prints.
  ///
  /// @param rmse over what was learned from, in its units
  /// @param loss mean square, standardised, of what was learned from
  /// @param validation the same of what was kept apart
  /// @param scores by component, in training and in validation; none where nothing is kept apart
  record Measures(
      String data,
      int iterations,
      double rmse,
      double loss,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double validation,
      long nfe,
      double seconds,
      String out,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Score> scores,
      @JsonInclude(JsonInclude.Include.NON_NULL) Diagnosis.Report diagnostics) {}

  public static TrainingReport of(
      TrainingRun.Outcome outcome,
      TrainingOptions options,
      String data,
      Metrics metrics,
      Map<String, Object> asked,
      Path out) {
    TrainingRun run = outcome.run();
    Fit plain = Fit.of(outcome.model(), run.recipe().measured(), run.kept());
    double rmse = plain.rmse();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("program", Flowline.VERSION);
    settings.putAll(options.settings());
    settings.put("data", data);
    settings.put("optimizer", run.recipe().optimizer().toString());
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("iterations", (double) metrics.iterations());
    measures.put("rmse", rmse);
    measures.put("loss", outcome.loss());
    outcome.validation().ifPresent(best -> measures.put("validation", best.loss()));
    measures.values().removeIf(measure -> !Double.isFinite(measure)); // of models that diverged
    Provenance provenance = outcome.model().provenance().with(settings, measures);
    Measures numbers =
        new Measures(
            data,
            (int) metrics.iterations(),
            rmse,
            outcome.loss(),
            outcome.validation().map(best -> best.loss()).orElse(null),
            metrics.evaluations(),
            metrics.seconds(),
            out.toString(),
            plain.validates() ? plain.scores() : List.of(),
            outcome.diagnosis().map(Diagnosis::report).orElse(null));
    return new TrainingReport(numbers, plain.with(provenance), outcome, options, asked, metrics);
  }

  /// The pictures, and the page that shows them.
  public void addPage(OutputFolder folder) {
    Integrator solver = options.solving().method().forward();
    CompletableFuture<Audit> audit = CompletableFuture.supplyAsync(() -> Audit.of(fit, solver));
    FitPictures.of(fit).forEach(folder::add);
    folder.add(PhasePicture.of(fit));
    String note = outcome.run().recipe().stages().orElse("");
    metrics.curves("mean square error (standardised)", note).pictures().forEach(folder::add);
    Optional<Diagnosis> diagnosis = outcome.diagnosis();
    diagnosis.ifPresent(found -> found.addTo(folder));
    if (diagnosis.isPresent()) {
      DepthCurve.of(fit.model(), fit.courses().getFirst().measured(), solver)
          .ifPresent(depth -> depth.addTo(folder));
    }
    String page = page(folder, audit.join()).html();
    folder.add("report.html", file -> Files.writeString(file, page));
  }

  /// The model, and what it predicts of the data.
  public void addModel(OutputFolder folder) {
    PredictionsTable predictions = new PredictionsTable(fit);
    folder.add("predictions.csv", predictions::writeRows);
    folder.add("curve.csv", predictions::writeCurve);
    folder.add("model.flowline", fit.model()::save);
  }

  private RunReport page(OutputFolder folder, Audit audit) {
    return new RunReport(
        numbers.data(),
        ended(),
        named(),
        settings,
        fit,
        folder.figures(),
        audit,
        outcome.diagnosis().map(found -> found.summary(numbers.diagnostics())),
        Path.of(numbers.out()));
  }

  private String ended() {
    if (outcome.cancelled()) {
      return "The training was stopped, by hand or since validation got no better; this is the best"
          + " model.";
    }
    return outcome.status().succeeded()
        ? "The training made all of its iterations."
        : "The training had to stop; this is the best model until then. "
            + outcome.status().message();
  }

  /// The numbers as the page shows them.
  private Map<String, String> named() {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("Iterations", String.format(Locale.ROOT, "%,d", numbers.iterations()));
    named.put(
        "Loss", String.format(Locale.ROOT, "%.3e (mean square, standardised)", numbers.loss()));
    outcome
        .validation()
        .ifPresent(
            best ->
                named.put(
                    "Loss in validation",
                    String.format(
                        Locale.ROOT,
                        "%.3e, best after %,d iterations; that model is kept",
                        best.loss(),
                        best.iteration())));
    named.put(
        "Error",
        "%s (RMSE over all values%s)".formatted(Numbers.significant(numbers.rmse()), learnt()));
    named.put(
        "Cost",
        String.format(
            Locale.ROOT,
            "%,d evaluations of the field and its pullback, %.1f s",
            numbers.nfe(),
            numbers.seconds()));
    return named;
  }

  /// What errors are over, where not over everything.
  private String learnt() {
    return outcome.validation().isPresent() ? " learnt from" : "";
  }

  public String summary(OutputFolder folder) {
    int trajectories = fit.courses().size();
    String several = trajectories == 1 ? "" : ", of " + trajectories + " trajectories";
    return String.format(
        Locale.ROOT,
        """
        data        %s
        optimiser   %s, %d iterations, gradient by %s adjoint
        fit         RMSE %s over all points and components%s%s (%s)
        loss        %.3e (mean square, standardised)%s
        cost        %,d evaluations of the field and its pullback, %.1f s
        %swritten     %s""",
        numbers.data(),
        outcome.run().recipe().optimizer(),
        numbers.iterations(),
        options.solving().gradient(),
        Numbers.significant(numbers.rmse()),
        learnt(),
        several,
        fit.perComponent(),
        numbers.loss(),
        outcome.validation().map(TrainingReport::validated).orElse(""),
        numbers.nfe(),
        numbers.seconds(),
        outcome.diagnosis().map(found -> found.summary(numbers.diagnostics()) + "\n").orElse(""),
        folder);
  }

  private static String validated(EarlyStopping.Best best) {
    return String.format(
        Locale.ROOT,
        "%nvalidation  %.3e, best after %d iterations; that model is kept",
        best.loss(),
        best.iteration());
  }
}
