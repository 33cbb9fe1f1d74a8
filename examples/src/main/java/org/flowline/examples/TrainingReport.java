package org.flowline.examples;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.flowline.neuralode.Provenance;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.training.Validation;

/// What a training leaves behind: its files, its numbers, and a summary.
///
/// @param fits of each trajectory, with the model and where it comes from
record TrainingReport(
    Numbers numbers, List<Fit> fits, TrainingRun.Outcome outcome, TrainingOptions options) {

  /// What `--json` prints.
  ///
  /// @param rmse over all that was measured, in its units
  /// @param loss mean square, standardised, of what was learned from
  /// @param validation the same of what was kept apart
  record Numbers(
      String data,
      int iterations,
      double rmse,
      double loss,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double validation,
      long nfe,
      double seconds,
      String out,
      @JsonInclude(JsonInclude.Include.NON_NULL) Diagnosis.Report diagnostics) {}

  static TrainingReport of(
      TrainingRun.Outcome outcome,
      TrainingOptions options,
      String data,
      Metrics metrics,
      Path out) {
    List<Fit> plain =
        outcome.run().measured().experiments().stream()
            .map(measured -> Fit.of(outcome.model(), measured))
            .toList();
    double rmse = Fit.rmse(plain);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("program", Flowline.VERSION);
    settings.put("data", data);
    settings.put("iterations", Long.toString(metrics.iterations()));
    settings.put("seed", Long.toString(options.seed()));
    settings.put("gradient", options.solving().gradient().toString());
    settings.put("optimizer", options.optimizer().toString());
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("rmse", rmse);
    measures.put("loss", outcome.loss());
    outcome.validation().ifPresent(best -> measures.put("validation", best.loss()));
    Provenance provenance = outcome.model().provenance().with(settings, measures);
    Numbers numbers =
        new Numbers(
            data,
            (int) metrics.iterations(),
            rmse,
            outcome.loss(),
            outcome.validation().map(best -> best.loss()).orElse(null),
            metrics.evaluations(),
            metrics.seconds(),
            out.toString(),
            outcome.diagnosis().map(Diagnosis::report).orElse(null));
    return new TrainingReport(
        numbers, plain.stream().map(fit -> fit.with(provenance)).toList(), outcome, options);
  }

  void addTo(OutputFolder folder) {
    fits.getFirst().addTo(folder);
    outcome.curve().addTo(folder);
    Optional<Diagnosis> diagnosis = outcome.diagnosis();
    diagnosis.ifPresent(found -> found.addTo(folder));
    if (diagnosis.isPresent()) {
      TimeSeries first = outcome.run().measured().states().getFirst();
      DepthCurve.of(outcome.model(), first, options.solving().method().forward())
          .ifPresent(depth -> depth.addTo(folder));
    }
  }

  String summary(OutputFolder folder) {
    String several = fits.size() == 1 ? "" : ", of " + fits.size() + " trajectories";
    return String.format(
        Locale.ROOT,
        """
        data        %s
        optimiser   %s, %d iterations, gradient by %s adjoint
        fit         RMSE %.3f over all points and components%s (%s)
        loss        %.3e (mean square, standardised)%s
        cost        %,d evaluations of the field and its pullback, %.1f s
        %swritten     %s""",
        numbers.data(),
        options.optimizer(),
        numbers.iterations(),
        options.solving().gradient(),
        numbers.rmse(),
        several,
        Fit.perComponent(fits),
        numbers.loss(),
        outcome.validation().map(TrainingReport::validated).orElse(""),
        numbers.nfe(),
        numbers.seconds(),
        outcome.diagnosis().map(found -> found.summary(numbers.diagnostics()) + "\n").orElse(""),
        folder);
  }

  private static String validated(Validation.Judged best) {
    return String.format(
        Locale.ROOT,
        "%nvalidation  %.3e, best after %d iterations; that model is kept",
        best.loss(),
        best.iteration());
  }
}
