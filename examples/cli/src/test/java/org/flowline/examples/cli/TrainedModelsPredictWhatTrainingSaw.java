package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.flowline.neuralode.data.CsvMeasurements;
import org.flowline.neuralode.data.CsvOptions;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Trains every kind of model: the file holds the kind, all settings and the solver of the
/// training.
class TrainedModelsPredictWhatTrainingSaw {
  @TempDir Path folder;

  /// A driven oscillation with missing values.
  private Path data() throws IOException {
    StringBuilder text = new StringBuilder("t,x,push\n");
    for (int i = 0; i <= 12; i++) {
      double t = 0.5 * i;
      String x = i % 5 == 3 ? "" : String.format(Locale.ROOT, "%.3f", 5 + Math.cos(2 * t));
      text.append(String.format(Locale.ROOT, "%.1f,%s,%.3f%n", t, x, Math.sin(t)));
    }
    return Files.writeString(folder.resolve("pushed.csv"), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--augment 2",
        "--time-dependent",
        "--second-order",
        "--input push",
        "--augment 1 --time-dependent --second-order --input push --solver dopri5 --tolerance 1e-4"
      })
  void ofEveryKind(String options) throws IOException {
    Path data = data();
    Path out = folder.resolve("out");
    List<String> words =
        new ArrayList<>(
            List.of("train", "--data", data.toString(), "--iterations", "200", "--columns", "x"));
    words.addAll(Arrays.asList(options.split(" ")));
    words.addAll(List.of("--out", out.toString(), "--overwrite", "--json", "--quiet"));
    CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));
    assertEquals(0, run.exitCode(), run.err());
    Model model = Model.load(out.resolve("model.flowline"));
    assertEquals(
        options.contains("augment 2") ? 2 : options.contains("augment 1") ? 1 : 0,
        model.architecture().augment());
    assertEquals(options.contains("--time"), model.architecture().timeDependent());
    assertEquals(options.contains("--second") ? 2 : 1, model.architecture().order());
    assertEquals(options.contains("--input") ? List.of("push") : List.of(), model.inputs());
    Map<String, String> settings = model.provenance().settings();
    boolean loose = options.contains("dopri5");
    assertEquals(
        loose ? new Model.Solver("DOPRI5", 1e-4, 1e-5) : new Model.Solver("TSIT5", 1e-5, 1e-6),
        model.solver());
    assertEquals(loose ? "1.0E-4" : "1.0E-5", settings.get("tolerance"));
    assertEquals(Integer.toString(model.architecture().augment()), settings.get("augment"));
    assertEquals("16", settings.get("width"));

    CsvOptions columns = CsvOptions.usual().withColumns(List.of("x")).withInputs(model.inputs());
    Measurements measured = CsvMeasurements.read(data, columns);
    double loss =
        TrajectoriesObjective.of(model, measured, new DiscreteAdjoint(model.solver().integrator()))
            .gradient(0, model.theta(), new double[model.theta().length]);
    double reported = run.json().get("loss").asDouble();
    assertEquals(reported, loss, 1e-12 * reported);
    assertTrue(loss < 1, "it learns: the mean alone has 1, the loss is " + loss);
  }

  @Test
  void orSayWhatTheyWant() {
    CommandLineRun run = CommandLineRun.of("train", "--augment", "-1");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("--augment: -1; want 0 … "), run.err());
  }
}
