package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.flowline.autodiff.fixtures.Network;
import org.flowline.autodiff.fixtures.RandomExpression;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.autodiff.nd4j.Nd4jBackend;

/// The same tape gives the same numbers on ND4J and on the JVM kernels, to `1e-12·(1 + |x|)`, some
/// thousand roundings. Sums and products of the catalogue are exact, functions accurate to some
/// units in the last place, except `tanh` of ND4J, accurate to `1e-17` near 0.
class Nd4jAgreesWithTheJvm {
  private static final double TOLERANCE = 1e-12;
  private static final double[] EDGES = {
    Double.NEGATIVE_INFINITY,
    -1e308,
    -800,
    -40,
    -1,
    -1e-10,
    -0.0,
    0.0,
    Double.MIN_NORMAL,
    1e-10,
    1,
    40,
    800,
    1e308,
    Double.POSITIVE_INFINITY,
    Double.NaN
  };

  @Provide
  Arbitrary<OpCase> cases() {
    return OpCase.all();
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  void onEveryOperationAndItsDerivative(@ForAll("cases") OpCase each, @ForAll long seed) {
    double[][] in = each.arguments(seed);
    double[][] cotangents = OpCase.draw(seed + 1, OpCase.Domain.ANY, each.tape().outputShapes());
    agree(Derivative.vjp(each.tape()), Running.join(in, cotangents));
  }

  /// To `1e-9`: later operations multiply an early difference in rounding.
  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void onGradientsOfRandomExpressions(@ForAll long seed) {
    Tape gradient = Derivative.gradient(RandomExpression.any(seed, 25));
    agree(1e-9, gradient, RandomExpression.point(seed));
    agree(1e-9, Simplify.of(gradient), RandomExpression.point(seed));
  }

  @Example
  void onWholeModels() {
    Network network = new Network(3, 9, 2, 7);
    double[][] in = network.arguments(3);
    Tape gradient = Derivative.gradient(network.loss());
    agree(gradient, in);
    agree(Simplify.of(gradient), in);
    agree(Derivative.hvp(network.loss()), Running.join(in, network.arguments(4)));
  }

  /// The functions, including arguments whose result overflows, underflows or is NaN.
  @Example
  void onEdgeValues() {
    int n = EDGES.length;
    for (Op.Unary op : Op.Unary.values()) {
      agree(Tape.record(Shape.of(n), x -> x.recorder.emit(op, x)), EDGES);
    }
    for (double p : new double[] {-2, -1, -0.7, -0.5, 0.3, 0.5, 1, 1.5, 2, 3, 7, 17}) {
      agree(Tape.record(Shape.of(n), x -> x.recorder.emit(new Op.Power(p), x)), EDGES);
    }
    for (Op.Binary op : Op.Binary.values()) {
      agree(
          Tape.record(
              Shape.of(n, 1),
              Shape.of(n),
              (x, y) ->
                  x.recorder.emit(op, x.broadcast(Shape.of(n, n)), y.broadcast(Shape.of(n, n)))),
          EDGES,
          EDGES);
    }
    Tape where =
        Tape.record(
            Shape.of(n, 1, 1),
            Shape.of(n),
            (x, y) -> x.where(y, y.reshape(n, 1).broadcast(Shape.of(n, n))));
    agree(where, EDGES, EDGES);
    Tape max =
        Tape.record(
            Shape.of(n, 1),
            Shape.of(n),
            (x, y) -> Var.stack(0, List.of(x.add(y), y.broadcast(Shape.of(n, n)))).max(0));
    agree(max, EDGES, EDGES);
    agree(Tape.record(Shape.of(n), x -> x.cumulativeSum(0)), EDGES);
    for (double edge : EDGES) {
      agree(Tape.record(Shape.of(2), x -> x.constant(edge).mul(x)), Running.array(1, 2));
    }
  }

  @Example
  void nothingAndScalarsAreShapesToo() {
    agree(Tape.record(Shape.of(0), Var::mean), Running.array());
    agree(Tape.record(Shape.of(2, 0), x -> x.max(1)), Running.array());
    agree(
        Tape.record(Shape.of(2, 0), Shape.of(0, 3), Var::matmul), Running.array(), Running.array());
    agree(Tape.record(Shape.scalar(), x -> x.tanh().max().sum().permute()), Running.array(0.3));
  }

  /// Parts at one position, some of which ND4J loses when it adds without a lock.
  @Example
  void partsAtOnePositionAreAllAdded() {
    int[] first = new int[100_000];
    Tape gathered = Tape.record(Shape.of(3), x -> x.gather(0, first).sum());
    agree(Derivative.gradient(gathered), Running.array(1, 2, 3));
  }

  @Example
  void aProgramRunsAgainAndItsForkDoes() {
    Tape gradient = Derivative.gradient(Network.SMALL.loss());
    Program program = Nd4jBackend.create().compile(gradient);
    double[][] in = Network.SMALL.arguments(5);
    double[][] once = Running.run(program, in);
    Running.run(program, Network.SMALL.arguments(6));
    assertArrayEquals(once, Running.run(program, in));
    assertArrayEquals(once, Running.run(program.fork(), in));
    assertEquals(gradient, program.fork().tape());
  }

  /// Wrong arguments get the same message.
  @Example
  void andRefusesTheSameArguments() {
    Tape tape = Tape.record(List.of(Shape.of(2)), in -> List.of(in.get(0).exp(), in.get(0)));
    double[] x = new double[2];
    double[] y = new double[2];
    double[][][] in = {{x, x}, {x}, {new double[3]}, {x}, {x}, {x}};
    double[][][] out = {{}, {y}, {y, new double[2]}, {y, new double[1]}, {y, x}, {y, y}};
    List<String> ours = new ArrayList<>();
    List<String> theirs = new ArrayList<>();
    for (int i = 0; i < in.length; i++) {
      ours.add(refusal(JvmBackend.best().compile(tape), in[i], out[i]));
      theirs.add(refusal(Nd4jBackend.create().compile(tape), in[i], out[i]));
    }
    assertEquals(ours, theirs);
  }

  private static String refusal(Program program, double[][] in, double[][] out) {
    return assertThrows(IllegalArgumentException.class, () -> program.run(in, out)).getMessage();
  }

  private static void agree(Tape tape, double[]... in) {
    agree(TOLERANCE, tape, in);
  }

  private static void agree(double tolerance, Tape tape, double[]... in) {
    double[][] want = Running.run(tape, in);
    double[][] came = Running.run(Nd4jBackend.create().compile(tape), in);
    for (int k = 0; k < want.length; k++) {
      for (int i = 0; i < want[k].length; i++) {
        double slack = tolerance * (1 + Math.abs(want[k][i]));
        boolean same = Double.compare(want[k][i] + 0.0, came[k][i] + 0.0) == 0;
        if (!same && !(Math.abs(want[k][i] - came[k][i]) <= slack)) {
          assertArrayEquals(want[k], came[k], "output " + k + " of\n" + tape);
        }
      }
    }
  }
}
