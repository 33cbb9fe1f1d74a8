package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.autodiff.Backend;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Tape;
import org.flowline.odesolvers.field.Breakpoints;

/// The compiled programs of a field `f(t, y; θ)` and of its derivatives, with their argument lists,
/// so that a call allocates nothing. Those beyond the first pullback are compiled on first use.
final class FieldPrograms {
  private final Backend backend;
  private final Tape tape;
  private final Program forward;
  private final Program pullback;
  private final Program both;

  private final Breakpoints breakpoints;
  private final double[] time = new double[1];
  private final double[] timeBar = new double[1];

  /// The θ̄ of the last pullback. Passed as `thetaBar`, it is overwritten instead of accumulated.
  final double[] thetaPart;

  /// The parameters in use.
  double[] theta;

  /// The zeros in place of parameters until they are bound; null if there are no parameters.
  private double[] unbound;

  private final double[][] forwardIn = {time, null, null};
  private final double[][] forwardOut = new double[1][];
  private final double[][] pullbackIn = {time, null, null, null};
  private final double[][] pullbackOut;
  private final double[][] bothOut;

  private SecondOrderPrograms secondOrder;
  private EvaluationCache cache;

  /// @param tape `(t, y, θ) ↦ dy/dt`
  static FieldPrograms of(Backend backend, Tape tape) {
    Tape vjp = Derivative.vjp(tape);
    Program pullback = backend.compile(vjp.select(1, 2, 3));
    return new FieldPrograms(
        backend,
        tape,
        TapeBreakpoints.of(tape),
        backend.compile(tape),
        pullback,
        backend.compile(vjp));
  }

  private FieldPrograms(
      Backend backend,
      Tape tape,
      Breakpoints breakpoints,
      Program forward,
      Program pullback,
      Program both) {
    this.backend = backend;
    this.tape = tape;
    this.breakpoints = breakpoints;
    this.forward = forward;
    this.pullback = pullback;
    this.both = both;
    this.theta = new double[tape.inputShapes().get(2).size()];
    this.unbound = theta.length > 0 ? theta : null;
    this.thetaPart = new double[theta.length];
    this.pullbackOut = new double[][] {timeBar, null, thetaPart};
    this.bothOut = new double[][] {null, timeBar, null, thetaPart};
  }

  /// The same programs and θ with other workspaces, for another thread.
  FieldPrograms fork() {
    var fork =
        new FieldPrograms(backend, tape, breakpoints, forward.fork(), pullback.fork(), both.fork());
    fork.theta = theta;
    fork.unbound = unbound;
    return fork;
  }

  /// The programs of this field and its tangent; see [FieldWithTangent].
  FieldPrograms tangent() {
    return of(backend, TangentTape.of(tape));
  }

  Breakpoints breakpoints() {
    return breakpoints;
  }

  void evaluate(double t, double[] y, double[] dydt) {
    time[0] = t;
    forwardIn[1] = y;
    forwardIn[2] = bound();
    forwardOut[0] = dydt;
    forward.run(forwardIn, forwardOut);
  }

  double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    pullbackOut[1] = yBar;
    pullback.run(arguments(t, y, a), pullbackOut);
    return accumulated(thetaBar);
  }

  double evaluateAndPullback(
      double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
    bothOut[0] = dydt;
    bothOut[2] = yBar;
    both.run(arguments(t, y, a), bothOut);
    return accumulated(thetaBar);
  }

  /// Overwrites `dfdy` and `dfdt`, one pullback a row.
  void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
    double[] unit = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      unit[i] = 1;
      dfdt[i] = pullback(t, y, unit, dfdy[i], thetaPart);
      unit[i] = 0;
    }
  }

  EvaluationCache cache() {
    if (cache == null) {
      cache = new EvaluationCache(backend, tape);
    }
    return cache;
  }

  void evaluateAndCache(int slot, double t, double[] y, double[] dydt) {
    time[0] = t;
    cache().evaluate(slot, time, y, bound(), dydt);
  }

  double pullbackCached(
      int slot, double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    time[0] = t;
    pullbackOut[1] = yBar;
    cache().pullback(slot, time, y, theta, a, pullbackOut);
    return accumulated(thetaBar);
  }

  SecondOrderPrograms secondOrder() {
    if (secondOrder == null) {
      secondOrder = new SecondOrderPrograms(backend, tape);
    }
    return secondOrder;
  }

  private double[][] arguments(double t, double[] y, double[] a) {
    time[0] = t;
    pullbackIn[1] = y;
    pullbackIn[2] = bound();
    pullbackIn[3] = a;
    return pullbackIn;
  }

  /// Returns θ.
  ///
  /// @throws IllegalStateException if θ was neither bound nor filled in place
  private double[] bound() {
    if (theta == unbound) {
      if (Arrays.stream(theta).allMatch(value -> value == 0)) {
        throw new IllegalStateException(
            "neural field: θ of %s values is not bound; call bind, for example with layer.initial(random)"
                .formatted(theta.length));
      }
      unbound = null;
    }
    return theta;
  }

  private double accumulated(double[] thetaBar) {
    if (thetaBar != thetaPart) {
      Vectors.add(thetaPart, 0, thetaBar);
    }
    return timeBar[0];
  }
}
