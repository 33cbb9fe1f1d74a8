package org.flowline.examples.bench;

import java.util.concurrent.TimeUnit;
import org.flowline.autodiff.Program;
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

/// A few of the kernels of [KernelBench] under JMH, each in Java machines of its own. From the root
/// of the repository, after `examples/flowline bench --help` has built and left the class path:
///
///     java -cp "$(cat examples/target/classpath-bench)" org.openjdk.jmh.Main KernelsJmh
///
/// Not final, since JMH generates subclasses.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class KernelsJmh {
  private static final Product PRODUCT = Product.of(256, 64, 256);

  private final Runnable matmul = work(PRODUCT.tape(), PRODUCT.arguments());
  private final Runnable forward = work(Network.SMALL.forward(), Network.SMALL.forwardArguments());
  private final Runnable vjp = work(Network.SMALL.vjp(), Network.SMALL.arguments());
  private final Runnable tanh =
      work(Function.TANH.tape(), new double[][] {Function.TANH.arguments()});

  private static Runnable work(Tape tape, double[][] in) {
    Program program = JvmBackend.best().compile(tape);
    return Work.of(program, in).run();
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

  /// The same network with its pullback.
  @Benchmark
  public void vjp() {
    vjp.run();
  }

  /// Of 1000 numbers.
  @Benchmark
  public void tanh() {
    tanh.run();
  }
}
