package org.flowline.odesolvers;

import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;

/// An independent code, driven past our engine.
final class Hipparchus {
  private Hipparchus() {}

  /// `y(t1)` by its DormandPrince853 at this relative and absolute tolerance.
  static double[] end(VectorField field, double[] y0, double t0, double t1, double tolerance) {
    return new DormandPrince853Integrator(1e-12, Math.abs(t1 - t0), tolerance, tolerance)
        .integrate(equation(field), new ODEState(t0, y0.clone()), t1)
        .getPrimaryState();
  }

  private static OrdinaryDifferentialEquation equation(VectorField field) {
    return new OrdinaryDifferentialEquation() {
      @Override
      public int getDimension() {
        return field.dimension();
      }

      @Override
      public double[] computeDerivatives(double t, double[] y) {
        double[] dydt = new double[y.length];
        field.evaluate(t, y, dydt);
        return dydt;
      }
    };
  }
}
