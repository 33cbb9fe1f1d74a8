package org.flowline.neuralode;

/// A field in plain arithmetic with one number as θ, which it reads from the bound array.
abstract class OneParameterField implements DifferentiableField {
  private final int dimension;

  /// θ, of length 1
  double[] theta;

  OneParameterField(int dimension, double theta) {
    this.dimension = dimension;
    this.theta = new double[] {theta};
  }

  @Override
  public final int dimension() {
    return dimension;
  }

  @Override
  public final int parameterCount() {
    return 1;
  }

  @Override
  public final void bind(double[] theta) {
    this.theta = theta;
  }

  @Override
  public final double[] parameters() {
    return theta;
  }
}
