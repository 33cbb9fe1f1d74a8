package org.flowline.neuralode.field;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.CachingField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.TwiceDifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.FieldWithJacobian;

/// A recorded program with random numbers ε that are drawn once and then frozen, so that it is a
/// smooth field: dropout masks, or the probes of [org.flowline.autodiff.Derivative]'s `hutchinson`.
///
///     dy/dt = f(t, y, ε; θ)
///
/// ε is constant through a solve and its gradient, until [#draw] is called;
/// [org.flowline.neuralode.training.objective.NoisyObjective] calls it before each iteration of
/// training. A number drawn inside the dynamics would be drawn only once, when they are recorded.
///
/// An evaluation costs a [NeuralField]'s and a copy of θ.
public final class NoisyField implements TwiceDifferentiableField, CachingField, FieldWithJacobian {
  private static final String NOISE = "noise";

  /// A program `(t, y, θ, ε) ↦ dy/dt`.
  @FunctionalInterface
  public interface Dynamics {
    /// Records `dy/dt`, of the shape of `y`, with `noise` of the shape of ε; called once, when the
    /// field is made.
    Var apply(Var t, Var y, Parameters.View theta, Var noise);
  }

  /// The distribution of a random number.
  @FunctionalInterface
  public interface Draw {
    /// Draws one number of ε; called for each, one row after the other.
    double next(RandomGenerator random);

    /// `±1` with probability ½ each (Rademacher): the probe of least variance for traces.
    /// Hutchinson (1990).
    static Draw signs() {
      return random -> random.nextBoolean() ? 1 : -1;
    }

    /// The normal distribution of mean 0 and variance 1.
    static Draw normal() {
      return RandomGenerator::nextGaussian;
    }

    /// Dropout masks: `1/kept` with the probability `kept`, otherwise 0. Srivastava et al. (2014).
    ///
    /// @throws IllegalArgumentException if it is not in `(0, 1]`
    static Draw mask(double kept) {
      if (!(kept > 0 && kept <= 1)) {
        throw new IllegalArgumentException("mask: kept " + kept + "; want a part in (0, 1]");
      }
      return random -> random.nextDouble() < kept ? 1 / kept : 0;
    }
  }

  /// The field with the parameters `(θ, ε)`.
  private final NeuralField joint;

  private final int p;
  private final Draw draw;
  private final double[] values;
  private final double[] bars;
  private final double[] tangents;
  private double[] theta;

  private NoisyField(NeuralField joint, int p, Draw draw) {
    this.joint = joint;
    this.p = p;
    this.draw = draw;
    this.values = new double[joint.parameterCount()];
    this.bars = new double[values.length];
    this.tangents = new double[values.length];
    this.theta = new double[p];
    joint.bind(values);
    draw(new SplittableRandom(0));
  }

  /// The field of `dynamics` on states of shape `[rows, columns]`, with θ = 0 and the noise of
  /// `SplittableRandom(0)`.
  ///
  /// @param noise the shape of ε
  /// @throws IllegalArgumentException if the result has another shape than the state
  public static NoisyField of(
      Parameters layout, int rows, int columns, Shape noise, Draw draw, Dynamics dynamics) {
    Parameters both = Parameters.none().with("theta", layout.size()).with(NOISE, noise.dims());
    NeuralField joint =
        NeuralField.of(
            both,
            rows,
            columns,
            (t, y, all) -> dynamics.apply(t, y, layout.of(all.get("theta")), all.get(NOISE)));
    return new NoisyField(joint, layout.size(), draw);
  }

  /// Draws another ε, to be called between solves.
  public void draw(RandomGenerator random) {
    for (int i = p; i < values.length; i++) {
      values[i] = draw.next(random);
    }
  }

  /// The joint field with the present θ.
  private NeuralField joint() {
    System.arraycopy(theta, 0, values, 0, p);
    return joint;
  }

  private NeuralField joint(double[] dtheta) {
    System.arraycopy(dtheta, 0, tangents, 0, p);
    return joint();
  }

  /// `θ̄ += ` the part of θ in the cotangent of `(θ, ε)`.
  private double accumulated(double timeBar, double[] thetaBar) {
    Vectors.axpy(1, bars, 0, thetaBar, 0, p);
    Arrays.fill(bars, 0);
    return timeBar;
  }

  @Override
  public boolean pure() {
    return true;
  }

  @Override
  public int dimension() {
    return joint.dimension();
  }

  @Override
  public Breakpoints breakpoints() {
    return joint.breakpoints();
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public void bind(double[] theta) {
    if (theta.length != p) {
      throw new IllegalArgumentException(
          "noisy field: θ has " + theta.length + " values, want " + p);
    }
    this.theta = theta;
  }

  @Override
  public double[] parameters() {
    return theta;
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    joint().evaluate(t, y, dydt);
  }

  @Override
  public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    return accumulated(joint().pullback(t, y, a, yBar, bars), thetaBar);
  }

  @Override
  public double evaluateAndPullback(
      double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
    return accumulated(joint().evaluateAndPullback(t, y, a, dydt, yBar, bars), thetaBar);
  }

  @Override
  public int slots() {
    return joint.slots();
  }

  @Override
  public void evaluateAndCache(int slot, double t, double[] y, double[] dydt) {
    joint().evaluateAndCache(slot, t, y, dydt);
  }

  @Override
  public double pullbackCached(
      int slot, double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    return accumulated(joint().pullbackCached(slot, t, y, a, yBar, bars), thetaBar);
  }

  @Override
  public void pushforward(
      double t, double[] y, double dt, double[] dy, double[] dtheta, double[] tangent) {
    joint(dtheta).pushforward(t, y, dt, dy, tangents, tangent);
  }

  @Override
  public double pullbackOfPushforward(
      double t,
      double[] y,
      double dt,
      double[] dy,
      double[] dtheta,
      double[] a,
      double[] yBar,
      double[] thetaBar) {
    double timeBar = joint(dtheta).pullbackOfPushforward(t, y, dt, dy, tangents, a, yBar, bars);
    return accumulated(timeBar, thetaBar);
  }

  @Override
  public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
    joint().jacobian(t, y, dfdy, dfdt);
  }
}
