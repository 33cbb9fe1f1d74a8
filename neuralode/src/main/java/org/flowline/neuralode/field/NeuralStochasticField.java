package org.flowline.neuralode.field;

import java.util.List;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.FieldWithTangent;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.TangentTape;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.field.BrownianPath;

/// Recorded programs as the stochastic field `dy = f(t, y; θ) dt + g(t, y; θ) ⊙ dW`, with one
/// process per component. The path is frozen, so that the solution is a smooth function of θ.
public final class NeuralStochasticField
    implements DifferentiableStochasticField, FieldWithTangent, ForwardingField {
  private final NeuralField drift;
  private final BrownianPath path;
  private final Noise noise;

  /// `(t, y, θ, dw) ↦ g ⊙ dw`
  private final Tape product;

  private final Program diffusion;
  private final Program pullback;
  private final double[] time = new double[1];
  private final double[] yPart;
  private final double[] thetaPart;

  private NeuralStochasticField(NeuralField drift, BrownianPath path, Noise noise, Tape product) {
    this.drift = drift;
    this.path = path;
    this.noise = noise;
    this.product = product;
    this.diffusion = JvmBackend.best().compile(product);
    this.pullback = JvmBackend.best().compile(Derivative.vjp(product, 1, 2).select(1, 2));
    this.yPart = new double[drift.dimension()];
    this.thetaPart = new double[drift.parameterCount()];
  }

  /// The field of these programs, which share one layout of parameters.
  ///
  /// @param drift `(t, y, θ) ↦ f`
  /// @param noise `(t, y, θ) ↦ g`, of the state's shape; elementwise in `y` for [Noise#DIAGONAL],
  ///     and not dependent on it for [Noise#ADDITIVE]
  /// @throws IllegalArgumentException if the path has not one process for each component, or `g`
  ///     has another shape than the state
  public static NeuralStochasticField of(
      Parameters layout,
      int rows,
      int columns,
      NeuralField.Dynamics drift,
      NeuralField.Dynamics noise,
      Noise kind,
      BrownianPath path) {
    Shape state = Shape.of(rows, columns);
    if (path.dimension() != state.size()) {
      throw new IllegalArgumentException(
          "stochastic field: a path of %s processes for a state of %s components; want one each"
              .formatted(path.dimension(), state.size()));
    }
    Tape product =
        Tape.record(
            List.of(Shape.scalar(), state, Shape.of(layout.size()), state),
            in -> {
              Var g = noise.apply(in.get(0), in.get(1), layout.of(in.get(2)));
              return List.of(g.mul(in.get(3)));
            });
    Shape result = product.outputShapes().getFirst();
    if (!result.equals(state)) {
      throw new IllegalArgumentException(
          "stochastic field: the noise of a state " + state + " has the shape " + result);
    }
    return new NeuralStochasticField(
        NeuralField.of(layout, rows, columns, drift), path, kind, product);
  }

  /// {@inheritDoc}
  ///
  /// Each process drives a component and its tangent, which depends on both.
  @Override
  public NeuralStochasticField tangent() {
    Noise kind = noise == Noise.DIAGONAL ? Noise.SEPARATE : noise;
    return new NeuralStochasticField(drift.tangent(), path, kind, TangentTape.of(product));
  }

  @Override
  public NeuralField field() {
    return drift;
  }

  @Override
  public boolean pure() {
    return true;
  }

  @Override
  public BrownianPath path() {
    return path;
  }

  @Override
  public Noise noise() {
    return noise;
  }

  @Override
  public NeuralField drift() {
    return drift;
  }

  @Override
  public void diffusion(double t, double[] y, double[] dw, double[] out) {
    time[0] = t;
    diffusion.run(new double[][] {time, y, parameters(), dw}, new double[][] {out});
  }

  @Override
  public void pullbackDiffusion(
      double t, double[] y, double[] dw, double[] a, double[] yBar, double[] thetaBar) {
    time[0] = t;
    pullback.run(new double[][] {time, y, parameters(), dw, a}, new double[][] {yPart, thetaPart});
    Vectors.add(yPart, 0, yBar);
    Vectors.add(thetaPart, 0, thetaBar);
  }
}
