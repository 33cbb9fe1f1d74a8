package org.flowline.odesolvers.field;

/// A field written as a lambda; see [VectorField#of].
public record LambdaField(int dimension, Rhs rhs) implements VectorField {

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    rhs.evaluate(t, y, dydt);
  }
}
