package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;

/// Steps of a diagonally implicit Runge–Kutta method; see [ButcherTableau] for the equations. An
/// implicit stage `Y = r + h a_ii f(t + c_i h, Y)` is solved by simplified Newton iterations,
///
///     (I − h a_ii J) ΔY = r + h a_ii f(Y) − Y        k_i = (Y − r) / (h a_ii)
///
/// with a Jacobian that is kept over steps as long as the iterations converge well. They end when
/// the remaining error is a small part of the tolerance, or of rounding for fixed step sizes, and
/// the residual on the right confirms the Jacobian: a wrong one makes small changes, too. The
/// error estimate of an embedded solution that is not bounded for stiff components is filtered
/// through `(I − h a_ss J)⁻¹`. Hairer & Wanner (1996), IV.8; Hosea & Shampine (1996).
final class ImplicitStepper implements Stepper {

  private static final int MAX_ITERATIONS = 12;

  /// The limit for fixed steps, which cannot be shortened: they take more iterations, and compute
  /// the Jacobian at the stage itself if these converge slowly.
  private static final int MAX_ITERATIONS_FIXED = 100;

  private static final double SLOW = 0.5;

  /// The error allowed in a stage, as a part of the tolerance.
  private static final double KAPPA = 0.01;

  /// The tolerance of the stages of fixed steps.
  private static final double ROUNDING = 1e-15;

  /// The size of changes that may be rounding errors, in units of the tolerance above.
  private static final double NOISE = 1000;

  /// The worst contraction with which the Jacobian is kept for the next step.
  private static final double GOOD_RATE = 0.001;

  /// The largest residual that needs no confirmation, in units of the tolerance.
  private static final double HARMLESS = 1 / KAPPA;

  /// The part of the terms that the last change cancels in a linear field, below which a residual
  /// confirms the Jacobian: Newton's method converges from there (Kantorovich).
  private static final double CONFIRMED = 0.25;

  /// The ratio of the error and the first change as long as no rate of convergence is known.
  private static final double UNKNOWN_RATE = 1000;

  /// The largest decrease of the rate of convergence from one iteration to the next, since a fast
  /// component may hide a slow one.
  private static final double RATE_MEMORY = 0.3;

  /// The square of the largest ratio of a raw and a filtered error.
  private static final double RAW_PART = 16 * 16;

  private final StartSlope slope;
  private final CountedField field;
  private final ButcherTableau tableau;
  private final int stages;
  private final double[] diagonal;
  private final boolean stifflyAccurate;
  private final boolean filtered;
  private final LinearCombination errorSum;
  private final Linearisation linear;

  /// The norm of adaptive steps in all components; null for fixed steps.
  private final ErrorNorm norm;

  private final boolean fixed;
  private final double kappa;
  private final double settled;
  private final int maxIterations;
  private final double[] known;
  private final double[] residual;
  private final double[] stage;
  private final double[] zero;

  private double[] change;
  private double[] lastChange;

  /// True if there is a Jacobian, and if it was computed at the start of the present step.
  private boolean linearised;

  private boolean fresh;

  /// True if field or state were not finite in the last stage.
  private boolean nonFinite;

  /// The worst rate of convergence in the last step.
  private double worstRate;

  ImplicitStepper(ButcherTableau tableau, VectorField field, StepSize size) {
    int n = field.dimension();
    this.slope = new StartSlope(new CountedField(field));
    this.field = slope.field;
    this.tableau = tableau;
    this.stages = tableau.stepStages();
    this.stifflyAccurate = tableau.stifflyAccurate();
    this.diagonal = new double[tableau.stages()];
    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] = tableau.a(i, i);
    }
    this.filtered = tableau.embedded() && diagonal[0] == 0 && !embeddedIsStage();
    this.errorSum = tableau.errorSum();
    this.linear = new Linearisation(this.field, field, size);
    this.norm = ErrorNorm.everywhere(size, n);
    this.fixed = norm == null;
    this.kappa = fixed ? 1 : KAPPA;
    this.settled = fixed ? NOISE : KAPPA;
    this.maxIterations = fixed ? MAX_ITERATIONS_FIXED : MAX_ITERATIONS;
    this.known = new double[n];
    this.residual = new double[n];
    this.change = new double[n];
    this.lastChange = new double[n];
    this.stage = new double[n];
    this.zero = new double[n];
  }

  /// Returns whether the embedded solution is one of the stages, and hence bounded for stiff
  /// fields.
  private boolean embeddedIsStage() {
    for (int i = 0; i < stages; i++) {
      boolean same = true;
      for (int j = 0; j < stages; j++) {
        same &= tableau.a(i, j) == tableau.bEmbedded(j);
      }
      if (same) {
        return true;
      }
    }
    return false;
  }

  @Override
  public StartSlope startSlope() {
    return slope;
  }

  @Override
  public boolean trial(Step step) {
    if (!linearised || (!fresh && worstRate > GOOD_RATE)) {
      linearise(step);
    }
    boolean solved = solveStages(step);
    if (!solved && !fresh) {
      linearise(step);
      solved = solveStages(step);
    }
    return solved;
  }

  private void linearise(Step step) {
    linear.atStart(step.stageTime(0), step.y0, step.h);
    linearised = true;
    fresh = true;
  }

  private boolean solveStages(Step step) {
    double[][] k = step.k;
    worstRate = 0;
    for (int i = 0; i < stages; i++) {
      if (diagonal[i] != 0) {
        tableau.explicitSum(i).apply(step.y0, step.h, k, known);
        if (!solveStage(step, i)) {
          return false;
        }
        if (nonFinite) {
          step.y1[0] = Double.NaN;
          return true;
        }
      } else if (i == 0) {
        k[0] = slope.at(step);
      } else {
        evaluateExplicit(step, i);
      }
    }
    if (stifflyAccurate) {
      System.arraycopy(stage, 0, step.y1, 0, stage.length);
    } else {
      tableau.endSum().apply(step.y0, step.h, k, step.y1);
    }
    return true;
  }

  private void evaluateExplicit(Step step, int i) {
    tableau.explicitSum(i).apply(step.y0, step.h, step.k, stage);
    field.evaluate(step.stageTime(tableau.c(i)), stage, step.k[i]);
  }

  /// Solves for the stage `Y`, with the slope of the stage before as the first guess, and for its
  /// slope.
  private boolean solveStage(Step step, int i) {
    double w = step.h * diagonal[i];
    double[] ki = step.k[i];
    double[] guess = i > 0 ? step.k[i - 1] : zero;
    for (int j = 0; j < stage.length; j++) {
      stage[j] = known[j] + w * guess[j];
    }
    double time = step.stageTime(tableau.c(i));
    if (!linear.factorise(w) && !(fixed && factoriseAt(time, w))) {
      return false;
    }
    double before = Double.NaN;
    double rate = 0.9;
    Arrays.fill(change, 0);
    for (int iteration = 0; iteration < maxIterations; iteration++) {
      field.evaluate(time, stage, ki);
      for (int j = 0; j < stage.length; j++) {
        residual[j] = known[j] + w * ki[j] - stage[j];
      }
      double[] free = lastChange;
      lastChange = change;
      change = free;
      linear.solve(residual, change);
      for (int j = 0; j < stage.length; j++) {
        stage[j] += change[j];
      }
      double size = size(step);
      nonFinite = Double.isNaN(size);
      if (nonFinite) {
        return true;
      }
      if (iteration > 0) {
        double contraction = size / before;
        if (size <= settled && !(contraction < 1) && confirmed(step, w)) {
          setSlope(ki, w);
          return true;
        }
        worstRate = size <= settled ? worstRate : Math.max(worstRate, contraction);
        if (!fixed && !(contraction < 1)) {
          return false;
        }
        boolean slow = !(contraction < (size > settled ? SLOW : 1));
        if (fixed && slow && !factoriseAt(time, w)) {
          return false;
        }
        rate = Math.max(RATE_MEMORY * rate, contraction);
      }
      double rest =
          iteration == 0
              ? size * UNKNOWN_RATE
              : rate < 1 ? size * rate / (1 - rate) : Double.POSITIVE_INFINITY;
      if (rest <= kappa && confirmed(step, w)) {
        setSlope(ki, w);
        return true;
      }
      before = size;
    }
    return false;
  }

  /// Returns whether the residual before the last change is harmless, or so small that it confirms
  /// the linear field by which the change was computed; see [Linearisation#explains].
  private boolean confirmed(Step step, double w) {
    if (harmless(step)) {
      return true;
    }
    for (int j = 0; j < stage.length; j++) {
      lastChange[j] *= fixed ? 0 : CONFIRMED;
    }
    return linear.explains(w, residual, lastChange, stage) || harmless(step);
  }

  private boolean harmless(Step step) {
    return !fixed && norm.square(residual, step.y0, stage) <= HARMLESS * HARMLESS;
  }

  /// Factorises with the Jacobian at the stage itself.
  private boolean factoriseAt(double time, double w) {
    linear.atStage(time, stage);
    worstRate = 1;
    return linear.factorise(w);
  }

  /// Returns the last change in units of the tolerance, or of rounding in the largest component.
  private double size(Step step) {
    if (!fixed) {
      return Math.sqrt(norm.square(change, step.y0, stage));
    }
    double largest = Double.MIN_NORMAL;
    double moved = 0;
    for (int j = 0; j < stage.length; j++) {
      largest = Math.max(largest, Math.abs(stage[j]));
      moved = Math.max(moved, Math.abs(change[j]));
    }
    return moved / (ROUNDING * largest);
  }

  private void setSlope(double[] ki, double w) {
    for (int j = 0; j < stage.length; j++) {
      ki[j] = (stage[j] - known[j]) / w;
    }
  }

  @Override
  public void estimate(Step step) {
    errorSum.apply(zero, step.h, step.k, step.errors);
    if (!filtered) {
      return;
    }
    linear.solve(step.errors, residual);
    double smooth = norm.square(residual, step.y0, step.y1);
    double raw = norm.square(step.errors, step.y0, step.y1) / RAW_PART;
    if (smooth >= raw) {
      System.arraycopy(residual, 0, step.errors, 0, residual.length);
    } else {
      for (int j = 0; j < residual.length; j++) {
        step.errors[j] /= Math.sqrt(RAW_PART);
      }
    }
  }

  @Override
  public void complete(Step step) {
    for (int i = stages; i < diagonal.length; i++) {
      evaluateExplicit(step, i);
    }
  }

  @Override
  public void accept(Step step) {
    fresh = false;
    slope.known = false;
    if (tableau.fsal()) {
      step.k[stages - 1] = slope.replace(step.k[stages - 1]);
    }
  }

  @Override
  public void restart() {
    slope.known = false;
    linearised = false;
  }

  @Override
  public double[] saveState() {
    double[] jacobian = linear.saveState(true);
    int n = slope.value.length;
    double[] state = new double[4 + n + jacobian.length];
    state[0] = slope.known ? 1 : 0;
    state[1] = linearised ? 1 : 0;
    state[2] = fresh ? 1 : 0;
    state[3] = worstRate;
    System.arraycopy(slope.value, 0, state, 4, n);
    System.arraycopy(jacobian, 0, state, 4 + n, jacobian.length);
    return state;
  }

  @Override
  public void restoreState(double[] state) {
    slope.known = state[0] != 0;
    linearised = state[1] != 0;
    fresh = state[2] != 0;
    worstRate = state[3];
    System.arraycopy(state, 4, slope.value, 0, slope.value.length);
    linear.restoreState(state, 4 + slope.value.length, true);
  }
}
