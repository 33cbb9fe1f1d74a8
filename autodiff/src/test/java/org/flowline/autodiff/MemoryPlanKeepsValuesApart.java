package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import org.flowline.autodiff.fixtures.PlainJava;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;

/// A program with any views, concatenations and results computes the values that [PlainJava]
/// computes with an array for each of them: no value overwrites one that is still needed.
///
/// Random tapes hold whole numbers small enough for exact sums and products, so that the comparison
/// is exact; so are their derivatives, which slice, pad and concatenate much more.
class MemoryPlanKeepsValuesApart {
  private static final double EXACT = 0x1p52;
  private static final int LARGEST = 160;

  private enum Kind {
    NEG,
    ABS,
    RELU,
    CONSTANT,
    ADD,
    MUL,
    SUB_BROADCAST,
    MATMUL,
    TRANSPOSE,
    SUM,
    FLATTEN,
    FOLD,
    SLICE_FIRST,
    SLICE_LAST,
    PAD,
    CONCAT_FLAT,
    CONCAT_AXIS,
    CONCAT_SLICES,
    BATCHED,
    PERMUTE,
    MAX,
    COMPARE,
    WHERE,
    STOP,
    CUMULATIVE_SUM,
    GATHER,
    WINDOWS,
    FUSED
  }

  /// One random decision: `a`, `b`, `c` choose operands among the values so far, `p` positions.
  private record Step(Kind kind, int a, int b, int c, int p) {}

  private record Drawn(Tape tape) {
    @Override
    public String toString() {
      return tape.toString();
    }
  }

  @Provide
  Arbitrary<Drawn> tapes() {
    Arbitrary<Integer> any = Arbitraries.integers().between(0, 60);
    Arbitrary<Step> step =
        Combinators.combine(Arbitraries.of(Kind.class), any, any, any, any).as(Step::new);
    Arbitrary<Shape> shape =
        Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.of(0)),
                Tuple.of(9, Arbitraries.of(1, 2, 3, 4)),
                Tuple.of(3, Arbitraries.of(7, 8, 9)))
            .list()
            .ofMaxSize(3)
            .map(dims -> Shape.of(dims.stream().mapToInt(d -> d).toArray()))
            .filter(s -> s.size() <= LARGEST);
    return Combinators.combine(
            shape.list().ofMinSize(1).ofMaxSize(3),
            step.list().ofMaxSize(40).withSizeDistribution(RandomDistribution.uniform()),
            any.list().ofMinSize(1).ofMaxSize(6))
        .as(
            (inputs, steps, outputs) ->
                new Drawn(Tape.record(inputs, in -> new Writer(in).write(steps, outputs))));
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void programsOfRandomTapes(@ForAll("tapes") Drawn drawn, @ForAll long seed) {
    compare(drawn.tape, seed);
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void programsOfTheirDerivatives(@ForAll("tapes") Drawn drawn, @ForAll long seed) {
    compare(Derivative.vjp(drawn.tape), seed);
    compare(Derivative.jvp(drawn.tape), seed);
  }

  /// Two runs of one program: the first leaves no trace in the second.
  private static void compare(Tape tape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Program program = JvmBackend.best().compile(tape);
    for (int run = 0; run < 2; run++) {
      double[][] in =
          tape.inputShapes().stream()
              .map(shape -> random.ints(shape.size(), -5, 6).asDoubleStream().toArray())
              .toArray(double[][]::new);
      double[][] before = Arrays.stream(in).map(double[]::clone).toArray(double[][]::new);
      List<double[]> values = PlainJava.values(tape, in);
      if (values.stream().flatMapToDouble(Arrays::stream).anyMatch(x -> Math.abs(x) > EXACT)) {
        return;
      }
      double[][] out = Running.run(program, in);
      for (int k = 0; k < out.length; k++) {
        assertArrayEquals(
            positiveZeros(values.get(tape.outputs()[k])), positiveZeros(out[k]), "result " + k);
      }
      assertArrayEquals(before, in);
    }
  }

  private static double[] positiveZeros(double[] x) {
    return Arrays.stream(x).map(each -> each + 0.0).toArray();
  }

  /// Turns decisions into operations; `bounds` holds the largest magnitude of each value.
  private static final class Writer {
    private final List<Var> values;
    private final Map<Var, Double> bounds = new HashMap<>();

    Writer(List<Var> inputs) {
      values = new ArrayList<>(inputs);
      inputs.forEach(input -> bounds.put(input, 5.0));
    }

    List<Var> write(List<Step> steps, List<Integer> outputs) {
      steps.forEach(this::append);
      // from the last values on, so that much of the tape is needed; inputs come up too
      return outputs.stream().map(i -> values.get(values.size() - 1 - i % values.size())).toList();
    }

    private Var chosen(int i) {
      return values.get(values.size() - 1 - i % values.size());
    }

    private void append(Step step) {
      Var a = chosen(step.a);
      Var b = chosen(step.b);
      double larger = Math.max(bounds.get(a), bounds.get(b));
      switch (step.kind) {
        case NEG -> keep(a.neg(), bounds.get(a));
        case ABS -> keep(a.abs(), bounds.get(a));
        case RELU -> keep(a.relu(), bounds.get(a));
        case CONSTANT -> keep(constant(a, step.p), 9);
        case ADD -> keep(a.add(flatLike(b, a)), 2 * larger);
        case MUL -> keep(a.mul(flatLike(b, a)), larger * larger);
        case SUB_BROADCAST -> broadcast(a, b, 2 * larger);
        case MATMUL -> product(a, b, step.p, LARGEST * larger * larger);
        case TRANSPOSE -> keep(a.shape().rank() < 2 ? a : a.transpose(), larger);
        case SUM -> keep(sum(a, step.p), LARGEST * bounds.get(a));
        case FLATTEN -> keep(flat(a), larger);
        case FOLD -> keep(fold(a, 1 + step.p % 4), larger);
        case SLICE_FIRST -> keep(part(atLeastOneAxis(a), 0, step.b, step.p), bounds.get(a));
        case SLICE_LAST -> keep(part(atLeastOneAxis(a), -1, step.b, step.p), bounds.get(a));
        case PAD -> keep(atLeastOneAxis(a).pad(-(step.b % 2), step.p % 3, step.c % 3), larger);
        case CONCAT_FLAT -> concat(0, List.of(flat(a), flat(b), flat(chosen(step.c))));
        case CONCAT_AXIS -> {
          Var x = atLeastOneAxis(a);
          concat(step.p % x.shape().rank(), List.of(x, flatLike(b, x), x));
        }
        case CONCAT_SLICES ->
            concat(0, List.of(part(flat(a), 0, step.b, step.c), part(flat(b), 0, step.c, step.p)));
        case BATCHED -> stacks(a, b, step.p, 4 * larger * larger);
        case PERMUTE -> keep(fold(fold(a, 6), 3, 2).permute(order(step.p)), larger);
        // shared among equals, its derivative would round
        case MAX -> keep(max(a.stopGradient(), step.p), bounds.get(a));
        case COMPARE -> keep(compare(a, flatLike(b, a), step.p), 1);
        case WHERE -> keep(flatLike(chosen(step.c), a).greater(0).where(a, flatLike(b, a)), larger);
        case STOP -> keep(a.stopGradient(), bounds.get(a));
        case CUMULATIVE_SUM -> {
          Var x = atLeastOneAxis(a);
          keep(x.cumulativeSum(step.p % x.shape().rank()), LARGEST * bounds.get(a));
        }
        case GATHER -> gather(atLeastOneAxis(a), step, bounds.get(a));
        case WINDOWS -> windows(atLeastOneAxis(a), step, bounds.get(a));
        case FUSED -> fused(a, b, chosen(step.c));
      }
    }

    /// Keeps a value, clamped where it could become too large; drops a value of too many elements.
    private void keep(Var value, double bound) {
      if (value.shape().size() > LARGEST) {
        return;
      }
      Var kept = bound < 1e5 ? value : value.sub(value.sub(9).relu()).add(9).relu().sub(9);
      bounds.put(kept, bound < 1e5 ? bound : 9);
      values.add(kept);
    }

    private void concat(int axis, List<Var> parts) {
      keep(Var.concat(axis, parts), bounds.values().stream().max(Double::compare).orElseThrow());
    }

    private static Var constant(Var like, int p) {
      int size = like.shape().size();
      double[] values = new double[size];
      Arrays.setAll(values, i -> (i * 7 + p) % 10 - 5);
      return p % 2 == 0 ? like.constant(p % 9) : like.constant(like.shape(), values);
    }

    private static Var flat(Var x) {
      return x.reshape(x.shape().size());
    }

    private static Var atLeastOneAxis(Var x) {
      return x.shape().rank() == 0 ? flat(x) : x;
    }

    /// `x` cut or padded and reshaped to the shape of another value.
    private static Var flatLike(Var x, Var like) {
      int want = like.shape().size();
      int has = x.shape().size();
      Var cut = flat(x).slice(0, 0, Math.min(has, want));
      return cut.pad(0, 0, want - Math.min(has, want)).reshape(like.shape());
    }

    private void broadcast(Var a, Var b, double bound) {
      int size = a.shape().size() * b.shape().size();
      if (size <= LARGEST) {
        keep(a.reshape(a.shape().size(), 1).sub(flat(b)), bound);
      }
    }

    private void product(Var a, Var b, int p, double bound) {
      int inner = 1 + p % 4;
      Var left = fold(a, inner);
      Var right = fold(b, inner);
      if (left.shape().dim(0) * right.shape().dim(0) <= LARGEST) {
        keep(
            p % 3 == 0
                ? left.matmul(right.transpose())
                : left.matmul(right.reshape(inner, right.shape().dim(0))),
            bound);
      }
    }

    private void stacks(Var a, Var b, int p, double bound) {
      int matrices = 1 + p % 3;
      Var left = fold(fold(a, 2 * matrices), matrices, 2);
      Var right = fold(fold(b, 2 * matrices), matrices, 2);
      left = left.permute(1, 0, 2);
      right = right.permute(1, 0, 2);
      if (matrices * left.shape().dim(1) * right.shape().dim(1) <= LARGEST) {
        keep(
            p % 2 == 0
                ? left.matmul(right.transpose())
                : left.matmul(right.reshape(matrices, 2, right.shape().dim(1))),
            bound);
      }
    }

    /// `[rows, columns]` as `[rows, first, second]`.
    private static Var fold(Var x, int first, int second) {
      return x.reshape(x.shape().dim(0), first, second);
    }

    private static int[] order(int p) {
      int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
      return orders[p % 6];
    }

    private static Var max(Var x, int p) {
      int rank = x.shape().rank();
      return rank == 0 || x.shape().size() == 0 ? x : x.max(p % rank);
    }

    private static Var compare(Var a, Var b, int p) {
      return switch (p % 3) {
        case 0 -> a.greater(b);
        case 1 -> a.greaterEqual(b);
        default -> a.equalTo(b);
      };
    }

    private void gather(Var x, Step step, double bound) {
      int axis = step.p % x.shape().rank();
      int length = x.shape().dim(axis);
      if (length > 0) {
        keep(x.gather(axis, step.a % length, step.b % length, step.c % length), bound);
      }
    }

    private void windows(Var x, Step step, double bound) {
      int length = x.shape().dim(-1);
      if (length > 0) {
        keep(x.windows(new int[] {1 + step.b % Math.min(3, length)}, 1 + step.c % 2), bound);
      }
    }

    /// `a·b + c − a₀` in one pass, `c` a row.
    private void fused(Var a, Var b, Var c) {
      Var x = atLeastOneAxis(a);
      Shape shape = x.shape();
      if (shape.size() == 0) {
        return;
      }
      Var[] operands = {
        x,
        flatLike(b, x),
        flatLike(c, x).reshape(shape.size()).slice(0, 0, shape.dim(-1)),
        flat(x).slice(0, 0, 1).reshape()
      };
      Tape body =
          Tape.record(
              Collections.nCopies(4, shape),
              in -> List.of(in.get(0).mul(in.get(1)).add(in.get(2)).sub(in.get(3))));
      double larger = Math.max(bounds.get(a), Math.max(bounds.get(b), bounds.get(c)));
      keep(a.recorder.emit(new Op.Fused(shape, body), operands), 2 * larger + larger * larger);
    }

    /// Returns the elements of `x` as rows of `columns`.
    private static Var fold(Var x, int columns) {
      int rows = x.shape().size() / columns;
      return flat(x).slice(0, 0, rows * columns).reshape(rows, columns);
    }

    private static Var sum(Var x, int p) {
      return x.shape().rank() == 0 ? x : x.sum(p % x.shape().rank());
    }

    private static Var part(Var x, int axis, int i, int j) {
      int length = x.shape().dim(axis);
      int from = i % (length + 1);
      return x.slice(axis, from, from + j % (length - from + 1));
    }
  }
}
