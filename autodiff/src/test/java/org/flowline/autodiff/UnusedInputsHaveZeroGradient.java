package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.function.BinaryOperator;
import org.flowline.autodiff.fixtures.Running;
import org.junit.jupiter.api.Test;

/// An input that a result does not depend on, or only through a derivative of 0, gets a cotangent
/// of exactly 0 for any numbers.
class UnusedInputsHaveZeroGradient {
  private static final double[] ZEROS = new double[3];
  private static final double[] ANY = {1, Double.POSITIVE_INFINITY, Double.NaN};

  private static Tape ofTwo(BinaryOperator<Var> program) {
    return Tape.record(Shape.of(3), Shape.of(3), program);
  }

  @Test
  void ofAnInputThatIsNotThere() {
    double[][] out = Running.run(Derivative.gradient(ofTwo((x, _) -> x.sum())), ANY, ANY);
    assertArrayEquals(Running.array(1, 1, 1), out[1]);
    assertArrayEquals(ZEROS, out[2]);
  }

  @Test
  void ofStepsAndSigns() {
    Tape tape = ofTwo((x, y) -> x.sum().add(y.step().add(y.sign()).sum()));
    assertArrayEquals(ZEROS, Running.run(Derivative.gradient(tape), ANY, ANY)[2]);
  }

  @Test
  void ofAConstantResult() {
    Tape tape = Tape.record(Shape.of(3), x -> x.constant(4));
    double[][] out = Running.run(Derivative.gradient(tape), ANY);
    assertArrayEquals(Running.array(4), out[0]);
    assertArrayEquals(ZEROS, out[1]);
    double[][] forward = Running.run(Derivative.jvp(tape), ANY, ANY);
    assertArrayEquals(Running.array(4), forward[0]);
    assertArrayEquals(Running.array(0), forward[1]);
  }

  @Test
  void ofTheRestOfASlicedInput() {
    Tape tape = Tape.record(Shape.of(3), x -> x.slice(0, 1, 2).sum());
    assertArrayEquals(Running.array(0, 1, 0), Running.run(Derivative.gradient(tape), ANY)[1]);
  }

  @Test
  void evenWhenThereIsNoResult() {
    Tape tape = Tape.record(List.of(Shape.of(3)), _ -> List.of());
    assertArrayEquals(new double[][] {ZEROS}, Running.run(Derivative.vjp(tape), ANY));
  }
}
