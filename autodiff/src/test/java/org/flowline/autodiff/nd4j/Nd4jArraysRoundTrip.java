package org.flowline.autodiff.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.flowline.autodiff.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/// Arrays sent to ND4J and back are the same to the last bit; arrays of ND4J are read row by row
/// for any memory layout.
class Nd4jArraysRoundTrip {

  @Property(tries = 300)
  void thereAndBack(
      @ForAll @Size(max = 4) List<@IntRange(max = 5) Integer> dims, @ForAll long seed) {
    Shape shape = Shape.of(dims.stream().mapToInt(d -> d).toArray());
    double[] values = new SplittableRandom(seed).doubles(shape.size(), -9, 9).toArray();
    INDArray array = Nd4jArrays.array(values, shape);
    assertEquals(DataType.DOUBLE, array.dataType());
    assertEquals(shape, Nd4jArrays.shape(array));
    assertArrayEquals(values, Nd4jArrays.flat(array));
  }

  @Property(tries = 300)
  void anyOrderTransposedAndSliced(
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll boolean byColumns,
      @ForAll boolean transposed,
      @ForAll boolean sliced,
      @ForAll boolean single) {
    INDArray array =
        Nd4j.createUninitialized(
            DataType.DOUBLE, new long[] {rows, columns}, byColumns ? 'f' : 'c');
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        array.putScalar(i, j, 10 * i + j);
      }
    }
    int skip = sliced ? Math.min(rows, columns) - 1 : 0;
    INDArray view = transposed ? array.transpose() : array;
    if (sliced) {
      view =
          view.get(
              NDArrayIndex.interval(skip, view.size(0)), NDArrayIndex.interval(skip, view.size(1)));
    }
    if (single) {
      view = view.castTo(DataType.FLOAT);
    }
    double[] flat = Nd4jArrays.flat(view);
    Shape shape = Nd4jArrays.shape(view);
    int height = (transposed ? columns : rows) - skip;
    int width = (transposed ? rows : columns) - skip;
    assertEquals(Shape.of(height, width), shape);
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        int row = skip + (transposed ? j : i);
        int column = skip + (transposed ? i : j);
        assertEquals(10 * row + column, flat[i * width + j]);
      }
    }
  }

  /// Writes into every other row and every third column of an array, transposed or not; the other
  /// elements keep their values.
  @Property(tries = 300)
  void intoAnyView(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int columns,
      @ForAll boolean byColumns,
      @ForAll boolean transposed,
      @ForAll boolean single,
      @ForAll long seed) {
    DataType type = single ? DataType.FLOAT : DataType.DOUBLE;
    long[] dims = {2 * rows, 3 * columns};
    INDArray whole = Nd4j.createUninitialized(type, dims, byColumns ? 'f' : 'c').assign(-1);
    INDArray part =
        whole.get(NDArrayIndex.interval(0, 2, 2 * rows), NDArrayIndex.interval(0, 3, 3 * columns));
    INDArray view = transposed ? part.transpose() : part;
    double[] values = new SplittableRandom(seed).doubles(rows * columns, 0, 9).toArray();
    for (int i = 0; single && i < values.length; i++) {
      values[i] = (float) values[i];
    }
    Nd4jArrays.write(values, view);
    assertArrayEquals(values, Nd4jArrays.flat(view));
    for (int i = 0; i < 2 * rows; i++) {
      for (int j = 0; j < 3 * columns; j++) {
        int k = transposed ? j / 3 * rows + i / 2 : i / 2 * columns + j / 3;
        double wanted = i % 2 == 0 && j % 3 == 0 ? values[k] : -1;
        assertEquals(wanted, whole.getDouble(i, j));
      }
    }
  }

  /// A row, a column and a matrix within a block of three axes.
  @Example
  void partsOfMoreAxes() {
    for (char order : new char[] {'c', 'f'}) {
      INDArray block = Nd4j.createUninitialized(DataType.DOUBLE, new long[] {2, 3, 4}, order);
      for (int i = 0; i < 24; i++) {
        block.putScalar(new int[] {i / 12, i / 4 % 3, i % 4}, i);
      }
      INDArray column = block.get(NDArrayIndex.point(1), NDArrayIndex.all(), NDArrayIndex.point(2));
      assertArrayEquals(new double[] {14, 18, 22}, Nd4jArrays.flat(column));
      INDArray matrix = block.tensorAlongDimension(3, 0, 1); // all of the last axis' position 3
      assertArrayEquals(new double[] {3, 7, 11, 15, 19, 23}, Nd4jArrays.flat(matrix));
      Nd4jArrays.write(new double[] {-1, -2, -3}, column);
      assertArrayEquals(new double[] {-1, -2, -3}, Nd4jArrays.flat(column));
      assertEquals(-2, block.getDouble(1, 1, 2));
      assertEquals(13, block.getDouble(1, 0, 1));
    }
  }

  @Example
  void aScalarAndNothingAreWritten() {
    INDArray scalar = Nd4j.scalar(1.5);
    Nd4jArrays.write(new double[] {2.5}, scalar);
    assertArrayEquals(new double[] {2.5}, Nd4jArrays.flat(scalar));
    Nd4jArrays.write(new double[0], Nd4j.empty(DataType.DOUBLE));
  }

  @Example
  void everyNumberType() {
    for (DataType type :
        new DataType[] {DataType.DOUBLE, DataType.FLOAT, DataType.INT32, DataType.INT64}) {
      INDArray array = Nd4j.createFromArray(new double[][] {{1, 2}, {3, 4}}).castTo(type);
      assertArrayEquals(new double[] {1, 2, 3, 4}, Nd4jArrays.flat(array), type + "");
      assertArrayEquals(new double[] {1, 3, 2, 4}, Nd4jArrays.flat(array.transpose()), type + "");
    }
  }

  @Example
  void scalarsAndNothing() {
    assertArrayEquals(new double[] {2.5}, Nd4jArrays.flat(Nd4j.scalar(2.5)));
    assertEquals(Shape.scalar(), Nd4jArrays.shape(Nd4j.scalar(2.5)));
    INDArray nothing = Nd4j.empty(DataType.DOUBLE);
    assertArrayEquals(new double[0], Nd4jArrays.flat(nothing));
    assertEquals(Shape.of(0), Nd4jArrays.shape(nothing));
  }

  @Example
  void neitherSideSeesTheOthersChanges() {
    double[] values = {1, 2, 3};
    INDArray array = Nd4jArrays.array(values, Shape.of(3));
    values[0] = 9;
    assertEquals(1, array.getDouble(0));
    double[] flat = Nd4jArrays.flat(array);
    array.putScalar(1, 9);
    assertArrayEquals(new double[] {1, 2, 3}, flat);
  }

  @Example
  void aWrongNumberOfValuesIsRefused() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> Nd4jArrays.array(new double[5], Shape.of(2, 3)));
    assertEquals("ND4J array: 5 values for [2, 3]; want 6", error.getMessage());
  }

  @Example
  void aWrongNumberOfValuesIsNotWritten() {
    INDArray target = Nd4j.zeros(DataType.DOUBLE, 2, 3);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Nd4jArrays.write(new double[5], target));
    assertEquals("ND4J array: 5 values for [2, 3]; want 6", error.getMessage());
    assertArrayEquals(new double[6], Nd4jArrays.flat(target));
  }

  /// A column-major array, one of its columns, and back.
  @Example
  void rowsAreThoseOfTheMatrix() {
    INDArray columns = Nd4j.create(new double[] {1, 2, 3, 4, 5, 6}, new long[] {3, 2}, 'f');
    List<double[]> rows = Nd4jArrays.rows(columns);
    assertEquals(3, rows.size());
    assertArrayEquals(new double[] {1, 4}, rows.get(0));
    assertArrayEquals(new double[] {3, 6}, rows.get(2));
    assertEquals(columns, Nd4jArrays.matrix(rows));
    List<double[]> numbers = Nd4jArrays.rows(columns.getColumn(1));
    assertEquals(3, numbers.size());
    assertArrayEquals(new double[] {5}, numbers.get(1));
    assertEquals(
        "ND4J array: of shape [2, 2, 2]; want a matrix, or a vector of numbers",
        assertThrows(
                IllegalArgumentException.class,
                () -> Nd4jArrays.rows(Nd4j.create(DataType.DOUBLE, 2, 2, 2)))
            .getMessage());
    assertEquals(
        "ND4J array: a row of 1 numbers; want 2 as in the first",
        assertThrows(
                IllegalArgumentException.class,
                () -> Nd4jArrays.matrix(List.of(new double[2], new double[1])))
            .getMessage());
    assertEquals(
        "ND4J array: of no rows; want one or more",
        assertThrows(IllegalArgumentException.class, () -> Nd4jArrays.matrix(List.of()))
            .getMessage());
  }
}
