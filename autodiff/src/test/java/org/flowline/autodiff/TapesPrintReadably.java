package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;

/// A tape prints as a program, with one line for each needed operation.
class TapesPrintReadably {

  @Test
  void aLineForEachOperation() {
    Tape tape =
        Tape.record(
            Shape.of(5, 2),
            Shape.of(2, 3),
            (x, w) -> {
              x.exp(); // not needed, hence not there
              return x.matmul(w).add(0.5).tanh().slice(0, 1, 4).sum(0);
            });
    assertEquals(
        """
        tape [[5, 2], [2, 3]] → [[3]]
          %0    = input 0                                       [5, 2]
          %1    = input 1                                       [2, 3]
          %2    = matmul ·                     %0, %1           [5, 3]
          %3    = constant 0.5                                  []
          %4    = broadcast                    %3               [5, 3]
          %5    = add                          %2, %4           [5, 3]
          %6    = tanh                         %5               [5, 3]
          %7    = slice axis 0 [1, 4)          %6               [3, 3]
          %8    = sum [0]                      %7               [3]
          return %8""",
        tape.toString());
  }

  @Test
  void everyOperationHasAName() {
    Tape tape =
        Tape.record(
            Shape.of(2, 3),
            x ->
                x.transpose()
                    .matmul(x.constant(Shape.of(2, 2), 1, 2, 3, 4))
                    .transpose()
                    .pow(1.5)
                    .pad(1, 0, 2)
                    .reshape(10));
    String text = tape.toString();
    for (String name :
        List.of(
            "matmul ᵀ·",
            "constant 4 values",
            "transpose",
            "power 1.5",
            "pad axis 1 (0, 2)",
            "reshape")) {
      assertTrue(text.contains(name), text);
    }
  }

  @Test
  void valuesPrintAsTheirLine() {
    Tape.record(
        Shape.of(2),
        x -> {
          assertEquals("%1 (softplus [2])", x.softplus().toString());
          return x;
        });
  }

  @Test
  void aTapeCannotBeChangedFromOutside() {
    Tape tape = Tape.record(Shape.of(2), Shape.of(2), Var::sub);
    String before = tape.toString();
    tape.nodes().get(2).operands()[0] = 1;
    tape.outputs()[0] = 0;
    assertEquals(before, tape.toString());
  }

  @Test
  void selectDropsUnusedNodes() {
    Tape tape =
        Tape.record(List.of(Shape.of(2)), in -> List.of(in.get(0).exp(), in.get(0).sin().cos()));
    Tape chosen = tape.select(1, 1);
    assertEquals(List.of(Shape.of(2), Shape.of(2)), chosen.outputShapes());
    assertEquals(3, chosen.nodes().size(), chosen::toString);
  }

  @Test
  void aProgramDescribesWhatRunsAndWhatItCosts() {
    Tape layer =
        Tape.record(
            List.of(Shape.of(5, 2), Shape.of(2, 3), Shape.of(3)),
            in -> List.of(in.get(0).matmul(in.get(1)).add(in.get(2)).tanh()));
    String text = JvmBackend.best().compile(layer).describe();
    assertTrue(text.contains("fused add · tanh"), text);
    // 2·5·2·3 for the product, 15 for the sum, 15 for the function; (10 + 6 + 3 + 15) numbers
    assertTrue(text.contains("272 bytes of arguments and results"), text);
    assertTrue(text.contains("90 FLOP"), text);
    assertEquals(90, layer.flop());
  }

  /// The second result is computed in the array of the caller under another shape, the constant is
  /// one number, and the maximum has a table of five rows.
  @Test
  void aProgramDescribesWhereItsValuesLie() {
    Tape tape =
        Tape.record(
            List.of(Shape.of(5, 2), Shape.of(2, 3)),
            in -> {
              Var y = in.get(0).matmul(in.get(1)).mul(2).tanh();
              return List.of(y.max(0), y.reshape(15));
            });
    Program program = JvmBackend.scalar().compile(tape);
    assertEquals(
        """
                 operation                        operands         shape          lies in                          FLOP
          %0     input 0                                           [5, 2]         argument 0
          %1     input 1                                           [2, 3]         argument 1
          %2     matmul ·                         %0, %1           [5, 3]         workspace [0, 120)                 60
          %3     constant 2.0                                      []             constant
          %4     fused mul · tanh                 %2, %3           [5, 3]         result 1 [0, 120)                  30
          %5     max [0]                          %4               [3]            result 0 [0, 24)                   15
          %6     reshape                          %4               [15]           %4
                 return                           %5, %6
          272 bytes of arguments and results: 128 in 2, 144 in 2
          8 bytes of constants in 1, 20 of index tables
          WORKSPACE bytes of workspace: 128 for values (1, side by side 120), KERNELS for kernels
          105 FLOP"""
            .indent(2)
            .stripTrailing()
            .replace("WORKSPACE", "" + program.bytes())
            .replace("KERNELS", "" + (program.bytes() - 128)),
        program.describe());
  }

  /// Six values of 4000 bytes, of which no more than two are needed at a time.
  @Test
  void aProgramSaysWhatSharingSaves() {
    Tape tape =
        Tape.record(
            Shape.of(500),
            x -> {
              Var y = x;
              for (int i = 0; i < 3; i++) {
                y = y.cumulativeSum(0).exp();
              }
              return y.sum();
            });
    String text = JvmBackend.scalar().compile(tape).describe();
    assertTrue(text.contains("8,064 for values (6, side by side 24,000)"), text);
  }

  /// Long cells are cut between two parts and the columns stay aligned; the tape prints them whole.
  @Test
  void longChainsAreShortenedInTheTable() {
    Tape tape = Tape.record(Shape.of(3), x -> x.add(2).mul(3).sin().sub(4).div(5).mul(6).exp());
    Program program = JvmBackend.scalar().compile(tape);
    List<String> lines = program.describe().lines().toList();
    int shapes = lines.getFirst().indexOf("shape");
    for (String line : lines.subList(1, lines.indexOf(line(lines, "return")))) {
      assertEquals("[", line.substring(shapes, shapes + 1), line);
    }
    String fused = line(lines, "fused");
    assertTrue(fused.contains(" fused add · mul · sin · sub · …  %0, %1, %2, …  "), fused);
    assertTrue(program.tape().toString().contains("fused add · mul · sin · sub · div · mul · exp"));
  }

  private static String line(List<String> lines, String what) {
    return lines.stream().filter(line -> line.contains(what)).findFirst().orElseThrow();
  }

  @Test
  void aProgramSaysWhatItMapsAndWhereItRuns() {
    Tape tape = Tape.record(Shape.of(5, 2), Shape.of(2, 3), (x, w) -> x.matmul(w).sum(0));
    assertEquals(
        "program [[5, 2], [2, 3]] → [[3]] on ScalarKernels",
        JvmBackend.scalar().compile(tape).toString());
  }
}
