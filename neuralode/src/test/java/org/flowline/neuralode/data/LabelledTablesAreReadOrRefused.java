package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledTablesAreReadOrRefused {
  private static final String IRIS = "length,kind,width\n1,setosa,2\n3,iris,4\n5,setosa,6\n";

  private static LabelledTable read(String text, String label, String... features) {
    return LabelledTable.read("iris.csv", new StringReader(text), label, List.of(features));
  }

  private static void says(String message, String text, String label, String... features) {
    assertEquals(
        message, assertThrows(DataException.class, () -> read(text, label, features)).getMessage());
  }

  @Test
  void withTheirClassesInOrder() {
    LabelledTable table = read(IRIS, "kind");
    assertEquals(List.of("length", "width"), table.features());
    assertEquals(List.of("iris", "setosa"), table.classes());
    assertArrayEquals(new int[] {1, 0, 1}, table.labels());
    assertArrayEquals(new double[] {3, 4}, table.rows().get(1));
    assertEquals(List.of("width"), read(IRIS, "kind", "width").features());
    assertEquals(
        List.of("x"),
        read(",x,k\n0,1,a\n1,2,b\n", "k").features(),
        "numbers of rows are no feature");
    assertEquals(List.of("2", "10"), read("x,k\n0,10\n0,2\n", "k").classes());
  }

  @Test
  void orTheMessageSaysWhy() {
    says("iris.csv:1: no column \"kidn\"; did you mean \"kind\"?", IRIS, "kidn");
    says("iris.csv:1: no column \"widht\"; did you mean \"width\"?", IRIS, "kind", "widht");
    says(
        "iris.csv:2: column \"length\" is not a number: \"long\"; write numbers like 1.5, or leave"
            + " the column out with --features",
        "length,kind\nlong,a\n",
        "kind");
    says(
        "iris.csv:3: column \"kind\" is empty; name a class, or remove the row",
        "length,kind\n1,a\n2,\n",
        "kind");
    says(
        "iris.csv: one class only in column \"kind\"; want two or more",
        "length,kind\n1,a\n2,a\n",
        "kind");
    says("iris.csv:3: 1 columns; want 2 as in the first line", "length,kind\n1,a\n2\n", "kind");
    says("iris.csv: is empty; want a header line and two or more rows", "", "kind");
    says("iris.csv: no class in column \"kind\"; want two or more", "length,kind\n", "kind");
    says("iris.csv:1: no column but the label; want a feature or more", "kind\na\n", "kind");
  }

  @Test
  void withOneClassForEqualNumbers() {
    LabelledTable table = read("x,k\n0,1.0\n1,0\n2,1\n3,1e0\n4,0.00\n5,10\n", "k");
    assertEquals(List.of("0", "1", "10"), table.classes());
    assertArrayEquals(new int[] {1, 0, 1, 1, 0, 2}, table.labels());
    String close = "x,k\n0,9007199254740993\n1,9007199254740992\n";
    assertEquals(2, read(close, "k").classes().size(), "not the same as doubles only");
    assertEquals(List.of("1", "1.0", "a"), read("x,k\n0,1\n1,1.0\n2,a\n", "k").classes());
  }

  @Test
  void butNoMissingLabelIsAClass() {
    for (String missing : List.of("NA", "NaN", "nan", "?", "null", "None", "-", "N/A", ".")) {
      says(
          "iris.csv:3: column \"k\" is missing: \""
              + missing
              + "\"; name a class, or remove the row",
          "x,k\n0,yes\n1," + missing + "\n2,no\n",
          "k");
    }
    assertEquals(List.of("+", "-"), read("x,k\n0,+\n1,-\n2,+\n", "k").classes());
    says(
        "iris.csv:2: column \"x\" is missing: \"NA\"; classes need all features: fill it in, remove"
            + " the row, or leave the column out with --features",
        "x,k\nNA,a\n1,b\n",
        "k");
  }

  @Test
  void orWithoutClasses(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("new.csv"), IRIS);
    List<double[]> rows = LabelledTable.readRows(file, List.of("width", "length"));
    assertEquals(3, rows.size());
    assertArrayEquals(new double[] {4, 3}, rows.get(1));
    assertEquals(
        "new.csv:2: column \"kind\" is not a number: \"setosa\"; write numbers like 1.5, or remove"
            + " the row",
        assertThrows(
                DataException.class, () -> LabelledTable.readRows(file, List.of("kind", "width")))
            .getMessage());
    Files.writeString(file, "width\n");
    assertEquals(
        "new.csv: no rows; want a header line and one row or more",
        assertThrows(DataException.class, () -> LabelledTable.readRows(file, List.of("width")))
            .getMessage());
    Files.writeString(file, "width,width\n1,2\n");
    assertEquals(
        "new.csv:1: column 2 is \"width\" again; give every column a name of its own",
        assertThrows(DataException.class, () -> LabelledTable.readRows(file, List.of("width")))
            .getMessage());
  }

  /// Three quarters of 8 rows of one class and 3 of another: 6 and 2.
  @Test
  void andSplitByClass() {
    String text = "x,kind\n" + "1,a\n".repeat(8) + "2,b\n3,b\n4,b\n";
    LabelledTable table = read(text, "kind");
    LabelledTable.Split split = table.split(0.75, 1);
    assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 1, 1}, split.training().labels());
    assertArrayEquals(new int[] {0, 0, 1}, split.validation().labels());
    int learnt = 0;
    int others = 0;
    for (int row = 0; row < 11; row++) {
      LabelledTable part = split.learnt()[row] ? split.training() : split.validation();
      int at = split.learnt()[row] ? learnt++ : others++;
      assertArrayEquals(table.rows().get(row), part.rows().get(at), "in the order of the table");
    }
    assertArrayEquals(split.learnt(), table.split(0.75, 1).learnt(), "by the same seed");
    assertArrayEquals(new int[] {0, 1}, table.split(0.01, 1).training().labels());
    assertArrayEquals(new int[] {0, 1}, table.split(0.99, 1).validation().labels());
    assertThrows(IllegalArgumentException.class, () -> table.split(1, 1));
    LabelledTable rows =
        new LabelledTable(
            List.of("x"),
            List.of(new double[1], new double[1], new double[1], new double[1]),
            List.of("a", "b", "none"),
            new int[] {0, 0, 1, 1});
    assertArrayEquals(new int[] {0, 1}, rows.split(0.5, 1).training().labels(), "none of a class");
    assertEquals(
        "split: one row only of class \"a\"; want two or more of each, one for each part",
        assertThrows(DataException.class, () -> read("x,k\n1,a\n2,b\n3,b\n", "k").split(0.5, 1))
            .getMessage());
  }
}
