package org.flowline.examples.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.autodiff.jvm.PeakRate;

/// The suite `--kernels`: matrix products, elementary functions and small networks beside the rate
/// of multiply-adds that one thread of this machine reaches, and beside ND4J where it is there.
///
/// All in one run, on one thread, in turns ([Rounds]).
public final class KernelBench {
  private static final double TANH_NANOS = 1.2;

  private final Rounds rounds;
  private final List<Timed> timed;
  private final String hint;

  private KernelBench(Rounds rounds, List<Timed> timed, String hint) {
    this.rounds = rounds;
    this.timed = timed;
    this.hint = hint;
  }

  /// One line of the report; null for what does not apply to it or could not be compared.
  ///
  /// @param timesNd4j ND4J's time over ours
  public record Row(
      String name, double medianUs, Double gflops, Double fractionOfPeak, Double timesNd4j) {}

  /// What `--json` prints.
  public record Report(double peakGflops, List<Row> kernels) {}

  /// Measures everything for about so long; ND4J's start comes on top.
  public static KernelBench run(double seconds) {
    Rounds.Budget budget = Rounds.Budget.ofSeconds(seconds);
    double cold = planNanos(); // before anything else has loaded the classes
    Rivals nd4j = null;
    String hint = null;
    try {
      nd4j = Rivals.nd4j();
    } catch (IllegalStateException missing) {
      hint = "nothing to compare with: " + missing.getMessage();
    }
    List<Kernel> kernels = kernels(nd4j);
    Rounds rounds = Rounds.of(works(kernels), PeakRate::gflops, budget);
    List<Timed> timed = timed(kernels, rounds);
    // Afterwards, since a JIT that has seen both kinds of kernels compiles calls of either worse.
    List<Kernel> scalar = scalar();
    timed.addAll(timed(scalar, Rounds.of(works(scalar), PeakRate::gflops, budget.tenth())));
    timed.add(
        new Timed(Kernel.of(planning() + ", cold", Work.of(KernelBench::plan)), cold, Map.of()));
    return new KernelBench(rounds, timed, hint);
  }

  private static List<Runnable> works(List<Kernel> kernels) {
    return kernels.stream()
        .flatMap(
            kernel -> Stream.concat(Stream.of(kernel.ours()), kernel.rivals().values().stream()))
        .map(Work::run)
        .toList();
  }

  /// The medians of [#works], line by line.
  private static List<Timed> timed(List<Kernel> kernels, Rounds rounds) {
    List<Timed> timed = new ArrayList<>();
    int work = 0;
    for (Kernel kernel : kernels) {
      double nanos = rounds.nanos(work++);
      Map<String, Double> rivals = new LinkedHashMap<>();
      for (String rival : kernel.rivals().keySet()) {
        rivals.put(rival, rounds.nanos(work++));
      }
      timed.add(new Timed(kernel, nanos, rivals));
    }
    return timed;
  }

  public Report report() {
    double peak = rounds.gauge();
    return new Report(peak, timed.stream().map(line -> line.row(peak)).toList());
  }

  /// The report and what does not fit in it, as a table.
  public String text() {
    return KernelTable.of(rounds.gauge(), rounds.count(), timed);
  }

  /// What to do about rivals that could not be started.
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  /// All vector kernels, with those rivals that there are.
  ///
  /// @param nd4j null where it is missing
  static List<Kernel> kernels(Rivals nd4j) {
    List<Kernel> kernels = new ArrayList<>();
    int[][] square = {{64, 64, 64}, {128, 128, 128}, {256, 64, 256}, {256, 256, 256}};
    for (int[] s : square) {
      for (int layout = 0; layout < 4; layout++) {
        boolean transposedA = (layout & 1) != 0;
        boolean transposedB = (layout & 2) != 0;
        kernels.add(product(new Product(s[0], s[1], s[2], transposedA, transposedB), nd4j));
      }
    }
    int[][] odd = {{20, 2, 50}, {20, 50, 2}, {1, 16, 16}, {7, 13, 29}, {20, 50, 50}};
    for (int[] s : odd) {
      kernels.add(product(Product.of(s[0], s[1], s[2]), nd4j));
    }
    for (Network network : List.of(Network.SMALL, Network.LARGE)) {
      kernels.add(forward(network, nd4j));
      kernels.add(vjp(network, nd4j));
    }
    for (Function function : Function.values()) {
      kernels.add(function(function, nd4j));
    }
    kernels.add(Kernel.of(planning() + ", warm", Work.of(KernelBench::plan)));
    return kernels;
  }

  private static Kernel product(Product product, Rivals nd4j) {
    String name = "matmul " + product.sizes() + " " + product.layout();
    Program program = JvmBackend.best().compile(product.tape());
    Kernel kernel = Kernel.of(name, Work.of(program, product.arguments())).withFlop(product.flop());
    return nd4j == null ? kernel : kernel.withRival(Kernel.ND4J, nd4j.product(product));
  }

  private static Kernel forward(Network network, Rivals nd4j) {
    Kernel kernel = forward(network, JvmBackend.best());
    if (nd4j == null) {
      return kernel;
    }
    Kernel compared = kernel.withRival(Kernel.ND4J, nd4j.forward(network));
    return network.equals(Network.SMALL)
        ? compared.withRival(Kernel.SAME_DIFF, nd4j.sameDiffForward(network))
        : compared;
  }

  private static Kernel vjp(Network network, Rivals nd4j) {
    Kernel kernel = vjp(network, JvmBackend.best());
    if (nd4j == null) {
      return kernel;
    }
    Kernel compared = kernel.withRival(Kernel.ND4J, nd4j.vjp(network));
    return network.equals(Network.SMALL)
        ? compared.withRival(Kernel.SAME_DIFF, nd4j.sameDiffVjp(network))
        : compared;
  }

  private static Kernel forward(Network network, JvmBackend backend) {
    Program program = backend.compile(network.forward());
    return Kernel.of(
            "mlp " + network.sizes() + " forward", Work.of(program, network.forwardArguments()))
        .withFlop(network.forwardFlop())
        .withFloorNanos(TANH_NANOS * network.tanhs());
  }

  private static Kernel vjp(Network network, JvmBackend backend) {
    Program program = backend.compile(network.vjp());
    return Kernel.of("mlp " + network.sizes() + " vjp", Work.of(program, network.arguments()))
        .withFlop(3 * network.forwardFlop())
        .withFloorNanos(TANH_NANOS * network.tanhs());
  }

  private static Kernel function(Function function, Rivals nd4j) {
    double[] x = function.arguments();
    Program program = JvmBackend.best().compile(function.tape());
    Kernel kernel =
        Kernel.of(function.toString(), Work.of(program, new double[][] {x})).withElements(x.length);
    return nd4j == null ? kernel : kernel.withRival(Kernel.ND4J, nd4j.function(function, x));
  }

  /// The plain loops that stand in where the Vector API is not loaded.
  private static List<Kernel> scalar() {
    Network network = Network.SMALL;
    JvmBackend plain = JvmBackend.scalar();
    JvmBackend best = JvmBackend.best();
    return List.of(
        forward(network, plain)
            .withName("mlp " + network.sizes() + " forward, scalar")
            .withFloorNanos(0)
            .withRival(Kernel.VECTOR, forward(network, best).ours()),
        vjp(network, plain)
            .withName("mlp " + network.sizes() + " vjp, scalar")
            .withFloorNanos(0)
            .withRival(Kernel.VECTOR, vjp(network, best).ours()));
  }

  private static String planning() {
    return "record and plan " + Network.SMALL.sizes() + " vjp";
  }

  private static double planNanos() {
    long start = System.nanoTime();
    plan();
    return Math.max(1, System.nanoTime() - start);
  }

  private static void plan() {
    JvmBackend.best().compile(Network.SMALL.vjp());
  }
}
