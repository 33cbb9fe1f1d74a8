package org.flowline.neuralode.nn;

import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/// A distribution of the initial weights of a layer.
@FunctionalInterface
public interface Initializer {

  /// Draws one weight of a layer with `in` inputs and `out` outputs.
  double draw(int in, int out, RandomGenerator random);

  /// Uniform in `±√(6/(in + out))`. Glorot & Bengio (2010), eq. 16.
  static Initializer glorot() {
    return (in, out, random) -> {
      double limit = Math.sqrt(6.0 / (in + out));
      return random.nextDouble(-limit, limit);
    };
  }

  /// Normal with variance `2/in`, for rectifiers. He et al. (2015), eq. 10.
  static Initializer he() {
    return (in, _, random) -> random.nextGaussian() * Math.sqrt(2.0 / in);
  }

  /// Normal with standard deviation `sigma`, independent of the sizes.
  static Initializer normal(double sigma) {
    return (_, _, random) -> random.nextGaussian() * sigma;
  }

  /// Draws a matrix of weights, row by row.
  default double[] matrix(int in, int out, RandomGenerator random) {
    return DoubleStream.generate(() -> draw(in, out, random)).limit((long) in * out).toArray();
  }
}
