package org.flowline.neuralode.field;

import org.flowline.neuralode.DifferentiableField;

/// A field around another, to count, time or change what it does: all that is not overridden is
/// the other's `f`, θ and pullback. What the other can beyond that is hidden.
///
/// It is not [#pure] unless it says so, since what it adds may be no function.
public interface ForwardingField extends DifferentiableField {

  /// The other.
  DifferentiableField field();

  @Override
  default int dimension() {
    return field().dimension();
  }

  @Override
  default int parameterCount() {
    return field().parameterCount();
  }

  @Override
  default void bind(double[] theta) {
    field().bind(theta);
  }

  @Override
  default double[] parameters() {
    return field().parameters();
  }

  @Override
  default void evaluate(double t, double[] y, double[] dydt) {
    field().evaluate(t, y, dydt);
  }

  @Override
  default double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    return field().pullback(t, y, a, yBar, thetaBar);
  }
}
