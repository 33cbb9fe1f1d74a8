package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Simplifies a tape: the same results, bit for bit, with less work.
///
/// - Common subexpressions: equal operations on equal operands are computed once.
/// - Constant folding ([ConstantFolding]): nodes that depend on constants alone are computed now.
/// - Identities: `x·1`, `x − 0` and two transpositions disappear.
/// - Element-wise fusion ([ElementwiseFusion]): a chain of element-wise operations becomes one
///   [Op.Fused], one pass over memory that reads broadcast operands in place. The bias and the
///   activation after a matrix product are such a chain.
///
/// Backends simplify the tape that they compile, after all derivatives have been taken; a
/// simplified tape can still be differentiated. Takes time in proportion to the length of the tape.
public final class Simplify {
  private Simplify() {}

  /// Simplifies without constant folding.
  public static Tape of(Tape tape) {
    return ElementwiseFusion.fuse(shared(tape));
  }

  /// Simplifies with constant folding.
  ///
  /// @param constants computes the folded nodes; must give the bits of a run of the whole tape
  public static Tape of(Tape tape, Backend constants) {
    Tape shared = shared(tape);
    Tape folded = ConstantFolding.fold(shared, constants);
    return ElementwiseFusion.fuse(folded == shared ? shared : shared(folded));
  }

  /// Shares common subexpressions, computes filled constants and removes identities.
  private static Tape shared(Tape tape) {
    Recorder recorder = new Recorder();
    List<Var> inputs = recorder.inputs(tape.inputShapes());
    Map<List<Object>, Var> known = new HashMap<>();
    List<Var> values = new ArrayList<>();
    for (Tape.Node node : tape.nodes()) {
      if (node.op() instanceof Op.Input input) {
        values.add(inputs.get(input.index()));
        continue;
      }
      Var[] x = Recorder.select(values, node.operands());
      List<Object> key = key(node.op(), x);
      Var value = known.get(key);
      if (value == null) {
        value = reduced(recorder, node, x);
        known.put(key, value);
      }
      values.add(value);
    }
    return recorder.finish(List.of(Recorder.select(values, tape.outputs())));
  }

  /// Returns a key that is equal for equal operations on equal operands.
  private static List<Object> key(Op op, Var[] x) {
    List<Object> key = new ArrayList<>(2 + x.length);
    key.add(op.getClass());
    key.add(arguments(op));
    for (Var operand : x) {
      key.add(operand.id);
    }
    return key;
  }

  /// Returns the fixed arguments of an operation. The common records are written out, since the
  /// first call of a record's `equals` and `hashCode` takes the JVM ten milliseconds.
  private static Object arguments(Op op) {
    return switch (op) {
      case Op.Where _, Op.StopGradient _ -> List.of();
      case Op.Power(double exponent) -> exponent;
      case Op.MatMul(boolean transposeA, boolean transposeB) -> List.of(transposeA, transposeB);
      case Op.Permute(List<Integer> order) -> order;
      case Op.Broadcast(Shape target) -> target;
      case Op.Reshape(Shape target) -> target;
      case Op.Sum(List<Integer> axes) -> axes;
      case Op.Max(List<Integer> axes) -> axes;
      case Op.Slice(int axis, int from, int to) -> List.of(axis, from, to);
      case Op.Pad(int axis, int before, int after) -> List.of(axis, before, after);
      case Op.Concat(int axis) -> axis;
      case Op.Fused(Shape _, Tape body) -> body;
      default -> op;
    };
  }

  /// Writes the operation, or returns an earlier or cheaper value that equals its result.
  private static Var reduced(Recorder recorder, Tape.Node node, Var[] x) {
    Op op = node.op();
    Double number = number(recorder, op, x);
    if (number != null) {
      return recorder.constant(node.shape(), number);
    }
    Var[] numbers = node.shape().size() > 1 && isElementWise(op) ? numbers(recorder, x) : null;
    if (numbers != null) {
      return recorder.emit(op, numbers).broadcast(node.shape());
    }
    if (changesNothing(recorder, op, x)) {
      return x[0];
    }
    if (op == Op.Binary.MUL && isFilled(recorder, x[0], 1)) {
      return x[1];
    }
    if (op == Op.Unary.NEG && recorder.op(x[0]) == Op.Unary.NEG) {
      return recorder.operand(x[0], 0);
    }
    if (op instanceof Op.Permute(List<Integer> order)
        && recorder.op(x[0]) instanceof Op.Permute first
        && order.equals(first.inverse().order())) {
      return recorder.operand(x[0], 0);
    }
    if (op instanceof Op.Reshape && recorder.op(x[0]) instanceof Op.Reshape) {
      return recorder.operand(x[0], 0).reshape(node.shape());
    }
    return recorder.emit(op, x);
  }

  private static boolean changesNothing(Recorder recorder, Op op, Var[] x) {
    if (op == Op.Binary.MUL || op == Op.Binary.DIV) {
      return isFilled(recorder, x[1], 1);
    }
    if (op == Op.Binary.SUB) {
      return isFilled(recorder, x[1], 0); // not −0: 0 − (−0) is 0
    }
    return op instanceof Op.Reshape(Shape target) && target.equals(x[0].shape())
        || op instanceof Op.Broadcast(Shape whole) && whole.equals(x[0].shape());
  }

  private static boolean isFilled(Recorder recorder, Var value, double number) {
    Op.Constant constant = filled(recorder, value);
    return constant != null
        && Double.doubleToRawLongBits(constant.value()) == Double.doubleToRawLongBits(number);
  }

  private static Op.Constant filled(Recorder recorder, Var value) {
    return recorder.op(value) instanceof Op.Constant constant && constant.isFilled()
        ? constant
        : null;
  }

  /// Returns the numbers that fill `x`; null if a value is not filled.
  private static Var[] numbers(Recorder recorder, Var[] x) {
    Var[] numbers = new Var[x.length];
    for (int i = 0; i < numbers.length; i++) {
      Op.Constant constant = filled(recorder, x[i]);
      if (constant == null) {
        return null;
      }
      numbers[i] = recorder.constant(Shape.scalar(), constant.value());
    }
    return numbers;
  }

  static boolean isElementWise(Op op) {
    return op instanceof Op.Unary
        || op instanceof Op.Binary
        || op instanceof Op.Power
        || op instanceof Op.Where;
  }

  /// Returns the number that fills the result; null if it is unknown.
  private static Double number(Recorder recorder, Op op, Var[] x) {
    Op.Constant a = x.length > 0 ? filled(recorder, x[0]) : null;
    if (a == null) {
      return null;
    }
    if (op == Op.Unary.NEG) {
      return -a.value();
    }
    if (op instanceof Op.Binary binary) {
      Op.Constant b = filled(recorder, x[1]);
      return b == null ? null : number(binary, a.value(), b.value());
    }
    boolean moves =
        op instanceof Op.Broadcast
            || op instanceof Op.Reshape
            || op instanceof Op.Slice
            || op instanceof Op.Permute
            || op instanceof Op.StopGradient;
    return moves ? a.value() : null;
  }

  /// Returns `a op b`; null where only a backend computes the bits.
  private static Double number(Op.Binary op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case POW -> null;
      case GREATER -> a > b ? 1.0 : 0;
      case GREATER_EQUAL -> a >= b ? 1.0 : 0;
      case EQUAL -> a == b ? 1.0 : 0;
    };
  }
}
