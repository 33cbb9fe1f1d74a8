package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.knowm.xchart.XYChart;

/// A16: descent from near zero trains deep linear networks with one output to the global minimum.
final class A16DeepLinearNetsSucceed implements Experiment {
  private static final int SAMPLES = 30;
  private static final int INPUTS = 4;
  private static final int SEEDS = 50;
  private static final double SIGMA = 0.05;
  private static final double ETA = 0.05;

  /// This close to the least loss it counts as reached.
  private static final double NEAR = 1e-9;

  @Override
  public Claim claim() {
    return new Claim(
        "A16",
        "Deep linear networks reach the global minimum",
        "Gradient descent over a linear network of three or more layers with one output, from a"
            + " random start near zero, reaches the global minimum almost surely, though the loss is"
            + " not convex and has a saddle at zero.",
        "f = 1/(2m) ‖X W₁W₂W₃ − y‖²  →  min over all linear maps",
        "Fits whitened data with three and four layers of four units, from 50 random starts each, by"
            + " descent with η = 0.05, and compares the losses with least squares by a QR"
            + " decomposition. Beside one run of descent it solves the gradient flow.",
        "Each of the starts succeeds. The way there is a long plateau near the saddle, then a fall:"
            + " the layers have to grow together first, longer the more there are. Descent stays on"
            + " the flow's curve although the loss is not convex; halving η halves what is between"
            + " them.",
        "Elkabetz & Cohen (2021), proposition 2 and theorem 4; Bah et al. (2022)");
  }

  /// `m` samples whose inputs have the covariance 1, and answers with noise.
  private record Data(RealMatrix x, RealVector y) {
    static Data draw() {
      SplittableRandom random = new SplittableRandom(5);
      double[][] raw = new double[SAMPLES][INPUTS];
      for (double[] row : raw) {
        Arrays.setAll(row, i -> random.nextGaussian());
      }
      RealMatrix q =
          new QRDecomposition(MatrixUtils.createRealMatrix(raw))
              .getQ()
              .getSubMatrix(0, SAMPLES - 1, 0, INPUTS - 1)
              .scalarMultiply(Math.sqrt(SAMPLES));
      RealVector y = q.operate(MatrixUtils.createRealVector(new double[] {0.8, -0.5, 0.3, 0.6}));
      return new Data(q, y.map(value -> value + 0.2 * random.nextGaussian()));
    }

    /// The least loss of all linear maps.
    double least() {
      RealVector best = new QRDecomposition(x).getSolver().solve(y);
      double residual = x.operate(best).getDistance(y);
      return residual * residual / (2 * SAMPLES);
    }
  }

  private static final Data DATA = Data.draw();

  /// A linear network.
  private record Net(int depth) {
    Parameters layout() {
      Parameters all = Parameters.none();
      for (int l = 1; l <= depth; l++) {
        all = all.with("w" + l, INPUTS, l == depth ? 1 : INPUTS);
      }
      return all;
    }

    Objective loss() {
      double[] x =
          IntStream.range(0, SAMPLES)
              .boxed()
              .flatMapToDouble(i -> Arrays.stream(DATA.x.getRow(i)))
              .toArray();
      return Objective.traced(
          layout().size(),
          theta -> {
            Var state = theta.constant(Shape.of(SAMPLES, INPUTS), x);
            for (int l = 1; l <= depth; l++) {
              state = state.matmul(layout().of(theta).get("w" + l));
            }
            return state
                .sub(theta.constant(Shape.of(SAMPLES, 1), DATA.y.toArray()))
                .square()
                .mean()
                .mul(0.5);
          });
    }

    double[] start(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      return IntStream.range(0, layout().size())
          .mapToDouble(i -> SIGMA * random.nextGaussian())
          .toArray();
    }
  }

  @Override
  public Findings run() {
    XYChart starts =
        Pictures.panel(
            "50 starts: first, median and last, η = 0.05", "time t = kη", "loss − least loss");
    List<Measurement> measured = new ArrayList<>();
    // The plateau lasts some 1/σ = 20 with three layers and 1/2σ² = 200 with four; these runs take
    // the times 75 and 250, and the slowest starts need most of them.
    measured.add(reached(new Net(3), 1500, starts, 0));
    measured.add(reached(new Net(4), 5000, starts, 1));
    Pictures.logarithmicY(starts);
    Pictures.roundTicks(starts);
    XYChart chart =
        Pictures.panel("Descent and flow, 3 layers", "time t = kη", "loss − least loss");
    double[] eta = {0.2, 0.1, 0.05, 0.025, 0.0125};
    double[] gap = gaps(chart, eta);
    // The next term is η times a few as large; the last three steps are 1/20 and less.
    measured.add(
        Measurement.near(
            "slope over η of the largest gap to the flow's loss",
            LogLog.slope(Arrays.copyOfRange(eta, 2, 5), Arrays.copyOfRange(gap, 2, 5)),
            1,
            0.1));
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "A16-losses",
                "How the loss of deep linear networks comes down from starts near zero, and one of"
                    + " them beside the flow.",
                starts,
                chart)));
  }

  /// Counts the starts that end at the least loss, and draws the first, the median and the last to
  /// get within 1e-9 of it.
  private static Measurement reached(Net net, int steps, XYChart chart, int colour) {
    Objective loss = net.loss();
    List<double[]> curves = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      curves.add(excess(Orbit.descent(loss, net.start(seed), ETA, steps).losses(loss)));
    }
    long reached = curves.stream().filter(curve -> Math.abs(curve[steps]) < NEAR).count();
    List<double[]> sorted =
        curves.stream()
            .map(A16DeepLinearNetsSucceed::fall)
            .sorted(Comparator.comparingInt(fall -> fall.length))
            .toList();
    for (int i = 0; i < 3; i++) {
      double[] fall = sorted.get(i * (SEEDS - 1) / 2);
      double[] t = IntStream.range(0, fall.length).mapToDouble(k -> k * ETA).toArray();
      String name = net.depth + " layers, " + List.of("first", "median", "last").get(i);
      int index = 3 * colour + i;
      Pictures.line(chart, name + ", all", t, fall, Pictures.colour(index)).setShowInLegend(false);
      int end = fall.length - 1;
      Pictures.marks(chart, name, new double[] {t[end]}, new double[] {fall[end]}, index);
    }
    return Measurement.near(
        "starts of " + SEEDS + " that reach the least loss, " + net.depth + " layers",
        reached,
        SEEDS,
        0);
  }

  private static double[] excess(double[] losses) {
    double least = DATA.least();
    return Arrays.stream(losses).map(loss -> loss - least).toArray();
  }

  /// Up to where it gets near 0.
  private static double[] fall(double[] curve) {
    return Arrays.stream(curve).takeWhile(excess -> excess > NEAR).toArray();
  }

  /// The largest distances between the losses of descent and flow at equal times, by step.
  private static double[] gaps(XYChart chart, double[] eta) {
    Net net = new Net(3);
    Objective loss = net.loss();
    double[] start = net.start(0);
    int coarse = 150;
    double[] times = IntStream.rangeClosed(0, coarse).mapToDouble(k -> k * eta[0]).toArray();
    double[][] states =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-12, 1e-12))
            .solve(new GradientFlow(loss), start, times)
            .orThrow()
            .values();
    double[] flow = excess(new Orbit(times, states).losses(loss));
    double[] fall = fall(flow);
    Pictures.line(chart, "flow", Arrays.copyOf(times, fall.length), fall, Pictures.colour(6));
    double[] gaps = new double[eta.length];
    for (int i = 0; i < eta.length; i++) {
      int stride = 1 << i;
      double[] descent = excess(Orbit.descent(loss, start, eta[i], coarse * stride).losses(loss));
      double[] same =
          IntStream.rangeClosed(0, coarse).mapToDouble(k -> descent[k * stride]).toArray();
      for (int k = 0; k <= coarse; k++) {
        gaps[i] = Math.max(gaps[i], Math.abs(same[k] - flow[k]));
      }
      if (i % 2 == 0) {
        double[] shown = fall(same);
        int n = shown.length / 3;
        Pictures.marks(
            chart,
            "η = " + eta[i],
            IntStream.range(0, n).mapToDouble(k -> times[3 * k]).toArray(),
            IntStream.range(0, n).mapToDouble(k -> shown[3 * k]).toArray(),
            i / 2);
      }
    }
    Pictures.logarithmicY(chart);
    Pictures.roundTicks(chart);
    return gaps;
  }
}
