package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import org.flowline.autodiff.fixtures.Network;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;

/// A run of a program allocates no byte after JIT compilation; before it, vectors are objects.
class ProgramsAllocateNothing {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int RUNS = 2_000;

  /// The counter of bytes may itself allocate a few, once for each batch of runs.
  private static final long FOR_ASKING = 512;

  private static final int WARM_UPS = 1_500;

  @Test
  void aGradientOnVectors() {
    Network network = new Network(3, 17, 2, 9);
    Tape gradient = Derivative.gradient(network.loss());
    allocatesNothing(JvmBackend.vector().compile(gradient), network.arguments(1));
  }

  @Test
  void aGradientOnScalars() {
    Tape gradient = Derivative.gradient(Network.SMALL.loss());
    allocatesNothing(JvmBackend.scalar().compile(gradient), Network.SMALL.arguments(1));
  }

  @Test
  void everyFunctionAndEveryMove() {
    Tape tape =
        Tape.record(
            List.of(Shape.of(5, 9), Shape.of(9)),
            in -> {
              Var x = in.get(0).abs().add(0.5).add(in.get(1));
              Var y = x.log().add(x.exp()).add(x.sqrt()).add(x.sin()).add(x.cos()).add(x.neg());
              Var far = x.mul(1e8).sin().add(x.mul(1e200).cos());
              Var z =
                  far.add(x.sigmoid()).add(x.softplus()).add(x.relu()).add(x.step()).add(x.sign());
              Var p = x.pow(3).add(x.pow(-1)).div(x).add(x.pow(1.5)).add(x.pow(-0.7));
              Var wide = Var.concat(1, List.of(y, z, p)).slice(1, 3, 20).pad(1, 2, 1);
              return List.of(wide.transpose().matmul(wide), wide.sum(0), wide.transpose(), y);
            });
    double[][] in = OpCase.draw(1, OpCase.Domain.ANY, tape.inputShapes());
    allocatesNothing(JvmBackend.best().compile(tape), in);
  }

  @Test
  void aConvolutionAndItsGradient() {
    Tape loss =
        Tape.record(
            Shape.of(2, 3, 9, 8),
            Shape.of(4, 3, 3, 2),
            (x, w) -> x.convolve(w, 1).relu().maxPool(new int[] {2, 2}, 2).square().sum());
    Tape gradient = Derivative.gradient(loss);
    double[][] in = OpCase.draw(1, OpCase.Domain.ANY, gradient.inputShapes());
    allocatesNothing(JvmBackend.best().compile(gradient), in);
  }

  @Test
  void aCrossEntropyAndItsGradient() {
    Tape gradient =
        Derivative.gradient(
            Tape.record(
                Shape.of(8, 10), Shape.of(8, 10), (x, p) -> x.gelu().crossEntropy(p).mean()));
    double[][] in = OpCase.draw(1, OpCase.Domain.POSITIVE, gradient.inputShapes());
    allocatesNothing(JvmBackend.best().compile(gradient), in);
  }

  /// Products large enough to lay out the right side, in all four transposes, and in a stack.
  @Test
  void largeProducts() {
    Tape tape =
        Tape.record(
            List.of(Shape.of(70, 70), Shape.of(70, 70), Shape.of(2, 9, 50), Shape.of(2, 50, 60)),
            in -> {
              Var a = in.get(0);
              Var b = in.get(1);
              return List.of(
                  a.matmul(b),
                  a.transpose().matmul(b),
                  a.matmul(b.transpose()),
                  a.transpose().matmul(b.transpose()),
                  in.get(2).matmul(in.get(3)));
            });
    double[][] in = OpCase.draw(1, OpCase.Domain.ANY, tape.inputShapes());
    allocatesNothing(JvmBackend.best().compile(tape), in);
  }

  @Test
  void chainsInOnePass() {
    Shape target = Shape.of(3, 1100);
    Tape body =
        Tape.record(
            Collections.nCopies(4, target),
            x ->
                List.of(
                    x.get(0).step().where(x.get(0).add(x.get(1)).mul(x.get(2)).tanh(), x.get(3))));
    Tape tape =
        Tape.record(
            List.of(target, Shape.of(1100), Shape.of(3, 1), Shape.scalar()),
            in ->
                List.of(
                    in.getFirst()
                        .recorder
                        .emit(new Op.Fused(target, body), in.toArray(Var[]::new))));
    double[][] in = OpCase.draw(1, OpCase.Domain.ANY, tape.inputShapes());
    allocatesNothing(JvmBackend.best().compile(tape), in);
  }

  @Test
  void everyOtherOperation() {
    Tape tape =
        Tape.record(
            Shape.of(4, 9),
            x -> {
              Var y =
                  x.erf()
                      .add(x.erfc())
                      .add(x.expm1())
                      .add(x.abs().log1p())
                      .elu(1)
                      .silu()
                      .leakyRelu(0.1);
              Var z = y.cumulativeSum(1).gather(1, 3, 3, 0).max(y.slice(1, 0, 3)).clamp(-1, 1);
              return Var.stack(
                      0,
                      List.of(
                          z,
                          z.softmax(0),
                          z.permute(1, 0).gather(1, 0, 1, 2).transpose().pad(0, 0, 1)))
                  .averagePool(new int[] {2}, 1)
                  .max(0);
            });
    Tape gradient = Derivative.vjp(tape);
    double[][] in = OpCase.draw(1, OpCase.Domain.ANY, gradient.inputShapes());
    allocatesNothing(JvmBackend.best().compile(gradient), in);
  }

  /// Repeats batches of runs until one is free of allocations; a program that always allocates
  /// fails.
  private static void allocatesNothing(Program program, double[][] in) {
    double[][] out = Running.results(program.tape());
    long least = Long.MAX_VALUE;
    for (int batch = 0; batch < WARM_UPS && least > FOR_ASKING; batch++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int run = 0; run < RUNS; run++) {
        program.run(in, out);
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least <= FOR_ASKING, least + " bytes in " + RUNS + " runs");
  }
}
