package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Stabilised;

/// Steps of a Runge–Kutta–Chebyshev method; see [Stabilised] for the equations.
final class StabilisedStepper implements Stepper {

  /// Steps for which an estimate of the spectral radius serves.
  private static final int LIFETIME = 25;

  private final Stabilised method;
  private final CountedField field;
  private final SpectralRadius radius;

  /// `f(t, y0)` and `f(end, y1)`, slopes 0 and 2 of the step.
  private double[] first;

  private double[] last;
  private boolean started;
  private boolean ended;

  private double[] before;
  private double[] now;
  private double[] next;

  /// Steps since the spectral radius was estimated; `LIFETIME` if it was not.
  private int age = LIFETIME;

  /// Whether the step was tried before, and hence rejected.
  private boolean tried;

  StabilisedStepper(Stabilised method, VectorField field) {
    int n = field.dimension();
    this.method = method;
    this.field = new CountedField(field);
    this.radius = new SpectralRadius(this.field);
    this.first = new double[n];
    this.last = new double[n];
    this.before = new double[n];
    this.now = new double[n];
    this.next = new double[n];
  }

  @Override
  public double[] start(Step step) {
    if (!started) {
      field.evaluate(step.stageTime(0), step.y0, first);
      started = true;
    }
    return first;
  }

  @Override
  public boolean trial(Step step) {
    start(step);
    step.k[0] = first;
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

  /// The least number of stages whose interval of stability, by the paper's bound, holds the
  /// spectrum.
  private int stagesFor(Step step) {
    if (age >= LIFETIME || tried && age > 0) {
      radius.estimate(step.stageTime(0), step.y0, first, Math.abs(step.h));
      age = 0;
    }
    double stages = 1 + Math.floor(Math.sqrt(1.54 * Math.abs(step.h) * radius.value() + 1));
    return (int) Math.clamp(stages, 2, Stabilised.MOST_STAGES);
  }

  /// The recurrence, with the coefficients of each stage made on the way from `T`, `T'` and `T''`.
  private void chebyshev(Step step, int s) {
    double w0 = method.w0(s);
    double w1 = method.w1(s);
    double h = step.h;
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
      step.errors[i] = 0.8 * (step.y0[i] - step.y1[i]) + 0.4 * step.h * (first[i] + last[i]);
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
  public void advance(Step step) {
    double[] free = first;
    first = last;
    last = free;
    started = ended;
    ended = false;
    tried = false;
    age++;
  }

  @Override
  public void restart() {
    started = false;
    age = LIFETIME;
  }

  @Override
  public CountedField field() {
    return field;
  }

  @Override
  public double[] memory() {
    int n = first.length;
    double[] memory = Arrays.copyOf(first, 2 * n + 4);
    radius.copyDirection(memory, n);
    memory[2 * n] = radius.value();
    memory[2 * n + 1] = age;
    memory[2 * n + 2] = started ? 1 : 0;
    memory[2 * n + 3] = tried ? 1 : 0;
    return memory;
  }

  @Override
  public void recall(double[] memory) {
    int n = first.length;
    System.arraycopy(memory, 0, first, 0, n);
    radius.recall(memory, n, memory[2 * n]);
    age = (int) memory[2 * n + 1];
    started = memory[2 * n + 2] != 0;
    tried = memory[2 * n + 3] != 0;
  }
}
