package org.flowline.neuralode.field;

import org.flowline.neuralode.DifferentiableField;
import org.flowline.odesolvers.field.Breakpoints;

/// A wrapper around a field, to count, time or change its evaluations: methods that are not
/// overridden forward to the field. Further capabilities of the field are hidden.
///
/// A wrapper is not [#pure] by default, since it may add a hidden state.
public interface ForwardingField extends DifferentiableField {

  /// The wrapped field.
  DifferentiableField field();

  @Override
  default int dimension() {
    return field().dimension();
  }

  @Override
  default Breakpoints breakpoints() {
    return field().breakpoints();
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
