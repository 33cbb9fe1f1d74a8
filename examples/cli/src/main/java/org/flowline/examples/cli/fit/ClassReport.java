package org.flowline.examples.cli.fit;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.flowline.examples.cli.report.Classified;
import org.flowline.examples.cli.report.ConfusionMatrix;
import org.flowline.examples.cli.report.Part;
import org.flowline.examples.pictures.Pictures;

/// What `classify` found; what `--json` prints.
///
/// @param bestIteration behind which the classifier was best on what was kept apart
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
  /// Of more classes the confusion is in the picture and in the JSON.
  private static final int MOST_CLASSES = 10;

  /// How well the rows of a part are known.
  ///
  /// @param commonestClass the share of the commonest class
  /// @param softmaxRegression the accuracy of softmax regression on the same features
  /// @param confusion for each class how many of its rows were taken for which
  record Score(
      int rows,
      double accuracy,
      double commonestClass,
      double softmaxRegression,
      double crossEntropy,
      int[][] confusion) {
    private static Score of(Part part, Classified classified, Classified lines) {
      ConfusionMatrix tally = classified.tally(part);
      return new Score(
          tally.rows(),
          tally.accuracy(),
          tally.commonest(),
          lines.tally(part).accuracy(),
          classified.crossEntropy(part),
          tally.counts());
    }
  }

  /// @param lines what softmax regression makes of the same rows
  public static ClassReport of(
      String data, Classified classified, Classified lines, ClassTraining training, Path out) {
    return new ClassReport(
        data,
        classified.table().labels().length,
        classified.table().features(),
        classified.table().classes(),
        Score.of(Part.TRAINING, classified, lines),
        Score.of(Part.VALIDATION, classified, lines),
        training.iterations(),
        training.bestIteration(),
        training.seconds(),
        out.toString());
  }

  public String text(OutputFolder folder) {
    return String.format(
        Locale.ROOT,
        """
        data        %s: %d rows
        features    %s
        classes     %s

                               learnt from   kept apart
        rows                %14d%13d
        accuracy            %14.3f%13.3f
          commonest class   %14.3f%13.3f
          softmax regression%14.3f%13.3f
        cross-entropy       %14.3g%13.3g

        %s
        cost        %d iterations, the best behind %d, %.1f s
        written     %s""",
        data,
        rows,
        some(features),
        some(classes),
        training.rows,
        validation.rows,
        training.accuracy,
        validation.accuracy,
        training.commonestClass,
        validation.commonestClass,
        training.softmaxRegression,
        validation.softmaxRegression,
        training.crossEntropy,
        validation.crossEntropy,
        confusion(),
        iterations,
        bestIteration,
        seconds,
        folder);
  }

  private static String some(List<String> names) {
    String more = names.size() > MOST_CLASSES ? ", … (%d)".formatted(names.size()) : "";
    return String.join(", ", names.stream().limit(MOST_CLASSES).map(Pictures::shortened).toList())
        + more;
  }

  private String confusion() {
    if (classes.size() > MOST_CLASSES) {
      return "kept apart, what was taken for what: see classes.png, or --json\n";
    }
    List<String> names = classes.stream().map(Pictures::shortened).toList();
    int width = 2 + Math.max(5, names.stream().mapToInt(String::length).max().orElse(0));
    StringBuilder text =
        new StringBuilder("kept apart, each class and what its rows were taken for\n");
    text.append(" ".repeat(width));
    names.forEach(name -> text.append(right(name, width)));
    for (int i = 0; i < names.size(); i++) {
      text.append('\n').append(right(names.get(i), width));
      Arrays.stream(validation.confusion[i])
          .forEach(count -> text.append(right(Integer.toString(count), width)));
    }
    return text.append('\n').toString();
  }

  private static String right(String word, int width) {
    return " ".repeat(Math.max(1, width - word.length())) + word;
  }
}
