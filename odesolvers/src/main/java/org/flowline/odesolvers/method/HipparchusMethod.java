package org.flowline.odesolvers.method;

import org.hipparchus.ode.ODEIntegrator;

/// An integrator of Hipparchus, with its own control of step sizes, in this engine: with the same
/// observers, events, [org.flowline.odesolvers.Solution] and [org.flowline.odesolvers.Status].
///
/// Differences from the methods of this package: steps are
/// [org.flowline.odesolvers.StepSize.Adaptive] only, without gains, factors, stops and jumps, which
/// are refused; rejected steps are not observed, and the maximal number of steps counts accepted
/// ones; a resumed solve starts from scratch and need not give the same bits; steps allocate.
///
/// The field is evaluated in a thread of its own, while the caller waits. A field must therefore
/// not need a lock that the caller holds, nor be solved in the static initialiser of its own class.
///
/// A step yields the derivatives of Hipparchus' interpolator at `m` Gauss nodes, and its dense
/// output is the polynomial with these derivatives: the interpolator itself, if its degree is at
/// most `m`.
public final class HipparchusMethod implements Method {

  /// Creates the integrators of a solve.
  @FunctionalInterface
  public interface Factory {
    /// Creates a new integrator whose steps are of sizes from `minStep` to `maxStep`, with
    /// tolerances for each component. Called at the beginning of a solve and after each event that
    /// changes the state.
    ODEIntegrator create(double minStep, double maxStep, double[] atol, double[] rtol);
  }

  /// The largest number of stages.
  private static final int MOST = 64;

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

  /// Returns the method of the integrators that `factory` creates.
  ///
  /// @param order order of the integrator; the order of its dense output is one less
  /// @param stages number `m` of slopes of a step; the degree of the integrator's interpolator
  /// @throws IllegalArgumentException if the order is below 2, or the stages are not 1 … 64
  public static HipparchusMethod of(String name, int order, int stages, Factory factory) {
    if (order < 2 || stages < 1 || stages > MOST) {
      throw new IllegalArgumentException(
          "%s: order %s with %s slopes, want an adaptive integrator: order at least 2, 1 … 64 slopes"
              .formatted(name, order, stages));
    }
    return new HipparchusMethod(name, order, stages, factory);
  }

  /// Creates an integrator; see [Factory#create].
  public ODEIntegrator create(double minStep, double maxStep, double[] atol, double[] rtol) {
    return factory.create(minStep, maxStep, atol, rtol);
  }

  /// The node of slope `i` within the step, from 0 to 1.
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

  /// False: Hipparchus chooses its steps.
  @Override
  public boolean fixedSteps() {
    return false;
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
    return "%s, order %s, run by Hipparchus".formatted(name, order);
  }
}
