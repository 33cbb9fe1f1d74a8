package org.flowline.odesolvers;

/// Steps of an explicit Runge–Kutta method; see [ButcherTableau] for the equations.
///
/// A stage with `c_i = 1` is evaluated at the step's exact end, hence never beyond the interval.
final class ExplicitStepper implements Stepper {

  private final VectorField field;
  private final int stages;
  private final boolean fsal;
  private final double[] c;
  private final LinearCombination[] rows;
  private final LinearCombination weights;
  private final LinearCombination error;
  private final double[] y;
  private final double[] zero;
  private boolean started;
  private long evaluations;

  ExplicitStepper(ButcherTableau tableau, VectorField field) {
    this.field = field;
    this.stages = tableau.stages();
    this.fsal = tableau.fsal();
    this.c = new double[stages];
    this.rows = new LinearCombination[stages];
    double[] b = new double[stages];
    double[] difference = new double[stages];
    for (int i = 0; i < stages; i++) {
      c[i] = tableau.c(i);
      b[i] = tableau.b(i);
      difference[i] = tableau.embedded() ? b[i] - tableau.bEmbedded(i) : 0;
      double[] row = new double[i];
      for (int j = 0; j < i; j++) {
        row[j] = tableau.a(i, j);
      }
      rows[i] = LinearCombination.of(row);
    }
    this.weights = LinearCombination.of(b);
    this.error = LinearCombination.of(difference);
    this.y = new double[field.dimension()];
    this.zero = new double[tableau.embedded() ? field.dimension() : 0];
  }

  @Override
  public void start(Step step) {
    if (!started) {
      evaluate(step.t, step.y0, step.k[0]);
      started = true;
    }
  }

  @Override
  public void trial(Step step) {
    start(step);
    double t = step.t;
    double h = step.h;
    double[] y0 = step.y0;
    double[][] k = step.k;
    for (int i = 1; i < stages; i++) {
      double[] state = fsal && i == stages - 1 ? step.y1 : y;
      rows[i].apply(y0, h, k, state);
      field.evaluate(c[i] == 1 ? step.end : t + c[i] * h, state, k[i]);
    }
    evaluations += stages - 1;
    if (!fsal) {
      weights.apply(y0, h, k, step.y1);
    }
  }

  @Override
  public void estimate(Step step) {
    error.apply(zero, step.h, step.k, step.errors);
  }

  @Override
  public void advance(Step step) {
    step.advance();
    if (fsal) {
      double[] first = step.k[0];
      step.k[0] = step.k[stages - 1];
      step.k[stages - 1] = first;
    }
    started = fsal;
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    field.evaluate(t, y, dydt);
    evaluations++;
  }

  @Override
  public long evaluations() {
    return evaluations;
  }
}
