package org.flowline.autodiff;

import java.util.List;

/// What every [org.flowline.autodiff.Program] requires of the arrays it runs on: as many as the
/// tape has inputs and outputs, of their sizes, and results in arrays of their own.
public final class ArgumentCheck {
  private final int[] inputs;
  private final int[] outputs;

  public ArgumentCheck(Tape tape) {
    this.inputs = sizes(tape.inputShapes());
    this.outputs = sizes(tape.outputShapes());
  }

  private static int[] sizes(List<Shape> shapes) {
    int[] sizes = new int[shapes.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shapes.get(i).size();
    }
    return sizes;
  }

  /// @throws IllegalArgumentException if one is null, a number of arrays or a length differs, or an
  ///     output array is an input array or another output array
  public void require(double[][] in, double[][] out) {
    requireSizes("input", in, inputs);
    requireSizes("output", out, outputs);
    for (int k = 0; k < out.length; k++) {
      requireOwn(out[k], in, in.length, "an input array");
      requireOwn(out[k], out, k, "another output array");
    }
  }

  private static void requireSizes(String what, double[][] arrays, int[] sizes) {
    if (arrays == null) {
      throw new IllegalArgumentException("run: " + what + " arrays are null, want " + sizes.length);
    }
    if (arrays.length != sizes.length) {
      throw new IllegalArgumentException(
          "run: " + arrays.length + " " + what + " arrays, want " + sizes.length);
    }
    for (int i = 0; i < sizes.length; i++) {
      if (arrays[i] == null) {
        throw new IllegalArgumentException(
            "run: " + what + " " + i + " is null, want " + sizes[i] + " values");
      }
      if (arrays[i].length != sizes[i]) {
        throw new IllegalArgumentException(
            "run: " + what + " " + i + " has " + arrays[i].length + " values, want " + sizes[i]);
      }
    }
  }

  private static void requireOwn(double[] result, double[][] others, int count, String what) {
    for (int i = 0; i < count; i++) {
      if (result == others[i] && result.length > 0) {
        throw new IllegalArgumentException(
            "run: an output array is " + what + "; want one of its own");
      }
    }
  }
}
