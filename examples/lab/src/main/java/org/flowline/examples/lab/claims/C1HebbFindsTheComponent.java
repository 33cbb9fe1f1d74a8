package org.flowline.examples.lab.claims;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// C1: Hebbian learning with Oja's decay is an ODE that finds the leading principal component.
final class C1HebbFindsTheComponent {
  /// The covariance of the inputs.
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

  /// The end of the time axis in the picture.
  private static final double SHOWN = 10;

  void run(Notebook notes) {
    Integrator fine = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-12, 1e-14));
    VectorField averaged = VectorField.of(4, C1HebbFindsTheComponent::averaged);
    Orbit flow = Orbit.of(averaged, START, 40, fine);
    double[][] inputs = inputs();
    VectorField hebb =
        VectorField.of(4, (t, w, dwdt) -> hebb(inputs[(int) Math.rint(t / ETA)], w, dwdt));
    Orbit sampled = Orbit.steps(hebb, START, Methods.EULER, ETA, SAMPLES);
    double gap = EIGEN.getEigenvalue(0) - EIGEN.getEigenvalue(1);
    // e^(−40·gap) is 1e-31; the solver's tolerance remains.
    notes.atMost("tan of the angle to v₁ at t = 40", tangent(flow.last()), 1e-10);
    // Exact at all times; the tolerance 1e-12 over e^(−8·gap), 1e-6, over eight units.
    Orbit early = flow.until(8);
    double rate = -Series.rate(early.t(), early.values(C1HebbFindsTheComponent::ratio));
    notes.within("decay rate of v₂ᵀw/v₁ᵀw", rate, gap, 1e-5);
    notes.near("norm of w at t = 40", Series.norm(flow.last()), 1, 1e-10);
    notes.identical(
        "Oja's rule with one sample per step, against a textbook's loop",
        Series.flat(List.of(sampled.y())),
        Series.flat(List.of(textbook(inputs))));
    Orbit shown = flow.until(SHOWN);
    Orbit points = sampled.first((int) Math.round(SHOWN / ETA) + 1).every(10);
    double start = tangent(START);
    double[] ends = {0, SHOWN};
    double[] angles = points.values(C1HebbFindsTheComponent::tangent);
    Panel panel =
        Panel.wide(
                "Synapses align with the principal component", "time t", "tan of the angle to v₁")
            .marks("samples, η = " + ETA, points.t(), angles, 1);
    panel.last().setMarker(SeriesMarkers.CIRCLE);
    panel
        .line("averaged", shown.t(), shown.values(C1HebbFindsTheComponent::tangent), 0)
        .dashes("e^(−(λ₁−λ₂)t)", ends, t -> start * Math.exp(-gap * t), Panel.DARK)
        .logY();
    notes.picture(
        "C1-angle", "The angle between the synapses and the leading principal component.", panel);
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

  /// Normal inputs with the covariance `C`.
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

  /// The loop of a textbook, an independent oracle.
  private static double[][] textbook(double[][] inputs) {
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
    return w;
  }

  /// The tangent of the angle between `w` and the leading eigenvector.
  private static double tangent(double[] w) {
    RealVector vector = MatrixUtils.createRealVector(w);
    double along = LEADING.dotProduct(vector);
    return vector.subtract(LEADING.mapMultiply(along)).getNorm() / Math.abs(along);
  }

  /// `|v₂ᵀw / v₁ᵀw|`
  private static double ratio(double[] w) {
    RealVector vector = MatrixUtils.createRealVector(w);
    return Math.abs(EIGEN.getEigenvector(1).dotProduct(vector) / LEADING.dotProduct(vector));
  }
}
