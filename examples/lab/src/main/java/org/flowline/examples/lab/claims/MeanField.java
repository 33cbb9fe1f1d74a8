package org.flowline.examples.lab.claims;

import java.util.Arrays;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.nn.Activation;
import org.hipparchus.distribution.continuous.NormalDistribution;

/// Mean-field theory of random networks of infinite width with weights from `N(0, σ²/width)`.
/// Poole et al. (2016); Schoenholz et al. (2017).
///
/// With `z` standard normal, `p` the mean square of a state's components and `q = σ²p` the variance
/// of a layer's inputs,
///
///     p ← E φ(√q z)²        ‖δˡ⁻¹‖² = χ ‖δˡ‖²  with  χ = σ² E φ′(√q z)²
final class MeanField {
  /// The interval `[−END, END]` of the midpoint rule. Its error for smooth functions of a normal
  /// variable, and by symmetry for rectifiers, is below rounding.
  private static final double END = 9;

  private static final int NODES = 360;
  private static final double SPACING = 2 * END / NODES;

  private final double gain;
  private final double[] nodes;
  private final double[] weights;
  private final Program slopes;

  /// @param gain `σ`
  MeanField(Activation activation, double gain) {
    this.gain = gain;
    this.nodes = Series.map(Series.range(0, NODES - 1), i -> (i + 0.5) * SPACING - END);
    this.weights = Series.map(nodes, z -> SPACING * new NormalDistribution().density(z));
    this.slopes =
        JvmBackend.best()
            .compile(Derivative.vjp(Tape.record(Shape.of(NODES), z -> activation.apply(z))));
  }

  /// `E g²`
  private double mean(double[] g) {
    double sum = 0;
    for (int i = 0; i < g.length; i++) {
      sum += weights[i] * g[i] * g[i];
    }
    return sum;
  }

  /// `‖δˡ‖/‖δᴸ‖` for `l = 0 … L` through layers `x ← s x + h φ(Wx)`, plain with `s = 0` or residual
  /// with `s = 1`, from a state with the mean square `p`; since `W` has mean 0, the squares of both
  /// terms add.
  double[] norms(int depth, double p, double s, double h) {
    double[] ones = new double[NODES];
    Arrays.fill(ones, 1);
    double[] logs = new double[depth + 1];
    double square = p;
    for (int l = 1; l <= depth; l++) {
      double root = gain * Math.sqrt(square);
      double[][] values = {new double[NODES], new double[NODES]};
      slopes.run(new double[][] {Series.map(nodes, z -> root * z), ones}, values);
      double chi = gain * gain * mean(values[1]);
      logs[l] = logs[l - 1] + Math.log(s + h * h * chi) / 2;
      square = s * square + h * h * mean(values[0]);
    }
    return Arrays.stream(logs).map(log -> Math.exp(logs[depth] - log)).toArray();
  }
}
