package org.flowline.neuralode;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Tape;
import org.flowline.odesolvers.field.Breakpoints;

/// Finds the times at which a recorded program `(t, …) ↦ f` is not smooth: the knots of
/// [Op.Piecewise], and the roots of `at + b` where it is the operand of an operation with a kink or
/// a jump at 0, or the difference of the operands of a comparison.
final class TapeBreakpoints {
  private final List<Tape.Node> nodes;

  /// The values that are affine in time; null for others, and for constants until [#affine].
  private final Affine[] values;

  private final DoubleStream.Builder kinks = DoubleStream.builder();
  private final DoubleStream.Builder jumps = DoubleStream.builder();

  /// A value `at + b`, element by element; either array has one element for all.
  private record Affine(double[] a, double[] b) {
    int size() {
      return Math.max(a.length, b.length);
    }

    double a(int i) {
      return a[a.length == 1 ? 0 : i % a.length];
    }

    double b(int i) {
      return b[b.length == 1 ? 0 : i % b.length];
    }

    boolean isConstant() {
      return a.length == 1 && a[0] == 0;
    }

    /// Returns `1/b` of a constant.
    Affine inverse() {
      return new Affine(a, Arrays.stream(b).map(value -> 1 / value).toArray());
    }

    /// Returns `this + factor·other`.
    Affine plus(double factor, Affine other) {
      double[] rates = new double[Math.max(a.length, other.a.length)];
      double[] offsets = new double[Math.max(size(), other.size())];
      Arrays.setAll(rates, i -> a(i) + factor * other.a(i));
      Arrays.setAll(offsets, i -> b(i) + factor * other.b(i));
      return new Affine(rates, offsets);
    }

    /// Returns the finite times at which the value is 0.
    DoubleStream roots() {
      return IntStream.range(0, size()).mapToDouble(i -> -b(i) / a(i)).filter(Double::isFinite);
    }
  }

  private TapeBreakpoints(List<Tape.Node> nodes) {
    this.nodes = nodes;
    this.values = new Affine[nodes.size()];
    for (int i = 0; i < values.length; i++) {
      add(nodes.get(i));
      values[i] = value(nodes.get(i));
    }
  }

  /// Returns the breakpoints of a program whose first argument is time.
  static Breakpoints of(Tape tape) {
    var found = new TapeBreakpoints(tape.nodes());
    double[] kinks = found.kinks.build().toArray();
    double[] jumps = found.jumps.build().toArray();
    return kinks.length + jumps.length == 0 ? Breakpoints.NONE : new Breakpoints(kinks, jumps);
  }

  private void add(Tape.Node node) {
    int[] x = node.operands();
    switch (node.op()) {
      case Op.Piecewise pieces -> addKnots(pieces, affine(x[0]));
      case Op.Unary.ABS, Op.Unary.RELU -> addRoots(affine(x[0]), kinks);
      case Op.Unary.SIGN, Op.Unary.STEP -> addRoots(affine(x[0]), jumps);
      case Op.Binary.GREATER, Op.Binary.GREATER_EQUAL, Op.Binary.EQUAL -> {
        Affine left = affine(x[0]);
        Affine right = affine(x[1]);
        addRoots(left == null || right == null ? null : left.plus(-1, right), jumps);
      }
      default -> {}
    }
  }

  private void addKnots(Op.Piecewise pieces, Affine argument) {
    if (argument == null || argument.isConstant()) {
      return;
    }
    double[] knots = pieces.knots();
    for (int i = 0; i < knots.length; i++) {
      double time = (knots[i] - argument.b(0)) / argument.a(0);
      if (Double.isFinite(time)) {
        (pieces.isContinuousAt(i) ? kinks : jumps).add(time);
      }
    }
  }

  private static void addRoots(Affine value, DoubleStream.Builder times) {
    if (value != null && !value.isConstant()) {
      value.roots().forEach(times::add);
    }
  }

  /// Returns the value of a node of this number if it is affine in time, or null.
  private Affine affine(int number) {
    Tape.Node node = nodes.get(number);
    if (node.op() instanceof Op.Constant constant && node.shape().size() > 0) {
      double[] values = new double[constant.isFilled() ? 1 : node.shape().size()];
      Arrays.fill(values, constant.value());
      if (values.length > 1) {
        constant.copyTo(values, 0);
      }
      return new Affine(new double[1], values);
    }
    return values[number];
  }

  private Affine value(Tape.Node node) {
    int[] x = node.operands();
    return switch (node.op()) {
      case Op.Input input when input.index() == 0 -> new Affine(new double[] {1}, new double[1]);
      case Op.Reshape _ -> affine(x[0]);
      case Op.Broadcast _ -> {
        Affine value = affine(x[0]);
        boolean isRow = // repeated as a whole, not element by element
            value == null || value.size() == 1 || value.size() == nodes.get(x[0]).shape().dim(-1);
        yield isRow ? value : null;
      }
      case Op.Unary.NEG -> {
        Affine value = affine(x[0]);
        yield value == null ? null : product(value, number(-1));
      }
      case Op.Binary op when affine(x[0]) != null && affine(x[1]) != null -> {
        Affine left = affine(x[0]);
        Affine right = affine(x[1]);
        yield switch (op) {
          case ADD -> left.plus(1, right);
          case SUB -> left.plus(-1, right);
          case MUL -> product(left, right);
          case DIV -> right.isConstant() ? product(left, right.inverse()) : null;
          default -> null;
        };
      }
      default -> null;
    };
  }

  private static Affine number(double value) {
    return new Affine(new double[1], new double[] {value});
  }

  /// Returns the product if one factor is constant, or null.
  private static Affine product(Affine left, Affine right) {
    if (!left.isConstant()) {
      return right.isConstant() ? product(right, left) : null;
    }
    double[] rates = new double[right.isConstant() ? 1 : Math.max(left.size(), right.a.length)];
    double[] offsets = new double[Math.max(left.size(), right.size())];
    Arrays.setAll(rates, i -> left.b(i) * right.a(i));
    Arrays.setAll(offsets, i -> left.b(i) * right.b(i));
    return new Affine(rates, offsets);
  }
}
