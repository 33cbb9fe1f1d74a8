package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.flowline.examples.cli.fit.ClassReport;
import org.flowline.examples.cli.fit.ClassTraining;
import org.flowline.examples.cli.fit.Metrics;
import org.flowline.examples.cli.fit.Progress;
import org.flowline.examples.cli.fit.RunCheckpoints;
import org.flowline.examples.cli.fit.SoftmaxRegression;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.LabelledDataOption;
import org.flowline.examples.cli.option.OverwriteOption;
import org.flowline.examples.cli.report.ClassPicture;
import org.flowline.examples.cli.report.Classified;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Classifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Trains a Neural ODE classifier on a part of the rows of a labelled table, and validates it on
/// the others.
@Command(name = "classify", mixinStandardHelpOptions = true)
public final class ClassifyCommand implements Callable<Integer> {
  private static final int WIDEST = 10_000;
  private static final int MOST_CLASSES = 1000;
  private static final String RESULT = "predictions.csv";

  @Mixin private LabelledDataOption data;
  @Mixin private JsonOption json;
  @Mixin private OverwriteOption overwrite;

  @Option(names = "--validation", paramLabel = "SHARE", defaultValue = "0.25")
  private double validation;

  @Option(names = "--iterations", paramLabel = "N", defaultValue = "300")
  private int iterations;

  @Option(names = "--rate", paramLabel = "ETA", defaultValue = "0.03")
  private double rate;

  @Option(names = "--width", paramLabel = "N", defaultValue = "16")
  private int width;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/classify")
  private Path out;

  @Option(names = "--quiet")
  private boolean quiet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    data.require();
    CommandWords.requireWithin(spec, "--validation", validation, 0.01, 0.9);
    CommandWords.requirePositive(spec, "--iterations", iterations);
    CommandWords.requireWithin(spec, "--rate", rate, 1e-9, 1000);
    CommandWords.requireWithin(spec, "--width", width, 1, WIDEST);
    LabelledTable table = data.read(seed);
    if (table.classes().size() > MOST_CLASSES) {
      throw new DataException(
          "%s: %s classes; want at most %s: is --label a column of numbers or names?",
          data.name(seed), table.classes().size(), MOST_CLASSES);
    }
    Optional<List<double[]>> unknown = data.readNew(table);
    LabelledTable.Split split = table.split(1 - validation, seed);
    Classifier untrained =
        Classifier.untrained(split.training(), width, Activation.TANH, new SplittableRandom(seed));
    OutputFolder folder = OutputFolder.open(out);
    try (Metrics metrics = Metrics.open(out)) {
      RunCheckpoints.requireNone(out);
      overwrite.require(out, RESULT);
      ClassTraining training =
          ClassTraining.of(
              untrained,
              split,
              new ClassTraining.Adam(iterations, rate),
              metrics,
              () -> Progress.of(quiet, iterations, metrics, spec.commandLine().getErr()));
      Classifier classifier = training.classifier();
      Classified classified =
          new Classified(table, split.learnt(), classifier.probabilities(table.rows()));
      folder.add(RESULT, classified.rows()::write);
      folder.add(ClassPicture.of(classified, classifier));
      metrics.curves("mean cross-entropy", "").forEach(folder::add);
      folder.sweep();
      folder.write(); // first: solves for new rows may fail far from the training data
      unknown
          .map(rows -> Classified.unlabelled(table.classes(), classifier.probabilities(rows)))
          .ifPresent(csv -> folder.add("new.csv", csv::write));
      folder.sweep();
      folder.write();
      List<double[]> logits = SoftmaxRegression.of(split.training()).logits(table.rows());
      Classified baseline = new Classified(table, split.learnt(), logits);
      ClassReport report = ClassReport.of(data.name(seed), classified, baseline, training, out);
      json.print(report, () -> report.text(folder));
      return ended(training);
    }
  }

  private int ended(ClassTraining training) {
    if (training.status().succeeded()) {
      if (training.diverged()) {
        CommandWords.say(
            spec,
            "training diverged: its loss ended far above the untrained classifier's; the best one is kept; a --rate smaller than %s may help",
            rate);
      }
      return training.diverged() ? 1 : 0;
    }
    CommandWords.say(
        spec,
        "training stopped early after %d iterations, the best classifier so far is kept; a --rate smaller than %s may help (%s)",
        training.iterations(),
        rate,
        training.status().message());
    return 1;
  }
}
