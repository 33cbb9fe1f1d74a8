package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.LinearCombination;
import org.flowline.odesolvers.method.Rosenbrock;

/// Steps of a linearly implicit method; see [Rosenbrock] for the equations. The Jacobian is
/// computed once per step, for all its trials.
final class RosenbrockStepper implements Stepper {

  /// The error of a step that is not resolved, in units of the state. Those that blow up have 0.95
  /// and more, and undamped oscillations of RODAS5P at most 0.7 in steps of any size.
  private static final double UNRESOLVED = 0.8;

  /// The part of `‖h f‖` below which an error is rounding, as where a solution returns to zero.
  private static final double ROUNDING = 1e-12;

  /// The smallest deviation from a linear field that counts, in units of its terms.
  private static final double NONLINEAR = 0.25;

  private final Rosenbrock method;
  private final StartSlope slope;
  private final CountedField field;
  private final int stages;

  /// `γ_i = Σ_j γ_ij`.
  private final double[] gammas;

  private final LinearCombination[] stageSums;
  private final LinearCombination[] couplings;
  private final LinearCombination endSum;
  private final LinearCombination errorSum;

  /// True if the last stage evaluates the field at the step's result.
  private final boolean lastIsResult;

  /// The largest error of a resolved step, in units of the state.
  private final double largestError;

  private final Linearisation linear;

  /// The norm of adaptive steps in all components; null for fixed steps.
  private final ErrorNorm norm;

  private final double[] y;
  private final double[] coupled;
  private final double[] right;
  private final double[] zero;
  private double[] last;
  private boolean linearised;

  RosenbrockStepper(Rosenbrock method, VectorField field, StepSize size) {
    int n = field.dimension();
    this.method = method;
    this.slope = new StartSlope(new CountedField(field));
    this.field = slope.field;
    this.stages = method.stages();
    this.gammas = new double[stages];
    this.stageSums = new LinearCombination[stages];
    this.couplings = new LinearCombination[stages];
    boolean same = true;
    for (int i = 0; i < stages; i++) {
      stageSums[i] = method.stageSum(i);
      couplings[i] = method.couplingSum(i);
      gammas[i] = method.gammaSum(i);
      same &= method.alpha(stages - 1, i) == method.b(i);
    }
    this.lastIsResult = stages > 1 && same;
    this.endSum = method.endSum();
    this.errorSum = method.errorSum();
    this.largestError = UNRESOLVED + method.stiffError();
    this.linear = new Linearisation(this.field, field, size);
    this.norm = ErrorNorm.everywhere(size, n);
    this.y = new double[n];
    this.coupled = new double[n];
    this.right = new double[n];
    this.zero = new double[n];
    this.last = new double[n];
  }

  @Override
  public StartSlope startSlope() {
    return slope;
  }

  @Override
  public boolean trial(Step step) {
    slope.at(step);
    if (!linearised) {
      linear.withTimeDerivative(step.stageTime(0), step.y0, step.h);
      linearised = true;
    }
    if (!linear.factorise(step.h * method.gamma())) {
      return false;
    }
    for (int i = 0; i < stages; i++) {
      setRightSide(step, i);
      linear.solve(right, step.k[i]);
    }
    endSum.apply(step.y0, step.h, step.k, step.y1);
    if (norm != null) {
      return linearWithinTheTolerance(step);
    }
    return !method.embedded() || resolved(step);
  }

  /// Returns false if the estimated error of a fixed step is as large as the state: on a grid that
  /// does not fit the solution, such a step may blow up and later ones look smooth again.
  private boolean resolved(Step step) {
    estimate(step);
    double error = 0;
    double before = 0;
    double after = 0;
    double change = 0;
    for (int j = 0; j < y.length; j++) {
      error = Math.hypot(error, step.errors[j]);
      before = Math.hypot(before, step.y0[j]);
      after = Math.hypot(after, step.y1[j]);
      change = Math.hypot(change, step.h * slope.value[j]);
    }
    return !(error > Math.max(largestError * Math.max(before, after), ROUNDING * change));
  }

  /// Returns false if the last stage is a tolerance or less from the start, and the field is not
  /// linear between: then the Jacobian has damped the stages and the error estimate, too.
  /// Deviations below the tolerance count only for fields that do not depend on time, since others
  /// may deviate with time.
  private boolean linearWithinTheTolerance(Step step) {
    double h = step.h;
    for (int j = 0; j < y.length; j++) {
      coupled[j] = y[j] - step.y0[j];
    }
    if (!(norm.square(coupled, step.y0, y) <= 1) || Step.nonFinite(last) >= 0) {
      return true;
    }
    boolean autonomous = true;
    for (int j = 0; j < y.length; j++) {
      double byTime = method.node(stages - 1) * h * linear.timeDerivative[j];
      right[j] = h * (last[j] - slope.value[j] - byTime);
      autonomous &= byTime == 0;
    }
    linear.addProduct(-h, coupled, right);
    for (int j = 0; j < y.length; j++) {
      coupled[j] *= NONLINEAR;
    }
    return linear.explains(h, right, coupled, y)
        || !autonomous && norm.square(right, step.y0, y) <= 1;
  }

  /// Sets the right-hand side of stage `i`.
  private void setRightSide(Step step, int i) {
    double h = step.h;
    if (i == 0) {
      System.arraycopy(slope.value, 0, right, 0, right.length);
    } else {
      stageSums[i].apply(step.y0, h, step.k, y);
      field.evaluate(step.stageTime(method.node(i)), y, right);
      if (i == stages - 1) {
        System.arraycopy(right, 0, last, 0, last.length);
      }
      couplings[i].apply(zero, h, step.k, coupled);
      linear.addProduct(1, coupled, right);
    }
    for (int j = 0; j < right.length; j++) {
      right[j] += h * gammas[i] * linear.timeDerivative[j];
    }
  }

  @Override
  public void estimate(Step step) {
    errorSum.apply(zero, step.h, step.k, step.errors);
  }

  @Override
  public void accept(Step step) {
    linearised = false;
    slope.known = false;
    if (lastIsResult) {
      last = slope.replace(last);
    }
  }

  @Override
  public void restart() {
    slope.known = false;
    linearised = false;
  }

  /// Returns the sizes of the components, the first slope if it is evaluated, and after a rejection
  /// the Jacobian.
  @Override
  public double[] saveState() {
    double[] first = slope.known ? slope.value : new double[0];
    double[] linearisation = linear.saveState(linearised);
    double[] state = Arrays.copyOf(linearisation, linearisation.length + first.length);
    System.arraycopy(first, 0, state, linearisation.length, first.length);
    return state;
  }

  @Override
  public void restoreState(double[] state) {
    int n = slope.value.length;
    slope.known = state.length > n;
    linearised = state.length > 2 * n;
    linear.restoreState(state, 0, linearised);
    System.arraycopy(state, state.length - n, slope.value, 0, slope.known ? n : 0);
  }
}
