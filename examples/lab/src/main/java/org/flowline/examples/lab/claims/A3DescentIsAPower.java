package org.flowline.examples.lab.claims;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.Objective;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/// A3: on a quadratic, descent is a power of `I − ηA` and the flow an exponential.
final class A3DescentIsAPower {
  private static final RealMatrix A =
      MatrixUtils.createRealMatrix(
          new double[][] {{4, 1, 0.5, 0}, {1, 3, 0, 0.2}, {0.5, 0, 1, 0.1}, {0, 0.2, 0.1, 0.2}});
  private static final EigenDecompositionSymmetric EIGEN = new EigenDecompositionSymmetric(A);
  private static final double[] START = {1, -1, 2, 1.5};
  private static final double ETA = 0.3;
  private static final int STEPS = 40;

  void run(Notebook notes) {
    Objective f = Losses.quadratic(A.getData());
    Orbit descent = Orbit.descent(f, START, ETA, STEPS);
    Orbit flow = Orbit.flow(f, START, ETA * STEPS);
    // Each step rounds a few times in numbers of size 1, and damps earlier rounding.
    double power = distance(descent, (l, t) -> Math.pow(1 - ETA * l, Math.rint(t / ETA)));
    notes.atMost("descent against (I − ηA)ᵏ x₀, largest distance", power, 1e-14);
    // A hundred times the solver's tolerance: errors of the steps add up until they decay.
    double exponential = distance(flow, (l, t) -> Math.exp(-l * t));
    notes.atMost("flow against e^(−At) x₀, largest distance", exponential, 1e-11);
    Panel panel = Panel.wide("Eigenvectors decay independently", "time t = kη", "component vᵢᵀx");
    int shown = 16;
    Orbit lines = flow.until(shown * ETA);
    Orbit points = descent.first(shown + 1);
    for (int i = 0; i < START.length; i++) {
      RealVector v = EIGEN.getEigenvector(i);
      String name = "λ = " + Measurement.number(Math.round(EIGEN.getEigenvalue(i) * 100) / 100.0);
      panel.line(name, lines.t(), parts(lines, v), i);
      panel.marks(name + ", descent", points.t(), parts(points, v), i);
    }
    notes.picture(
        "A3-directions", "Each eigenvector's component: descent (points), flow (lines).", panel);
  }

  /// The largest distance from the closed form with the factor `s(λ, t)`.
  private static double distance(Orbit orbit, DoubleBinaryOperator s) {
    double[] t = orbit.t();
    return Series.max(
        0, t.length, k -> Series.distance(orbit.y()[k], closed(l -> s.applyAsDouble(l, t[k]))));
  }

  /// `Σ s(λᵢ) vᵢ vᵢᵀ x₀`
  private static double[] closed(DoubleUnaryOperator factor) {
    RealVector x = new ArrayRealVector(START.length);
    for (int i = 0; i < START.length; i++) {
      RealVector v = EIGEN.getEigenvector(i);
      double part = v.dotProduct(new ArrayRealVector(START));
      x = x.add(v.mapMultiply(part * factor.applyAsDouble(EIGEN.getEigenvalue(i))));
    }
    return x.toArray();
  }

  private static double[] parts(Orbit orbit, RealVector v) {
    return orbit.values(x -> v.dotProduct(new ArrayRealVector(x)));
  }
}
