package org.flowline.examples.cli.report;

import java.util.Arrays;

/// How often a part's rows of each class were taken for which.
///
/// @param counts a row for each class, a column for each it was taken for
public record ConfusionMatrix(int[][] counts) {
  /// Copies what it is given.
  public ConfusionMatrix {
    counts = Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
  }

  @Override
  public int[][] counts() {
    return Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
  }

  /// All rows.
  public int rows() {
    return Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
  }

  /// The share of rows that are taken for what they are.
  public double accuracy() {
    int right = 0;
    for (int i = 0; i < counts.length; i++) {
      right += counts[i][i];
    }
    return (double) right / rows();
  }

  /// The share of the commonest class: how often it is right to say that one always.
  public double commonest() {
    return (double) Arrays.stream(counts).mapToInt(row -> Arrays.stream(row).sum()).max().orElse(0)
        / rows();
  }
}
