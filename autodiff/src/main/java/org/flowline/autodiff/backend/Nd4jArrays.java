package org.flowline.autodiff.backend;

import org.flowline.autodiff.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// `INDArray` ↔ flat state, row by row. ND4J is optional: without it on the class path only this
/// class fails to load.
public final class Nd4jArrays {
  private Nd4jArrays() {}

  /// The elements of `array` in row-major order, whatever its own order, strides and number type.
  public static double[] flat(INDArray array) {
    return array.isEmpty()
        ? new double[0]
        : array.dup('c').castTo(DataType.DOUBLE).data().asDouble();
  }

  /// The dimensions of `array`; `[0]` for ND4J's empty array without any.
  public static Shape shape(INDArray array) {
    long[] dims = array.shape();
    if (array.isEmpty() && dims.length == 0) {
      return Shape.of(0);
    }
    int[] narrowed = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      narrowed[i] = Math.toIntExact(dims[i]);
    }
    return Shape.of(narrowed);
  }

  /// A new array in double precision and row-major order holding a copy of `values`.
  ///
  /// @throws IllegalArgumentException if there are not `shape.size()` values
  public static INDArray array(double[] values, Shape shape) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "ND4J array: " + values.length + " values for " + shape + "; want " + shape.size());
    }
    long[] dims = java.util.Arrays.stream(shape.dims()).asLongStream().toArray();
    if (shape.rank() == 0) {
      return Nd4j.scalar(values[0]);
    }
    return shape.size() == 0
        ? Nd4j.create(DataType.DOUBLE, dims)
        : Nd4j.create(values.clone(), dims, 'c');
  }
}
