package org.flowline.odesolvers;

/// The pendulum `u' = −sin w`, `w' = u`: momentum first, angle second.
record Pendulum() implements PartitionedField {

  @Override
  public int dimension() {
    return 2;
  }

  @Override
  public int split() {
    return 1;
  }

  @Override
  public void evaluateFirst(double t, double[] y, double[] dydt) {
    dydt[0] = -Math.sin(y[1]);
  }

  @Override
  public void evaluateSecond(double t, double[] y, double[] dydt) {
    dydt[1] = y[0];
  }

  static double energy(double[] y) {
    return y[0] * y[0] / 2 - Math.cos(y[1]);
  }
}
