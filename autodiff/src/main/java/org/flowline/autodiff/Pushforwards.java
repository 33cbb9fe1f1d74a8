package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Forward mode, one rule for each primitive: from the tangents `ẋ` of the operands of `y = op(x…)`
/// to `ẏ = ∂y/∂x·ẋ`, written as operations. Independent of [Pullbacks], so that each is a test
/// oracle for the other.
final class Pushforwards {
  private Pushforwards() {}

  /// Returns the tangent of `y`; null where it is 0, because the derivative is 0 or because the
  /// tangent of every operand is null.
  static Var of(Op op, Var[] x, Var y, Var[] tangents) {
    if (Arrays.stream(tangents).allMatch(Objects::isNull)) {
      return null;
    }
    Var dx = tangents[0];
    return switch (op) {
      case Op.Input _, Op.Constant _, Op.StopGradient _ -> null;
      case Op.Unary unary -> ofUnary(unary, x[0], y, dx);
      case Op.Power(double p) -> {
        Var slope = x[0].pow(p - 1).mul(p);
        yield Pullbacks.smooth(p) ? slope.mul(dx) : steep(slope, dx);
      }
      case Op.Binary binary -> ofBinary(binary, x, y, dx, tangents[1]);
      case Op.Where _ -> x[0].where(orZero(tangents[1], x[1]), orZero(tangents[2], x[2]));
      case Op.MatMul product -> ofProduct(product, x, y, tangents);
      case Op.Max(List<Integer> axes) -> ofMax(axes, x[0], y, dx);
      case Op.Fused fused -> ofFused(fused, x, tangents);
      case Op.Piecewise pieces when pieces.isConstant() -> null;
      case Op.Piecewise pieces ->
          y.recorder.emit(pieces.derivative(), x[0]).mul(dx.reshape(Shape.scalar()));
      // linear in one operand: the same operation maps the tangent
      case Op.Permute _, Op.Broadcast _, Op.Sum _, Op.CumulativeSum _, Op.Reshape _, Op.Slice _ ->
          y.recorder.emit(op, dx);
      case Op.Pad _, Op.Gather _, Op.Scatter _, Op.Windows _, Op.Overlap _ ->
          y.recorder.emit(op, dx);
      case Op.Concat _ -> {
        Var[] filled = new Var[x.length];
        Arrays.setAll(filled, i -> orZero(tangents[i], x[i]));
        yield y.recorder.emit(op, filled);
      }
    };
  }

  private static Var ofUnary(Op.Unary op, Var x, Var y, Var dx) {
    return switch (op) {
      case NEG -> dx.neg();
      case ABS -> x.sign().mul(dx);
      case SIGN, STEP -> null;
      case EXP -> y.mul(dx);
      case EXPM1 -> x.exp().mul(dx);
      case LOG -> over(dx, x);
      case LOG1P -> over(dx, x.add(1));
      case SQRT -> over(dx, y.mul(2));
      case SIN -> x.cos().mul(dx);
      case COS -> x.sin().neg().mul(dx);
      case TANH -> dx.sub(y.square().mul(dx));
      case SIGMOID -> x.neg().sigmoid().mul(dx).mul(y);
      case SOFTPLUS -> x.sigmoid().mul(dx);
      case RELU -> x.step().where(dx, Pullbacks.zero(dx));
      case ERF, ERFC -> {
        Var bounded = x.clamp(-Pullbacks.BELL_END, Pullbacks.BELL_END);
        double slope =
            op == Op.Unary.ERF ? Pullbacks.TWO_OVER_ROOT_PI : -Pullbacks.TWO_OVER_ROOT_PI;
        yield bounded.mul(bounded).neg().exp().mul(dx).mul(slope);
      }
    };
  }

  private static Var ofBinary(Op.Binary op, Var[] x, Var y, Var da, Var db) {
    return switch (op) {
      case ADD -> sum(da, db);
      case SUB -> sum(da, db == null ? null : db.neg());
      case MUL -> sum(da == null ? null : da.mul(x[1]), db == null ? null : x[0].mul(db));
      case DIV ->
          sum(da == null ? null : da.div(x[1]), db == null ? null : y.mul(db).div(x[1]).neg());
      case POW -> ofPower(x[0], x[1], y, da, db);
      case GREATER, GREATER_EQUAL, EQUAL -> null;
    };
  }

  private static Var sum(Var a, Var b) {
    if (a == null) {
      return b;
    }
    return b == null ? a : a.add(b);
  }

  /// `aᵇ⁻¹·b ȧ` where `b` is not 0, and `ln a·aᵇ ḃ` where `aᵇ` is not.
  private static Var ofPower(Var a, Var b, Var y, Var da, Var db) {
    Var byBase = da == null ? null : b.where(steep(a.pow(b.sub(1)).mul(b), da), Pullbacks.zero(y));
    Var byExponent = db == null ? null : y.where(steep(a.log().mul(y), db), Pullbacks.zero(y));
    return sum(byBase, byExponent);
  }

  /// `slope·ẋ`, 0 where `ẋ` is 0 and the slope not finite.
  private static Var steep(Var slope, Var dx) {
    Var product = slope.mul(dx);
    return slope
        .abs()
        .lessEqual(Double.MAX_VALUE)
        .where(product, dx.where(product, Pullbacks.zero(dx)));
  }

  /// `ẋ/x`, 0 where `ẋ` is 0 and `x` not positive.
  private static Var over(Var dx, Var x) {
    Var quotient = dx.div(x);
    return x.greater(0).where(quotient, dx.where(quotient, Pullbacks.zero(dx)));
  }

  private static Var ofProduct(Op.MatMul op, Var[] x, Var y, Var[] tangents) {
    Var left = tangents[0] == null ? null : y.recorder.emit(op, tangents[0], x[1]);
    Var right = tangents[1] == null ? null : y.recorder.emit(op, x[0], tangents[1]);
    return sum(left, right);
  }

  /// The mean of the tangents of the largest elements, NaN being the largest; null without
  /// elements.
  private static Var ofMax(List<Integer> axes, Var x, Var y, Var dx) {
    if (x.shape().size() == 0) {
      return null;
    }
    Var number = x.equalTo(x);
    Var largest = x.equalTo(y.reshape(Op.kept(x.shape(), axes))).add(1).sub(number);
    Var chosen = largest.where(dx, Pullbacks.zero(dx));
    return axes.isEmpty()
        ? chosen
        : y.recorder.emit(new Op.Sum(axes), chosen).div(y.recorder.emit(new Op.Sum(axes), largest));
  }

  /// Forward mode of the body, in which operands without a tangent keep none.
  private static Var ofFused(Op.Fused op, Var[] x, Var[] tangents) {
    List<Var> arguments = new ArrayList<>();
    List<Var> directions = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      arguments.add(x[i].broadcast(op.target()));
      directions.add(tangents[i] == null ? null : tangents[i].broadcast(op.target()));
    }
    Tape body = op.body();
    List<Var> values = x[0].recorder.inline(body, arguments);
    return ForwardMode.tangents(body, values, directions).get(body.outputs()[0]);
  }

  private static Var orZero(Var tangent, Var value) {
    return tangent == null ? Pullbacks.zero(value) : tangent;
  }
}
