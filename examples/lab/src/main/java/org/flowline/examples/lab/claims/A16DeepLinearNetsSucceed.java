package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/// A16: descent from near zero trains deep linear networks with one output to the global minimum.
final class A16DeepLinearNetsSucceed {
  private static final int SAMPLES = 30;
  private static final int INPUTS = 4;
  private static final int SEEDS = 50;
  private static final double SIGMA = 0.05;
  private static final double ETA = 0.05;

  /// The excess loss below which the global minimum counts as reached.
  private static final double NEAR = 1e-9;

  /// Samples whose inputs have the identity covariance, and noisy targets.
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

    /// The smallest loss of all linear maps.
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
      double[] x = Series.flat(List.of(DATA.x.getData()));
      return Objective.traced(
          layout().size(),
          theta -> {
            Var state = theta.constant(Shape.of(SAMPLES, INPUTS), x);
            for (int l = 1; l <= depth; l++) {
              state = state.matmul(layout().of(theta).get("w" + l));
            }
            Var target = theta.constant(Shape.of(SAMPLES, 1), DATA.y.toArray());
            return state.sub(target).square().mean().mul(0.5);
          });
    }

    double[] start(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      return IntStream.range(0, layout().size())
          .mapToDouble(i -> SIGMA * random.nextGaussian())
          .toArray();
    }
  }

  void run(Notebook notes) {
    Panel starts =
        Panel.half("Fastest, median and slowest of 50 starts", "time t = kη", "excess loss");
    // The plateau lasts some 1/σ = 20 with three layers and 1/2σ² = 200 with four; these runs take
    // the times 75 and 250, and the slowest starts need most of them.
    reach(notes, new Net(3), 1500, starts, 0);
    reach(notes, new Net(4), 5000, starts, 3);
    Panel flow = Panel.half("Descent and flow, 3 layers", "time t = kη", "excess loss");
    double[] eta = {0.2, 0.1, 0.05, 0.025, 0.0125};
    double[] gap = gaps(flow, eta);
    // The next term is η times a small factor as large; the last three steps are 1/20 and less.
    notes.near(
        "slope over η of the largest gap to the flow's loss", Series.power(eta, gap, 3), 1, 0.1);
    notes.picture(
        "A16-losses",
        "Loss minus the least-squares loss, by descent with η = 0.05 and with other steps.",
        starts.logY().roundTicks(),
        flow.logY().roundTicks());
  }

  /// Counts the starts that reach the minimum, and draws the fastest, the median and the slowest.
  private static void reach(Notebook notes, Net net, int steps, Panel panel, int colour) {
    Objective loss = net.loss();
    List<double[]> curves =
        IntStream.range(0, SEEDS)
            .mapToObj(seed -> excess(Orbit.descent(loss, net.start(seed), ETA, steps), loss))
            .toList();
    notes.near(
        "starts of " + SEEDS + " that reach the global minimum, " + net.depth + " layers",
        curves.stream().filter(curve -> Math.abs(curve[steps]) < NEAR).count(),
        SEEDS,
        0);
    List<double[]> sorted =
        curves.stream()
            .map(A16DeepLinearNetsSucceed::fall)
            .sorted(Comparator.comparingInt(fall -> fall.length))
            .toList();
    for (int i = 0; i < 3; i++) {
      double[] fall = sorted.get(i * (SEEDS - 1) / 2);
      double[] t = Series.map(Series.range(0, fall.length - 1), k -> k * ETA);
      String name = net.depth + " layers, " + List.of("fastest", "median", "slowest").get(i);
      panel.line(name + ", curve", t, fall, colour + i).unlisted();
      panel.marks(name, Series.tail(t, 1), Series.tail(fall, 1), colour + i);
    }
  }

  private static double[] excess(Orbit orbit, Objective loss) {
    double least = DATA.least();
    return Series.map(orbit.losses(loss), value -> value - least);
  }

  /// The part of a curve before the minimum is reached.
  private static double[] fall(double[] curve) {
    return Arrays.stream(curve).takeWhile(excess -> excess > NEAR).toArray();
  }

  /// The largest differences between the losses of descent and flow at equal times, by step.
  private static double[] gaps(Panel panel, double[] eta) {
    Net net = new Net(3);
    Objective loss = net.loss();
    double[] start = net.start(0);
    int coarse = 150;
    double[] times = Series.map(Series.range(0, coarse), k -> k * eta[0]);
    double[][] states =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-12, 1e-12))
            .solve(new GradientFlow(loss), start, times)
            .orThrow()
            .values();
    double[] flow = excess(new Orbit(times, states), loss);
    double[] fall = fall(flow);
    panel.line("flow", Arrays.copyOf(times, fall.length), fall, Panel.DARK);
    double[] gaps = new double[eta.length];
    for (int i = 0; i < eta.length; i++) {
      Orbit descent = Orbit.descent(loss, start, eta[i], coarse << i);
      double[] same = excess(descent.every(1 << i), loss);
      gaps[i] = Series.max(0, coarse + 1, k -> Math.abs(same[k] - flow[k]));
      if (i % 2 == 0) {
        double[] shown = fall(same);
        double[] t = Arrays.copyOf(times, shown.length);
        panel.marks("η = " + eta[i], Series.every(t, 3), Series.every(shown, 3), i / 2);
      }
    }
    return gaps;
  }
}
