package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
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
/// @param tape a program of little more than the operation
/// @param domain the range of its operands
public record OpCase(Tape tape, Domain domain) {

  /// Small whole numbers and halves, on which sums and products are exact; away from kinks and
  /// poles.
  public enum Domain {
    ANY(-2, 2),
    NONZERO(0.5, 2),
    POSITIVE(0.5, 2),
    /// Distinct numbers, for operations that compare.
    DISTINCT(0, 0),
    /// Numbers with many ties. Differences do not apply there, nor where a derivative is 0 by
    /// definition.
    TIES(-0.25, 0.25);

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

  public double[][] arguments(long seed) {
    return draw(seed, domain, tape.inputShapes());
  }

  /// Directions and cotangents, the same numbers at any position.
  public static double[][] draw(long seed, Domain domain, List<Shape> shapes) {
    SplittableRandom random = new SplittableRandom(seed);
    if (domain == Domain.DISTINCT) {
      return distinct(random, shapes);
    }
    return shapes.stream()
        .map(shape -> IntStream.range(0, shape.size()).mapToDouble(_ -> domain.draw(random)))
        .map(values -> values.toArray())
        .toArray(double[][]::new);
  }

  /// Odd multiples of 1/64, as many as there are elements, around 0.
  private static double[][] distinct(SplittableRandom random, List<Shape> shapes) {
    int count = shapes.stream().mapToInt(Shape::size).sum();
    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, new Random(random.nextLong()));
    Iterator<Integer> next = order.iterator();
    return shapes.stream()
        .map(
            shape ->
                IntStream.range(0, shape.size())
                    .mapToDouble(_ -> (next.next() - count / 2 + 0.5) / 32)
                    .toArray())
        .toArray(double[][]::new);
  }

  @Override
  public String toString() {
    return tape.toString();
  }

  /// All kinds of cases, each as likely as the others.
  public static Arbitrary<OpCase> all() {
    return Arbitraries.of(kinds()).flatMap(kind -> kind);
  }

  public static List<Arbitrary<OpCase>> kinds() {
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
      kinds.add(shapes(0, 3).map(s -> two(Domain.TIES, op, s, s)));
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
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        kinds.add(
            Combinators.combine(stacks(), few(), few(), few())
                .as((stack, m, k, n) -> products(ta, tb, stack, m, k, n)));
      }
    }
    kinds.add(
        Combinators.combine(few(), few(), few(), few())
            .as(
                (s, m, k, n) ->
                    of(
                        Domain.ANY,
                        List.of(Shape.of(s, 1, k, m), Shape.of(2, n, k), Shape.of(n, 3)),
                        in ->
                            in.get(0)
                                .transpose()
                                .matmul(in.get(1).transpose())
                                .matmul(in.get(2)))));
    kinds.add(one(Domain.ANY, shapes(2, 4), Var::transpose));
    kinds.add(
        shapes(0, 4)
            .flatMap(
                s ->
                    Arbitraries.shuffle(IntStream.range(0, s.rank()).boxed().toList())
                        .map(order -> single(s, x -> x.recorder.emit(new Op.Permute(order), x)))));
    kinds.add(one(Domain.TIES, shapes(0, 3), Var::stopGradient));
    for (Domain domain : List.of(Domain.DISTINCT, Domain.TIES)) {
      kinds.add(shapes(0, 3).map(s -> chosen(domain, s, s, s)));
      kinds.add(
          shapes(0, 3)
              .flatMap(
                  s ->
                      Combinators.combine(shrunk(s), shrunk(s))
                          .as((condition, part) -> chosen(domain, condition, part, s))));
      kinds.add(overAxes(domain, (x, axes) -> reduced(x, new Op.Max(axes(axes)))));
    }
    for (boolean reverse : new boolean[] {false, true}) {
      kinds.add(
          withAxis(
              (s, axis, _, _) ->
                  single(s, x -> x.recorder.emit(new Op.CumulativeSum(axis, reverse), x))));
    }
    double[] c = {1, -2, 0.5, 3, 0.25, -1, 2, 4};
    double[] d = {0, 0, 2, -1, 0.75, 1.5, 0, 0};
    for (Domain domain : List.of(Domain.NONZERO, Domain.TIES)) {
      kinds.add(
          one(
              domain,
              Arbitraries.of(Shape.scalar(), Shape.of(1, 1)),
              x -> x.piecewise(new double[] {-3, 0, 3}, c, d, d)));
    }
    kinds.add(
        withPositions(
            (s, axis, at) -> single(s, x -> x.recorder.emit(new Op.Gather(axis, at), x))));
    kinds.add(
        withPositions(
            (s, axis, at) ->
                single(
                    s.with(axis, at.size()),
                    x -> x.recorder.emit(new Op.Scatter(axis, at, s.dim(axis)), x))));
    for (int axes = 1; axes <= 2; axes++) {
      kinds.add(
          windows(axes)
              .flatMap(
                  windows ->
                      room(windows).map(room -> single(room, x -> x.recorder.emit(windows, x)))));
      kinds.add(
          windows(axes)
              .flatMap(
                  windows ->
                      room(windows)
                          .map(
                              room ->
                                  single(
                                      windows.shape(List.of(room)),
                                      x -> x.recorder.emit(new Op.Overlap(windows, room), x)))));
    }
    kinds.add(fused(stacks(), few()));
    kinds.add(fused(stacks(), length()));
    kinds.add(fused(stacks(), Arbitraries.of(300, 1023, 1024, 1025, 2500)));
    kinds.add(fused(Arbitraries.of(Shape.of(70, 19), Shape.of(1030)), few()));
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
    kinds.add(overAxes((x, axes) -> reduced(x, new Op.Sum(axes(axes)))));
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

  private interface AtPositions {
    OpCase of(Shape shape, int axis, List<Integer> positions);
  }

  /// Positions along an axis, in any order and with repetitions.
  private static Arbitrary<OpCase> withPositions(AtPositions kind) {
    return shapes(1, 3)
        .filter(s -> s.size() > 0)
        .flatMap(
            s ->
                Arbitraries.integers()
                    .between(0, s.rank() - 1)
                    .flatMap(
                        axis ->
                            Arbitraries.integers()
                                .between(0, s.dim(axis) - 1)
                                .list()
                                .ofMaxSize(12)
                                .map(at -> kind.of(s, axis, at))));
  }

  private static Arbitrary<Op.Windows> windows(int axes) {
    Arbitrary<List<Integer>> some = Arbitraries.integers().between(1, 3).list().ofSize(axes);
    return Combinators.combine(some, some, some).as(Op.Windows::new);
  }

  /// A shape that holds a few windows, and perhaps a remainder.
  private static Arbitrary<Shape> room(Op.Windows windows) {
    int axes = windows.sizes().size();
    return Combinators.combine(
            shapes(0, 1), Arbitraries.integers().between(0, 5).list().ofSize(axes))
        .as(
            (leading, more) -> {
              int[] dims = Arrays.copyOf(leading.dims(), leading.rank() + axes);
              for (int i = 0; i < axes; i++) {
                int span = windows.dilations().get(i) * (windows.sizes().get(i) - 1) + 1;
                dims[leading.rank() + i] = span + more.get(i);
              }
              return Shape.of(dims);
            });
  }

  /// A chain over operands that repeat in all ways: element by element, a row, a number for each
  /// row, one number.
  private static Arbitrary<OpCase> fused(Arbitrary<Shape> rows, Arbitrary<Integer> columns) {
    return Combinators.combine(rows, columns, Arbitraries.integers().between(0, 2))
        .as((leading, length, layout) -> fused(leading, Shape.of(length), layout));
  }

  private static OpCase fused(Shape leading, Shape row, int layout) {
    Shape target = Shape.of(join(leading.dims(), row.dims()));
    Shape column = Shape.of(join(leading.dims(), 1));
    // operands a, b, c, d of the body
    List<Shape> in =
        switch (layout) {
          case 0 -> List.of(target, row, column, Shape.scalar());
          case 1 -> List.of(row, target, Shape.scalar(), column);
          default -> List.of(column, row, target, row);
        };
    Tape body =
        Tape.record(
            Collections.nCopies(4, target),
            x -> {
              Var sum = x.get(0).mul(x.get(1)).add(x.get(2));
              Var either = x.get(1).step().where(x.get(3), x.get(0).square());
              return List.of(sum.sin().mul(x.get(3).neg()).mul(either.sub(x.get(1))));
            });
    return of(
        Domain.NONZERO,
        in,
        x -> x.getFirst().recorder.emit(new Op.Fused(target, body), x.toArray(Var[]::new)));
  }

  private static int[] join(int[] first, int... then) {
    return IntStream.concat(IntStream.of(first), IntStream.of(then)).toArray();
  }

  private static List<Integer> axes(int... axes) {
    return IntStream.of(axes).boxed().toList();
  }

  private static Var reduced(Var x, Op op) {
    return x.recorder.emit(op, x);
  }

  private static Arbitrary<OpCase> overAxes(Reduction reduction) {
    return overAxes(Domain.ANY, reduction);
  }

  private static Arbitrary<OpCase> overAxes(Domain domain, Reduction reduction) {
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
                          return of(domain, List.of(s), in -> reduction.of(in.getFirst(), axes));
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
    Domain domain =
        switch (op) {
          case ADD, SUB, MUL, EQUAL -> Domain.ANY;
          case DIV -> Domain.NONZERO;
          case POW -> Domain.POSITIVE;
          case GREATER, GREATER_EQUAL -> Domain.DISTINCT;
        };
    return two(domain, op, a, b);
  }

  private static OpCase two(Domain domain, Op.Binary op, Shape a, Shape b) {
    return of(
        domain != Domain.TIES
            ? domain
            : switch (op) {
              case DIV -> Domain.NONZERO;
              case POW -> Domain.POSITIVE;
              case ADD, SUB, MUL, GREATER, GREATER_EQUAL, EQUAL -> Domain.TIES;
            },
        List.of(a, b),
        in ->
            switch (op) {
              case ADD -> in.get(0).add(in.get(1));
              case SUB -> in.get(0).sub(in.get(1));
              case MUL -> in.get(0).mul(in.get(1));
              case DIV -> in.get(0).div(in.get(1));
              case POW -> in.get(0).pow(in.get(1));
              case GREATER -> in.get(0).greater(in.get(1));
              case GREATER_EQUAL -> in.get(0).greaterEqual(in.get(1));
              case EQUAL -> in.get(0).equalTo(in.get(1));
            });
  }

  /// A condition that is 1 here and there, and the operand itself among the chosen.
  private static OpCase chosen(Domain domain, Shape condition, Shape a, Shape b) {
    return of(
        domain,
        List.of(condition, a, b),
        in -> in.get(0).greater(0).where(in.get(1).mul(in.get(1)), in.get(2)).add(in.get(0)));
  }

  private static OpCase products(boolean ta, boolean tb, Shape stack, int m, int k, int n) {
    int[] s = stack.dims();
    return of(
        Domain.ANY,
        List.of(
            Shape.of(ta ? join(s, k, m) : join(s, m, k)),
            Shape.of(tb ? join(s, n, k) : join(s, k, n))),
        in -> in.get(0).recorder.emit(new Op.MatMul(ta, tb), in.get(0), in.get(1)));
  }

  /// Leading axes.
  private static Arbitrary<Shape> stacks() {
    return Arbitraries.of(Shape.of(1), Shape.of(3), Shape.of(0), Shape.of(2, 2), Shape.of(2, 1, 3));
  }

  private static Arbitrary<Integer> few() {
    return Arbitraries.of(1, 2, 3, 5, 9);
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

  /// A function of `x`, whose elements are in `[−1.5, 1.5]`, at elements of its domain.
  ///
  /// @param smooth whether to avoid kinks
  public static Var apply(Op.Unary op, Var x, boolean smooth) {
    Var positive = x.square().add(1).mul(0.5);
    Var operand =
        switch (domain(op)) {
          case POSITIVE -> positive;
          case NONZERO -> smooth ? positive : x;
          case ANY, DISTINCT, TIES -> x;
        };
    return x.recorder.emit(op, operand);
  }

  private static Domain domain(Op.Unary op) {
    return switch (op) {
      case LOG, LOG1P, SQRT -> Domain.POSITIVE;
      case ABS, SIGN, STEP, RELU -> Domain.NONZERO;
      case NEG, EXP, EXPM1, SIN, COS, TANH, SIGMOID, SOFTPLUS, ERF, ERFC -> Domain.ANY;
    };
  }

  /// No elements, one, few, and lengths around the number of lanes of every machine.
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
