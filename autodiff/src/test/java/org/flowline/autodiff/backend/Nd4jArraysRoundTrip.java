package org.flowline.autodiff.backend;

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

/// What goes to ND4J and comes back is the same to the last bit; what comes from there is read row
/// by row, however it lies in memory.
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
}
