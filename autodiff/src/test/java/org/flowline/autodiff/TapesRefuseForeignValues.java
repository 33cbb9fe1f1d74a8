package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A value lives on one tape, while that is being recorded: elsewhere and afterwards it is an error
/// that names it.
class TapesRefuseForeignValues {
  private static final Shape TWO = Shape.of(2, 2);

  /// How a foreign value can be brought in: as either operand, broadcast, in a list, inside
  /// another program.
  enum Use {
    RIGHT(Var::add),
    LEFT((x, foreign) -> foreign.add(x)),
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
    PROGRAM((x, foreign) -> Tape.record(TWO, TWO, Var::add).apply(List.of(x, foreign)).getFirst()),
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
                      Tape.record(TWO, inside -> use.program.apply(inside, outside.tanh()));
                      return outside;
                    }));
    assertContains("belongs to another tape; pass it in as an input", error);
    assertContains("%", error);
  }

  @Test
  void theForeignValueIsNamed() {
    Tape.record(
        TWO,
        outside -> {
          Var kept = outside.exp();
          IllegalStateException error =
              assertThrows(
                  IllegalStateException.class, () -> Tape.record(TWO, inside -> inside.sub(kept)));
          assertEquals(
              "sub: operand %1 (exp [2, 2]) belongs to another tape; pass it in as an input",
              error.getMessage());
          return kept;
        });
  }

  /// The captured value, not what the operation made of it.
  @ParameterizedTest
  @EnumSource(names = {"PRODUCT", "LARGER", "SMALLER", "CHOSEN", "NOT_CHOSEN", "LABELS", "STACK"})
  void theForeignValueIsNamedByWhatIsComposed(Use use) {
    Tape.record(
        TWO,
        outside -> {
          Var kept = outside.exp();
          IllegalStateException error =
              assertThrows(
                  IllegalStateException.class,
                  () -> Tape.record(TWO, inside -> use.program.apply(inside, kept)));
          assertContains("operand %1 (exp [2, 2]) belongs to another tape", error);
          return kept;
        });
  }

  @Test
  void broadcastingLeavesNothingOnTheOtherTape() {
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
  void afterwardsATapeIsClosed() {
    Var[] kept = new Var[1];
    Tape.record(
        TWO,
        x -> {
          kept[0] = x;
          return x.neg();
        });
    IllegalStateException error = assertThrows(IllegalStateException.class, () -> kept[0].exp());
    assertEquals(
        "exp: the tape is recorded and closed; use its values only inside record(…)",
        error.getMessage());
    IllegalStateException later =
        assertThrows(IllegalStateException.class, () -> Tape.record(TWO, x -> x.add(kept[0])));
    assertEquals(
        "add: operand %0 (input 0 [2, 2]) belongs to another tape; pass it in as an input",
        later.getMessage());
  }

  private static void assertContains(String part, Throwable error) {
    assertEquals(true, error.getMessage().contains(part), error.getMessage());
  }
}
