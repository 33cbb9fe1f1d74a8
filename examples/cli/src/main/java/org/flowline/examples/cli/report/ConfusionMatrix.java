package org.flowline.examples.cli.report;

import java.util.Arrays;
import java.util.stream.IntStream;

/// A confusion matrix.
///
/// @param counts a row for each class, a column for each prediction
public record ConfusionMatrix(int[][] counts) {
  /// Copies the counts.
  public ConfusionMatrix {
    counts = Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
  }

  @Override
  public int[][] counts() {
    return Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
  }

  /// Returns the number of classified rows.
  public int rows() {
    return Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
  }

  /// Returns the share of correct predictions.
  public double accuracy() {
    return (double) IntStream.range(0, counts.length).map(i -> counts[i][i]).sum() / rows();
  }

  /// Returns the share of the most frequent class.
  public double commonest() {
    return (double) Arrays.stream(counts).mapToInt(row -> Arrays.stream(row).sum()).max().orElse(0)
        / rows();
  }
}
