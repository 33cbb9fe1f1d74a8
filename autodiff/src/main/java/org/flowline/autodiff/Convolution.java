package org.flowline.autodiff;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Convolution as a matrix product: the windows are rows of one matrix, the filters columns of the
/// other.
final class Convolution {
  private Convolution() {}

  static Var windows(Var x, int[] sizes, int stride) {
    List<Integer> strides = Collections.nCopies(sizes.length, stride);
    List<Integer> ones = Collections.nCopies(sizes.length, 1);
    return x.recorder.emit(new Op.Windows(list(sizes), strides, ones), x);
  }

  static Var convolve(Var x, Var w, int stride) {
    int axes = axes(x, w);
    int[] strides = new int[axes];
    int[] ones = new int[axes];
    Arrays.fill(strides, stride);
    Arrays.fill(ones, 1);
    return convolve(x, w, strides, new int[axes], ones);
  }

  static Var convolve(Var x, Var w, int[] strides, int[] paddings, int[] dilations) {
    int axes = axes(x, w);
    if (strides.length != axes || paddings.length != axes || dilations.length != axes) {
      throw new IllegalArgumentException(
          "convolve: strides %s, paddings %s, dilations %s over axes %s; want one of each for each"
              .formatted(list(strides), list(paddings), list(dilations), x.shape().without(0, 1)));
    }
    Var padded = x;
    for (int i = 0; i < axes; i++) {
      padded = padded.pad(2 + i, paddings[i], paddings[i]);
    }
    int[] sizes = Arrays.copyOfRange(w.shape().dims(), 2, 2 + axes);
    Op windows = new Op.Windows(list(sizes), list(strides), list(dilations));
    return product(x.recorder.emit(windows, padded), w, axes);
  }

  /// `[n, c, i…, k…]` times `[o, c, k…]`: `[n·i…, c·k…] × [c·k…, o]`, and `o` to the front.
  private static Var product(Var windows, Var w, int axes) {
    int[] toRows = new int[2 + 2 * axes];
    toRows[1 + axes] = 1;
    int[] placed = new int[2 + axes];
    int[] toFront = new int[2 + axes];
    placed[0] = windows.shape().dim(0);
    placed[1 + axes] = w.shape().dim(0);
    toFront[1] = 1 + axes;
    int rows = placed[0];
    for (int i = 0; i < axes; i++) {
      toRows[1 + i] = 2 + i;
      toRows[2 + axes + i] = 2 + axes + i;
      placed[1 + i] = windows.shape().dim(2 + i);
      toFront[2 + i] = 1 + i;
      rows *= placed[1 + i];
    }
    int features = w.shape().inner(0);
    Var filters = w.reshape(w.shape().dim(0), features).transpose();
    Var results = windows.permute(toRows).reshape(rows, features).matmul(filters);
    return results.reshape(placed).permute(toFront);
  }

  /// Returns the number of axes that the windows move along.
  private static int axes(Var x, Var w) {
    x.recorder.requireOwn("convolve: operand ", x);
    x.recorder.requireOwn("convolve: operand ", w);
    Shape of = x.shape();
    Shape by = w.shape();
    if (of.rank() < 3 || by.rank() != of.rank() || by.dim(1) != of.dim(1)) {
      throw new IllegalArgumentException(
          "convolve: " + of + " with " + by + "; want [n, c, s…] and [o, c, k…]");
    }
    return of.rank() - 2;
  }

  private static List<Integer> list(int[] numbers) {
    return IntStream.of(numbers).boxed().toList();
  }
}
