package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flowline.autodiff.backend.Nd4jArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/// An engine of other people's making, ND4J's SameDiff, gets the same loss and the same gradients
/// for a network written in its own terms: to `1e-13`, some hundred roundings of numbers near 1.
class GradientsAgreeWithNd4j {
  private static final double TOLERANCE = 1e-13;

  @Test
  void ofANetwork() {
    Network network = new Network(3, 17, 2, 9);
    double[][] in = network.arguments(12);
    double[][] ours = Running.run(Derivative.gradient(network.loss()), in);
    Parameters parameters = network.parameters();

    SameDiff engine = SameDiff.create();
    SDVariable x = engine.var("x", Nd4jArrays.array(in[1], Shape.of(9, 3)));
    SDVariable y = engine.constant("y", Nd4jArrays.array(in[2], Shape.of(9, 2)));
    for (Parameters.Entry entry : parameters.entries()) {
      engine.var(entry.name(), Nd4jArrays.array(piece(in[0], entry), entry.shape()));
    }
    SDVariable hidden =
        engine.math.tanh(
            x.mmul(engine.getVariable("first.weight")).add(engine.getVariable("first.bias")));
    SDVariable out =
        hidden.mmul(engine.getVariable("second.weight")).add(engine.getVariable("second.bias"));
    SDVariable error = out.sub(y);
    SDVariable loss = error.mul(error).mean().rename("loss");
    engine.setLossVariables("loss");

    List<String> names = parameters.entries().stream().map(Parameters.Entry::name).toList();
    Map<String, INDArray> gradients =
        engine.calculateGradients(Map.of(), Stream.concat(names.stream(), Stream.of("x")).toList());
    assertEquals(loss.eval().getDouble(0), ours[0][0], TOLERANCE);
    assertArrayEquals(Nd4jArrays.flat(gradients.get("x")), ours[2], TOLERANCE);
    for (Parameters.Entry entry : parameters.entries()) {
      assertArrayEquals(
          Nd4jArrays.flat(gradients.get(entry.name())),
          piece(ours[1], entry),
          TOLERANCE,
          entry.name());
    }
  }

  private static double[] piece(double[] theta, Parameters.Entry entry) {
    return Arrays.copyOfRange(theta, entry.offset(), entry.offset() + entry.shape().size());
  }
}
