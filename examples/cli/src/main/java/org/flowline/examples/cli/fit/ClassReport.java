package org.flowline.examples.cli.fit;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowline.examples.cli.report.Classified;
import org.flowline.examples.cli.report.ConfusionMatrix;
import org.flowline.examples.cli.report.Part;
import org.flowline.examples.cli.report.Text;
import org.flowline.examples.pictures.Pictures;

/// The result of `classify`, as `--json` prints it.
///
/// @param bestIteration after which the validation loss was lowest
public record ClassReport(
    String data,
    int rows,
    List<String> features,
    List<String> classes,
    Score training,
    Score validation,
    long iterations,
    long bestIteration,
    double seconds,
    String out) {
  /// The largest confusion matrix that is printed.
  private static final int MOST_CLASSES = 10;

  /// The scores of the rows of a part.
  ///
  /// @param commonestClass the accuracy of always predicting the most frequent class
  /// @param softmaxRegression the accuracy of softmax regression on the same features
  /// @param confusion a row for each class, a column for each prediction
  record Score(
      int rows,
      double accuracy,
      double commonestClass,
      double softmaxRegression,
      double crossEntropy,
      int[][] confusion) {
    private static Score of(Part part, Classified classified, Classified baseline) {
      ConfusionMatrix confusion = classified.confusion(part);
      return new Score(
          confusion.rows(),
          confusion.accuracy(),
          confusion.commonest(),
          baseline.confusion(part).accuracy(),
          classified.crossEntropy(part),
          confusion.counts());
    }
  }

  /// Reports a training.
  ///
  /// @param baseline the rows classified by softmax regression
  public static ClassReport of(
      String data, Classified classified, Classified baseline, ClassTraining training, Path out) {
    return new ClassReport(
        data,
        classified.table().labels().length,
        classified.table().features(),
        classified.table().classes(),
        Score.of(Part.TRAINING, classified, baseline),
        Score.of(Part.VALIDATION, classified, baseline),
        training.iterations(),
        training.bestIteration(),
        training.seconds(),
        out.toString());
  }

  /// Returns the summary for the terminal.
  ///
  /// @param written the files
  public String text(Object written) {
    return Text.format(
            """
            data        %s: %d rows
            features    %s
            classes     %s

                                      training   validation
            """,
            data, rows, some(features), some(classes))
        + Text.format("rows                %14d%13d\n", training.rows, validation.rows)
        + row("accuracy", "f", Score::accuracy)
        + row("  commonest class", "f", Score::commonestClass)
        + row("  softmax regression", "f", Score::softmaxRegression)
        + row("cross-entropy", "g", Score::crossEntropy)
        + Text.format(
            """

            %s
            cost        %d iterations, the best after %d, %.1f s
            written     %s""",
            confusion(), iterations, bestIteration, seconds, written);
  }

  private String row(String name, String kind, ToDoubleFunction<Score> of) {
    String format = "%-20s%14.3" + kind + "%13.3" + kind + "\n";
    return Text.format(format, name, of.applyAsDouble(training), of.applyAsDouble(validation));
  }

  private static String some(List<String> names) {
    String more = names.size() > MOST_CLASSES ? ", … (%d)".formatted(names.size()) : "";
    return names.stream()
        .limit(MOST_CLASSES)
        .map(Pictures::shortened)
        .collect(Collectors.joining(", ", "", more));
  }

  private String confusion() {
    if (classes.size() > MOST_CLASSES) {
      return "confusion matrix of the validation rows: see classes.png, or --json\n";
    }
    List<String> names = classes.stream().map(Pictures::shortened).toList();
    int width = 2 + Math.max(5, names.stream().mapToInt(String::length).max().orElse(0));
    String head =
        "confusion matrix of the validation rows: a row for each class, a column for each prediction\n"
            + cells(width, "")
            + cells(width, names.toArray());
    return IntStream.range(0, names.size())
        .mapToObj(i -> cells(width, names.get(i)) + cells(width, counts(i)))
        .collect(Collectors.joining("\n", head + "\n", "\n"));
  }

  private Object[] counts(int row) {
    return Arrays.stream(validation.confusion[row]).boxed().toArray();
  }

  private static String cells(int width, Object... values) {
    return Arrays.stream(values)
        .map(value -> ("%" + width + "s").formatted(value))
        .collect(Collectors.joining());
  }
}
