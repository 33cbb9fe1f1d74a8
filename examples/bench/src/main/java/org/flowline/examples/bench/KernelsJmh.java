package org.flowline.examples.bench;

import java.util.concurrent.TimeUnit;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Four of the kernels of [KernelBench] under JMH, each in JVMs of its own. The guide
/// `examples/bench/README.md` has the command. Not final, since JMH generates subclasses.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class KernelsJmh {
  private static final Product PRODUCT = Product.of(256, 64, 256);

  private final Runnable matmul = work(PRODUCT.tape(), PRODUCT.arguments());
  private final Runnable forward = work(Network.Pass.FORWARD);
  private final Runnable vjp = work(Network.Pass.VJP);
  private final Runnable tanh =
      work(ElementwiseFunction.TANH.tape(), ElementwiseFunction.TANH.arguments());

  private static Runnable work(Network.Pass pass) {
    return work(Network.SMALL.tape(pass), Network.SMALL.arguments(pass));
  }

  private static Runnable work(Tape tape, double[]... in) {
    return Work.of(JvmBackend.best().compile(tape), in).run();
  }

  /// `[256, 64]·[64, 256]`
  @Benchmark
  public void matmul() {
    matmul.run();
  }

  /// A 2-50-2 network on 20 rows.
  @Benchmark
  public void forward() {
    forward.run();
  }

  @Benchmark
  public void vjp() {
    vjp.run();
  }

  /// `tanh` of 1000 numbers.
  @Benchmark
  public void tanh() {
    tanh.run();
  }
}
