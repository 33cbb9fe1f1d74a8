package org.flowline.examples.bench;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.nd4j.Nd4jArrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/// The same computations with ND4J's API, on one thread: BLAS `gemm`, operations one at a time
/// ("eager"), and SameDiff. Arguments are converted to ND4J's arrays beforehand.
final class Nd4jRivals implements Rivals {
  private Nd4jRivals() {}

  /// Sets ND4J to one thread.
  static Nd4jRivals start() {
    Nd4j.getEnvironment().setMaxThreads(1);
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    Nd4j.factory().blas().setMaxThreads(1);
    return new Nd4jRivals();
  }

  /// `gemm` into an existing array, all three in column-major order, which BLAS prefers.
  @Override
  public Work product(Product product) {
    double[][] in = product.arguments();
    INDArray a = Nd4jArrays.array(in[0], product.a()).dup('f');
    INDArray b = Nd4jArrays.array(in[1], product.b()).dup('f');
    INDArray c = Nd4j.create(DataType.DOUBLE, new long[] {product.m(), product.n()}, 'f');
    return new Work(
        () -> Nd4j.gemm(a, b, c, product.transposedA(), product.transposedB(), 1, 0),
        () -> Nd4jArrays.flat(c));
  }

  /// An element-wise function into an existing array; along rows, into a new array.
  @Override
  public Work function(ElementwiseFunction function, double[] x) {
    INDArray in = Nd4jArrays.array(x, function.shape());
    INDArray out = in.ulike();
    INDArray[] last = {out};
    Runnable run =
        switch (function) {
          case TANH -> () -> Nd4j.exec(new Tanh(in, out));
          case EXP -> () -> Nd4j.exec(new Exp(in, out));
          case SIGMOID -> () -> Nd4j.exec(new Sigmoid(in, out));
          case LOG -> () -> Nd4j.exec(new Log(in, out));
          case ROW_MAX -> () -> last[0] = in.max(1);
          case ROW_SOFTMAX -> () -> last[0] = Nd4j.nn.softmax(in, 1);
        };
    return new Work(run, () -> Nd4jArrays.flat(last[0]));
  }

  @Override
  public Work eager(Network network, Network.Pass pass) {
    Model model = Model.of(network);
    INDArray[][] last = new INDArray[1][];
    return switch (pass) {
      case FORWARD ->
          new Work(() -> last[0] = new INDArray[] {model.output(model.activity())}, flat(last));
      case VJP -> new Work(() -> last[0] = model.vjp(), flat(last));
    };
  }

  @Override
  public Work sameDiff(Network network, Network.Pass pass) {
    SameDiff graph = Model.of(network).graph();
    INDArray[][] last = new INDArray[1][];
    if (pass == Network.Pass.FORWARD) {
      return new Work(
          () -> last[0] = new INDArray[] {graph.outputSingle(Map.of(), "y")}, flat(last));
    }
    silenced(graph::createGradFunction);
    List<String> inputs = List.of("x", "w1", "b1", "w2", "b2");
    OutAndGrad[] result = new OutAndGrad[1];
    return new Work(
        () -> result[0] = graph.calculateGradientsAndOutputs(Map.of(), List.of("y"), inputs),
        () ->
            flat(
                Stream.concat(
                    Stream.of(result[0].getOutputs().get("y")),
                    inputs.stream().map(result[0].getGradients()::get))));
  }

  /// Runs a task without standard output, to which SameDiff logs each operation that it
  /// differentiates.
  private static void silenced(Runnable loud) {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      loud.run();
    } finally {
      System.setOut(out);
    }
  }

  private static Supplier<double[]> flat(INDArray[][] last) {
    return () -> flat(Stream.of(last[0]));
  }

  private static double[] flat(Stream<INDArray> arrays) {
    return arrays.map(Nd4jArrays::flat).flatMapToDouble(Arrays::stream).toArray();
  }

  /// A [Network] and its arguments.
  private record Model(
      INDArray x, INDArray w1, INDArray b1, INDArray w2, INDArray b2, INDArray cotangent) {
    static Model of(Network network) {
      double[][] in = network.arguments(Network.Pass.VJP);
      double[][] theta = network.pieces(in[1]);
      return new Model(
          Nd4jArrays.array(in[0], Shape.of(network.batch(), network.in())),
          Nd4jArrays.array(theta[0], Shape.of(network.in(), network.hidden())),
          Nd4jArrays.array(theta[1], Shape.of(network.hidden())),
          Nd4jArrays.array(theta[2], Shape.of(network.hidden(), network.out())),
          Nd4jArrays.array(theta[3], Shape.of(network.out())),
          Nd4jArrays.array(in[2], Shape.of(network.batch(), network.out())));
    }

    private INDArray activity() {
      return Transforms.tanh(x.mmul(w1).addiRowVector(b1), false);
    }

    private INDArray output(INDArray activity) {
      return activity.mmul(w2).addiRowVector(b2);
    }

    /// The output, then the cotangents of `x`, `w1`, `b1`, `w2`, `b2`; in place where possible.
    INDArray[] vjp() {
      INDArray h = activity();
      INDArray y = output(h);
      INDArray w2Bar = h.transpose().mmul(cotangent);
      INDArray zBar = cotangent.mmul(w2.transpose()).muli(h.mul(h).rsubi(1));
      INDArray w1Bar = x.transpose().mmul(zBar);
      INDArray xBar = zBar.mmul(w1.transpose());
      return new INDArray[] {y, xBar, w1Bar, zBar.sum(0), w2Bar, cotangent.sum(0)};
    }

    SameDiff graph() {
      SameDiff graph = SameDiff.create();
      SDVariable z = graph.var("x", x).mmul(graph.var("w1", w1)).add(graph.var("b1", b1));
      SDVariable y = graph.math.tanh(z).mmul(graph.var("w2", w2)).add("y", graph.var("b2", b2));
      y.mul(graph.constant("cotangent", cotangent)).sum("loss");
      graph.setLossVariables("loss");
      return graph;
    }
  }
}
