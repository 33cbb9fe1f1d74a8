package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.field.Breakpoints;

/// The tangent of a field from its second derivatives; see [FieldWithTangent].
final class TangentField implements DifferentiableField {
  private final TwiceDifferentiableField field;
  private final int n;
  private final int p;
  private double[] parameters;
  private double[] v;
  private final double[] y;
  private final double[] dy;
  private final double[] a;
  private final double[] da;
  private final double[] part;
  private final double[] other;
  private final double[] thetaPart;
  private final double[] vPart;

  TangentField(TwiceDifferentiableField field) {
    this.field = field;
    this.n = field.dimension();
    this.p = field.parameterCount();
    this.parameters = new double[2 * p];
    this.v = new double[p];
    this.y = new double[n];
    this.dy = new double[n];
    this.a = new double[n];
    this.da = new double[n];
    this.part = new double[n];
    this.other = new double[n];
    this.thetaPart = new double[p];
    this.vPart = new double[p];
  }

  @Override
  public int dimension() {
    return 2 * n;
  }

  @Override
  public int parameterCount() {
    return 2 * p;
  }

  /// Copies θ and `v`: changes to the array take effect at the next binding.
  @Override
  public void bind(double[] parameters) {
    this.parameters = parameters;
    field.bind(Arrays.copyOf(parameters, p));
    v = Arrays.copyOfRange(parameters, p, 2 * p);
  }

  @Override
  public double[] parameters() {
    return parameters;
  }

  @Override
  public boolean pure() {
    return field.pure();
  }

  @Override
  public Breakpoints breakpoints() {
    return field.breakpoints();
  }

  @Override
  public void evaluate(double t, double[] state, double[] rate) {
    split(state, y, dy);
    field.evaluate(t, y, part);
    field.pushforward(t, y, 0, dy, v, other);
    join(rate);
  }

  /// `ȳ = aᵀ ∂f/∂y + ∂/∂y ȧᵀ ḟ` and `ẏ̄ = ȧᵀ ∂f/∂y` with the cotangents `(a, ȧ)` of both parts, and
  /// the same for θ and `v`.
  @Override
  public double pullback(
      double t, double[] state, double[] bar, double[] stateBar, double[] parametersBar) {
    split(state, y, dy);
    split(bar, a, da);
    Arrays.fill(thetaPart, 0);
    Arrays.fill(vPart, 0);
    double timeBar = field.pullback(t, y, a, part, thetaPart);
    timeBar += field.pullbackOfPushforward(t, y, 0, dy, v, da, other, thetaPart);
    Vectors.add(other, 0, part);
    field.pullback(t, y, da, other, vPart);
    join(stateBar);
    for (int i = 0; i < p; i++) {
      parametersBar[i] += thetaPart[i];
      parametersBar[p + i] += vPart[i];
    }
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
