package org.flowline.neuralode;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Backend;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.nn.Layer;
import org.flowline.odesolvers.field.FieldWithJacobian;

/// FORWARD, the first of the three fields: a recorded program as the vector field `dy/dt = f(t, y;
/// θ)`.
///
/// The state is a batch of `rows` samples with `columns` components each, row by row. Depth is
/// time: with [org.flowline.odesolvers.method.Methods#EULER] and `h = 1` a solve is a residual
/// network.
///
/// Evaluating allocates nothing. A pullback costs about three evaluations, a Jacobian as many
/// pullbacks as the state has components.
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
  private final Program forward;
  private final Program pullback;
  private final Program both;

  private final double[] time = new double[1];
  private final double[] timeBar = new double[1];
  private final double[] thetaPart;
  private final double[][] forwardIn = new double[3][];
  private final double[][] forwardOut = new double[1][];
  private final double[][] pullbackIn = new double[4][];
  private final double[][] pullbackOut = new double[3][];
  private final double[][] bothOut = new double[4][];
  private double[] theta;

  private final Backend backend;
  private final Tape tape;

  /// Compiled when first needed; null before.
  private SecondOrder secondOrder;

  /// Compiled when first needed; null before.
  private EvaluationCache keptEvaluations;

  private NeuralField(
      Backend backend,
      Tape tape,
      Parameters layout,
      Shape state,
      Program forward,
      Program pullback,
      Program both) {
    this.backend = backend;
    this.tape = tape;
    this.layout = layout;
    this.state = state;
    this.forward = forward;
    this.pullback = pullback;
    this.both = both;
    this.theta = new double[layout.size()];
    this.thetaPart = new double[layout.size()];
  }

  /// The field of `dynamics` on states of shape `[rows, columns]`, with θ = 0 until [#bind] is
  /// called.
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
    return of(backend, tape, layout, state);
  }

  private static NeuralField of(Backend backend, Tape tape, Parameters layout, Shape state) {
    Tape vjp = Derivative.vjp(tape);
    return new NeuralField(
        backend,
        tape,
        layout,
        state,
        backend.compile(tape),
        backend.compile(vjp.select(1, 2, 3)),
        backend.compile(vjp));
  }

  /// The same field with the same θ, usable in another thread.
  public NeuralField fork() {
    NeuralField fork =
        new NeuralField(backend, tape, layout, state, forward.fork(), pullback.fork(), both.fork());
    fork.bind(theta);
    return fork;
  }

  /// The names and shapes of θ, in the order that [#bind] takes it.
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
    this.theta = theta;
  }

  @Override
  public double[] parameters() {
    return theta;
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    time[0] = t;
    forwardIn[0] = time;
    forwardIn[1] = y;
    forwardIn[2] = theta;
    forwardOut[0] = dydt;
    forward.run(forwardIn, forwardOut);
  }

  @Override
  public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    pullbackOut[0] = timeBar;
    pullbackOut[1] = yBar;
    pullbackOut[2] = thetaPart;
    pullback.run(arguments(t, y, a), pullbackOut);
    return accumulated(thetaBar);
  }

  @Override
  public int slots() {
    return kept().slots();
  }

  @Override
  public void evaluateAndCache(int slot, double t, double[] y, double[] dydt) {
    time[0] = t;
    kept().evaluate(slot, time, y, theta, dydt);
  }

  @Override
  public double pullbackCached(
      int slot, double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    time[0] = t;
    pullbackOut[0] = timeBar;
    pullbackOut[1] = yBar;
    pullbackOut[2] = thetaPart;
    kept().pullback(slot, time, y, theta, a, pullbackOut);
    return accumulated(thetaBar);
  }

  private EvaluationCache kept() {
    if (keptEvaluations == null) {
      keptEvaluations = new EvaluationCache(backend, tape);
    }
    return keptEvaluations;
  }

  @Override
  public double evaluateAndPullback(
      double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
    bothOut[0] = dydt;
    bothOut[1] = timeBar;
    bothOut[2] = yBar;
    bothOut[3] = thetaPart;
    both.run(arguments(t, y, a), bothOut);
    return accumulated(thetaBar);
  }

  @Override
  public void pushforward(
      double t, double[] y, double dt, double[] dy, double[] dtheta, double[] tangent) {
    secondOrder().pushforward(t, y, dt, dy, dtheta, tangent);
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
    return secondOrder().pullback(t, y, dt, dy, dtheta, a, yBar, thetaBar);
  }

  @Override
  public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
    int n = dimension();
    double[] unit = new double[n];
    pullbackOut[0] = timeBar;
    pullbackOut[2] = thetaPart;
    for (int i = 0; i < n; i++) {
      unit[i] = 1;
      pullbackOut[1] = dfdy[i];
      pullback.run(arguments(t, y, unit), pullbackOut);
      dfdt[i] = timeBar[0];
      unit[i] = 0;
    }
  }

  /// {@inheritDoc}
  ///
  /// The tangent of a recorded program is a recorded program, with all derivatives that this one
  /// has; its state is a stack of two, `[2, rows, columns]`. It runs on the same backend.
  @Override
  public NeuralField tangent() {
    int p = layout.size();
    Parameters both = Parameters.none().with("theta", p).with("v", p);
    return of(backend, TangentTape.of(tape), both, TangentTape.pair(state));
  }

  private SecondOrder secondOrder() {
    if (secondOrder == null) {
      Tape tangent = Derivative.jvp(tape).select(1);
      secondOrder = new SecondOrder(tangent);
    }
    return secondOrder;
  }

  /// The tangent `(t, y, θ, ṫ, ẏ, θ̇) ↦ ḟ` and its derivative.
  private final class SecondOrder {
    private final Program tangent;
    private final Program pullback;
    private final double[] tangentTime = new double[1];
    private final double[][] in;
    private final double[][] out;

    SecondOrder(Tape tape) {
      this.tangent = backend.compile(tape);
      this.pullback = backend.compile(Derivative.vjp(tape, 0, 1, 2).select(1, 2, 3));
      this.in = new double[7][];
      this.out = new double[][] {timeBar, null, thetaPart};
    }

    void pushforward(
        double t, double[] y, double dt, double[] dy, double[] dtheta, double[] result) {
      fill(t, y, dt, dy, dtheta);
      tangent.run(Arrays.copyOf(in, 6), new double[][] {result});
    }

    double pullback(
        double t,
        double[] y,
        double dt,
        double[] dy,
        double[] dtheta,
        double[] a,
        double[] yBar,
        double[] thetaBar) {
      fill(t, y, dt, dy, dtheta);
      in[6] = a;
      out[1] = yBar;
      pullback.run(in, out);
      return accumulated(thetaBar);
    }

    private void fill(double t, double[] y, double dt, double[] dy, double[] dtheta) {
      time[0] = t;
      tangentTime[0] = dt;
      in[0] = time;
      in[1] = y;
      in[2] = theta;
      in[3] = tangentTime;
      in[4] = dy;
      in[5] = dtheta;
    }
  }

  /// Where a pullback leaves its part of θ̄ before adding it. Given as its `thetaBar` it is
  /// overwritten instead of accumulated, for callers who sum parts themselves.
  public double[] thetaPart() {
    return thetaPart;
  }

  private double[][] arguments(double t, double[] y, double[] a) {
    time[0] = t;
    pullbackIn[0] = time;
    pullbackIn[1] = y;
    pullbackIn[2] = theta;
    pullbackIn[3] = a;
    return pullbackIn;
  }

  private double accumulated(double[] thetaBar) {
    if (thetaBar != thetaPart) {
      for (int i = 0; i < thetaPart.length; i++) {
        thetaBar[i] += thetaPart[i];
      }
    }
    return timeBar[0];
  }
}
