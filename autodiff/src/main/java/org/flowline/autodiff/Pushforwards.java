package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
      case Op.Input _, Op.Constant _, Op.StopGradient _ -> null;
      case Op.Unary.NEG -> dx.neg();
      case Op.Unary.ABS -> x[0].sign().mul(dx);
      case Op.Unary.SIGN, Op.Unary.STEP -> null;
      case Op.Unary.EXP -> y.mul(dx);
      case Op.Unary.EXPM1 -> x[0].exp().mul(dx);
      case Op.Unary.LOG -> dx.div(x[0]);
      case Op.Unary.LOG1P -> dx.div(x[0].add(1));
      case Op.Unary.SQRT -> dx.div(y.mul(2));
      case Op.Unary.SIN -> x[0].cos().mul(dx);
      case Op.Unary.COS -> x[0].sin().neg().mul(dx);
      case Op.Unary.TANH -> dx.sub(y.square().mul(dx));
      case Op.Unary.SIGMOID -> y.sub(y.square()).mul(dx);
      case Op.Unary.SOFTPLUS -> x[0].sigmoid().mul(dx);
      case Op.Unary.RELU -> x[0].step().where(dx, zero(dx));
      case Op.Unary.ERF -> x[0].square().neg().exp().mul(Pullbacks.TWO_OVER_ROOT_PI).mul(dx);
      case Op.Power(double p) -> x[0].pow(p - 1).mul(p).mul(dx);
      case Op.Binary.ADD -> sum(dx, tangents[1]);
      case Op.Binary.SUB -> sum(dx, tangents[1] == null ? null : tangents[1].neg());
      case Op.Binary.MUL ->
          sum(dx == null ? null : dx.mul(x[1]), tangents[1] == null ? null : x[0].mul(tangents[1]));
      case Op.Binary.DIV ->
          sum(
              dx == null ? null : dx.div(x[1]),
              tangents[1] == null ? null : y.mul(tangents[1]).div(x[1]).neg());
      case Op.Binary.GREATER, Op.Binary.GREATER_EQUAL, Op.Binary.EQUAL -> null;
      case Op.Where _ -> x[0].where(orZero(tangents[1], x[1]), orZero(tangents[2], x[2]));
      case Op.MatMul product -> ofProduct(product, x, y, tangents);
      case Op.Max(List<Integer> axes) -> ofMax(axes, x[0], y, dx);
      case Op.Fused fused -> ofFused(fused, x, tangents);
      // Linear in their only operand: the tangent goes the same way as the value.
      case Op.Permute _,
          Op.Broadcast _,
          Op.Sum _,
          Op.CumulativeSum _,
          Op.Reshape _,
          Op.Slice _,
          Op.Pad _,
          Op.Gather _,
          Op.Scatter _,
          Op.Windows _,
          Op.Overlap _ ->
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

  private static Var ofProduct(Op.MatMul op, Var[] x, Var y, Var[] tangents) {
    Var left = tangents[0] == null ? null : y.recorder.emit(op, tangents[0], x[1]);
    Var right = tangents[1] == null ? null : y.recorder.emit(op, x[0], tangents[1]);
    return sum(left, right);
  }

  /// The mean of the tangents of the largest elements; of nothing, none.
  private static Var ofMax(List<Integer> axes, Var x, Var y, Var dx) {
    if (x.shape().size() == 0) {
      return null;
    }
    Var largest = x.equalTo(y.reshape(Op.kept(x.shape(), axes)));
    Var chosen = largest.where(dx, zero(dx));
    return axes.isEmpty()
        ? chosen
        : y.recorder.emit(new Op.Sum(axes), chosen).div(y.recorder.emit(new Op.Sum(axes), largest));
  }

  /// The body's own forward mode, in which operands without a tangent have none.
  private static Var ofFused(Op.Fused op, Var[] x, Var[] tangents) {
    List<Var> arguments = new ArrayList<>();
    List<Var> directions = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      arguments.add(x[i].broadcast(op.target()));
      directions.add(tangents[i] == null ? null : tangents[i].broadcast(op.target()));
    }
    Tape body = op.body();
    List<Var> values = x[0].recorder.inline(body, arguments);
    return Derivative.pushed(body, values, directions).get(body.outputs()[0]);
  }

  private static Var zero(Var like) {
    return like.recorder.constant(like.shape(), 0);
  }

  private static Var orZero(Var tangent, Var value) {
    return tangent == null ? zero(value) : tangent;
  }

  private static Var[] orZeros(Var[] x, Var[] tangents) {
    Var[] filled = tangents.clone();
    for (int i = 0; i < filled.length; i++) {
      filled[i] = orZero(filled[i], x[i]);
    }
    return filled;
  }
}
