package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

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
        "iris.csv:2: column \"length\" is not a number: \"long\"; write numbers like 1.5, or remove"
            + " the row",
        "length,kind\nlong,a\n",
        "kind");
    says(
        "iris.csv:3: column \"kind\" is empty; name a class, or remove the row",
        "length,kind\n1,a\n2,\n",
        "kind");
    says(
        "iris.csv: 1 classes in column \"kind\"; want two or more",
        "length,kind\n1,a\n2,a\n",
        "kind");
    says("iris.csv:3: 1 columns; want 2 as in the first line", "length,kind\n1,a\n2\n", "kind");
    says("iris.csv: is empty; want a header line and two or more rows", "", "kind");
  }
}
