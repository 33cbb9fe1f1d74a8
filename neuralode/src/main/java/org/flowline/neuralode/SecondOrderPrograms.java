package org.flowline.neuralode;

import org.flowline.autodiff.Backend;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Tape;

/// The tangent `(t, y, θ, ṫ, ẏ, θ̇) ↦ ḟ` of a field and the pullback of that tangent, for
/// [TwiceDifferentiableField].
final class SecondOrderPrograms {
  private final Program tangent;
  private final Program pullback;
  private final double[] time = new double[1];
  private final double[] tangentTime = new double[1];
  private final double[] timeBar = new double[1];
  private final double[] thetaPart;
  private final double[][] tangentIn = {time, null, null, tangentTime, null, null};
  private final double[][] tangentOut = new double[1][];
  private final double[][] pullbackIn = {time, null, null, tangentTime, null, null, null};
  private final double[][] pullbackOut;

  /// @param field `(t, y, θ) ↦ dy/dt`
  SecondOrderPrograms(Backend backend, Tape field) {
    Tape tape = Derivative.jvp(field).select(1);
    this.tangent = backend.compile(tape);
    this.pullback = backend.compile(Derivative.vjp(tape, 0, 1, 2).select(1, 2, 3));
    this.thetaPart = new double[field.inputShapes().get(2).size()];
    this.pullbackOut = new double[][] {timeBar, null, thetaPart};
  }

  void pushforward(
      double t, double[] y, double[] theta, double dt, double[] dy, double[] v, double[] out) {
    time[0] = t;
    tangentTime[0] = dt;
    fill(tangentIn, y, theta, dy, v);
    tangentOut[0] = out;
    tangent.run(tangentIn, tangentOut);
  }

  double pullback(
      double t,
      double[] y,
      double[] theta,
      double dt,
      double[] dy,
      double[] v,
      double[] a,
      double[] yBar,
      double[] thetaBar) {
    time[0] = t;
    tangentTime[0] = dt;
    fill(pullbackIn, y, theta, dy, v);
    pullbackIn[6] = a;
    pullbackOut[1] = yBar;
    pullback.run(pullbackIn, pullbackOut);
    Vectors.add(thetaPart, 0, thetaBar);
    return timeBar[0];
  }

  private static void fill(double[][] in, double[] y, double[] theta, double[] dy, double[] v) {
    in[1] = y;
    in[2] = theta;
    in[4] = dy;
    in[5] = v;
  }
}
