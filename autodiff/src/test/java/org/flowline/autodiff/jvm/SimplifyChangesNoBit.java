package org.flowline.autodiff.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Simplify;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.fixtures.RandomExpression;
import org.flowline.autodiff.jvm.kernels.Kernels;

/// A simplified tape computes the same bits with fewer operations.
class SimplifyChangesNoBit {
  private static final Kernels KERNELS = Kernels.vector();

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void ofRandomExpressionsAndTheirDerivatives(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int size) {
    Tape tape = RandomExpression.any(seed, size);
    same(tape, seed);
    same(Derivative.gradient(tape), seed);
    same(Derivative.hvp(tape), seed);
  }

  /// A simplified tape can be differentiated, to the same numbers up to another order of sums.
  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void norDerivatives(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size) {
    Tape tape = RandomExpression.any(seed, size);
    double[] x = RandomExpression.point(seed);
    double[][] direct = run(Derivative.gradient(tape), x);
    double[][] after = run(Derivative.gradient(Simplify.of(tape)), x);
    for (int i = 0; i < x.length; i++) {
      assertEquals(direct[1][i], after[1][i], 1e-10 * (1 + Math.abs(direct[1][i])));
    }
  }

  /// Rows longer than a block, and blocks of some rows with a rest.
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void ofLongChains(
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 70) int size) {
    int columns = size * size;
    Tape tape =
        Tape.record(
            List.of(Shape.of(rows, columns), Shape.of(columns), Shape.of(rows, 1), Shape.scalar()),
            in -> {
              Var x = in.get(0).add(in.get(1)).mul(in.get(2)).sub(in.get(3)).tanh();
              return List.of(x.greater(in.get(3)).where(x, in.get(1)).mul(2).add(x.square()));
            });
    assertEquals(1, computed(Simplify.of(tape)), tape.toString());
    same(tape, size);
  }

  /// `g·(1 − y·y)` takes one loop where `y` is whole: here `y` and `g` are whole, a row, a column
  /// or a number, given or computed on the way, and the product is the last of its chain or is not.
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void ofTheWayBackThroughTanh(
      @ForAll @IntRange(min = 2, max = 40) int rows,
      @ForAll @IntRange(min = 2, max = 70) int columns) {
    Shape whole = Shape.of(rows, columns);
    List<Shape> shapes = List.of(whole, Shape.of(columns), Shape.of(rows, 1), Shape.scalar());
    for (Shape ofY : shapes) {
      for (Shape ofG : shapes) {
        List<Shape> given = List.of(ofY, ofG, whole);
        same(Tape.record(given, in -> List.of(back(in.get(1), in.get(0)).add(in.get(2)))), rows);
        same(Tape.record(given, in -> List.of(back(in.get(1).add(in.get(2)), in.get(0)))), rows);
        same(Tape.record(given, in -> List.of(back(in.get(1).exp(), in.get(2)).neg())), rows);
        same(Tape.record(given, in -> List.of(back(in.get(1), in.get(0).add(in.get(2))))), rows);
      }
    }
  }

  private static Var back(Var g, Var y) {
    return g.mul(y.constant(1).sub(y.mul(y)));
  }

  @Example
  void whatIsComputedTwiceIsComputedOnce() {
    Tape tape =
        Tape.record(Shape.of(4), x -> x.tanh().sum().add(x.tanh().sum()).add(x.tanh().sum()));
    assertTrue(computed(Simplify.of(tape)) <= 3, Simplify.of(tape).toString());
  }

  @Example
  void aLayerIsAProductAndOnePass() {
    Tape tape =
        Tape.record(
            List.of(Shape.of(20, 2), Shape.of(2, 50), Shape.of(50)),
            in -> List.of(in.get(0).matmul(in.get(1)).add(in.get(2)).tanh()));
    assertEquals(2, computed(Simplify.of(tape)), Simplify.of(tape).toString());
  }

  @Example
  void whatChangesNothingDisappears() {
    Tape tape =
        Tape.record(
            Shape.of(3, 4),
            x ->
                x.mul(1)
                    .sub(0)
                    .div(1)
                    .neg()
                    .neg()
                    .transpose()
                    .transpose()
                    .reshape(12)
                    .reshape(3, 4));
    assertEquals(0, computed(Simplify.of(tape)), Simplify.of(tape).toString());
  }

  @Example
  void constantsAreFolded() {
    Tape tape =
        Tape.record(
            Shape.of(3), x -> x.mul(x.constant(2).add(3).mul(4).broadcast(Shape.of(3)).neg()));
    assertEquals(1, computed(Simplify.of(tape)), Simplify.of(tape).toString());
    assertArrayEquals(new double[] {-20, -40, -60}, run(tape, new double[] {1, 2, 3})[0]);
  }

  /// Constants are folded when the program is compiled, by the scalar kernels, to the bits of a run
  /// on vectors.
  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void constantPartsAreComputedOnce(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int size) {
    Tape tape = Derivative.gradient(RandomExpression.any(seed, size));
    double[] x = RandomExpression.point(seed);
    Tape ofConstants =
        Tape.record(
            List.of(Shape.scalar()),
            in -> tape.apply(List.of(in.getFirst().constant(tape.inputShapes().getFirst(), x))));
    Program program = JvmBackend.vector().compile(ofConstants);
    double[][] wanted = run(JvmProgram.compile(tape, KERNELS), x);
    double[][] computed = run(program, new double[1]);
    for (int k = 0; k < wanted.length; k++) {
      assertArrayEquals(wanted[k], computed[k]);
    }
    assertEquals(0, computed(program.tape()), () -> program.tape().toString());
  }

  /// Two chains read the number 2; the tape holds it once.
  @Example
  void numbersAreHeldOnce() {
    Tape tape = Tape.record(Shape.of(3), x -> x.mul(2).cumulativeSum(0).mul(2).add(1).add(2));
    long numbers =
        Simplify.of(tape).nodes().stream().filter(node -> node.op() instanceof Op.Constant).count();
    assertEquals(2, numbers, Simplify.of(tape).toString());
  }

  /// A repeated constant is folded before it is repeated, and is held once.
  @Example
  void constantPartsDoNotGrow() {
    Shape large = Shape.of(30, 100);
    Tape tape =
        Tape.record(
            large,
            x -> {
              Var row =
                  x.constant(Shape.of(1, 3), 1, 2, 3).matmul(x.constant(Shape.of(3, 100), ramp()));
              return x.matmul(row.exp().broadcast(large).transpose().mul(x.constant(2).sqrt()));
            });
    Tape simplified = JvmBackend.vector().compile(tape).tape();
    long held =
        simplified.nodes().stream()
            .map(Tape.Node::op)
            .filter(op -> op instanceof Op.Constant constant && !constant.isFilled())
            .mapToLong(op -> op.shape(List.of()).size())
            .sum();
    assertEquals(100, held, simplified.toString());
    assertTrue(
        simplified.nodes().stream().noneMatch(node -> node.op() == Op.Unary.EXP),
        simplified.toString());
    same(tape, 1);
  }

  private static double[] ramp() {
    double[] ramp = new double[300];
    Arrays.setAll(ramp, i -> i / 300.0);
    return ramp;
  }

  /// Operations that compute, not inputs, constants or views.
  private static long computed(Tape tape) {
    return tape.nodes().stream()
        .filter(
            node ->
                !(node.op() instanceof Op.Input
                    || node.op() instanceof Op.Constant
                    || node.op() instanceof Op.Reshape))
        .count();
  }

  private static void same(Tape tape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] in =
        tape.inputShapes().stream()
            .map(shape -> random.doubles(shape.size(), -1, 1).toArray())
            .toArray(double[][]::new);
    double[][] plain = run(JvmProgram.compile(tape, KERNELS), in);
    double[][] simplified = run(JvmProgram.compile(Simplify.of(tape), KERNELS), in);
    double[][] compiled = run(JvmBackend.vector().compile(tape), in);
    double[][] scalar = run(JvmProgram.compile(Simplify.of(tape), Kernels.scalar()), in);
    for (int k = 0; k < plain.length; k++) {
      assertArrayEquals(plain[k], simplified[k], Simplify.of(tape).toString());
      assertArrayEquals(plain[k], scalar[k], "scalar kernels");
      assertArrayEquals(plain[k], compiled[k], "constant parts");
    }
  }

  private static double[][] run(Tape tape, double[]... in) {
    return run(JvmProgram.compile(Simplify.of(tape), KERNELS), in);
  }

  private static double[][] run(Program program, double[]... in) {
    double[][] out =
        program.tape().outputShapes().stream()
            .map(shape -> new double[shape.size()])
            .toArray(double[][]::new);
    program.run(in, out);
    return out;
  }

  /// An operand without a tangent keeps none inside a chain: no 0/0 from the root of a constant.
  @Example
  void whatDoesNotMoveHasNoTangent() {
    Tape tape = Tape.record(Shape.of(2), x -> x.mul(2).add(x.stopGradient().sqrt()));
    double[] x = {0, 1};
    double[] ones = {1, 1};
    assertArrayEquals(new double[] {2, 2}, run(Derivative.jvp(tape), x, ones)[1]);
    assertArrayEquals(new double[] {2, 2}, run(Derivative.jvp(Simplify.of(tape)), x, ones)[1]);
  }
}
