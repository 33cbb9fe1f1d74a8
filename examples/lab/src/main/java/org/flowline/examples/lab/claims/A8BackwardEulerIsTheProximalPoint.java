package org.flowline.examples.lab.claims;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.examples.lab.claims.Ridges.Profile;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;

/// A8: backward Euler on the gradient flow is the proximal point method, stable for every step.
final class A8BackwardEulerIsTheProximalPoint {
  private static final Bowl BOWL = Bowl.of(1, 0.2, 0.5);
  private static final double STEEPEST = BOWL.largest();
  private static final double[] FROM = {1, 1};
  private static final int STEPS = 9;

  /// The dimension of the losses with known proximal points.
  private static final int N = 5;

  /// A loss with its proximal point in closed form, or by roots in one variable.
  private record Known(String name, Objective f, double eta, UnaryOperator<double[]> proximal) {

    /// `(I + ηA)⁻¹ θ`
    static Known quadratic(RealMatrix a, double eta) {
      RealMatrix system = MatrixUtils.createRealIdentityMatrix(N).add(a.scalarMultiply(eta));
      return new Known(
          "quadratic",
          Losses.quadratic(a.getData()),
          eta,
          x -> new LUDecomposition(system).getSolver().solve(new ArrayRealVector(x)).toArray());
    }

    /// Parabolas and ridges of this kind in the same directions: `Q prox(Qᵀ θ)`, with the proximal
    /// map of one variable on each component.
    static Known ridges(RealMatrix q, Profile profile, double eta, DoubleUnaryOperator proximal) {
      double[][] rows = q.transpose().getData();
      double[][] a = new double[2 * N][];
      Profile[] profiles = new Profile[2 * N];
      for (int i = 0; i < 2 * N; i++) {
        a[i] = rows[i % N];
        profiles[i] = i < N ? Profile.PARABOLA : profile;
      }
      return new Known(
          profile == Profile.HUBER ? "parabolas + Huber" : "parabolas + log cosh",
          new Ridges(a, profiles, new double[N]),
          eta,
          x -> q.operate(Series.map(q.preMultiply(x), proximal)));
    }

    /// Records the largest relative distance between a step's end and the proximal point.
    void compare(Notebook notes, double[] start) {
      double[][] y = backward(f, start, eta, 5).y();
      double largest =
          Series.max(
              0,
              y.length - 1,
              k -> Series.distance(proximal.apply(y[k]), y[k + 1]) / Series.norm(y[k]));
      String what = "distance from the proximal point, " + name + ", η = ";
      // Fixed implicit steps are solved until Newton's changes are below 1e-12 of the state.
      notes.near(what + Measurement.number(eta), largest, 0, 1e-12);
    }
  }

  void run(Notebook notes) {
    SplittableRandom random = new SplittableRandom(8);
    double[] start = Series.map(Ridges.normal(random, N), x -> 4 * x);
    RealMatrix b =
        MatrixUtils.createRealMatrix(
            IntStream.range(0, N).mapToObj(i -> Ridges.normal(random, N)).toArray(double[][]::new));
    RealMatrix q = new QRDecomposition(b).getQ();
    for (double eta : new double[] {0.5, 5, 100}) {
      Known.quadratic(b.transposeMultiply(b), eta).compare(notes, start);
      Known.ridges(q, Profile.HUBER, eta, x -> huber(x, eta)).compare(notes, start);
      Known.ridges(q, Profile.LOG_COSH, eta, x -> logCosh(x, eta)).compare(notes, start);
    }
    for (double times : new double[] {1, 100, 1e6}) {
      double eta = times / STEEPEST;
      double[][] y = backward(BOWL, FROM, eta, STEPS).y();
      // The steep component decays within a few steps; rounding of some hundred operations remains.
      notes.within(
          "decay per step, η = " + Measurement.number(times) + "/λₘₐₓ",
          Math.hypot(y[9][0], y[9][1]) / Math.hypot(y[8][0], y[8][1]),
          1 / (1 + eta * BOWL.smallest()),
          1e-3);
    }
    notes.picture(
        "A8-proximal",
        "Left, steps that end at minima of f(z) + (z − x)²/2η. Right, steps beyond 2/λₘₐₓ.",
        step(),
        losses());
  }

  private static Orbit backward(Objective f, double[] start, double eta, int steps) {
    return Orbit.steps(new GradientFlow(f), start, Methods.BACKWARD_EULER, eta, steps);
  }

  /// The root `z` of `z + η(z + max(−1, min(1, z))) = x`.
  private static double huber(double x, double eta) {
    return Math.abs(x) <= 1 + 2 * eta ? x / (1 + 2 * eta) : (x - Math.copySign(eta, x)) / (1 + eta);
  }

  /// The root `z` of `z + η(z + tanh z) = x`.
  private static double logCosh(double x, double eta) {
    return new BrentSolver(1e-15, 1e-30, 1e-30)
        .solve(500, z -> z + eta * (z + Math.tanh(z)) - x, -Math.abs(x), Math.abs(x));
  }

  private static Panel step() {
    double[] z = Series.map(Series.range(0, 180), i -> -1 + i / 36.0);
    Profile[] profiles = {Profile.PARABOLA, Profile.LOG_COSH};
    Ridges loss = new Ridges(new double[][] {{0.5}, {1}}, profiles, new double[1]);
    DoubleUnaryOperator f = x -> loss.loss(0, new double[] {x});
    Panel panel =
        Panel.half("One step from x = 3", "z", "f(z) + (z − x)² / 2η").line("f", z, f, Panel.DARK);
    double[] etas = {0.5, 2, 10};
    for (int i = 0; i < etas.length; i++) {
      double eta = etas[i];
      DoubleUnaryOperator penalised = x -> f.applyAsDouble(x) + (x - 3) * (x - 3) / (2 * eta);
      String name = "η = " + Measurement.number(eta);
      double[] end = backward(loss, new double[] {3}, eta, 1).last();
      panel.line(name, z, penalised, i);
      panel.marks(name + ": end of step", end, Series.map(end, penalised), i);
    }
    return panel.y(0, 5);
  }

  private static Panel losses() {
    Panel panel = Panel.half("Steps of any length", "iteration", "loss f");
    double[] k = Series.range(0, 12);
    double[] times = {1, 10, 100};
    for (int i = 0; i < times.length; i++) {
      double[] loss = backward(BOWL, FROM, times[i] / STEEPEST, 12).losses(BOWL);
      panel.markedLine("η = " + Measurement.number(times[i]) + "/λₘₐₓ", k, loss, i);
    }
    double[] descent = Orbit.descent(BOWL, FROM, 2.5 / STEEPEST, 12).losses(BOWL);
    return panel.markedLine("descent, 2.5/λₘₐₓ", k, descent, 3).logY();
  }
}
