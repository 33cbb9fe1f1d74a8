package org.flowline.neuralode.field;

import java.util.Arrays;
import org.flowline.neuralode.FieldWithTangent;
import org.flowline.neuralode.NeuralField;
import org.flowline.odesolvers.field.PartitionedField;

/// A recorded acceleration as the second-order equation `q'' = a(t, q; θ)`, on the state `(q, v)`:
///
///     dq/dt = v        dv/dt = a(t, q; θ)
///
/// Symplectic methods keep their order on it, and conserve energy where `a` is a gradient.
public final class SecondOrderNeuralField
    implements ForwardingField, FieldWithTangent, PartitionedField {
  private final NeuralField acceleration;
  private final int m;
  private final double[] q;
  private final double[] a;
  private final double[] qBar;

  private SecondOrderNeuralField(NeuralField acceleration) {
    this.acceleration = acceleration;
    this.m = acceleration.dimension();
    this.q = new double[m];
    this.a = new double[m];
    this.qBar = new double[m];
  }

  /// The equation of this acceleration, a field on `q` alone, whose θ is used.
  public static SecondOrderNeuralField of(NeuralField acceleration) {
    return new SecondOrderNeuralField(acceleration);
  }

  @Override
  public NeuralField field() {
    return acceleration;
  }

  @Override
  public int dimension() {
    return 2 * m;
  }

  @Override
  public int split() {
    return m;
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    PartitionedField.super.evaluate(t, y, dydt);
  }

  @Override
  public void evaluateFirst(double t, double[] y, double[] dydt) {
    System.arraycopy(y, m, dydt, 0, m);
  }

  @Override
  public void evaluateSecond(double t, double[] y, double[] dydt) {
    System.arraycopy(y, 0, q, 0, m);
    acceleration.evaluate(t, q, a);
    System.arraycopy(a, 0, dydt, m, m);
  }

  /// {@inheritDoc}
  ///
  /// The tangent is the second-order equation of the acceleration's tangent.
  @Override
  public SecondOrderNeuralField tangent() {
    return of(acceleration.tangent());
  }

  @Override
  public boolean pure() {
    return true;
  }

  @Override
  public double pullback(double t, double[] y, double[] bar, double[] yBar, double[] thetaBar) {
    System.arraycopy(y, 0, q, 0, m);
    System.arraycopy(bar, m, a, 0, m);
    System.arraycopy(bar, 0, yBar, m, m);
    if (isZero(a)) {
      Arrays.fill(yBar, 0, m, 0);
      return 0;
    }
    double timeBar = acceleration.pullback(t, q, a, qBar, thetaBar);
    System.arraycopy(qBar, 0, yBar, 0, m);
    return timeBar;
  }

  private static boolean isZero(double[] a) {
    for (double value : a) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
