package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.Objective;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.knowm.xchart.XYChart;

/// A3: on a quadratic, descent is a power of `I − ηA` and the flow an exponential.
final class A3DescentIsAPower implements Experiment {
  private static final RealMatrix A =
      MatrixUtils.createRealMatrix(
          new double[][] {{4, 1, 0.5, 0}, {1, 3, 0, 0.2}, {0.5, 0, 1, 0.1}, {0, 0.2, 0.1, 0.2}});
  private static final EigenDecompositionSymmetric EIGEN = new EigenDecompositionSymmetric(A);
  private static final double[] START = {1, -1, 2, 1.5};
  private static final double ETA = 0.3;
  private static final int STEPS = 40;

  @Override
  public Claim claim() {
    return new Claim(
        "A3",
        "Quadratics are solved in closed form",
        "On a quadratic every eigenvector shrinks by itself: by the factor 1 − ηλ in a step of"
            + " descent, by e^(−λη) in the same time of the flow.",
        "f = ½ xᵀA x:   xₖ = (I − ηA)ᵏ x₀      x(t) = e^(−At) x₀",
        "Runs descent and flow on a quadratic with four eigenvalues, and compares every iterate with"
            + " the closed forms from an eigenvalue decomposition.",
        "Equal to rounding. The steep directions are done after a few steps, the flat one decides"
            + " how long it takes; where ηλ > 1 descent changes sign at each step while the flow"
            + " never does.",
        "Nesterov (2004), section 2.1");
  }

  @Override
  public Findings run() {
    Objective f = Losses.quadratic(A);
    Orbit descent = Orbit.descent(f, START, ETA, STEPS);
    Orbit flow = Orbit.flow(f, START, ETA * STEPS);
    double power = 0;
    double exponential = 0;
    for (int k = 0; k <= STEPS; k++) {
      int steps = k;
      power = Math.max(power, distance(descent.y()[k], closed(l -> Math.pow(1 - ETA * l, steps))));
    }
    for (int k = 0; k < flow.t().length; k++) {
      double t = flow.t()[k];
      exponential = Math.max(exponential, distance(flow.y()[k], closed(l -> Math.exp(-l * t))));
    }
    return new Findings(
        List.of(
            // Each step rounds a few times in numbers of size 1, and shrinks earlier rounding.
            Measurement.atMost("descent against (I − ηA)ᵏ x₀, largest distance", power, 1e-14),
            // A hundred times the solver's tolerance: errors of the steps add up until they decay.
            Measurement.atMost("flow against e^(−At) x₀, largest distance", exponential, 1e-11)),
        List.of(
            Picture.of(
                "A3-directions",
                "Each eigenvector's part of the state: descent (points), flow (lines).",
                directions(descent, flow))));
  }

  /// `Σ s(λᵢ) vᵢ vᵢᵀ x₀`
  private static double[] closed(DoubleUnaryOperator shrink) {
    RealVector x = new ArrayRealVector(START.length);
    for (int i = 0; i < START.length; i++) {
      RealVector v = EIGEN.getEigenvector(i);
      double part = v.dotProduct(new ArrayRealVector(START));
      x = x.add(v.mapMultiply(part * shrink.applyAsDouble(EIGEN.getEigenvalue(i))));
    }
    return x.toArray();
  }

  private static double distance(double[] a, double[] b) {
    return new ArrayRealVector(a).getDistance(new ArrayRealVector(b));
  }

  private static XYChart directions(Orbit descent, Orbit flow) {
    XYChart chart =
        Pictures.chart(
            "Every eigenvector shrinks by itself", "time t = kη", "part of the state vᵢᵀx");
    int shown = 16;
    for (int i = 0; i < START.length; i++) {
      double[] v = EIGEN.getEigenvector(i).toArray();
      String name = "λ = " + Measurement.number(Math.round(EIGEN.getEigenvalue(i) * 100) / 100.0);
      int until =
          (int) IntStream.range(0, flow.t().length).filter(k -> flow.t()[k] <= shown * ETA).count();
      double[] t = Arrays.copyOf(flow.t(), until);
      Pictures.line(chart, name, t, parts(flow, v, until), Pictures.colour(i));
      double[] tk = Arrays.copyOf(descent.t(), shown + 1);
      Pictures.points(
          chart, name + ", descent", tk, parts(descent, v, shown + 1), Pictures.colour(i));
    }
    return chart;
  }

  private static double[] parts(Orbit orbit, double[] v, int until) {
    RealVector direction = new ArrayRealVector(v);
    return IntStream.range(0, until)
        .mapToDouble(k -> direction.dotProduct(new ArrayRealVector(orbit.y()[k])))
        .toArray();
  }
}
