package org.flowline.neuralode;

/// A field together with its tangent along a direction `v` of θ, on the state `(y, ẏ)`:
///
///     dy/dt = f(t, y; θ)        dẏ/dt = ∂f/∂y ẏ + ∂f/∂θ v
///
/// A Runge–Kutta method on it makes the derivative of its own steps on `f`, to rounding. Its θ is
/// that of `f`; `v` is held.
final class TangentField implements DifferentiableField {
  private final TwiceDifferentiableField field;
  private final double[] v;
  private final int n;
  private final double[] y;
  private final double[] dy;
  private final double[] a;
  private final double[] da;
  private final double[] part;
  private final double[] other;
  private final double[] ignored;

  TangentField(TwiceDifferentiableField field, double[] v) {
    this.field = field;
    this.v = v;
    this.n = field.dimension();
    this.y = new double[n];
    this.dy = new double[n];
    this.a = new double[n];
    this.da = new double[n];
    this.part = new double[n];
    this.other = new double[n];
    this.ignored = new double[field.parameterCount()];
  }

  @Override
  public int dimension() {
    return 2 * n;
  }

  @Override
  public int parameterCount() {
    return field.parameterCount();
  }

  @Override
  public void bind(double[] theta) {
    field.bind(theta);
  }

  @Override
  public double[] parameters() {
    return field.parameters();
  }

  @Override
  public void evaluate(double t, double[] state, double[] rate) {
    split(state, y, dy);
    field.evaluate(t, y, part);
    field.pushforward(t, y, 0, dy, v, other);
    join(rate);
  }

  /// With `(a, ȧ)` the cotangents of both parts: `ȳ = aᵀ ∂f/∂y + ∂/∂y ȧᵀ ḟ` and `ẏ̄ = ȧᵀ ∂f/∂y`.
  @Override
  public double pullback(
      double t, double[] state, double[] bar, double[] stateBar, double[] thetaBar) {
    split(state, y, dy);
    split(bar, a, da);
    double timeBar = field.pullback(t, y, a, part, thetaBar);
    timeBar += field.pullbackOfPushforward(t, y, 0, dy, v, da, other, thetaBar);
    StepCotangents.add(part, other, 0);
    field.pullback(t, y, da, other, ignored);
    join(stateBar);
    return timeBar;
  }

  private void split(double[] both, double[] first, double[] second) {
    System.arraycopy(both, 0, first, 0, n);
    System.arraycopy(both, n, second, 0, n);
  }

  private void join(double[] both) {
    System.arraycopy(part, 0, both, 0, n);
    System.arraycopy(other, 0, both, n, n);
  }
}
