package org.flowline.autodiff;

import java.util.Arrays;
import java.util.Objects;

/// Forward mode, one rule for each primitive: from the tangents `ẋ` of the operands of `y = op(x…)`
/// to `ẏ = ∂y/∂x·ẋ`, written as operations. Independent of [Pullbacks] on purpose: each is the
/// other's oracle.
final class Pushforwards {
  private Pushforwards() {}

  /// The tangent of `y`, or null where it is 0: because the derivative is, or because every
  /// operand's tangent is null.
  static Var of(Op op, Var[] x, Var y, Var[] tangents) {
    if (Arrays.stream(tangents).allMatch(Objects::isNull)) {
      return null;
    }
    Var dx = tangents[0];
    return switch (op) {
      case Op.Input _, Op.Constant _ -> null;
      case Op.Unary.NEG -> dx.neg();
      case Op.Unary.ABS -> x[0].sign().mul(dx);
      case Op.Unary.SIGN, Op.Unary.STEP -> null;
      case Op.Unary.EXP -> y.mul(dx);
      case Op.Unary.LOG -> dx.div(x[0]);
      case Op.Unary.SQRT -> dx.div(y.mul(2));
      case Op.Unary.SIN -> x[0].cos().mul(dx);
      case Op.Unary.COS -> x[0].sin().neg().mul(dx);
      case Op.Unary.TANH -> dx.sub(y.square().mul(dx));
      case Op.Unary.SIGMOID -> y.sub(y.square()).mul(dx);
      case Op.Unary.SOFTPLUS -> x[0].sigmoid().mul(dx);
      case Op.Unary.RELU -> x[0].step().mul(dx);
      case Op.Power(double p) -> x[0].pow(p - 1).mul(p).mul(dx);
      case Op.Binary.ADD -> sum(dx, tangents[1]);
      case Op.Binary.SUB -> sum(dx, tangents[1] == null ? null : tangents[1].neg());
      case Op.Binary.MUL ->
          sum(dx == null ? null : dx.mul(x[1]), tangents[1] == null ? null : x[0].mul(tangents[1]));
      case Op.Binary.DIV ->
          sum(
              dx == null ? null : dx.div(x[1]),
              tangents[1] == null ? null : y.mul(tangents[1]).div(x[1]).neg());
      case Op.MatMul product ->
          sum(
              dx == null ? null : y.recorder.emit(product, dx, x[1]),
              tangents[1] == null ? null : y.recorder.emit(product, x[0], tangents[1]));
      // Linear in their only operand: the tangent goes the same way as the value.
      case Op.Transpose _, Op.Broadcast _, Op.Sum _, Op.Reshape _, Op.Slice _, Op.Pad _ ->
          y.recorder.emit(op, dx);
      case Op.Concat _ -> y.recorder.emit(op, orZeros(x, tangents));
    };
  }

  private static Var sum(Var a, Var b) {
    if (a == null) {
      return b;
    }
    return b == null ? a : a.add(b);
  }

  private static Var[] orZeros(Var[] x, Var[] tangents) {
    Var[] filled = tangents.clone();
    for (int i = 0; i < filled.length; i++) {
      if (filled[i] == null) {
        filled[i] = x[i].recorder.constant(x[i].shape(), 0);
      }
    }
    return filled;
  }
}
