package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.flowline.autodiff.fixtures.Network;
import org.flowline.autodiff.fixtures.Running;
import org.junit.jupiter.api.function.Executable;

/// Names and shapes divide one vector θ into consecutive slices; a gradient with respect to θ is
/// the concatenation of the gradients of the slices.
class ParametersAreSlicesOfTheta {

  @Property(tries = 200)
  void oneAfterTheOther(@ForAll @Size(max = 8) List<@IntRange(max = 6) Integer> lengths) {
    Parameters parameters = Parameters.none();
    int offset = 0;
    for (int i = 0; i < lengths.size(); i++) {
      parameters = parameters.with("p" + i, lengths.get(i), 2);
      assertEquals(
          new Parameters.Entry("p" + i, Shape.of(lengths.get(i), 2), offset),
          parameters.entry("p" + i));
      offset += 2 * lengths.get(i);
    }
    assertEquals(offset, parameters.size());
    assertEquals(lengths.size(), parameters.entries().size());
  }

  @Example
  void aViewReadsItsPiece() {
    Parameters parameters = Parameters.none().with("a", 2).with("b", 2, 2).with("c");
    Tape tape =
        Tape.record(
            List.of(Shape.of(7)),
            in -> {
              Parameters.View view = parameters.of(in.getFirst());
              return List.of(view.get("a"), view.get("b").transpose(), view.get("c"));
            });
    double[][] out = Running.run(tape, Running.array(1, 2, 3, 4, 5, 6, 7));
    assertArrayEquals(Running.array(1, 2), out[0]);
    assertArrayEquals(Running.array(3, 5, 4, 6), out[1]);
    assertArrayEquals(Running.array(7), out[2]);
  }

  @Example
  void aPartIsAPrefix() {
    Parameters layer = Parameters.none().with("weight", 2, 3).with("bias", 3);
    Parameters block = Parameters.none().with("inner", layer).with("gain");
    Parameters all = Parameters.none().with("first", block).with("second", block);
    assertEquals(20, all.size());
    assertEquals(16, all.entry("second.inner.bias").offset());
    assertEquals(
        List.of(
            "first.inner.weight",
            "first.inner.bias",
            "first.gain",
            "second.inner.weight",
            "second.inner.bias",
            "second.gain"),
        all.entries().stream().map(Parameters.Entry::name).toList());
    Tape tape =
        Tape.record(Shape.of(20), theta -> all.of(theta).part("second").part("inner").get("bias"));
    double[] theta = new double[20];
    theta[17] = 5;
    assertArrayEquals(Running.array(0, 5, 0), Running.run(tape, theta)[0]);
  }

  @Example
  void theyAreImmutable() {
    Parameters one = Parameters.none().with("a", 2);
    one.with("b", 3);
    assertEquals(2, one.size());
    assertThrows(UnsupportedOperationException.class, () -> one.entries().clear());
  }

  @Example
  void gradientsAreLaidSideBySide() {
    Tape gradient = Derivative.gradient(Network.SMALL.loss(), 0);
    assertFalse(gradient.toString().contains("pad"), gradient::toString);
    assertEquals(1, count(gradient, Op.Concat.class));
  }

  @Example
  void gapsBetweenUsedPiecesAreZero() {
    Tape tape =
        Tape.record(
            Shape.of(9), x -> x.slice(0, 5, 7).exp().sum().add(x.slice(0, 1, 3).square().sum()));
    Tape gradient = Derivative.gradient(tape);
    double[] x = {9, 1, 2, 9, 9, 0, 0, 9, 9};
    assertArrayEquals(Running.array(0, 2, 4, 0, 0, 1, 1, 0, 0), Running.run(gradient, x)[1]);
    assertEquals(0, count(gradient, Op.Pad.class), gradient::toString);
  }

  @Example
  void overlappingPiecesAdd() {
    Tape tape =
        Tape.record(Shape.of(4), x -> x.slice(0, 0, 3).sum().add(x.slice(0, 2, 4).mul(10).sum()));
    double[] gradient = Running.run(Derivative.gradient(tape), new double[4])[1];
    assertArrayEquals(Running.array(1, 1, 11, 10), gradient);
  }

  @Example
  void piecesAlongDifferentAxesAdd() {
    Tape tape =
        Tape.record(
            Shape.of(2, 2), x -> x.slice(0, 0, 1).sum().add(x.slice(1, 0, 1).mul(10).sum()));
    double[] gradient = Running.run(Derivative.gradient(tape), new double[4])[1];
    assertArrayEquals(Running.array(11, 1, 10, 0), gradient);
  }

  @Example
  void emptyPiecesAreAllowed() {
    Tape tape =
        Tape.record(
            Shape.of(3),
            x ->
                Var.concat(0, List.of(x.slice(0, 1, 1), x.slice(0, 0, 2), x.slice(0, 2, 2))).sum());
    assertArrayEquals(
        Running.array(1, 1, 0), Running.run(Derivative.gradient(tape), new double[3])[1]);
    assertTrue(Parameters.none().with("nothing", 0).size() == 0);
  }

  private static long count(Tape tape, Class<? extends Op> kind) {
    return tape.nodes().stream().filter(node -> kind.isInstance(node.op())).count();
  }

  /// Joins two networks in one θ and takes the values of each of them out again.
  @Example
  void partsJoinAndSplit() {
    Parameters encoder = Parameters.none().with("weight", 2, 3).with("bias", 3);
    Parameters decoder = Parameters.none().with("layer1", encoder).with("gain");
    SequencedMap<String, Parameters> parts = new LinkedHashMap<>();
    parts.put("encoder", encoder);
    parts.put("decoder", decoder);
    Parameters joined = Parameters.join(parts);
    assertEquals(19, joined.size());
    assertEquals(Shape.of(2, 3), joined.entry("encoder.weight").shape());
    assertEquals(15, joined.entry("decoder.layer1.bias").offset());
    assertEquals(encoder.entries(), joined.split("encoder").entries());
    assertEquals(decoder.entries(), joined.split("decoder").entries());
    assertEquals(encoder.entries(), joined.split("decoder").split("layer1").entries());

    double[] ofEncoder = IntStream.range(0, 9).asDoubleStream().toArray();
    double[] ofDecoder = IntStream.range(100, 110).asDoubleStream().toArray();
    double[] theta = joined.joinValues(Map.of("decoder", ofDecoder, "encoder", ofEncoder));
    assertArrayEquals(ofEncoder, joined.splitValues("encoder", theta));
    assertArrayEquals(ofDecoder, joined.splitValues("decoder", theta));
    assertEquals(8, theta[8]);
    assertEquals(100, theta[9]);
  }

  /// A part whose parameters are not consecutive in θ.
  @Example
  void scatteredPartsSplit() {
    Parameters mixed = Parameters.none().with("a.x", 2).with("b.x", 1).with("a.y", 1);
    double[] theta = {1, 2, 3, 4};
    assertArrayEquals(Running.array(1, 2, 4), mixed.splitValues("a", theta));
    assertArrayEquals(
        theta, mixed.joinValues(Map.of("a", Running.array(1, 2, 4), "b", Running.array(3))));
    assertEquals("parameters [3]: x [2], y [1]", mixed.split("a").toString());
  }

  @Example
  void errorsNameTheParts() {
    Parameters both = Parameters.none().with("a.x", 2).with("b.x", 1).with("own");
    says("parameters: no part \"c\"; want one of [a, b]", () -> both.split("c"));
    says("parameters: no part \"own\"; want one of [a, b]", () -> both.split("own"));
    says("parameters: θ has 3 values; want 4", () -> both.splitValues("a", new double[3]));
    says(
        "parameters: part \"a\" has 3 values; want 2",
        () -> both.joinValues(Map.of("a", new double[3])));
    says(
        "parameters: parts [a] have 2 of 4 values; want every part of [a, b]",
        () -> both.joinValues(Map.of("a", new double[2])));
  }

  private static void says(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  @Example
  void theyPrintTheirNamesAndShapes() {
    assertEquals("parameters [0]", Parameters.none().toString());
    assertEquals(
        "parameters [9]: weight [2, 3], bias [3]",
        Parameters.none().with("weight", 2, 3).with("bias", 3).toString());
  }
}
