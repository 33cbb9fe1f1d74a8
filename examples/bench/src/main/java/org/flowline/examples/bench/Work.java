package org.flowline.examples.bench;

import java.util.Arrays;
import java.util.function.Supplier;
import org.flowline.autodiff.Program;

/// A task to be timed, and the numbers of its last run, one output after the other, by which a test
/// checks that rivals compute the same.
record Work(Runnable run, Supplier<double[]> results) {
  static Work of(Program program, double[][] in) {
    double[][] out =
        program.tape().outputShapes().stream()
            .map(shape -> new double[shape.size()])
            .toArray(double[][]::new);
    return new Work(
        () -> program.run(in, out),
        () -> Arrays.stream(out).flatMapToDouble(Arrays::stream).toArray());
  }

  static Work of(Runnable run) {
    return new Work(run, () -> new double[0]);
  }
}
