package org.flowline.neuralode;

import java.util.Optional;

/// An objective whose Hessian can be multiplied with vectors, for sharpness, Newton steps and
/// natural gradients. The matrix is never formed.
public interface TwiceDifferentiableObjective extends Objective {

  /// A symmetric linear map on parameters.
  @FunctionalInterface
  interface Curvature {
    /// `product = ∇²L v`
    ///
    /// @param v a direction, of θ's length
    /// @param product overwritten with `∇²L v`
    /// @throws org.flowline.odesolvers.SolveException if a solve inside the loss fails
    void times(double[] v, double[] product);
  }

  /// The Hessian `∇²L(θ)`.
  ///
  /// @param theta copied
  /// @throws org.flowline.odesolvers.SolveException if a solve inside the loss fails there
  Curvature hessian(double tau, double[] theta);

  /// Returns whether there is a Hessian; there is none if a part of the objective has none.
  default boolean hasHessian() {
    return true;
  }

  /// Returns this objective as one with a Hessian, if it has one.
  static Optional<TwiceDifferentiableObjective> known(Objective objective) {
    return objective instanceof TwiceDifferentiableObjective twice && twice.hasHessian()
        ? Optional.of(twice)
        : Optional.empty();
  }

  /// Returns this objective as one with a Hessian.
  ///
  /// @param what the operation that needs it, for the message
  /// @throws IllegalArgumentException if the objective has none
  static TwiceDifferentiableObjective require(String what, Objective objective) {
    String message =
        "%s: the objective has no Hessian; want a TwiceDifferentiableObjective, such as Objective.traced makes";
    return known(objective)
        .orElseThrow(() -> new IllegalArgumentException(message.formatted(what)));
  }
}
