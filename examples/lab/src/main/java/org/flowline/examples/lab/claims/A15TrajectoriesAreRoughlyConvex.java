package org.flowline.examples.lab.claims;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.diagnostics.FlowDistance;
import org.flowline.neuralode.diagnostics.Lanczos;
import org.flowline.neuralode.nn.Activation;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.hipparchus.stat.StatUtils;

/// A15: from near zero, the flow of a homogeneous network meets little negative curvature.
final class A15TrajectoriesAreRoughlyConvex {
  /// Inputs `2eᵢ`, with which the loss is `½‖W₃W₂W₁ − β‖²`, `β = y/2`; both `β` have length 1.
  private static final double[] AXES = {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2};

  /// The sizes ε of the initial weights; descent starts from the second.
  private static final double[] SIZES = {0.1, 0.05, 0.025, 0.0125};

  private static final double START = SIZES[1];

  /// The time of the flow times ε; it leaves the saddle after a time of that order.
  private static final double TIME = 3;

  private static final double ETA = 0.05;

  /// The stride between steps in the pictures.
  private static final int EVERY = 20;

  /// A network of three layers without biases, homogeneous in each, and its loss
  /// `½ mean (φ(φ(x W₁ᵀ) W₂ᵀ) w₃ − y)²`.
  ///
  /// @param activation the identity or a rectifier
  /// @param width the width of both hidden layers
  /// @param x the inputs, one after the other
  /// @param y the targets
  private record ThreeLayers(Activation activation, int width, double[] x, double[] y) {

    int inputs() {
      return x.length / y.length;
    }

    Parameters layout() {
      return Parameters.none()
          .with("w1", inputs(), width)
          .with("w2", width, width)
          .with("w3", width, 1);
    }

    /// Weights from `N(0, size²/fan-in)`.
    double[] random(double size, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      int first = width * inputs();
      return IntStream.range(0, layout().size())
          .mapToDouble(i -> size * random.nextGaussian() / Math.sqrt(i < first ? inputs() : width))
          .toArray();
    }

    TwiceDifferentiableObjective loss() {
      return Objective.traced(
          layout().size(),
          theta -> {
            Parameters.View w = layout().of(theta);
            Var in = theta.constant(Shape.of(y.length, inputs()), x);
            Var h = activation.apply(activation.apply(in.matmul(w.get("w1"))).matmul(w.get("w2")));
            Var target = theta.constant(Shape.of(y.length, 1), y);
            return h.matmul(w.get("w3")).sub(target).square().mean().mul(0.5);
          });
    }

    /// `−2 maxⱼ‖Wⱼ‖ mean |rᵢ|‖xᵢ‖`, a lower bound of the Hessian's smallest eigenvalue.
    double bound(double[] theta) {
      int first = inputs() * width;
      RealMatrix w1 = matrix(theta, 0, inputs(), width);
      RealMatrix w2 = matrix(theta, first, width, width);
      RealMatrix w3 = matrix(theta, first + width * width, width, 1);
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        RealMatrix row = matrix(x, i * inputs(), 1, inputs());
        double answer = rectify(rectify(row.multiply(w1)).multiply(w2)).multiply(w3).getEntry(0, 0);
        sum += Math.abs(answer - y[i]) * row.getFrobeniusNorm();
      }
      return -2 * Math.max(norm(w1), Math.max(norm(w2), norm(w3))) * sum / y.length;
    }

    private RealMatrix rectify(RealMatrix h) {
      return activation == Activation.RELU
          ? matrix(new ArrayRealVector(h.getRow(0)).map(v -> Math.max(v, 0)).toArray(), 0, 1, width)
          : h;
    }

    private static RealMatrix matrix(double[] from, int at, int rows, int columns) {
      RealMatrix matrix = new Array2DRowRealMatrix(rows, columns);
      for (int i = 0; i < rows * columns; i++) {
        matrix.setEntry(i / columns, i % columns, from[at + i]);
      }
      return matrix;
    }

    private static double norm(RealMatrix matrix) {
      return new SingularValueDecomposition(matrix).getNorm();
    }
  }

  /// The flow, and the smallest eigenvalue at each of its steps.
  private record FollowedFlow(Orbit flow, double[] lowest) {

    static FollowedFlow from(ThreeLayers network, double size) {
      Orbit flow = Orbit.flow(network.loss(), network.random(size, 1), TIME / size);
      return new FollowedFlow(flow, flow.values(y -> ends(network, y).smallest()));
    }

    /// `e^(−∫λmin dt)` by the trapezoid rule over the flow's steps.
    double factor() {
      double integral = 0;
      for (int k = 1; k < lowest.length; k++) {
        integral += (flow.t()[k] - flow.t()[k - 1]) * (lowest[k - 1] + lowest[k]) / 2;
      }
      return Math.exp(-integral);
    }
  }

  void run(Notebook notes) {
    ThreeLayers linear =
        new ThreeLayers(Activation.IDENTITY, 4, AXES, new double[] {1.2, -1.6, 0, 0});
    ThreeLayers rectified =
        new ThreeLayers(Activation.RELU, 4, AXES, new double[] {1.4, 1, 1, 0.2});
    Panel factors =
        Panel.wide("Growth factor of errors", "size ε of the initial weights", "e^(−∫λₘᵢₙdt)");
    factors(notes, linear, "linear", factors, 0);
    factors(notes, rectified, "rectified", factors, 1);
    factors.dashes("ε⁻²", SIZES, size -> 1 / (size * size), Panel.DARK).logLog();
    Panel distances = Panel.wide("Distance of descent from the flow", "time", "‖θₖ − θ(t)‖");
    Panel left = follow(notes, "linear", linear, distances, 0);
    Panel right = follow(notes, "rectified", rectified, distances, 1);
    distances.logY().roundTicks().chart().getStyler().setXAxisMin(0.0);
    double[] far = new double[linear.layout().size()];
    far[far.length - 1] = 1000;
    // Lanczos is set to nine digits.
    notes.within(
        "λₘᵢₙ where W₁ = W₂ = 0 and ‖W₃‖ = 1000", ends(linear, far).smallest(), -1000, 1e-8);
    notes.picture(
        "A15-factor",
        "The factor of theorem 1 over the whole flow, for decreasing sizes of the initial weights.",
        factors);
    notes.picture(
        "A15-spectrum",
        "Both ends of the Hessian's spectrum along two flows from ε = 0.05.",
        left,
        right);
    notes.picture(
        "A15-distance", "Descent stays close to the flow, below the bound (dashed).", distances);
  }

  private static void factors(
      Notebook notes, ThreeLayers network, String name, Panel panel, int index) {
    double[] factors = Series.map(SIZES, size -> FollowedFlow.from(network, size).factor());
    // Corrections of the order ε, which change the slope by a few percent.
    notes.near(name + ": power of ε in e^(−∫λₘᵢₙdt)", Series.power(SIZES, factors), -2, 0.05);
    panel.markedLine(name, SIZES, factors, index);
  }

  private static Panel follow(
      Notebook notes, String name, ThreeLayers network, Panel distances, int colour) {
    FollowedFlow followed = FollowedFlow.from(network, START);
    Orbit flow = followed.flow;
    double[] bounds = flow.values(network::bound);
    // Lanczos is set to nine digits; at the end both are zero.
    notes.atLeast(
        name + ": smallest λₘᵢₙ minus its bound",
        -Series.max(0, bounds.length, k -> bounds[k] - followed.lowest[k]),
        0,
        1e-9);
    double deepest = StatUtils.min(followed.lowest);
    if (network.activation() == Activation.IDENTITY) {
      // WⱼᵀWⱼ − Wⱼ₊₁Wⱼ₊₁ᵀ is constant along the flow and of the size START². An error of the
      // eigenvalue of that size is a scale, not a theorem.
      notes.near(name + ": lowest λₘᵢₙ, −1.5 ∛0.1", deepest, -1.5 * Math.cbrt(0.1), START * START);
    }
    notes.atLeast(
        name + ": lowest λₘᵢₙ over the final λₘₐₓ",
        deepest / ends(network, flow.last()).largest(),
        -0.25);
    FollowedDescent descent =
        FollowedDescent.of(
            network.loss(), network.random(START, 1), ETA, (int) Math.round(TIME / START / ETA));
    notes.atMost(name + ": largest of descent's distance over its bound", descent.overBound(), 1);
    // The order is Euler's; the constant 1 is a scale, not a theorem.
    notes.atMost(
        name + ": largest distance over the final ‖θ‖, compared with η",
        Series.max(descent.values(FlowDistance.Point::distance)) / Series.norm(flow.last()),
        ETA);
    FollowedDescent shown = descent.every(EVERY);
    shown.draw(distances, name, colour);
    double[] t = shown.values(FlowDistance.Point::tau);
    return Panel.half("Along the flow, " + name, "time", "eigenvalue of ∇²f")
        .markedLine("λₘₐₓ", t, shown.values(FlowDistance.Point::largest), 0)
        .markedLine("λₘᵢₙ", t, shown.values(FlowDistance.Point::smallest), 1)
        .line("bound of λₘᵢₙ", flow.t(), bounds, 2);
  }

  private static Lanczos.Ends ends(ThreeLayers network, double[] theta) {
    return Lanczos.to(1e-9).ends(theta.length, network.loss().hessian(0, theta));
  }
}
