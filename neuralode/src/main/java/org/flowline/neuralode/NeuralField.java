package org.flowline.neuralode;

import java.util.List;
import org.flowline.autodiff.Backend;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.nn.Layer;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.FieldWithJacobian;

/// FORWARD, the first of the three fields: a recorded program on the hidden state `y`,
///
///     dy/dt = f(t, y; θ)
///
/// The state is a batch of `rows` samples with `columns` components each, row by row. Depth is
/// time: with [org.flowline.odesolvers.method.Methods#EULER] and `h = 1` a solve is a residual
/// network.
///
/// An evaluation allocates nothing. A pullback costs about three evaluations, a Jacobian one
/// pullback per component of the state. Not thread-safe; see [#fork].
public final class NeuralField
    implements TwiceDifferentiableField, CachingField, FieldWithJacobian {

  /// A program `(t, y, θ) ↦ dy/dt`, with `t` a scalar and `y` of shape `[rows, columns]`.
  @FunctionalInterface
  public interface Dynamics {
    /// Records `dy/dt`, of the shape of `y`; called once, when the field is made.
    Var apply(Var t, Var y, Parameters.View theta);
  }

  private final Parameters layout;
  private final Shape state;
  private final FieldPrograms f;

  private NeuralField(Parameters layout, Shape state, FieldPrograms f) {
    this.layout = layout;
    this.state = state;
    this.f = f;
  }

  /// The field of `dynamics` on states of shape `[rows, columns]`. [#bind] its θ before a solve.
  ///
  /// @throws IllegalArgumentException if its result has another shape than the state, or the state
  ///     is empty
  public static NeuralField of(Parameters layout, int rows, int columns, Dynamics dynamics) {
    return of(JvmBackend.best(), layout, Shape.of(rows, columns), dynamics);
  }

  /// The autonomous field `dy/dt = layer(y; θ)`.
  public static NeuralField of(Layer layer, int rows, int columns) {
    return of(layer.parameters(), rows, columns, (_, y, theta) -> layer.apply(theta, y));
  }

  /// The field of `dynamics` on a state of this shape, run by `backend`.
  public static NeuralField of(Backend backend, Parameters layout, Shape state, Dynamics dynamics) {
    if (state.size() == 0) {
      throw new IllegalArgumentException(
          "neural field: a state " + state + " is empty; want a row and a column at least");
    }
    Tape tape =
        Tape.record(
            List.of(Shape.scalar(), state, Shape.of(layout.size())),
            in -> List.of(dynamics.apply(in.get(0), in.get(1), layout.of(in.get(2)))));
    Shape result = tape.outputShapes().getFirst();
    if (!result.equals(state)) {
      throw new IllegalArgumentException(
          "neural field: the dynamics map a state " + state + " to " + result + "; want " + state);
    }
    return new NeuralField(layout, state, FieldPrograms.of(backend, tape));
  }

  /// The same field with the same θ, for another thread.
  public NeuralField fork() {
    return new NeuralField(layout, state, f.fork());
  }

  /// The names and shapes of θ, in the order of [#bind].
  public Parameters layout() {
    return layout;
  }

  /// `[rows, columns]`
  public Shape state() {
    return state;
  }

  @Override
  public int dimension() {
    return state.size();
  }

  /// @throws IllegalStateException if there are parameters and [#bind] was not called
  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    f.evaluate(t, y, dydt); // f(t, y; θ)
  }

  /// {@inheritDoc}
  ///
  /// They are found in the recorded program: the times of a
  /// [org.flowline.neuralode.dynamics.Signal], and those at which `at + b` passes a kink or a jump
  /// of an operation. Others, as of `|sin t|`, belong into the step size, see
  /// [org.flowline.odesolvers.StepSize.Adaptive#withJumps].
  @Override
  public Breakpoints breakpoints() {
    return f.breakpoints();
  }

  @Override
  public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    return f.pullback(t, y, a, yBar, thetaBar);
  }

  @Override
  public double evaluateAndPullback(
      double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
    return f.evaluateAndPullback(t, y, a, dydt, yBar, thetaBar);
  }

  @Override
  public boolean pure() {
    return true;
  }

  @Override
  public int parameterCount() {
    return layout.size();
  }

  @Override
  public void bind(double[] theta) {
    if (theta.length != layout.size()) {
      throw new IllegalArgumentException(
          "neural field: θ has " + theta.length + " values, want " + layout.size());
    }
    f.theta = theta;
  }

  @Override
  public double[] parameters() {
    return f.theta;
  }

  /// The θ̄ of the last pullback. Passed as `thetaBar`, it is overwritten instead of accumulated,
  /// for callers that sum parts themselves.
  public double[] thetaPart() {
    return f.thetaPart;
  }

  @Override
  public int slots() {
    return f.cache().slots();
  }

  @Override
  public void evaluateAndCache(int slot, double t, double[] y, double[] dydt) {
    f.evaluateAndCache(slot, t, y, dydt);
  }

  @Override
  public double pullbackCached(
      int slot, double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    return f.pullbackCached(slot, t, y, a, yBar, thetaBar);
  }

  @Override
  public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
    f.jacobian(t, y, dfdy, dfdt);
  }

  @Override
  public void pushforward(
      double t, double[] y, double dt, double[] dy, double[] dtheta, double[] tangent) {
    f.secondOrder().pushforward(t, y, f.theta, dt, dy, dtheta, tangent);
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
    return f.secondOrder().pullback(t, y, f.theta, dt, dy, dtheta, a, yBar, thetaBar);
  }

  /// {@inheritDoc}
  ///
  /// The tangent of a recorded program is a recorded program on the same backend, with all
  /// derivatives; its state is a stack of two, `[2, rows, columns]`.
  @Override
  public NeuralField tangent() {
    int p = layout.size();
    Parameters both = Parameters.none().with("theta", p).with("v", p);
    return new NeuralField(both, TangentTape.pair(state), f.tangent());
  }
}
