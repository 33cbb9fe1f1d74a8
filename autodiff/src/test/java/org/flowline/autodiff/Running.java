package org.flowline.autodiff;

import java.util.Arrays;
import org.flowline.autodiff.backend.JvmBackend;

/// Tapes run once, with arrays made for them.
final class Running {
  private Running() {}

  /// The results for these arguments. The result arrays hold NaN before: what is not written shows.
  static double[][] run(Program program, double[]... in) {
    double[][] out = results(program.tape());
    program.run(in, out);
    return out;
  }

  static double[][] run(Tape tape, double[]... in) {
    return run(JvmBackend.best().compile(tape), in);
  }

  static double[][] results(Tape tape) {
    double[][] out =
        tape.outputShapes().stream()
            .map(shape -> new double[shape.size()])
            .toArray(double[][]::new);
    for (double[] result : out) {
      Arrays.fill(result, Double.NaN);
    }
    return out;
  }

  static double[][] join(double[][] first, double[]... then) {
    double[][] all = Arrays.copyOf(first, first.length + then.length);
    System.arraycopy(then, 0, all, first.length, then.length);
    return all;
  }

  static double[] array(double... values) {
    return values;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double absoluteDot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] * b[i]);
    }
    return sum;
  }
}
