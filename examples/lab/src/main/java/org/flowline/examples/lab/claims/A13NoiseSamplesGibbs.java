package org.flowline.examples.lab.claims;

import java.util.Arrays;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.LangevinFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Recording;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.analysis.integration.IterativeLegendreGaussIntegrator;
import org.hipparchus.stat.inference.ChiSquareTest;

/// A13: descent with noise samples the density `e^(−βf)`.
final class A13NoiseSamplesGibbs {
  private static final double BETA = 4;
  private static final double ETA = 0.01;

  /// The number of independent chains, which are the parameters of one descent.
  private static final int CHAINS = 8000;

  /// Ten times the mixing time, about `π√2 e^(βΔf) / 2` with a barrier of ¼.
  private static final int STEPS = 6000;

  /// The edges of the histogram's bins.
  private static final double[] EDGES = Series.map(Series.range(0, 24), i -> -1.8 + 0.15 * i);

  /// A double well, deeper on the left.
  private static double well(double x) {
    return (x * x - 1) * (x * x - 1) / 4 + 0.1 * x;
  }

  private static double slope(double x) {
    return x * x * x - x + 0.1;
  }

  void run(Notebook notes) {
    Orbit orbit = chains();
    double[] samples = orbit.last();
    long[] counts = histogram(samples);
    ChiSquareTest test = new ChiSquareTest();
    // The test rejects one correct density in a hundred at this level.
    notes.atLeast("χ² test against e^(−βf): p", test.chiSquareTest(expected(BETA), counts), 0.01);
    // With a margin: noise of other seeds gives 1e-9 and below.
    notes.atMost(
        "χ² test against a temperature 25 % higher: p",
        test.chiSquareTest(expected(BETA / 1.25), counts), 1e-4);
    double share = mass(BETA, -4, 0) / mass(BETA, -4, 4);
    // Three standard deviations of a share of 8000.
    notes.near(
        "share of chains in the deeper well",
        Arrays.stream(samples).filter(x -> x < 0).count() / (double) CHAINS,
        share,
        3 * Math.sqrt(share * (1 - share) / CHAINS));
    notes.picture(
        "A13-gibbs",
        "Left: three of the chains. Right: the end points of 8000 chains, and the Gibbs density.",
        paths(orbit),
        densities(counts));
  }

  /// Three of the chains over time, with the end points of all as the last state.
  private static Orbit chains() {
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
    BrownianPath noise = BrownianPath.of(13, CHAINS, 0, ETA * (1 << 13));
    LangevinFlow flow = new LangevinFlow(wells, BETA, noise);
    Recording three =
        Recording.everyStep(3, (_, theta, out) -> System.arraycopy(theta, 0, out, 0, 3));
    Solution solution =
        Integrator.of(Methods.EULER_MARUYAMA, StepSize.Constant.of(ETA, STEPS))
            .withObserver(three)
            .solve(flow, start, 0, ETA * STEPS)
            .orThrow();
    double[][] shown = three.values();
    shown[STEPS] = solution.last();
    return new Orbit(three.times(), shown);
  }

  /// Counts the samples in each bin; the first and the last bin are open.
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

  private static Panel paths(Orbit orbit) {
    Panel panel = Panel.half("Three of the chains", "training time τ", "θ");
    Orbit some = orbit.every(10);
    for (int i = 0; i < 3; i++) {
      panel.line("chain " + (i + 1), some.t(), some.component(i), i);
    }
    return panel.roundTicks();
  }

  private static Panel densities(long[] counts) {
    double[] x = Series.map(Series.range(-200, 200), i -> i / 100.0);
    double all = mass(BETA, -4, 4);
    double width = EDGES[1] - EDGES[0];
    double[] middle = Series.map(Arrays.copyOf(EDGES, counts.length), x0 -> x0 + width / 2);
    double[] height = Arrays.stream(counts).mapToDouble(n -> n / (CHAINS * width)).toArray();
    return Panel.half("End points of the chains, β = 4", "θ", "density")
        .line("e^(−βf) / ∫", x, at -> Math.exp(-BETA * well(at)) / all, 0)
        .marks("chains", middle, height, 1)
        .line("loss f", x, A13NoiseSamplesGibbs::well, Panel.DARK)
        .y(-0.15, 1.0);
  }
}
