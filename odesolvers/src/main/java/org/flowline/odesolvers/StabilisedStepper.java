package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Stabilised;

/// Steps of a Runge–Kutta–Chebyshev method; see [Stabilised] for the equations.
final class StabilisedStepper implements Stepper {

  /// The number of steps for which an estimate of the spectral radius is used.
  private static final int LIFETIME = 25;

  private final Stabilised method;
  private final StartSlope slope;
  private final CountedField field;
  private final SpectralRadius radius;

  /// `f(end, y1)`, slope 2 of the step.
  private double[] last;

  private boolean ended;
  private double[] before;
  private double[] now;
  private double[] next;

  /// The number of steps since the spectral radius was estimated; `LIFETIME` if it was not.
  private int age = LIFETIME;

  /// True if the step was tried before, and hence rejected.
  private boolean tried;

  StabilisedStepper(Stabilised method, VectorField field) {
    int n = field.dimension();
    this.method = method;
    this.slope = new StartSlope(new CountedField(field));
    this.field = slope.field;
    this.radius = new SpectralRadius(this.field);
    this.last = new double[n];
    this.before = new double[n];
    this.now = new double[n];
    this.next = new double[n];
  }

  @Override
  public StartSlope startSlope() {
    return slope;
  }

  @Override
  public boolean trial(Step step) {
    step.k[0] = slope.at(step);
    chebyshev(step, method.fixedStages() > 0 ? method.fixedStages() : stagesFor(step));
    double[] mean = step.k[1];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (step.y1[i] - step.y0[i]) / step.h;
    }
    step.k[2] = last;
    ended = false;
    tried = true;
    return true;
  }

  /// Returns the least number of stages whose interval of stability, by the bound in the paper,
  /// contains the spectrum.
  private int stagesFor(Step step) {
    if (age >= LIFETIME || tried && age > 0) {
      radius.estimate(step.stageTime(0), step.y0, slope.value, Math.abs(step.h));
      age = 0;
    }
    double stages = 1 + Math.floor(Math.sqrt(1.54 * Math.abs(step.h) * radius.value + 1));
    return (int) Math.clamp(stages, 2, Stabilised.MOST_STAGES);
  }

  /// Computes the stages by the recurrence, with coefficients from `T`, `T'` and `T''`.
  private void chebyshev(Step step, int s) {
    double w0 = method.w0(s);
    double w1 = method.w1(s);
    double h = step.h;
    double[] first = slope.value;
    boolean second = method.order() == 2;
    double bBefore = second ? 1 / (4 * w0 * w0) : 1;
    double bNow = second ? bBefore : 1 / w0;
    double cBefore = 0;
    double cNow = w1 * bNow;
    double tBefore = 1;
    double tNow = w0;
    double dBefore = 0;
    double dNow = 1;
    double ddBefore = 0;
    double ddNow = 0;
    System.arraycopy(step.y0, 0, before, 0, before.length);
    for (int i = 0; i < now.length; i++) {
      now[i] = step.y0[i] + cNow * h * first[i];
    }
    for (int j = 2; j <= s; j++) {
      double tNext = 2 * w0 * tNow - tBefore;
      double dNext = 2 * w0 * dNow - dBefore + 2 * tNow;
      double ddNext = 2 * w0 * ddNow - ddBefore + 4 * dNow;
      double b = second ? ddNext / (dNext * dNext) : 1 / tNext;
      double a = second ? 1 - tNow * bNow : 0;
      double mu = 2 * w0 * b / bNow;
      double nu = -b / bBefore;
      double rest = second ? 1 - mu - nu : 0;
      double muTilde = mu * w1 / w0;
      double[] out = j == s ? step.y1 : next;
      field.evaluate(step.stageTime(cNow), now, last);
      for (int i = 0; i < out.length; i++) {
        out[i] =
            mu * now[i]
                + nu * before[i]
                + rest * step.y0[i]
                + h * muTilde * (last[i] - a * first[i]);
      }
      if (j < s) {
        double[] free = before;
        before = now;
        now = next;
        next = free;
      }
      double c = mu * cNow + nu * cBefore + muTilde * (1 - a);
      cBefore = cNow;
      cNow = c;
      bBefore = bNow;
      bNow = b;
      tBefore = tNow;
      tNow = tNext;
      dBefore = dNow;
      dNow = dNext;
      ddBefore = ddNow;
      ddNow = ddNext;
    }
  }

  @Override
  public void estimate(Step step) {
    complete(step);
    for (int i = 0; i < step.errors.length; i++) {
      step.errors[i] = 0.8 * (step.y0[i] - step.y1[i]) + 0.4 * step.h * (slope.value[i] + last[i]);
    }
  }

  @Override
  public void complete(Step step) {
    if (!ended) {
      field.evaluate(step.stageTime(1), step.y1, last);
      ended = true;
    }
  }

  @Override
  public void accept(Step step) {
    last = slope.replace(last);
    slope.known = ended;
    ended = false;
    tried = false;
    age++;
  }

  @Override
  public void restart() {
    slope.known = false;
    age = LIFETIME;
  }

  @Override
  public double[] saveState() {
    int n = slope.value.length;
    double[] state = Arrays.copyOf(slope.value, 2 * n + 4);
    System.arraycopy(radius.direction, 0, state, n, n);
    state[2 * n] = radius.value;
    state[2 * n + 1] = age;
    state[2 * n + 2] = slope.known ? 1 : 0;
    state[2 * n + 3] = tried ? 1 : 0;
    return state;
  }

  @Override
  public void restoreState(double[] state) {
    int n = slope.value.length;
    System.arraycopy(state, 0, slope.value, 0, n);
    System.arraycopy(state, n, radius.direction, 0, n);
    radius.value = state[2 * n];
    age = (int) state[2 * n + 1];
    slope.known = state[2 * n + 2] != 0;
    tried = state[2 * n + 3] != 0;
  }
}
