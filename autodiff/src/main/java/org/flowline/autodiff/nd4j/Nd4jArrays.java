package org.flowline.autodiff.nd4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.autodiff.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// Converts between `INDArray` and flat arrays, row by row. ND4J is optional: without it on the
/// class path, or without its native library, every method throws an `IllegalStateException` that
/// names the artifact to add.
public final class Nd4jArrays {
  private Nd4jArrays() {}

  /// Returns the elements of `array` in row-major order, for any order, strides and number type.
  public static double[] flat(INDArray array) {
    Nd4jLibrary.start();
    return array.isEmpty()
        ? new double[0]
        : array.dup('c').castTo(DataType.DOUBLE).data().asDouble();
  }

  /// Returns the dimensions of `array`; `[0]` for ND4J's empty array without any.
  public static Shape shape(INDArray array) {
    Nd4jLibrary.start();
    long[] dims = array.shape();
    if (array.isEmpty() && dims.length == 0) {
      return Shape.of(0);
    }
    return Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray());
  }

  /// Returns a new array in double precision and row-major order with a copy of `values`.
  ///
  /// @throws IllegalArgumentException if there are not `shape.size()` values
  public static INDArray array(double[] values, Shape shape) {
    Nd4jLibrary.start();
    requireSize(values, shape);
    long[] dims = Arrays.stream(shape.dims()).asLongStream().toArray();
    if (shape.rank() == 0) {
      return Nd4j.scalar(values[0]);
    }
    return shape.size() == 0
        ? Nd4j.create(DataType.DOUBLE, dims)
        : Nd4j.create(values.clone(), dims, 'c');
  }

  /// Returns the rows of a matrix, such as the states of a series of measurements; for a vector,
  /// one row for each number.
  ///
  /// @throws IllegalArgumentException if it has another number of dimensions
  public static List<double[]> rows(INDArray array) {
    Shape shape = shape(array);
    if (shape.rank() != 1 && shape.rank() != 2) {
      throw new IllegalArgumentException(
          "ND4J array: of shape " + shape + "; want a matrix, or a vector of numbers");
    }
    double[] values = flat(array);
    int columns = shape.rank() == 1 ? 1 : shape.dim(1);
    return IntStream.range(0, shape.dim(0))
        .mapToObj(i -> Arrays.copyOfRange(values, i * columns, (i + 1) * columns))
        .toList();
  }

  /// Returns a new matrix of these rows, such as a prediction.
  ///
  /// @throws IllegalArgumentException if there are none, or they are not equally long
  public static INDArray matrix(List<double[]> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("ND4J array: of no rows; want one or more");
    }
    int columns = rows.getFirst().length;
    for (double[] row : rows) {
      if (row.length != columns) {
        throw new IllegalArgumentException(
            "ND4J array: a row of %s numbers; want %s as in the first"
                .formatted(row.length, columns));
      }
    }
    double[] values = rows.stream().flatMapToDouble(Arrays::stream).toArray();
    return array(values, Shape.of(rows.size(), columns));
  }

  /// Writes `values`, row by row, into an existing array of any order, strides and number type,
  /// also into a part of a larger array, whose other elements keep their values. A number type with
  /// fewer digits rounds.
  ///
  /// @throws IllegalArgumentException if there are not as many values as `target` has elements
  public static void write(double[] values, INDArray target) {
    Nd4jLibrary.start();
    Shape shape = shape(target);
    requireSize(values, shape);
    if (shape.size() > 0) {
      target.assign(array(values, shape));
    }
  }

  private static void requireSize(double[] values, Shape shape) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "ND4J array: " + values.length + " values for " + shape + "; want " + shape.size());
    }
  }
}
