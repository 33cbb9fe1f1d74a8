package org.flowline.odesolvers.field;

/// The right-hand side of `dy = f(t, y) dt + g(t, y) dW`: the drift is [#evaluate], the noise
/// [#diffusion], and the path `W` is part of the problem.
///
/// The method determines the sense of the equation, Itô or Stratonovich, see
/// [org.flowline.odesolvers.method.Stochastic]. Methods for ordinary equations refuse the field and
/// accept its [#drift].
public interface StochasticField extends VectorField {

  /// The path of the noise, which must cover the interval of the solve.
  BrownianPath path();

  /// The structure of `g`; some methods require more than [Noise#GENERAL].
  Noise noise();

  /// Overwrites `out` with the product `g(t, y) dw`, for any `dw` of as many components as the path
  /// has processes. Must neither modify `y` or `dw` nor keep any array. Not counted in `nfe`.
  void diffusion(double t, double[] y, double[] dw, double[] out);

  /// The field without its noise, for methods of ordinary equations.
  default VectorField drift() {
    return VectorField.of(dimension(), this::evaluate);
  }

  /// The structure of `g`.
  enum Noise {
    /// No structure.
    GENERAL,
    /// `g` is diagonal, and `g_ii` depends on `t` and `y_i` alone; or there is one process only.
    DIAGONAL,
    /// Each process drives its own components, by a `g` that depends on `t` and on these components
    /// alone; includes diagonal `g`.
    SEPARATE,
    /// `g` depends on `t` alone.
    ADDITIVE
  }

  /// Returns the field of this drift and this noise, written as a lambda.
  static StochasticField of(VectorField drift, BrownianPath path, Noise noise, Diffusion g) {
    record Lambda(VectorField drift, BrownianPath path, Noise noise, Diffusion g)
        implements StochasticField {
      @Override
      public int dimension() {
        return drift.dimension();
      }

      @Override
      public Breakpoints breakpoints() {
        return drift.breakpoints();
      }

      @Override
      public void evaluate(double t, double[] y, double[] dydt) {
        drift.evaluate(t, y, dydt);
      }

      @Override
      public void diffusion(double t, double[] y, double[] dw, double[] out) {
        g.apply(t, y, dw, out);
      }
    }
    return new Lambda(drift, path, noise, g);
  }

  /// `out = g(t, y) dw` as a lambda, with the contract of [StochasticField#diffusion].
  @FunctionalInterface
  interface Diffusion {
    /// Overwrites `out` with `g(t, y) dw`.
    void apply(double t, double[] y, double[] dw, double[] out);
  }
}
