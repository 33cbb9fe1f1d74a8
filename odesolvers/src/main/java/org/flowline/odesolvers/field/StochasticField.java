package org.flowline.odesolvers.field;

/// Right-hand side of `dy = f(t, y) dt + g(t, y) dW`: the drift is [#evaluate], the noise
/// [#diffusion], and the path `W` belongs to the problem.
///
/// Whether the equation is meant in the sense of Itô or of Stratonovich is said by the method, see
/// [org.flowline.odesolvers.method.Stochastic]. Methods for ordinary equations refuse it, rather
/// than leaving its noise out; its [#drift] alone is theirs.
public interface StochasticField extends VectorField {

  /// The path of the noise, which must be as long as the solve.
  BrownianPath path();

  /// How much is known of `g`; some methods need more than [Noise#GENERAL].
  Noise noise();

  /// Overwrites `out` with the product `g(t, y) dw`, for any `dw` of as many components as the path
  /// has processes. Must neither modify `y` or `dw` nor keep any of the arrays. Not counted in
  /// `nfe`.
  void diffusion(double t, double[] y, double[] dw, double[] out);

  /// The field without its noise, for methods of ordinary equations.
  default VectorField drift() {
    return VectorField.of(dimension(), this::evaluate);
  }

  /// What a field promises of `g`.
  enum Noise {
    /// Nothing.
    GENERAL,
    /// `g` is diagonal, and `g_ii` depends on `t` and `y_i` alone; or there is one process only.
    DIAGONAL,
    /// Each process drives components of its own, which no other drives, by a `g` that depends on
    /// `t` and on these components alone; as where `g` is diagonal.
    SEPARATE,
    /// `g` depends on `t` alone.
    ADDITIVE
  }

  /// The field of this drift and this noise, written as a lambda.
  static StochasticField of(VectorField drift, BrownianPath path, Noise noise, Diffusion g) {
    return new StochasticField() {
      @Override
      public int dimension() {
        return drift.dimension();
      }

      @Override
      public void evaluate(double t, double[] y, double[] dydt) {
        drift.evaluate(t, y, dydt);
      }

      @Override
      public BrownianPath path() {
        return path;
      }

      @Override
      public Noise noise() {
        return noise;
      }

      @Override
      public void diffusion(double t, double[] y, double[] dw, double[] out) {
        g.apply(t, y, dw, out);
      }

      @Override
      public VectorField drift() {
        return drift;
      }
    };
  }

  /// `out = g(t, y) dw` alone, for lambdas; the contract is that of [StochasticField#diffusion].
  @FunctionalInterface
  interface Diffusion {
    /// Overwrites `out` with `g(t, y) dw`.
    void apply(double t, double[] y, double[] dw, double[] out);
  }
}
