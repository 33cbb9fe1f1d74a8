package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.autodiff.backend.Precise;
import org.hipparchus.special.Erf;

/// Evaluates a tape the slow and obvious way: a new array for every value, an index tuple for every
/// element, `StrictMath` for functions. The oracle for programs; it shares nothing with them but
/// the tape.
final class PlainJava {
  private PlainJava() {}

  /// The results of `tape` for these arguments.
  static double[][] run(Tape tape, double[]... in) {
    List<double[]> values = values(tape, in);
    return Arrays.stream(tape.outputs()).mapToObj(values::get).toArray(double[][]::new);
  }

  /// The value of every node.
  static List<double[]> values(Tape tape, double[]... in) {
    List<double[]> values = new ArrayList<>();
    for (Tape.Node node : tape.nodes()) {
      double[][] x = Arrays.stream(node.operands()).mapToObj(values::get).toArray(double[][]::new);
      Shape[] shapes =
          Arrays.stream(node.operands())
              .mapToObj(i -> tape.nodes().get(i).shape())
              .toArray(Shape[]::new);
      double[] y = new double[node.shape().size()];
      evaluate(node.op(), x, shapes, y, node.shape(), in);
      values.add(y);
    }
    return values;
  }

  private static void evaluate(
      Op op, double[][] x, Shape[] of, double[] y, Shape shape, double[][] in) {
    switch (op) {
      case Op.Input input -> System.arraycopy(in[input.index()], 0, y, 0, y.length);
      case Op.Constant constant -> constant.copyTo(y, 0);
      case Op.Unary unary -> {
        for (int i = 0; i < y.length; i++) {
          y[i] = apply(unary, x[0][i]);
        }
      }
      case Op.Power(double p) -> {
        for (int i = 0; i < y.length; i++) {
          y[i] = StrictMath.pow(x[0][i], p);
        }
      }
      case Op.Binary binary -> {
        for (int i = 0; i < y.length; i++) {
          y[i] =
              switch (binary) {
                case ADD -> x[0][i] + x[1][i];
                case SUB -> x[0][i] - x[1][i];
                case MUL -> x[0][i] * x[1][i];
                case DIV -> x[0][i] / x[1][i];
                case POW -> StrictMath.pow(x[0][i], x[1][i]);
                case GREATER -> x[0][i] > x[1][i] ? 1 : 0;
                case GREATER_EQUAL -> x[0][i] >= x[1][i] ? 1 : 0;
                case EQUAL -> x[0][i] == x[1][i] ? 1 : 0;
              };
        }
      }
      case Op.Where _ -> {
        for (int i = 0; i < y.length; i++) {
          y[i] = x[0][i] != 0 ? x[1][i] : x[2][i];
        }
      }
      case Op.StopGradient _ -> System.arraycopy(x[0], 0, y, 0, y.length);
      case Op.MatMul(boolean ta, boolean tb) -> {
        int last = shape.rank() - 1;
        for (int[] at : indices(shape)) {
          for (int k = 0; k < of[0].dim(ta ? -2 : -1); k++) {
            int[] left = at.clone();
            int[] right = at.clone();
            left[last - 1] = ta ? k : at[last - 1];
            left[last] = ta ? at[last - 1] : k;
            right[last - 1] = tb ? at[last] : k;
            right[last] = tb ? k : at[last];
            y[position(shape, at)] += x[0][position(of[0], left)] * x[1][position(of[1], right)];
          }
        }
      }
      case Op.Permute(List<Integer> order) -> {
        for (int[] at : indices(shape)) {
          int[] from = new int[at.length];
          for (int axis = 0; axis < at.length; axis++) {
            from[order.get(axis)] = at[axis];
          }
          y[position(shape, at)] = x[0][position(of[0], from)];
        }
      }
      case Op.Broadcast _ -> {
        for (int[] at : indices(shape)) {
          int[] from = Arrays.copyOfRange(at, at.length - of[0].rank(), at.length);
          for (int i = 0; i < from.length; i++) {
            from[i] = of[0].dim(i) == 1 ? 0 : from[i];
          }
          y[position(shape, at)] = x[0][position(of[0], from)];
        }
      }
      case Op.Sum(List<Integer> axes) -> {
        for (int[] from : indices(of[0])) {
          y[position(shape, without(from, axes))] += x[0][position(of[0], from)];
        }
      }
      case Op.Max(List<Integer> axes) -> {
        Arrays.fill(y, Double.NEGATIVE_INFINITY);
        for (int[] from : indices(of[0])) {
          int at = position(shape, without(from, axes));
          y[at] = Math.max(y[at], x[0][position(of[0], from)]);
        }
      }
      case Op.CumulativeSum(int axis, boolean reverse) -> {
        for (int[] at : indices(shape)) {
          for (int[] from : indices(shape)) {
            boolean before = reverse ? from[axis] >= at[axis] : from[axis] <= at[axis];
            int[] same = from.clone();
            same[axis] = at[axis];
            if (before && Arrays.equals(same, at)) {
              y[position(shape, at)] += x[0][position(shape, from)];
            }
          }
        }
      }
      case Op.Gather(int axis, List<Integer> indices) -> {
        for (int[] at : indices(shape)) {
          int[] from = at.clone();
          from[axis] = indices.get(at[axis]);
          y[position(shape, at)] = x[0][position(of[0], from)];
        }
      }
      case Op.Scatter(int axis, List<Integer> indices, int _) -> {
        for (int[] from : indices(of[0])) {
          int[] at = from.clone();
          at[axis] = indices.get(from[axis]);
          y[position(shape, at)] += x[0][position(of[0], from)];
        }
      }
      case Op.Windows windows -> {
        for (int[] at : indices(shape)) {
          y[position(shape, at)] = x[0][position(of[0], source(windows, at))];
        }
      }
      case Op.Overlap(Op.Windows windows, Shape _) -> {
        for (int[] from : indices(of[0])) {
          y[position(shape, source(windows, from))] += x[0][position(of[0], from)];
        }
      }
      case Op.Fused(Shape target, Tape body) -> {
        double[][] repeated = new double[x.length][target.size()];
        for (int i = 0; i < x.length; i++) {
          evaluate(
              new Op.Broadcast(target),
              new double[][] {x[i]},
              new Shape[] {of[i]},
              repeated[i],
              target,
              in);
        }
        System.arraycopy(run(body, repeated)[0], 0, y, 0, y.length);
      }
      case Op.Reshape _ -> System.arraycopy(x[0], 0, y, 0, y.length);
      case Op.Slice(int axis, int from, int _) -> {
        for (int[] at : indices(shape)) {
          y[position(shape, at)] = x[0][position(of[0], moved(at, axis, from))];
        }
      }
      case Op.Pad(int axis, int before, int _) -> {
        for (int[] from : indices(of[0])) {
          y[position(shape, moved(from, axis, before))] = x[0][position(of[0], from)];
        }
      }
      case Op.Concat(int axis) -> {
        int before = 0;
        for (int part = 0; part < x.length; part++) {
          for (int[] from : indices(of[part])) {
            y[position(shape, moved(from, axis, before))] = x[part][position(of[part], from)];
          }
          before += of[part].dim(axis);
        }
      }
    }
  }

  static double apply(Op.Unary op, double x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> x < 0 ? -x : x;
      case SIGN -> x > 0 ? 1 : x < 0 ? -1 : 0;
      case STEP -> x > 0 ? 1 : 0;
      case EXP -> StrictMath.exp(x);
      case EXPM1 -> StrictMath.expm1(x);
      case LOG1P -> StrictMath.log1p(x);
      case ERF -> Erf.erf(x);
      case ERFC -> Precise.erfc(x).value();
      case LOG -> StrictMath.log(x);
      case SQRT -> StrictMath.sqrt(x);
      case SIN -> StrictMath.sin(x);
      case COS -> StrictMath.cos(x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case SOFTPLUS -> x > 30 ? x : StrictMath.log1p(StrictMath.exp(x));
      case RELU -> x > 0 ? x : 0;
    };
  }

  /// Where the element `at` of the windows comes from.
  private static int[] source(Op.Windows windows, int[] at) {
    int axes = windows.sizes().size();
    int[] from = Arrays.copyOf(at, at.length - axes);
    for (int i = 0; i < axes; i++) {
      int axis = from.length - axes + i;
      int within = at[from.length + i];
      from[axis] = at[axis] * windows.strides().get(i) + within * windows.dilations().get(i);
    }
    return from;
  }

  private static int[] without(int[] from, List<Integer> axes) {
    return IntStream.range(0, from.length)
        .filter(axis -> !axes.contains(axis))
        .map(axis -> from[axis])
        .toArray();
  }

  private static int[] moved(int[] at, int axis, int by) {
    int[] moved = at.clone();
    moved[axis] += by;
    return moved;
  }

  private static int position(Shape shape, int... at) {
    int position = 0;
    for (int axis = 0; axis < at.length; axis++) {
      position = position * shape.dim(axis) + at[axis];
    }
    return position;
  }

  /// Every index of `shape`, row by row.
  private static List<int[]> indices(Shape shape) {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      int[] at = new int[shape.rank()];
      int rest = i;
      for (int axis = at.length - 1; axis >= 0; axis--) {
        at[axis] = rest % shape.dim(axis);
        rest /= shape.dim(axis);
      }
      all.add(at);
    }
    return all;
  }
}
