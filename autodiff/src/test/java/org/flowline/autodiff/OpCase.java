package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.arbitraries.IntegerArbitrary;

/// One primitive on operands of some shapes: the catalogue that the claims about *every* operation
/// share. `EveryOpHasACase` fails where a new primitive is missing here.
///
/// @param tape a program that does little else
/// @param domain where its operands may lie
record OpCase(Tape tape, Domain domain) {

  /// Small whole numbers and halves, on which sums and products are exact; away from kinks and
  /// poles.
  enum Domain {
    ANY(-2, 2),
    NONZERO(0.5, 2),
    POSITIVE(0.5, 2);

    final double low;
    final double high;

    Domain(double low, double high) {
      this.low = low;
      this.high = high;
    }

    private double draw(SplittableRandom random) {
      double x = random.nextInt((int) (8 * low), (int) (8 * high) + 1) / 8.0;
      return this == NONZERO && random.nextBoolean() ? -x : x;
    }
  }

  double[][] arguments(long seed) {
    return draw(seed, domain, tape.inputShapes());
  }

  /// Directions and cotangents: the same numbers, wherever they lie.
  static double[][] draw(long seed, Domain domain, List<Shape> shapes) {
    SplittableRandom random = new SplittableRandom(seed);
    return shapes.stream()
        .map(shape -> IntStream.range(0, shape.size()).mapToDouble(_ -> domain.draw(random)))
        .map(values -> values.toArray())
        .toArray(double[][]::new);
  }

  @Override
  public String toString() {
    return tape.toString();
  }

  /// All kinds of cases, each as likely as the others.
  static Arbitrary<OpCase> all() {
    return Arbitraries.of(kinds()).flatMap(kind -> kind);
  }

  static List<Arbitrary<OpCase>> kinds() {
    List<Arbitrary<OpCase>> kinds = new ArrayList<>();
    for (Op.Unary op : Op.Unary.values()) {
      kinds.add(one(domain(op), shapes(0, 3), x -> x.recorder.emit(op, x)));
    }
    for (double p : new double[] {-2.5, -2, -1, 0.5, 1, 1.5, 2, 3, 7}) {
      boolean whole = p == Math.rint(p);
      kinds.add(
          one(
              whole ? Domain.NONZERO : Domain.POSITIVE,
              shapes(0, 2),
              x -> x.recorder.emit(new Op.Power(p), x)));
    }
    for (Op.Binary op : Op.Binary.values()) {
      kinds.add(shapes(0, 3).map(s -> two(op, s, s)));
      kinds.add(shapes(0, 3).flatMap(s -> shrunk(s).map(part -> two(op, s, part))));
      kinds.add(shapes(0, 3).flatMap(s -> shrunk(s).map(part -> two(op, part, s))));
      kinds.add(
          Combinators.combine(length(), length())
              .as((m, n) -> two(op, Shape.of(m, 1), Shape.of(n))));
    }
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        kinds.add(
            Combinators.combine(length(), length(), length())
                .as((m, k, n) -> product(ta, tb, m, k, n)));
      }
    }
    kinds.add(one(Domain.ANY, shapes(2, 4), Var::transpose));
    kinds.add(
        shapes(0, 3)
            .flatMap(
                s ->
                    shrunk(s)
                        .map(
                            part ->
                                of(
                                    Domain.ANY,
                                    List.of(part),
                                    in ->
                                        in.getFirst()
                                            .recorder
                                            .emit(new Op.Broadcast(s), in.getFirst())))));
    kinds.add(overAxes((x, axes) -> x.recorder.emit(Op.sum(x.shape(), axes), x)));
    // the mean of nothing is NaN, and has no derivative
    kinds.add(overAxes((x, axes) -> x.shape().size() == 0 ? x.sum(axes) : x.mean(axes)));
    kinds.add(
        shapes(1, 3)
            .flatMap(
                s ->
                    Arbitraries.of(
                            Shape.of(s.size()), Shape.of(1, s.size()), Shape.of(s.size(), 1, 1), s)
                        .map(to -> single(s, x -> x.recorder.emit(new Op.Reshape(to), x)))));
    kinds.add(
        withAxis(
            (s, axis, i, j) -> {
              int from = Math.min(i, s.dim(axis));
              int to = Math.min(from + j, s.dim(axis));
              return single(s, x -> x.recorder.emit(new Op.Slice(axis, from, to), x));
            }));
    kinds.add(
        withAxis((s, axis, i, j) -> single(s, x -> x.recorder.emit(new Op.Pad(axis, i, j), x))));
    kinds.add(
        withAxis(
            (s, axis, i, j) ->
                of(
                    Domain.ANY,
                    List.of(s, s.with(axis, i), s.with(axis, j)),
                    in -> Var.concat(axis, in))));
    // one value twice, and a constant between them
    kinds.add(
        withAxis(
            (s, axis, _, _) ->
                single(
                    s, x -> Var.concat(axis, List.of(x, x.recorder.constant(x.shape(), 0.5), x)))));
    return kinds;
  }

  private interface OnAxis {
    OpCase of(Shape shape, int axis, int i, int j);
  }

  private interface Reduction {
    Var of(Var x, int... axes);
  }

  private static Arbitrary<OpCase> withAxis(OnAxis kind) {
    IntegerArbitrary few = Arbitraries.integers().between(0, 9);
    return shapes(1, 3)
        .flatMap(
            s ->
                Combinators.combine(Arbitraries.integers().between(0, s.rank() - 1), few, few)
                    .as((axis, i, j) -> kind.of(s, axis, i, j)));
  }

  private static Arbitrary<OpCase> overAxes(Reduction reduction) {
    return shapes(0, 4)
        .flatMap(
            s ->
                Arbitraries.integers()
                    .between(0, (1 << s.rank()) - 1)
                    .map(
                        subset -> {
                          int[] axes =
                              IntStream.range(0, s.rank())
                                  .filter(i -> (subset >> i & 1) == 1)
                                  .toArray();
                          return single(s, x -> reduction.of(x, axes));
                        }));
  }

  private static Arbitrary<OpCase> one(
      Domain domain, Arbitrary<Shape> shapes, UnaryOperator<Var> op) {
    return shapes.map(s -> of(domain, List.of(s), in -> op.apply(in.getFirst())));
  }

  private static OpCase single(Shape shape, UnaryOperator<Var> op) {
    return of(Domain.ANY, List.of(shape), in -> op.apply(in.getFirst()));
  }

  private static OpCase two(Op.Binary op, Shape a, Shape b) {
    return of(
        op == Op.Binary.DIV ? Domain.NONZERO : Domain.ANY,
        List.of(a, b),
        in ->
            switch (op) {
              case ADD -> in.get(0).add(in.get(1));
              case SUB -> in.get(0).sub(in.get(1));
              case MUL -> in.get(0).mul(in.get(1));
              case DIV -> in.get(0).div(in.get(1));
            });
  }

  private static OpCase product(boolean ta, boolean tb, int m, int k, int n) {
    return of(
        Domain.ANY,
        List.of(ta ? Shape.of(k, m) : Shape.of(m, k), tb ? Shape.of(n, k) : Shape.of(k, n)),
        in -> in.get(0).recorder.emit(new Op.MatMul(ta, tb), in.get(0), in.get(1)));
  }

  private static OpCase of(Domain domain, List<Shape> in, Function<List<Var>, Var> program) {
    return new OpCase(Tape.record(in, x -> List.of(program.apply(x))), domain);
  }

  private static Domain domain(Op.Unary op) {
    return switch (op) {
      case LOG, SQRT -> Domain.POSITIVE;
      case ABS, SIGN, STEP, RELU -> Domain.NONZERO;
      case NEG, EXP, SIN, COS, TANH, SIGMOID, SOFTPLUS -> Domain.ANY;
    };
  }

  /// Nothing, one, few, and around the number of lanes of every machine.
  private static Arbitrary<Integer> length() {
    return Arbitraries.frequencyOf(
        Tuple.of(5, Arbitraries.of(1, 2, 3, 4, 5)),
        Tuple.of(1, Arbitraries.of(0)),
        Tuple.of(3, Arbitraries.of(7, 8, 9, 15, 16, 17)));
  }

  private static Arbitrary<Shape> shapes(int fewest, int most) {
    return length()
        .list()
        .ofMinSize(fewest)
        .ofMaxSize(most)
        .filter(dims -> dims.stream().mapToInt(Math::abs).reduce(1, (a, b) -> a * b) <= 700)
        .map(dims -> Shape.of(dims.stream().mapToInt(Integer::intValue).toArray()));
  }

  /// A shape that broadcasts to `shape`: some axes 1, some leading ones missing.
  private static Arbitrary<Shape> shrunk(Shape shape) {
    return Combinators.combine(
            Arbitraries.integers().between(0, shape.rank()),
            Arbitraries.integers().between(0, (1 << shape.rank()) - 1))
        .as(
            (missing, ones) -> {
              int[] dims = shape.dims();
              for (int axis = 0; axis < dims.length; axis++) {
                dims[axis] = (ones >> axis & 1) == 1 ? 1 : dims[axis];
              }
              return Shape.of(Arrays.copyOfRange(dims, missing, dims.length));
            });
  }
}
