package org.flowline.autodiff.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.fixtures.Network;
import org.flowline.autodiff.fixtures.Running;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/// An independent engine, SameDiff of ND4J, gets the same loss and the same gradients for networks
/// written with it: to `1e-13`, some hundred roundings of numbers near 1, unless stated otherwise.
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
    declare(engine, parameters, in[0]);
    SDVariable hidden =
        engine.math.tanh(
            x.mmul(engine.getVariable("first.weight")).add(engine.getVariable("first.bias")));
    SDVariable out =
        hidden.mmul(engine.getVariable("second.weight")).add(engine.getVariable("second.bias"));
    SDVariable error = out.sub(y);
    SDVariable loss = error.mul(error).mean().rename("loss");
    agree(engine, loss, parameters, ours, TOLERANCE);
  }

  /// Convolution, relu, average pooling, a linear layer and softmax cross-entropy: a batch of 4
  /// images of 2 × 8 × 6, 3 features, 5 classes. To `1e-9`, since the sums are long; a difference
  /// in the mathematics would change the first digits.
  @Test
  void ofAConvolutionalNetwork() {
    Parameters parameters =
        Parameters.none()
            .with("filter", 3, 2, 3, 3)
            .with("offset", 3)
            .with("weight", 18, 5)
            .with("bias", 5);
    Shape images = Shape.of(4, 2, 8, 6);
    Tape tape =
        Tape.record(
            List.of(Shape.of(parameters.size()), images, Shape.of(4, 5)),
            in -> {
              Parameters.View p = parameters.of(in.get(0));
              Var features =
                  in.get(1)
                      .convolve(p.get("filter"), 1)
                      .add(p.get("offset").reshape(3, 1, 1))
                      .relu();
              Var pooled = features.averagePool(new int[] {2, 2}, 2).reshape(4, 18);
              Var logits = pooled.matmul(p.get("weight")).add(p.get("bias"));
              return List.of(logits.crossEntropy(in.get(2)).mean());
            });
    SplittableRandom random = new SplittableRandom(21);
    double[][] in = {
      random.doubles(parameters.size(), -1, 1).toArray(),
      random.doubles(images.size(), -1, 1).toArray(),
      {0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0.25, 0.75, 0}
    };
    double[][] ours = Running.run(Derivative.gradient(tape), in);

    SameDiff engine = SameDiff.create();
    SDVariable x = engine.var("x", Nd4jArrays.array(in[1], images));
    SDVariable labels = engine.constant("labels", Nd4jArrays.array(in[2], Shape.of(4, 5)));
    declare(engine, parameters, in[0]);
    SDVariable features =
        engine.cnn.conv2d(
            x,
            engine.getVariable("filter").permute(2, 3, 1, 0),
            engine.getVariable("offset"),
            Conv2DConfig.builder().kH(3).kW(3).build());
    SDVariable pooled =
        engine.cnn.avgPooling2d(
            engine.nn.relu(features, 0), Pooling2DConfig.builder().kH(2).kW(2).sH(2).sW(2).build());
    SDVariable logits =
        pooled.reshape(4, 18).mmul(engine.getVariable("weight")).add(engine.getVariable("bias"));
    SDVariable loss = engine.loss.softmaxCrossEntropy("loss", labels, logits, null);
    agree(engine, loss, parameters, ours, 1e-9);
  }

  private static void declare(SameDiff engine, Parameters parameters, double[] theta) {
    for (Parameters.Entry entry : parameters.entries()) {
      engine.var(entry.name(), Nd4jArrays.array(piece(theta, entry), entry.shape()));
    }
  }

  /// `ours`: the loss, its gradient in `θ` and its gradient in `x`.
  private static void agree(
      SameDiff engine, SDVariable loss, Parameters parameters, double[][] ours, double tolerance) {
    engine.setLossVariables(loss.name());
    List<String> names = parameters.entries().stream().map(Parameters.Entry::name).toList();
    Map<String, INDArray> gradients =
        engine.calculateGradients(Map.of(), Stream.concat(names.stream(), Stream.of("x")).toList());
    assertEquals(loss.eval().getDouble(0), ours[0][0], tolerance);
    assertArrayEquals(Nd4jArrays.flat(gradients.get("x")), ours[2], tolerance);
    for (Parameters.Entry entry : parameters.entries()) {
      assertArrayEquals(
          Nd4jArrays.flat(gradients.get(entry.name())),
          piece(ours[1], entry),
          tolerance,
          entry.name());
    }
  }

  private static double[] piece(double[] theta, Parameters.Entry entry) {
    return Arrays.copyOfRange(theta, entry.offset(), entry.offset() + entry.shape().size());
  }
}
