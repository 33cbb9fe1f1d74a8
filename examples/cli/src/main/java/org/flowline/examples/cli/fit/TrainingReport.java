package org.flowline.examples.cli.fit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.flowline.examples.cli.report.Audit;
import org.flowline.examples.cli.report.Fit;
import org.flowline.examples.cli.report.FitPictures;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.cli.report.PhasePicture;
import org.flowline.examples.cli.report.ReportPage;
import org.flowline.examples.cli.report.Score;
import org.flowline.examples.cli.report.Text;
import org.flowline.examples.pictures.Numbers;
import org.flowline.odesolvers.Integrator;

/// The results of a training: the model, its predictions, the summary and the page.
///
/// @param fit of the model, which carries its provenance
/// @param settings of the run by option
public record TrainingReport(
    Measures numbers,
    Fit fit,
    TrainingRun.Outcome outcome,
    Map<String, String> settings,
    Metrics metrics) {

  /// The numbers that `--json` prints.
  ///
  /// @param rmse over the training data, in their units
  /// @param loss on the training data: mean square, standardised
  /// @param validation the same on the validation data
  /// @param scores by part and component, where there are validation data
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

  /// Evaluates a training.
  ///
  /// @param data the name of the data
  /// @param kept settings for the provenance of the model
  /// @param shown settings for the page
  public static TrainingReport of(
      TrainingRun.Outcome outcome,
      String data,
      Metrics metrics,
      Map<String, String> kept,
      Map<String, String> shown,
      Path out) {
    TrainingRun run = outcome.run();
    Fit fit = Fit.of(outcome.model(), run.training, run.heldOut);
    Map<String, String> settings = new LinkedHashMap<>(kept);
    settings.put("data", data);
    settings.put("optimizer", run.optimizer.toString());
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("iterations", (double) metrics.iterations());
    measures.put("rmse", fit.rmse());
    measures.put("loss", outcome.loss());
    outcome.validation().ifPresent(best -> measures.put("validation", best.loss()));
    measures.values().removeIf(measure -> !Double.isFinite(measure)); // after a divergence
    Measures numbers =
        new Measures(
            data,
            (int) metrics.iterations(),
            fit.rmse(),
            outcome.loss(),
            outcome.validation().map(best -> best.loss()).orElse(null),
            metrics.evaluations(),
            metrics.seconds(),
            out.toString(),
            fit.validates() ? fit.scores() : List.of(),
            outcome.diagnosis().map(Diagnosis::report).orElse(null));
    return new TrainingReport(
        numbers,
        fit.with(outcome.model().provenance().with(settings, measures)),
        outcome,
        shown,
        metrics);
  }

  /// Adds the pictures and the page.
  public void addPage(OutputFolder folder) {
    TrainingRun run = outcome.run();
    Integrator solver = run.config.gradient().forward();
    CompletableFuture<Audit> audit = CompletableFuture.supplyAsync(() -> Audit.of(fit, solver));
    FitPictures.of(fit).forEach(folder::add);
    folder.add(PhasePicture.of(fit));
    metrics
        .curves("mean square error (standardised)", run.plan.note(run.config.iterations()))
        .forEach(folder::add);
    outcome
        .diagnosis()
        .ifPresent(
            found -> {
              found.addTo(folder);
              DepthCurve.add(fit, solver, folder);
            });
    String page =
        new ReportPage(
                numbers.data(),
                ending(),
                named(),
                settings,
                fit,
                folder.figures(),
                audit.join(),
                diagnostics().stream().toList(),
                Path.of(numbers.out()))
            .html();
    folder.add("report.html", file -> Files.writeString(file, page));
  }

  private String ending() {
    if (outcome.diverged()) {
      return "Training diverged; this is the best model until then.";
    }
    if (outcome.cancelled()) {
      return "Training was stopped, by a signal or by early stopping; this is the best model.";
    }
    return outcome.status().succeeded()
        ? "Training completed all iterations."
        : "Training had to stop; this is the best model until then. " + outcome.status().message();
  }

  private Map<String, String> named() {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("Iterations", Text.format("%,d", numbers.iterations()));
    named.put("Loss", Text.format("%.3e (mean square, standardised)", numbers.loss()));
    validation().ifPresent(text -> named.put("Validation loss", text));
    String error = Numbers.significant(numbers.rmse());
    named.put("Error", error + " (RMSE over all " + training() + "values)");
    named.put("Cost", cost());
    return named;
  }

  private Optional<String> validation() {
    String format = "%.3e, lowest after %,d iterations; that model is kept";
    return outcome.validation().map(best -> Text.format(format, best.loss(), best.iteration()));
  }

  private String cost() {
    return Text.format(
        "%,d evaluations of the field and its pullback, %.1f s", numbers.nfe(), numbers.seconds());
  }

  /// Names the part of the data, where there are two.
  private String training() {
    return fit.validates() ? "training " : "";
  }

  private Optional<String> diagnostics() {
    return outcome.diagnosis().map(found -> found.summary(numbers.diagnostics()));
  }

  /// Returns the summary for the terminal.
  ///
  /// @param written the files
  public String summary(Object written) {
    int trajectories = fit.trajectories().size();
    String of = trajectories == 1 ? "" : " of " + trajectories + " trajectories";
    return Text.format(
            "data        %s\noptimiser   %s, %d iterations, gradient %s\n",
            numbers.data(), outcome.run().optimizer, numbers.iterations(), settings.get("gradient"))
        + Text.format(
            "fit         RMSE %s over all %svalues%s (%s)\n",
            Numbers.significant(numbers.rmse()), training(), of, fit.perComponent())
        + Text.format("loss        %.3e (mean square, standardised)\n", numbers.loss())
        + validation().map("validation  %s\n"::formatted).orElse("")
        + Text.format("cost        %s\n", cost())
        + diagnostics().map("%s\n"::formatted).orElse("")
        + Text.format("written     %s", written);
  }
}
