package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.fixtures.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A value belongs to one tape while it is recorded; elsewhere and afterwards its use is an error
/// that names it.
class TapesRefuseForeignValues {
  private static final Shape TWO = Shape.of(2, 2);
  private static final Tape ADDED = Tape.record(TWO, TWO, Var::add);
  private static final Tape SAME = Tape.record(TWO, x -> x);

  /// The ways to use a foreign value: as either operand, alone, broadcast, in a list, inside
  /// another program. The use itself is refused.
  enum Use {
    RIGHT(Var::add),
    LEFT((x, foreign) -> foreign.add(x)),
    SCALED((_, foreign) -> foreign.mul(3)),
    FUNCTION((_, foreign) -> foreign.exp()),
    ITS_CONSTANT((x, foreign) -> x.add(foreign.constant(1))),
    CLAMPED((_, foreign) -> foreign.clamp(-1, 1)),
    COMPARED((x, foreign) -> x.less(foreign)),
    POWER(Var::pow),
    SOFTMAX((_, foreign) -> foreign.softmax(0)),
    DIFFERENT((_, foreign) -> foreign.notEqualTo(0)),
    BROADCAST((x, foreign) -> x.mul(foreign.slice(0, 0, 1))),
    PRODUCT(Var::matmul),
    TRANSPOSED_PRODUCT((x, foreign) -> x.matmul(foreign.transpose())),
    BATCHED_PRODUCT((x, foreign) -> x.reshape(1, 2, 2).matmul(foreign)),
    LARGER(Var::max),
    SMALLER(Var::min),
    CONDITION((x, foreign) -> foreign.where(x, x)),
    CHOSEN((x, foreign) -> x.where(foreign, x)),
    NOT_CHOSEN((x, foreign) -> x.where(x, foreign)),
    LABELS(Var::crossEntropy),
    FILTER((x, foreign) -> x.reshape(1, 2, 2).convolve(foreign.reshape(1, 2, 2), 1).reshape(1)),
    STACK((x, foreign) -> Var.stack(0, List.of(x, foreign))),
    CONCAT((x, foreign) -> Var.concat(0, List.of(x, foreign))),
    PROGRAM((x, foreign) -> ADDED.apply(List.of(x, foreign)).getFirst()),
    PROGRAM_ALONE((_, foreign) -> SAME.apply(List.of(foreign)).getFirst()),
    RESULT((_, foreign) -> foreign);

    final BinaryOperator<Var> program;

    Use(BinaryOperator<Var> program) {
      this.program = program;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whileBothAreRecorded(Use use) {
    IllegalStateException error =
        assertThrows(
            IllegalStateException.class,
            () ->
                Tape.record(
                    TWO,
                    outside -> {
                      Var foreign = outside.tanh();
                      Tape.record(TWO, inside -> use.program.apply(inside, foreign));
                      return outside;
                    }));
    String said = error.getMessage();
    assertTrue(said.matches(".* %1 \\(tanh \\[2, 2]\\) belongs to the tape recorded at .*"), said);
    assertTrue(said.endsWith("; pass it in as an input"), said);
  }

  /// The error names the place of the recording, here of `%1` of the outer tape.
  @Test
  void theForeignValueIsNamed() {
    int here = new Throwable().getStackTrace()[0].getLineNumber();
    Tape.record(
        TWO,
        outside -> {
          Var kept = outside.exp();
          String place = "TapesRefuseForeignValues.java:" + (here + 1);
          assertEquals(
              "sub: operand %1 (exp [2, 2]) belongs to the tape recorded at "
                  + place
                  + "; pass it in as an input",
              refusal(inside -> inside.sub(kept)));
          assertEquals(
              "mul: operand %1 (exp [2, 2]) belongs to the tape recorded at "
                  + place
                  + "; pass it in as an input",
              refusal(inside -> inside.add(kept.mul(3))));
          assertEquals(
              "output %1 (exp [2, 2]) belongs to the tape recorded at "
                  + place
                  + "; pass it in as an input",
              refusal(_ -> kept));
          return kept;
        });
  }

  private static String refusal(UnaryOperator<Var> program) {
    return assertThrows(IllegalStateException.class, () -> Tape.record(TWO, program)).getMessage();
  }

  /// An outer recording continues after an inner one, also after an error.
  @Test
  void theOuterTapeGoesOn() {
    Tape outer =
        Tape.record(
            TWO,
            outside -> {
              Tape inner = Tape.record(TWO, Var::exp);
              assertThrows(
                  IllegalStateException.class, () -> Tape.record(TWO, _ -> outside.mul(2)));
              Tape slope = Derivative.jvp(inner);
              return slope.apply(List.of(outside, outside.mul(2))).getLast();
            });
    double[] x = {0, 1, 2, 3};
    double[] came = Running.run(outer, x)[0];
    for (int i = 0; i < 4; i++) {
      assertEquals(2 * x[i] * Math.exp(x[i]), came[i], 1e-13);
    }
  }

  @Test
  void nothingIsLeftOnTheOtherTape() {
    Tape outer =
        Tape.record(
            Shape.of(2),
            outside -> {
              assertThrows(
                  IllegalStateException.class,
                  () -> Tape.record(Shape.of(3, 2), inside -> inside.sub(outside)));
              return outside.neg();
            });
    assertEquals(2, outer.nodes().size());
  }

  @Test
  void aTapeWhoseProgramThrewIsClosed() {
    Var[] kept = new Var[1];
    assertThrows(
        ArithmeticException.class,
        () ->
            Tape.record(
                TWO,
                x -> {
                  kept[0] = x;
                  throw new ArithmeticException();
                }));
    String said = assertThrows(IllegalStateException.class, () -> kept[0].exp()).getMessage();
    assertTrue(said.endsWith("which is closed; use its values only inside record(…)"), said);
  }

  @Test
  void afterwardsATapeIsClosed() {
    Var[] kept = new Var[1];
    int here = new Throwable().getStackTrace()[0].getLineNumber();
    Tape.record(
        TWO,
        x -> {
          kept[0] = x;
          return x.neg();
        });
    String closed =
        "operand %0 (input 0 [2, 2]) belongs to the tape recorded at TapesRefuseForeignValues.java:"
            + (here + 1)
            + ", which is closed; use its values only inside record(…)";
    IllegalStateException error = assertThrows(IllegalStateException.class, () -> kept[0].exp());
    assertEquals("exp: " + closed, error.getMessage());
    assertEquals("add: " + closed, refusal(x -> x.add(kept[0])));
    assertEquals("mul: " + closed, refusal(x -> x.add(kept[0].mul(2))));
  }

  /// Threads that record on one tape would mix up its operations.
  @Test
  void anotherThreadIsRefusedByName() throws InterruptedException {
    BlockingQueue<String> said = new LinkedBlockingQueue<>();
    Thread writer = Thread.currentThread();
    Tape tape =
        Tape.record(
            TWO,
            x -> {
              Thread other = new Thread(() -> said.add(refusalOf(() -> x.add(x))));
              other.start();
              assertDoesNotThrow(() -> other.join());
              return x.neg();
            });
    assertEquals(2, tape.nodes().size());
    String message = said.take();
    assertTrue(
        message.startsWith("add: operand %0 (input 0 [2, 2]) belongs to the tape recorded at "),
        message);
    assertTrue(
        message.endsWith(" by thread \"" + writer.getName() + "\"; use its values only there"),
        message);
  }

  private static String refusalOf(Runnable use) {
    try {
      use.run();
      return "nothing";
    } catch (IllegalStateException refused) {
      return refused.getMessage();
    }
  }
}
