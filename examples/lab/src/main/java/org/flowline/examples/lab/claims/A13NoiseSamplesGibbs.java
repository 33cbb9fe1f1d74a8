package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.LangevinFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.analysis.integration.IterativeLegendreGaussIntegrator;
import org.hipparchus.stat.inference.ChiSquareTest;
import org.knowm.xchart.XYChart;

/// A13: descent with noise samples the density `e^(−βf)`.
final class A13NoiseSamplesGibbs implements Experiment {
  private static final double BETA = 4;
  private static final double ETA = 0.01;

  /// As many independent chains, which are the parameters of one descent.
  private static final int CHAINS = 8000;

  /// Ten times the time in which a well is forgotten, `π√2 e^(βΔf) / 2` or so with a barrier of ¼.
  private static final int STEPS = 6000;

  /// Where bins begin and end.
  private static final double[] EDGES =
      IntStream.rangeClosed(0, 24).mapToDouble(i -> -1.8 + 0.15 * i).toArray();

  private final long seed;

  A13NoiseSamplesGibbs() {
    this(13);
  }

  /// With the noise of this seed.
  A13NoiseSamplesGibbs(long seed) {
    this.seed = seed;
  }

  /// A double well with the deeper bottom on the left.
  private static double well(double x) {
    return (x * x - 1) * (x * x - 1) / 4 + 0.1 * x;
  }

  private static double slope(double x) {
    return x * x * x - x + 0.1;
  }

  @Override
  public Claim claim() {
    return new Claim(
        "A13",
        "Noise samples Gibbs' density",
        "Gradient descent with noise is the method of Euler and Maruyama on a stochastic"
            + " differential equation. It does not come to rest at a minimum but visits every place as"
            + " often as e^(−βf) says.",
        "dθ = −∇f dt + √(2/β) dW   ⇒   density → e^(−βf) / ∫ e^(−βf)",
        "Sends 8000 chains from the right well of a tilted double well on their way, each with a"
            + " noise of its own, with β = 4 for 6000 steps of 0.01. A histogram of where they end is"
            + " held against the density by a χ² test, beside a density of another temperature.",
        "The histogram is the density's: most chains have crossed the barrier into the deeper well,"
            + " none of them because its gradient said so. A step of η shifts the density by a multiple"
            + " of η, too little to be seen by 8000 samples with this one; and the noise of"
            + " mini-batches, which depends on θ, is neither white nor of one temperature.",
        "Langevin (1908); Welling & Teh (2011)");
  }

  @Override
  public Findings run() {
    Orbit orbit = chains();
    double[] samples = orbit.last();
    long[] counts = histogram(samples);
    double[] expected = expected(BETA);
    double left = Arrays.stream(samples).filter(x -> x < 0).count() / (double) CHAINS;
    double share = mass(BETA, -4, 0) / mass(BETA, -4, 4);
    return new Findings(
        List.of(
            // One right density in a hundred is refused so.
            Measurement.atLeast(
                "χ² test against e^(−βf): p",
                new ChiSquareTest().chiSquareTest(expected, counts),
                0.01),
            // With room to spare: noise of other seeds leaves it at 1e-9 and below.
            Measurement.atMost(
                "χ² test against a temperature 25 % higher: p",
                new ChiSquareTest().chiSquareTest(expected(BETA / 1.25), counts), 1e-4),
            // Three standard deviations of a share of 8000.
            Measurement.near(
                "share of chains in the deeper well",
                left,
                share,
                3 * Math.sqrt(share * (1 - share) / CHAINS))),
        List.of(
            Picture.of(
                "A13-gibbs",
                "Left: three of the chains. Right: where 8000 chains end, and Gibbs' density.",
                paths(orbit),
                densities(counts))));
  }

  private Orbit chains() {
    Objective wells =
        Objective.of(
            CHAINS,
            (theta, gradient) -> {
              double sum = 0;
              for (int i = 0; i < CHAINS; i++) {
                gradient[i] = slope(theta[i]);
                sum += well(theta[i]);
              }
              return sum;
            });
    double[] start = new double[CHAINS];
    Arrays.fill(start, 1);
    BrownianPath noise = BrownianPath.of(seed, CHAINS, 0, ETA * (1 << 13));
    LangevinFlow flow = new LangevinFlow(wells, BETA, noise);
    double[][] shown = new double[STEPS + 1][];
    double[] t = new double[STEPS + 1];
    shown[0] = Arrays.copyOf(start, 3);
    double[] end =
        Integrator.of(Methods.EULER_MARUYAMA, StepSize.Constant.of(ETA, STEPS))
            .withObserver(
                step -> {
                  int k = (int) step.index() + 1;
                  shown[k] = Arrays.copyOf(step.y1(), 3);
                  t[k] = step.end();
                })
            .solve(flow, start, 0, ETA * STEPS)
            .orThrow()
            .last();
    shown[STEPS] = end;
    return new Orbit(t, shown);
  }

  /// How many lie in each bin; the first and the last are open.
  private static long[] histogram(double[] samples) {
    long[] counts = new long[EDGES.length - 1];
    for (double x : samples) {
      int bin = (int) Math.floor((x - EDGES[0]) / (EDGES[1] - EDGES[0]));
      counts[Math.clamp(bin, 0, counts.length - 1)]++;
    }
    return counts;
  }

  private static double[] expected(double beta) {
    double all = mass(beta, -4, 4);
    double[] expected = new double[EDGES.length - 1];
    for (int i = 0; i < expected.length; i++) {
      double from = i == 0 ? -4 : EDGES[i];
      double to = i == expected.length - 1 ? 4 : EDGES[i + 1];
      expected[i] = CHAINS * mass(beta, from, to) / all;
    }
    return expected;
  }

  /// `∫ e^(−βf)`
  private static double mass(double beta, double from, double to) {
    return new IterativeLegendreGaussIntegrator(5, 1e-10, 1e-12)
        .integrate(100_000, x -> Math.exp(-beta * well(x)), from, to);
  }

  private static XYChart paths(Orbit orbit) {
    XYChart chart = Pictures.panel("Three of the chains", "training time τ", "θ");
    int every = 10;
    double[] t = thinned(orbit.t(), every);
    for (int i = 0; i < 3; i++) {
      Pictures.line(
          chart, "chain " + (i + 1), t, thinned(orbit.component(i), every), Pictures.colour(i));
    }
    Pictures.roundTicks(chart);
    return chart;
  }

  private static double[] thinned(double[] values, int every) {
    return IntStream.range(0, (values.length + every - 1) / every)
        .mapToDouble(k -> values[k * every])
        .toArray();
  }

  private static XYChart densities(long[] counts) {
    XYChart chart = Pictures.panel("Where the chains end, β = 4", "θ", "density");
    double[] x = IntStream.rangeClosed(-200, 200).mapToDouble(i -> i / 100.0).toArray();
    double all = mass(BETA, -4, 4);
    double[] density = Arrays.stream(x).map(at -> Math.exp(-BETA * well(at)) / all).toArray();
    double width = EDGES[1] - EDGES[0];
    double[] middle =
        IntStream.range(0, counts.length).mapToDouble(i -> EDGES[i] + width / 2).toArray();
    double[] height = Arrays.stream(counts).mapToDouble(n -> n / (CHAINS * width)).toArray();
    Pictures.line(chart, "e^(−βf) / ∫", x, density, Pictures.colour(0));
    Pictures.marks(chart, "chains", middle, height, 1);
    double[] wells = Arrays.stream(x).map(A13NoiseSamplesGibbs::well).toArray();
    Pictures.line(chart, "loss f", x, wells, Pictures.colour(6));
    chart.getStyler().setYAxisMin(-0.15).setYAxisMax(1.0);
    return chart;
  }
}
