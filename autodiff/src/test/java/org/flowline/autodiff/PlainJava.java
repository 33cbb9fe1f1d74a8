package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
              };
        }
      }
      case Op.MatMul(boolean ta, boolean tb) -> {
        for (int[] at : indices(shape)) {
          for (int k = 0; k < of[0].dim(ta ? 0 : 1); k++) {
            double a = ta ? x[0][position(of[0], k, at[0])] : x[0][position(of[0], at[0], k)];
            double b = tb ? x[1][position(of[1], at[1], k)] : x[1][position(of[1], k, at[1])];
            y[position(shape, at)] += a * b;
          }
        }
      }
      case Op.Transpose _ -> {
        int last = shape.rank() - 1;
        for (int[] at : indices(shape)) {
          int[] from = at.clone();
          from[last] = at[last - 1];
          from[last - 1] = at[last];
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
      case Op.Sum sum -> {
        for (int[] from : indices(of[0])) {
          int[] at = new int[shape.rank()];
          int next = 0;
          for (int axis = 0; axis < from.length; axis++) {
            if (!sum.axes().contains(axis)) {
              at[next++] = from[axis];
            }
          }
          y[position(shape, at)] += x[0][position(of[0], from)];
        }
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
