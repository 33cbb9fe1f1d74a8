package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.stat.regression.SimpleRegression;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// C1: Hebbian learning with Oja's decay is an ODE that finds the leading principal component.
final class C1HebbFindsTheComponent implements Experiment {
  /// Covariance of the inputs.
  private static final RealMatrix C =
      MatrixUtils.createRealMatrix(
          new double[][] {
            {1.8, 0.9, 0.3, 0}, {0.9, 1.4, 0.4, 0.1}, {0.3, 0.4, 0.8, 0.2}, {0, 0.1, 0.2, 0.5}
          });

  private static final EigenDecompositionSymmetric EIGEN = new EigenDecompositionSymmetric(C);
  private static final RealVector LEADING = EIGEN.getEigenvector(0);
  private static final double[] START = {0.1, -0.2, 0.5, 0.6};
  private static final double ETA = 0.01;
  private static final int SAMPLES = 3000;

  /// Up to this time it is drawn.
  private static final double SHOWN = 10;

  @Override
  public Claim claim() {
    return new Claim(
        "C1",
        "A Hebbian synapse finds the principal component",
        "A neuron whose synapses grow when input and output are active together, and decay with the"
            + " square of the output, learns the leading principal component of its inputs: Oja's"
            + " rule is an ODE, and a sample at a time it is Euler's method.",
        "y = wᵀx,  dw/dt = y (x − y w)   →   dw/dt = C w − (wᵀC w) w,  tan ∠(w, v₁) ~ e^(−(λ₁−λ₂) t)",
        "Solves the averaged equation with a covariance of four inputs, and beside it the rule on"
            + " 3000 random inputs, one per step of Euler's method, which is compared bit by bit with"
            + " a loop as the textbook has it. An eigenvalue decomposition knows the answer.",
        "The angle to the leading eigenvector falls to nothing, at the rate of the gap between the"
            + " two largest eigenvalues, and the weights get the length 1 by themselves. Samples"
            + " take the same way but end in noise, whose size is that of √η.",
        "Oja (1982); Hebb (1949)");
  }

  @Override
  public Findings run() {
    VectorField averaged = VectorField.of(4, C1HebbFindsTheComponent::averaged);
    Orbit flow =
        Orbit.of(
            averaged, START, 40, Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-12, 1e-14)));
    double[] tangents =
        Arrays.stream(flow.y()).mapToDouble(C1HebbFindsTheComponent::tangent).toArray();
    double[][] inputs = inputs();
    Orbit sampled =
        Orbit.of(
            VectorField.of(4, (t, w, dwdt) -> hebb(inputs[(int) Math.rint(t / ETA)], w, dwdt)),
            START,
            ETA * SAMPLES,
            Integrator.of(Methods.EULER, StepSize.Constant.of(ETA, SAMPLES)));
    double gap = EIGEN.getEigenvalue(0) - EIGEN.getEigenvalue(1);
    return new Findings(
        List.of(
            // e^(−40·gap) is 1e-31; what is left is the solver's tolerance.
            Measurement.atMost(
                "tan of the angle to v₁ at t = 40", tangents[tangents.length - 1], 1e-10),
            // Exact at all times; the tolerance 1e-12 beside e^(−8·gap), 1e-6, over eight units.
            Measurement.within("rate at which v₂ᵀw/v₁ᵀw falls", rate(flow), gap, 1e-5),
            Measurement.near(
                "length of w at t = 40",
                MatrixUtils.createRealVector(flow.last()).getNorm(),
                1,
                1e-10),
            Measurement.identical(
                "Oja's rule, a sample a step, against the textbook's loop",
                Orbit.flat(List.of(sampled.y())),
                Orbit.flat(textbook(inputs)))),
        List.of(
            Picture.of(
                "C1-angle",
                "The angle between the synapses and the leading principal component.",
                picture(flow, tangents, sampled, gap))));
  }

  /// `C w − (wᵀC w) w`
  private static void averaged(double t, double[] w, double[] dwdt) {
    double[] cw = C.operate(w);
    double square = IntStream.range(0, w.length).mapToDouble(i -> w[i] * cw[i]).sum();
    for (int i = 0; i < w.length; i++) {
      dwdt[i] = cw[i] - square * w[i];
    }
  }

  /// `y (x − y w)` with `y = wᵀx`
  private static void hebb(double[] x, double[] w, double[] dwdt) {
    double y = 0;
    for (int i = 0; i < w.length; i++) {
      y += w[i] * x[i];
    }
    for (int i = 0; i < w.length; i++) {
      dwdt[i] = y * (x[i] - y * w[i]);
    }
  }

  /// Normal, with the covariance `C`.
  private static double[][] inputs() {
    SplittableRandom random = new SplittableRandom(1);
    RealMatrix root = new CholeskyDecomposition(C).getL();
    double[][] inputs = new double[SAMPLES][];
    for (int k = 0; k < SAMPLES; k++) {
      inputs[k] =
          root.operate(IntStream.range(0, 4).mapToDouble(i -> random.nextGaussian()).toArray());
    }
    return inputs;
  }

  /// The rule as printed, the independent oracle.
  private static List<double[]> textbook(double[][] inputs) {
    double[][] w = new double[SAMPLES + 1][];
    w[0] = START.clone();
    for (int k = 0; k < SAMPLES; k++) {
      double y = 0;
      for (int i = 0; i < 4; i++) {
        y += w[k][i] * inputs[k][i];
      }
      w[k + 1] = w[k].clone();
      for (int i = 0; i < 4; i++) {
        w[k + 1][i] += ETA * (y * (inputs[k][i] - y * w[k][i]));
      }
    }
    return List.of(w);
  }

  /// Of the angle between `w` and the leading eigenvector.
  private static double tangent(double[] w) {
    RealVector vector = MatrixUtils.createRealVector(w);
    double along = LEADING.dotProduct(vector);
    return vector.subtract(LEADING.mapMultiply(along)).getNorm() / Math.abs(along);
  }

  /// At which the part of the second eigenvector falls beside that of the first, up to `t = 8`.
  private static double rate(Orbit flow) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; flow.t()[i] <= 8; i++) {
      RealVector w = MatrixUtils.createRealVector(flow.y()[i]);
      double second = EIGEN.getEigenvector(1).dotProduct(w);
      line.addData(flow.t()[i], Math.log(Math.abs(second / LEADING.dotProduct(w))));
    }
    return -line.getSlope();
  }

  private static XYChart picture(Orbit flow, double[] tangents, Orbit sampled, double gap) {
    XYChart chart =
        Pictures.chart(
            "Synapses turn to the principal component", "time t", "tan of the angle to v₁");
    int shown = (int) Arrays.stream(flow.t()).filter(t -> t <= SHOWN).count();
    double[] t = Arrays.copyOf(flow.t(), shown);
    int every = 10;
    int points = (int) Math.round(SHOWN / ETA) / every;
    Pictures.marks(
            chart,
            "samples, η = " + ETA,
            IntStream.rangeClosed(0, points).mapToDouble(k -> sampled.t()[k * every]).toArray(),
            IntStream.rangeClosed(0, points)
                .mapToDouble(k -> tangent(sampled.y()[k * every]))
                .toArray(),
            1)
        .setMarker(SeriesMarkers.CIRCLE);
    Pictures.line(chart, "averaged", t, Arrays.copyOf(tangents, shown), Pictures.colour(0));
    double start = tangents[0];
    Pictures.line(
            chart,
            "e^(−(λ₁−λ₂)t)",
            new double[] {0, SHOWN},
            new double[] {start, start * Math.exp(-gap * SHOWN)},
            Pictures.colour(6))
        .setLineStyle(SeriesLines.DASH_DASH);
    Pictures.logarithmicY(chart);
    return chart;
  }
}
