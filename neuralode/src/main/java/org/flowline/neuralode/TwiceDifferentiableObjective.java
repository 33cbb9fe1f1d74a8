package org.flowline.neuralode;

import java.util.Optional;

/// An objective whose Hessian can be multiplied with vectors; what sharpness, Newton's and
/// natural-gradient steps need. The matrix is never formed.
public interface TwiceDifferentiableObjective extends Objective {

  /// A symmetric linear map on parameters.
  @FunctionalInterface
  interface Curvature {
    /// `product = ∇²L v`
    ///
    /// @param v a direction, of θ's length
    /// @param product overwritten with `∇²L v`
    void times(double[] v, double[] product);
  }

  /// The Hessian `∇²L(θ)`.
  ///
  /// @param tau training time
  /// @param theta where; copied
  /// @throws org.flowline.odesolvers.SolveException if a solve inside the loss fails there
  Curvature hessian(double tau, double[] theta);

  /// Whether it has one; not if it is made of objectives or samples that have none.
  default boolean hasHessian() {
    return true;
  }

  /// This objective as one that knows its Hessian, if it does.
  static Optional<TwiceDifferentiableObjective> known(Objective objective) {
    return objective instanceof TwiceDifferentiableObjective twice && twice.hasHessian()
        ? Optional.of(twice)
        : Optional.empty();
  }

  /// This objective as one that knows its Hessian.
  ///
  /// @param what asks for it
  /// @throws IllegalArgumentException if it does not
  static TwiceDifferentiableObjective require(String what, Objective objective) {
    return known(objective)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    what
                        + ": the objective has no Hessian; want a TwiceDifferentiableObjective, such"
                        + " as Objective.traced makes"));
  }
}
