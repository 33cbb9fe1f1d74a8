package org.flowline.neuralode;

import java.util.Optional;
import org.flowline.odesolvers.Status;

/// An objective that wraps another one and delegates to it every method that it does not override.
///
/// A wrapper that changes the gradient overrides [#gradient], [#loss] and [#hessian], or has no
/// Hessian.
public interface ForwardingObjective extends TwiceDifferentiableObjective {

  /// The wrapped objective.
  Objective objective();

  @Override
  default int dimension() {
    return objective().dimension();
  }

  @Override
  default double gradient(double tau, double[] theta, double[] gradient) {
    return objective().gradient(tau, theta, gradient);
  }

  @Override
  default double loss(double tau, double[] theta) {
    return objective().loss(tau, theta);
  }

  @Override
  default boolean hasHessian() {
    return TwiceDifferentiableObjective.known(objective()).isPresent();
  }

  @Override
  default Curvature hessian(double tau, double[] theta) {
    return TwiceDifferentiableObjective.require("hessian", objective()).hessian(tau, theta);
  }

  @Override
  default int phase(double tau) {
    return objective().phase(tau);
  }

  @Override
  default boolean varies() {
    return objective().varies();
  }

  @Override
  default Costs costs() {
    return objective().costs();
  }

  @Override
  default Optional<Status> failure() {
    return objective().failure();
  }
}
