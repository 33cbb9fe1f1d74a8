package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Reverse mode, one rule for each primitive: from the cotangent `ȳ` of `y = op(x…)` to the
/// cotangents `x̄ = ȳ·∂y/∂x` of its operands, written as operations that can be differentiated
/// again.
final class Pullbacks {
  static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  /// The `|x|` beyond which `e^(−x²)` is 0.
  static final double BELL_END = 28;

  private Pullbacks() {}

  /// Returns one cotangent for each operand, in its shape; fewer, or null, where the derivative is
  /// 0 everywhere.
  static List<Var> of(Op op, Var[] x, Var y, Var cotangent) {
    return switch (op) {
      case Op.Input _, Op.Constant _, Op.StopGradient _ -> List.of();
      case Op.Unary unary -> Collections.singletonList(ofUnary(unary, x[0], y, cotangent));
      case Op.Power(double p) -> {
        Var slope = x[0].pow(p - 1).mul(p);
        yield List.of(smooth(p) ? cotangent.mul(slope) : steep(cotangent, slope));
      }
      case Op.Binary binary -> ofBinary(binary, x, y, cotangent);
      case Op.Where _ ->
          Arrays.asList(null, x[0].where(cotangent, zero(y)), x[0].where(zero(y), cotangent));
      case Op.MatMul product -> ofProduct(product, x, cotangent);
      case Op.Permute permute -> List.of(cotangent.recorder.emit(permute.inverse(), cotangent));
      case Op.Broadcast _ -> List.of(unbroadcast(cotangent, x[0].shape()));
      case Op.Sum(List<Integer> axes) -> List.of(spread(cotangent, axes, x[0].shape()));
      case Op.Max(List<Integer> axes) -> List.of(ofMax(axes, x[0], y, cotangent));
      case Op.CumulativeSum(int axis, boolean reverse) ->
          List.of(cotangent.recorder.emit(new Op.CumulativeSum(axis, !reverse), cotangent));
      case Op.Reshape _ -> List.of(cotangent.reshape(x[0].shape()));
      case Op.Slice(int axis, int from, int to) ->
          List.of(cotangent.pad(axis, from, x[0].shape().dim(axis) - to));
      case Op.Pad(int axis, int before, int _) ->
          List.of(cotangent.slice(axis, before, before + x[0].shape().dim(axis)));
      case Op.Concat(int axis) -> split(axis, x, cotangent);
      case Op.Gather(int axis, List<Integer> indices) ->
          List.of(
              cotangent.recorder.emit(
                  new Op.Scatter(axis, indices, x[0].shape().dim(axis)), cotangent));
      case Op.Scatter(int axis, List<Integer> indices, int _) ->
          List.of(cotangent.recorder.emit(new Op.Gather(axis, indices), cotangent));
      case Op.Windows windows ->
          List.of(cotangent.recorder.emit(new Op.Overlap(windows, x[0].shape()), cotangent));
      case Op.Overlap(Op.Windows windows, Shape _) ->
          List.of(cotangent.recorder.emit(windows, cotangent));
      case Op.Fused fused -> ofFused(fused, x, cotangent);
      case Op.Piecewise pieces when pieces.isConstant() -> List.of();
      case Op.Piecewise pieces -> {
        Var rates = cotangent.mul(y.recorder.emit(pieces.derivative(), x[0]));
        yield List.of(rates.sum().reshape(x[0].shape()));
      }
    };
  }

  private static Var ofUnary(Op.Unary op, Var x, Var y, Var cotangent) {
    return switch (op) {
      case NEG -> cotangent.neg();
      case ABS -> cotangent.mul(x.sign());
      case SIGN, STEP -> null;
      case EXP -> cotangent.mul(y);
      case EXPM1 -> cotangent.mul(x.exp());
      case LOG -> over(cotangent, x);
      case LOG1P -> over(cotangent, x.add(1));
      case SQRT -> over(cotangent.mul(0.5), y);
      case SIN -> cotangent.mul(x.cos());
      case COS -> cotangent.mul(x.sin()).neg();
      case TANH -> cotangent.mul(y.constant(1).sub(y.mul(y)));
      case SIGMOID -> cotangent.mul(y.mul(x.neg().sigmoid()));
      case SOFTPLUS -> cotangent.mul(x.sigmoid());
      case RELU -> x.step().where(cotangent, zero(y));
      case ERF -> cotangent.mul(bell(x));
      case ERFC -> cotangent.mul(bell(x)).neg();
    };
  }

  private static List<Var> ofBinary(Op.Binary op, Var[] x, Var y, Var cotangent) {
    return switch (op) {
      case ADD -> List.of(cotangent, cotangent);
      case SUB -> List.of(cotangent, cotangent.neg());
      case MUL -> List.of(cotangent.mul(x[1]), cotangent.mul(x[0]));
      case DIV -> List.of(cotangent.div(x[1]), cotangent.mul(y).div(x[1]).neg());
      case POW -> ofPower(x[0], x[1], y, cotangent);
      case GREATER, GREATER_EQUAL, EQUAL -> List.of();
    };
  }

  /// `b·aᵇ⁻¹` and `aᵇ ln a`; their limits where the products would be `0·∞`.
  private static List<Var> ofPower(Var a, Var b, Var y, Var cotangent) {
    Var byBase = b.where(b.mul(a.pow(b.sub(1))), zero(y));
    Var byExponent = y.where(y.mul(a.log()), zero(y));
    return List.of(steep(cotangent, byBase), steep(cotangent, byExponent));
  }

  /// `ȳ·slope`; where the slope is not finite, 0 for `ȳ = 0`. Where it is finite, a cotangent of 0
  /// keeps its derivatives.
  private static Var steep(Var cotangent, Var slope) {
    Var finite = slope.abs().lessEqual(Double.MAX_VALUE).where(slope, zero(slope));
    return cotangent.mul(cotangent.where(slope, finite));
  }

  /// `ȳ/x`; where `x` is not positive, 0 for `ȳ = 0`.
  private static Var over(Var cotangent, Var x) {
    Var positive = x.greater(0).where(x, x.constant(1).broadcast(x.shape()));
    return cotangent.div(cotangent.where(x, positive));
  }

  private static List<Var> ofProduct(Op.MatMul op, Var[] x, Var cotangent) {
    boolean transposeA = op.transposeA();
    boolean transposeB = op.transposeB();
    return List.of(
        transposeA
            ? product(x[1], transposeB, cotangent, true)
            : product(cotangent, false, x[1], !transposeB),
        transposeB
            ? product(cotangent, true, x[0], transposeA)
            : product(x[0], !transposeA, cotangent, false));
  }

  /// Returns whether `xᵖ` has a finite slope at every finite `x`.
  static boolean smooth(double p) {
    return p >= 1 && p == Math.rint(p);
  }

  /// `2/√π e^(−x²)`, clamped so that no derivative multiplies 0 by ∞.
  private static Var bell(Var x) {
    return x.clamp(-BELL_END, BELL_END).square().neg().exp().mul(TWO_OVER_ROOT_PI);
  }

  /// Divides the cotangent among the largest elements; NaN is larger than every number.
  private static Var ofMax(List<Integer> axes, Var x, Var y, Var cotangent) {
    Var largest = x.equalTo(x).where(x.equalTo(spread(y, axes, x.shape())), 1);
    Var share = cotangent.div(reduced(largest, axes));
    return largest.where(spread(share, axes, x.shape()), zero(x));
  }

  private static Var reduced(Var x, List<Integer> axes) {
    return axes.isEmpty() ? x : x.recorder.emit(new Op.Sum(axes), x);
  }

  /// Reverse mode of the body, summed over the axes along which an operand was repeated.
  private static List<Var> ofFused(Op.Fused op, Var[] x, Var cotangent) {
    List<Var> arguments = new ArrayList<>();
    for (Var operand : x) {
      arguments.add(operand.broadcast(op.target()));
    }
    arguments.add(cotangent);
    List<Var> results = Derivative.vjp(op.body()).apply(arguments);
    List<Var> pulled = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      pulled.add(unbroadcast(results.get(1 + i), x[i].shape()));
    }
    return pulled;
  }

  static Var zero(Var like) {
    return like.recorder.constant(like.shape(), 0);
  }

  /// Repeats a reduced value along the axes over which it was reduced.
  private static Var spread(Var reduced, List<Integer> axes, Shape original) {
    return reduced.reshape(Op.kept(original, axes)).broadcast(original);
  }

  private static Var product(Var a, boolean transposeA, Var b, boolean transposeB) {
    return a.recorder.emit(new Op.MatMul(transposeA, transposeB), a, b);
  }

  /// Sums over the axes along which a value of shape `original` was repeated.
  private static Var unbroadcast(Var repeated, Shape original) {
    int rank = repeated.shape().rank();
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      boolean added = axis < rank - original.rank();
      if (added || original.aligned(axis, rank) != repeated.shape().dim(axis)) {
        axes.add(axis);
      }
    }
    return reduced(repeated, axes).reshape(original);
  }

  private static List<Var> split(int axis, Var[] parts, Var whole) {
    List<Var> slices = new ArrayList<>();
    int from = 0;
    for (Var part : parts) {
      int to = from + part.shape().dim(axis);
      slices.add(whole.slice(axis, from, to));
      from = to;
    }
    return slices;
  }
}
