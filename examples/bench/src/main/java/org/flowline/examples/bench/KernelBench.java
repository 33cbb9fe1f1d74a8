package org.flowline.examples.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.autodiff.jvm.PeakRate;

/// The suite `--kernels`: matrix products, elementary functions and small networks, compared with
/// the peak rate of multiply-adds of one thread, and with ND4J if it is on the class path.
///
/// All are timed in one run, on one thread, interleaved ([InterleavedTimer]).
///
/// @param hint the remedy if the rivals could not be started
public record KernelBench(
    InterleavedTimer timer, List<KernelTiming> timings, Optional<String> hint) {
  private static final double TANH_NANOS = 1.2;

  /// One line of the report; null for figures that do not apply or have no rival.
  ///
  /// @param timesNd4j ND4J's time over ours
  public record Row(
      String name, double medianUs, Double gflops, Double fractionOfPeak, Double timesNd4j) {}

  /// The output of `--json`.
  public record Report(double peakGflops, List<Row> kernels) {}

  /// Measures everything for about this long, plus ND4J's start.
  public static KernelBench run(double seconds) {
    InterleavedTimer.Budget budget = InterleavedTimer.Budget.ofSeconds(seconds);
    double cold =
        InterleavedTimer.time(KernelBench::plan, 1); // before anything else has loaded the classes
    Rivals nd4j = null;
    String hint = null;
    try {
      nd4j = Rivals.nd4j();
    } catch (IllegalStateException missing) {
      hint = "nothing to compare with: " + missing.getMessage();
    }
    List<Kernel> kernels = kernels(nd4j);
    InterleavedTimer timer = InterleavedTimer.of(works(kernels), PeakRate::gflops, budget);
    List<KernelTiming> timings = timings(kernels, timer);
    // Last, since the JIT compiles calls of either kind of kernel worse once both have run.
    List<Kernel> scalar = scalar();
    timings.addAll(
        timings(scalar, InterleavedTimer.of(works(scalar), PeakRate::gflops, budget.tenth())));
    Kernel coldPlan = Kernel.of(planning() + ", cold", Work.of(KernelBench::plan));
    timings.add(new KernelTiming(coldPlan, cold, Map.of()));
    return new KernelBench(timer, timings, Optional.ofNullable(hint));
  }

  private static List<Runnable> works(List<Kernel> kernels) {
    return kernels.stream()
        .flatMap(
            kernel -> Stream.concat(Stream.of(kernel.ours()), kernel.rivals().values().stream()))
        .map(Work::run)
        .toList();
  }

  /// The medians of [#works], by kernel.
  private static List<KernelTiming> timings(List<Kernel> kernels, InterleavedTimer timer) {
    List<KernelTiming> timings = new ArrayList<>();
    int work = 0;
    for (Kernel kernel : kernels) {
      double nanos = timer.nanos(work++);
      Map<String, Double> rivals = new LinkedHashMap<>();
      for (String rival : kernel.rivals().keySet()) {
        rivals.put(rival, timer.nanos(work++));
      }
      timings.add(new KernelTiming(kernel, nanos, rivals));
    }
    return timings;
  }

  public Report report() {
    double peak = timer.gauge();
    return new Report(peak, timings.stream().map(timing -> timing.row(peak)).toList());
  }

  /// The report as a table, with more figures.
  public String text() {
    double peak = timer.gauge();
    String heading =
        "multiply-adds in registers: %.1f GFLOP/s (the peak); one thread of %s, Java %s, medians of %d rounds%n%n";
    return String.format(
            Locale.ROOT,
            heading,
            peak,
            System.getProperty("os.arch"),
            System.getProperty("java.version"),
            timer.rounds())
        + KernelTiming.HEADER
        + timings.stream().map(timing -> timing.line(peak)).collect(Collectors.joining("\n"))
        + """


        × ND4J, × SameDiff: their time over ours; ND4J's is gemm for products, for networks its operations one at a
        time. × floor: our time over the FLOP of the matrix products at the peak rate plus 1.2 ns for each tanh.""";
  }

  /// All vector kernels, with their rivals.
  ///
  /// @param nd4j null if ND4J is missing
  static List<Kernel> kernels(Rivals nd4j) {
    List<Kernel> kernels = new ArrayList<>();
    int[][] large = {{64, 64, 64}, {128, 128, 128}, {256, 64, 256}, {256, 256, 256}};
    for (int[] s : large) {
      for (int layout = 0; layout < 4; layout++) {
        Product product = new Product(s[0], s[1], s[2], (layout & 1) != 0, (layout & 2) != 0);
        kernels.add(product(product, nd4j));
      }
    }
    int[][] odd = {{20, 2, 50}, {20, 50, 2}, {1, 16, 16}, {7, 13, 29}, {20, 50, 50}};
    for (int[] s : odd) {
      kernels.add(product(Product.of(s[0], s[1], s[2]), nd4j));
    }
    for (Network network : List.of(Network.SMALL, Network.LARGE)) {
      for (Network.Pass pass : Network.Pass.values()) {
        kernels.add(network(network, pass, nd4j));
      }
    }
    for (ElementwiseFunction function : ElementwiseFunction.values()) {
      kernels.add(function(function, nd4j));
    }
    kernels.add(Kernel.of(planning() + ", warm", Work.of(KernelBench::plan)));
    return kernels;
  }

  private static Kernel product(Product product, Rivals nd4j) {
    String name = "matmul " + product.sizes() + " " + product.layout();
    Program program = JvmBackend.best().compile(product.tape());
    Kernel kernel =
        Kernel.of(name, Work.of(program, product.arguments())).withFlop(product.flop(), 0);
    return nd4j == null ? kernel : kernel.withRival(Kernel.ND4J, nd4j.product(product));
  }

  private static Kernel network(Network network, Network.Pass pass, Rivals nd4j) {
    Kernel kernel =
        Kernel.of(name(network, pass), work(network, pass, JvmBackend.best()))
            .withFlop(network.flop(pass), TANH_NANOS * network.tanhs());
    if (nd4j == null) {
      return kernel;
    }
    Kernel compared = kernel.withRival(Kernel.ND4J, nd4j.eager(network, pass));
    return network.equals(Network.SMALL)
        ? compared.withRival(Kernel.SAME_DIFF, nd4j.sameDiff(network, pass))
        : compared;
  }

  private static String name(Network network, Network.Pass pass) {
    return "mlp " + network.sizes() + " " + pass.name().toLowerCase(Locale.ROOT);
  }

  private static Work work(Network network, Network.Pass pass, JvmBackend backend) {
    return Work.of(backend.compile(network.tape(pass)), network.arguments(pass));
  }

  private static Kernel function(ElementwiseFunction function, Rivals nd4j) {
    double[] x = function.arguments();
    Program program = JvmBackend.best().compile(function.tape());
    Kernel kernel =
        Kernel.of(function.toString(), Work.of(program, new double[][] {x})).withElements(x.length);
    return nd4j == null ? kernel : kernel.withRival(Kernel.ND4J, nd4j.function(function, x));
  }

  /// The scalar kernels, which replace the vector kernels if the Vector API is not loaded.
  private static List<Kernel> scalar() {
    Network network = Network.SMALL;
    return Stream.of(Network.Pass.values())
        .map(
            pass ->
                Kernel.of(
                        name(network, pass) + ", scalar", work(network, pass, JvmBackend.scalar()))
                    .withFlop(network.flop(pass), 0)
                    .withRival(Kernel.VECTOR, work(network, pass, JvmBackend.best())))
        .toList();
  }

  private static String planning() {
    return "record and plan " + Network.SMALL.sizes() + " vjp";
  }

  private static void plan() {
    JvmBackend.best().compile(Network.SMALL.tape(Network.Pass.VJP));
  }
}
