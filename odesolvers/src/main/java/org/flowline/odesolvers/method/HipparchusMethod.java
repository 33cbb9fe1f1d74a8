package org.flowline.odesolvers.method;

import org.hipparchus.ode.ODEIntegrator;

/// An integrator of Hipparchus, which has its own loop and its own control of step sizes, run by
/// [org.flowline.odesolvers.Integrator] with the same observers, events,
/// [org.flowline.odesolvers.Solution] and [org.flowline.odesolvers.Status].
///
/// What differs from this engine's own methods: steps are
/// [org.flowline.odesolvers.StepSize.Adaptive] only, without gains,
/// factors, stops and jumps, which are refused; rejected steps are not seen, and maximal steps
/// count accepted ones; a solve that is resumed starts afresh and need not give the same bits; it
/// allocates.
///
/// A step leaves behind the derivatives of Hipparchus' interpolator at `m` Gauss nodes, and its
/// dense output is the polynomial with these derivatives: the interpolator itself, if its degree is
/// at most `m`.
public final class HipparchusMethod implements Method {

  /// Makes the integrators of a solve.
  @FunctionalInterface
  public interface Factory {
    /// An integrator whose steps are of sizes from `minStep` to `maxStep`, with tolerances for each
    /// component. Called where a solve starts and behind each event that changes its state; want a
    /// new one every time.
    ODEIntegrator create(double minStep, double maxStep, double[] atol, double[] rtol);
  }

  private final String name;
  private final int order;
  private final Factory factory;
  private final int stages;
  private final GaussCollocation dense;

  private HipparchusMethod(String name, int order, int stages, Factory factory) {
    this.name = name;
    this.order = order;
    this.stages = stages;
    this.factory = factory;
    this.dense = new GaussCollocation(stages);
  }

  /// The method that runs what `factory` makes.
  ///
  /// @param order of the integrator; that of its dense output is taken to be one less
  /// @param stages number `m` of slopes a step leaves behind; the degree of the integrator's
  ///     interpolator
  /// @throws IllegalArgumentException if the order is below 2 or there are no stages
  public static HipparchusMethod of(String name, int order, int stages, Factory factory) {
    if (order < 2 || stages < 1) {
      throw new IllegalArgumentException(
          "%s: order %d with %d slopes, want an adaptive integrator: order at least 2, slopes at"
                  .formatted(name, order, stages)
              + " least 1");
    }
    return new HipparchusMethod(name, order, stages, factory);
  }

  public ODEIntegrator create(double minStep, double maxStep, double[] atol, double[] rtol) {
    return factory.create(minStep, maxStep, atol, rtol);
  }

  /// Where in the step slope `i` is taken, from 0 to 1.
  public double node(int i) {
    return dense.node(i);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int order() {
    return order;
  }

  @Override
  public int stages() {
    return stages;
  }

  @Override
  public int embeddedOrder() {
    return order - 1;
  }

  @Override
  public int denseOrder() {
    return order - 1;
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    dense.weights(theta, weights);
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    dense.rates(theta, rates);
  }

  @Override
  public String toString() {
    return "%s, order %d, run by Hipparchus".formatted(name, order);
  }
}
