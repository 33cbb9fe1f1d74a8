package org.flowline.neuralode.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LayersAreNamedFunctions {

  private static double[] apply(Layer layer, double[] theta, int rows, int columns, double... x) {
    Tape tape = tape(layer, rows, columns);
    double[] y = new double[tape.outputShapes().getFirst().size()];
    JvmBackend.best().compile(tape).run(new double[][] {theta, x}, new double[][] {y});
    return y;
  }

  private static Tape tape(Layer layer, int rows, int columns) {
    Parameters parameters = layer.parameters();
    return Tape.record(
        List.of(Shape.of(parameters.size()), Shape.of(rows, columns)),
        in -> List.of(layer.apply(parameters.of(in.get(0)), in.get(1))));
  }

  @Test
  void linearIsARowTimesAMatrixPlusABias() {
    double[] theta = {1, 2, 3, 10, 20, 30, 100, 200, 300};
    assertArrayEquals(
        new double[] {111, 222, 333, 152, 304, 456},
        apply(new Linear(2, 3), theta, 2, 2, 1, 1, 2, 5));
  }

  @Test
  void aPerceptronActsBetweenItsLayersOnly() {
    Mlp mlp = Mlp.of(Activation.SIN, 1, 2, 1);
    double[] theta = {0.5, -2, 0.1, 0.3, 3, 5, 7};
    double x = 1.7;
    double wanted = 3 * Math.sin(0.5 * x + 0.1) + 5 * Math.sin(-2 * x + 0.3) + 7;
    assertEquals(wanted, apply(mlp, theta, 1, 1, x)[0], 1e-14); // three roundings of 15
    assertEquals(
        List.of(
            "layer1.weight [1, 2]", "layer1.bias [2]", "layer2.weight [2, 1]", "layer2.bias [1]"),
        mlp.parameters().entries().stream()
            .map(entry -> entry.name() + " " + entry.shape())
            .toList());
    assertEquals(7, mlp.initial(new SplittableRandom(1)).length);
  }

  @Test
  void activationsAreTheirFunctions() {
    double x = -0.7;
    // One rounding each, of kernels that are right to a few units in the last place.
    double tolerance = 4 * Math.ulp(1.0);
    assertEquals(x, activation(Activation.IDENTITY, x));
    assertEquals(Math.tanh(x), activation(Activation.TANH, x), tolerance);
    assertEquals(1 / (1 + Math.exp(-x)), activation(Activation.SIGMOID, x), tolerance);
    assertEquals(Math.log1p(Math.exp(x)), activation(Activation.SOFTPLUS, x), tolerance);
    assertEquals(0, activation(Activation.RELU, x));
    assertEquals(0.7, activation(Activation.RELU, 0.7));
    assertEquals(Math.sin(x), activation(Activation.SIN, x), tolerance);
    assertEquals(0, Activation.TANH.initial(new SplittableRandom(1)).length);
  }

  private static double activation(Activation activation, double x) {
    return apply(activation, new double[0], 1, 1, x)[0];
  }

  @Test
  void aResidualStackSharesItsBlock() {
    Linear block = new Linear(1, 1);
    ResidualStack stack = new ResidualStack(block, 3, 0.5);
    assertEquals(2, stack.parameters().size());
    assertEquals(2, stack.initial(new SplittableRandom(1)).length);
    // x ← x + ½ (2x + 1) = 2x + ½, three times from 1: 2.5, 5.5, 11.5.
    assertArrayEquals(new double[] {11.5}, apply(stack, new double[] {2, 1}, 1, 1, 1));
    assertEquals(1, new ResidualStack(block, 3).h());
  }

  @Test
  void orHasOneOfItsOwnForEach() {
    Linear block = new Linear(1, 1);
    ResidualStack stack = new ResidualStack(block, 2, 0.5, ResidualStack.Weights.OF_EACH);
    assertEquals(
        "parameters [4]: block1.weight [1, 1], block1.bias [1], block2.weight [1, 1], block2.bias"
            + " [1]",
        stack.parameters().toString());
    assertEquals(4, stack.initial(new SplittableRandom(1)).length);
    // x ← 2x + ½ from 1, then x ← x + ½ (−x + 3).
    assertArrayEquals(new double[] {2.75}, apply(stack, new double[] {2, 1, -1, 3}, 1, 1, 1));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    says("linear: 0 → 3; want 1 or more of each", () -> new Linear(0, 3));
    says("linear: 3 → -1; want 1 or more of each", () -> new Linear(3, -1));
    says("mlp: no layers; want one or more", () -> new Mlp(List.of(), Activation.TANH));
    says(
        "mlp: layer 1 gives 3 features, layer 2 wants 4",
        () -> new Mlp(List.of(new Linear(2, 3), new Linear(4, 1)), Activation.TANH));
    says("mlp: widths [2]; want an input and an output at least", () -> Mlp.of(Activation.TANH, 2));
    says("residual stack: depth 0; want 1 … 10000", () -> new ResidualStack(new Linear(2, 2), 0));
    says(
        "residual stack: step NaN; want a number but 0",
        () -> new ResidualStack(new Linear(2, 2), 3, Double.NaN));
    says(
        "residual stack: the block maps [4, 2] to [4, 1]; want as many features out as in",
        () -> tape(new ResidualStack(new Linear(2, 1), 3), 4, 2));
    says(
        "matmul: inner dimensions differ, [4, 3] × [2, 2]; transpose one side?",
        () -> tape(new Linear(2, 2), 4, 3));
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
