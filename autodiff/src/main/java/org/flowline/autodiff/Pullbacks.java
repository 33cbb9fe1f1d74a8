package org.flowline.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Reverse mode, one rule for each primitive: from the cotangent `ȳ` of `y = op(x…)` to the
/// cotangents `x̄ = ȳ·∂y/∂x` of its operands, written as operations so that they can be
/// differentiated again.
final class Pullbacks {
  private Pullbacks() {}

  /// One cotangent for each operand, in its shape; none where the derivative is 0 everywhere.
  static List<Var> of(Op op, Var[] x, Var y, Var cotangent) {
    return switch (op) {
      case Op.Input _, Op.Constant _ -> List.of();
      case Op.Unary.NEG -> List.of(cotangent.neg());
      case Op.Unary.ABS -> List.of(cotangent.mul(x[0].sign()));
      case Op.Unary.SIGN, Op.Unary.STEP -> List.of();
      case Op.Unary.EXP -> List.of(cotangent.mul(y));
      case Op.Unary.LOG -> List.of(cotangent.div(x[0]));
      case Op.Unary.SQRT -> List.of(cotangent.mul(0.5).div(y));
      case Op.Unary.SIN -> List.of(cotangent.mul(x[0].cos()));
      case Op.Unary.COS -> List.of(cotangent.mul(x[0].sin()).neg());
      case Op.Unary.TANH -> List.of(cotangent.mul(one(y).sub(y.mul(y))));
      case Op.Unary.SIGMOID -> List.of(cotangent.mul(y.mul(one(y).sub(y))));
      case Op.Unary.SOFTPLUS -> List.of(cotangent.mul(x[0].sigmoid()));
      case Op.Unary.RELU -> List.of(cotangent.mul(x[0].step()));
      case Op.Power(double p) -> List.of(cotangent.mul(x[0].pow(p - 1).mul(p)));
      case Op.Binary.ADD -> List.of(cotangent, cotangent);
      case Op.Binary.SUB -> List.of(cotangent, cotangent.neg());
      case Op.Binary.MUL -> List.of(cotangent.mul(x[1]), cotangent.mul(x[0]));
      case Op.Binary.DIV -> List.of(cotangent.div(x[1]), cotangent.mul(y).div(x[1]).neg());
      case Op.MatMul(boolean transposeA, boolean transposeB) ->
          List.of(
              transposeA
                  ? product(x[1], transposeB, cotangent, true)
                  : product(cotangent, false, x[1], !transposeB),
              transposeB
                  ? product(cotangent, true, x[0], transposeA)
                  : product(x[0], !transposeA, cotangent, false));
      case Op.Transpose _ -> List.of(cotangent.transpose());
      case Op.Broadcast _ -> List.of(unbroadcast(cotangent, x[0].shape()));
      case Op.Sum sum -> List.of(cotangent.reshape(sum.kept(x[0].shape())).broadcast(x[0].shape()));
      case Op.Reshape _ -> List.of(cotangent.reshape(x[0].shape()));
      case Op.Slice(int axis, int from, int to) ->
          List.of(cotangent.pad(axis, from, x[0].shape().dim(axis) - to));
      case Op.Pad(int axis, int before, int _) ->
          List.of(cotangent.slice(axis, before, before + x[0].shape().dim(axis)));
      case Op.Concat(int axis) -> split(axis, x, cotangent);
    };
  }

  private static Var one(Var like) {
    return like.constant(1);
  }

  private static Var product(Var a, boolean transposeA, Var b, boolean transposeB) {
    return a.recorder.emit(new Op.MatMul(transposeA, transposeB), a, b);
  }

  /// Sums over the axes along which a value of shape `original` was repeated.
  private static Var unbroadcast(Var repeated, Shape original) {
    int rank = repeated.shape().rank();
    int[] axes =
        IntStream.range(0, rank)
            .filter(
                i ->
                    i < rank - original.rank()
                        || original.aligned(i, rank) != repeated.shape().dim(i))
            .toArray();
    return (axes.length == 0 ? repeated : repeated.sum(axes)).reshape(original);
  }

  private static List<Var> split(int axis, Var[] parts, Var whole) {
    int[] from = {0};
    return Arrays.stream(parts)
        .map(
            part -> {
              int start = from[0];
              from[0] += part.shape().dim(axis);
              return whole.slice(axis, start, from[0]);
            })
        .toList();
  }
}
