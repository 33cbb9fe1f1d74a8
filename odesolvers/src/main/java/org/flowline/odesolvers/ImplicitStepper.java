package org.flowline.odesolvers;

import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;

/// Steps of a diagonally implicit Runge–Kutta method; see [ButcherTableau] for the equations. An
/// implicit stage `Y = r + h a_ii f(t + c_i h, Y)` is solved by simplified Newton iterations,
///
///     (I − h a_ii J) ΔY = r + h a_ii f(Y) − Y        k_i = (Y − r) / (h a_ii)
///
/// with a Jacobian that is kept over steps as long as the iterations converge well. They end when
/// the remaining error is a small part of the tolerance, or of rounding for fixed step sizes. Where
/// an embedded solution is not bounded for stiff components, its error estimate is filtered through
/// `(I − h a_ss J)⁻¹`.
/// Hairer & Wanner (1996), IV.8; Hosea & Shampine (1996).
final class ImplicitStepper implements Stepper {

  private static final int MAX_ITERATIONS = 12;

  /// Fixed steps cannot be made smaller: they have more patience, and take the Jacobian at the
  /// stage itself where the iteration is slow.
  private static final int MAX_ITERATIONS_FIXED = 100;

  private static final double SLOW = 0.5;

  /// Part of the tolerance that the error of a stage may have.
  private static final double KAPPA = 0.01;

  /// Tolerance of the stages of fixed steps.
  private static final double ROUNDING = 1e-15;

  /// Changes of this size, in units of the tolerance above, may be rounding that does not shrink.
  private static final double NOISE = 1000;

  /// The Jacobian is taken anew for the next step when iterations contracted worse than this.
  private static final double GOOD_RATE = 0.001;

  /// Errors are this many times the first change as long as no rate of convergence is known.
  private static final double UNKNOWN_RATE = 1000;

  /// A rate of convergence is trusted to fall by no more than this from one iteration to the next,
  /// since a fast component may hide a slow one.
  private static final double RATE_MEMORY = 0.3;

  /// A filtered error may not be less than a sixteenth of the raw one.
  private static final double RAW_PART = 16 * 16;

  private final CountedField field;
  private final ButcherTableau tableau;
  private final int stages;
  private final int allStages;
  private final double[] c;
  private final double[] diagonal;
  private final LinearCombination[] rows;
  private final boolean filtered;
  private final LinearCombination weights;
  private final LinearCombination error;
  private final Linearisation linear;

  /// Of adaptive steps, with the components that a seminorm leaves out, since a stage must be
  /// solved in all; null for fixed ones.
  private final ErrorNorm norm;

  private final boolean fixed;
  private final double kappa;
  private final double settled;
  private final int maxIterations;
  private final double[] known;
  private final double[] residual;
  private final double[] change;
  private final double[] stage;
  private final double[] zero;
  private double[] first;
  private boolean started;

  /// Whether there is a Jacobian, and whether it is that of the present step's start.
  private boolean linearised;

  private boolean fresh;

  /// Whether field or state were not finite in the stage just tried.
  private boolean nonFinite;

  /// The worst rate of convergence in the last step.
  private double worstRate;

  ImplicitStepper(ButcherTableau tableau, VectorField field, StepSize size) {
    int n = field.dimension();
    this.field = new CountedField(field);
    this.tableau = tableau;
    this.stages = tableau.stepStages();
    this.allStages = tableau.stages();
    this.c = new double[allStages];
    this.diagonal = new double[allStages];
    this.rows = new LinearCombination[allStages];
    double[] b = new double[allStages];
    double[] difference = new double[allStages];
    for (int i = 0; i < allStages; i++) {
      c[i] = tableau.c(i);
      diagonal[i] = tableau.a(i, i);
      b[i] = tableau.b(i);
      difference[i] = tableau.embedded() ? b[i] - tableau.bEmbedded(i) : 0;
      double[] row = new double[i];
      for (int j = 0; j < i; j++) {
        row[j] = tableau.a(i, j);
      }
      rows[i] = LinearCombination.of(row);
    }
    this.filtered = tableau.embedded() && diagonal[0] == 0 && !embeddedIsStage();
    this.weights = LinearCombination.of(b);
    this.error = LinearCombination.of(difference);
    this.linear = new Linearisation(this.field, field, size);
    this.norm =
        size instanceof StepSize.Adaptive adaptive
            ? new ErrorNorm(adaptive.tolerance().everywhere(), n, ThreadTeam.SERIAL)
            : null;
    this.fixed = norm == null;
    this.kappa = fixed ? 1 : KAPPA;
    this.settled = fixed ? NOISE : KAPPA;
    this.maxIterations = fixed ? MAX_ITERATIONS_FIXED : MAX_ITERATIONS;
    this.known = new double[n];
    this.residual = new double[n];
    this.change = new double[n];
    this.stage = new double[n];
    this.zero = new double[n];
    this.first = new double[n];
  }

  /// Whether the embedded solution is one of the stages, and hence bounded where the field is
  /// stiff.
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
  public double[] start(Step step) {
    if (!started) {
      field.evaluate(step.stageTime(0), step.y0, first);
      started = true;
      step.freshSlope = true;
    }
    return first;
  }

  @Override
  public boolean trial(Step step) {
    if (!linearised || (!fresh && worstRate > GOOD_RATE)) {
      linearise(step);
    }
    boolean solved = stages(step);
    if (!solved && !fresh) {
      linearise(step);
      solved = stages(step);
    }
    return solved;
  }

  private void linearise(Step step) {
    linear.at(step.stageTime(0), step.y0, 0);
    linearised = true;
    fresh = true;
  }

  private boolean stages(Step step) {
    double[][] k = step.k;
    worstRate = 0;
    for (int i = 0; i < stages; i++) {
      if (diagonal[i] != 0) {
        rows[i].apply(step.y0, step.h, k, known);
        if (!solve(step, i)) {
          return false;
        }
        if (nonFinite) {
          step.y1[0] = Double.NaN;
          return true;
        }
      } else if (i == 0) {
        k[0] = start(step);
      } else {
        rows[i].apply(step.y0, step.h, k, stage);
        field.evaluate(step.stageTime(c[i]), stage, k[i]);
      }
    }
    if (tableau.stifflyAccurate()) {
      System.arraycopy(stage, 0, step.y1, 0, stage.length);
    } else {
      weights.apply(step.y0, step.h, k, step.y1);
    }
    return true;
  }

  /// Solves for the stage `Y`, starting with the slope of the stage before, and its slope.
  private boolean solve(Step step, int i) {
    double w = step.h * diagonal[i];
    double[] slope = step.k[i];
    double[] guess = i > 0 ? step.k[i - 1] : zero;
    for (int j = 0; j < stage.length; j++) {
      stage[j] = known[j] + w * guess[j];
    }
    double time = step.stageTime(c[i]);
    if (!linear.factorise(w) && !(fixed && factoriseAt(time, w))) {
      return false;
    }
    double before = Double.NaN;
    double rate = 0.9;
    for (int iteration = 0; iteration < maxIterations; iteration++) {
      field.evaluate(time, stage, slope);
      for (int j = 0; j < stage.length; j++) {
        residual[j] = known[j] + w * slope[j] - stage[j];
      }
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
        if (size <= settled && !(contraction < 1)) {
          setSlope(slope, w);
          return true;
        }
        worstRate = size <= settled ? worstRate : Math.max(worstRate, contraction);
        if (!fixed && !(contraction < 1)) {
          return false;
        }
        boolean slow = size > settled && !(contraction < SLOW);
        if (fixed && slow && !factoriseAt(time, w)) {
          return false;
        }
        rate = Math.max(RATE_MEMORY * rate, contraction);
      }
      double rest =
          iteration == 0
              ? size * UNKNOWN_RATE
              : rate < 1 ? size * rate / (1 - rate) : Double.POSITIVE_INFINITY;
      if (rest <= kappa) {
        setSlope(slope, w);
        return true;
      }
      before = size;
    }
    return false;
  }

  /// With the Jacobian at the stage itself.
  private boolean factoriseAt(double time, double w) {
    linear.at(time, stage, 0);
    worstRate = 1;
    return linear.factorise(w);
  }

  /// The last change in units of the tolerance, or of rounding in the largest component.
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

  private void setSlope(double[] slope, double w) {
    for (int j = 0; j < stage.length; j++) {
      slope[j] = (stage[j] - known[j]) / w;
    }
  }

  @Override
  public void estimate(Step step) {
    error.apply(zero, step.h, step.k, step.errors);
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
    for (int i = stages; i < allStages; i++) {
      rows[i].apply(step.y0, step.h, step.k, stage);
      field.evaluate(step.stageTime(c[i]), stage, step.k[i]);
    }
  }

  @Override
  public void advance(Step step) {
    fresh = false;
    started = tableau.fsal();
    if (started) {
      double[] last = step.k[stages - 1];
      step.k[stages - 1] = first;
      first = last;
      step.k[0] = last;
    }
  }

  @Override
  public void restart() {
    started = false;
    linearised = false;
  }

  @Override
  public CountedField field() {
    return field;
  }

  @Override
  public double[] memory() {
    double[] jacobian = linear.memory();
    int n = first.length;
    double[] memory = new double[4 + n + jacobian.length];
    memory[0] = started ? 1 : 0;
    memory[1] = linearised ? 1 : 0;
    memory[2] = fresh ? 1 : 0;
    memory[3] = worstRate;
    System.arraycopy(first, 0, memory, 4, n);
    System.arraycopy(jacobian, 0, memory, 4 + n, jacobian.length);
    return memory;
  }

  @Override
  public void recall(double[] memory) {
    started = memory[0] != 0;
    linearised = memory[1] != 0;
    fresh = memory[2] != 0;
    worstRate = memory[3];
    System.arraycopy(memory, 4, first, 0, first.length);
    linear.recall(memory, 4 + first.length);
  }
}
