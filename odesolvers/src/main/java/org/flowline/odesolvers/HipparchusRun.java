package org.flowline.odesolvers;

import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.ode.LocalizedODEFormats;
import org.hipparchus.ode.ODEIntegrator;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.AdaptiveStepsizeIntegrator;
import org.hipparchus.ode.sampling.ODEStateInterpolator;

/// A solve by an integrator of Hipparchus: it brings the steps, and [Integrator] accepts them.
///
/// Stepper and control in one, as Hipparchus' loop is. Each leg is one call of `integrate`; it is
/// left where the solve ends, and begun again behind an event that changed the state.
final class HipparchusRun implements Stepper, StepControl {

  /// Leaves Hipparchus' loop.
  private static final class Leave extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final Leave LEAVE = new Leave();

    private Leave() {
      super(null, null, false, false);
    }
  }

  /// In how many steps at least a multistep method makes a leg that is too short for it.
  private static final int STARTING_STEPS = 32;

  private final HipparchusMethod method;
  private final CountedField field;
  private StepSize.Adaptive size;
  private double t0;
  private double t1;
  private ODEStateInterpolator interpolator;
  private boolean jumped;

  /// The longest step, made shorter where a multistep method needs several steps to start with.
  private double longest;

  private Reason obstacle = Reason.SUCCESS;
  private String remark = "";

  /// What the field or an observer threw, to be told from what Hipparchus throws.
  private RuntimeException thrown;

  HipparchusRun(HipparchusMethod method, VectorField field) {
    this.method = method;
    this.field = new CountedField(field);
  }

  /// Sets the step size and the interval.
  ///
  /// @throws IllegalArgumentException if Hipparchus has no such option
  HipparchusRun over(StepSize.Adaptive size, double t0, double t1) {
    boolean forced = size.forced().stops().length + size.forced().jumps().length > 0;
    if (forced || !size.gains().equals(StepSize.Adaptive.Gains.DEFAULT)) {
      throw new IllegalArgumentException(
          "%s: %s, want tolerances and limits only, as Hipparchus has its own control; use TSIT5"
              .formatted(method.name(), forced ? "forced times" : "gains, safety or factors"));
    }
    this.size = size;
    this.t0 = t0;
    this.t1 = t1;
    this.longest = Math.min(size.limits().maxStep(), Math.abs(t1 - t0));
    return this;
  }

  /// All steps of the solve; `accept` lets one stand.
  void drive(SolverState solve, Runnable accept) {
    while (solve.goesOn() && obstacle == Reason.SUCCESS) {
      jumped = false;
      ODEIntegrator integrator = integrator();
      integrator.addStepHandler(step -> take(step, solve, accept));
      var start = new ODEState(solve.step.t, solve.step.y0.clone());
      try {
        integrator.integrate(new Equation(), start, t1);
      } catch (Leave _) {
        // the solve has ended, or an event has changed the state
      } catch (MathRuntimeException e) {
        if (e == thrown) {
          throw e;
        }
        fail(e, Math.abs(t1 - solve.step.t) / STARTING_STEPS);
      }
    }
  }

  private ODEIntegrator integrator() {
    StepSize.Adaptive.Limits limits = size.limits();
    int n = field.dimension();
    double smallest = 4 * Math.ulp(Math.max(Math.abs(t0), Math.abs(t1)));
    ODEIntegrator integrator =
        method.create(
            Math.max(limits.minStep(), smallest),
            longest,
            ErrorNorm.each("atol", size.tolerance().atol(), n),
            ErrorNorm.each("rtol", size.tolerance().rtol(), n));
    if (limits.initialStep() > 0 && integrator instanceof AdaptiveStepsizeIntegrator adaptive) {
      adaptive.setInitialStepSize(limits.initialStep());
    }
    return integrator;
  }

  private void take(ODEStateInterpolator interpolator, SolverState solve, Runnable accept) {
    Step step = solve.step;
    double[] y1 = interpolator.getCurrentState().getPrimaryState();
    double end = interpolator.getCurrentState().getTime();
    if (Math.abs(end - t1) <= 2 * Math.ulp(Math.max(Math.abs(t0), Math.abs(t1)))) {
      end = t1;
    }
    this.interpolator = interpolator;
    step.aim(end - step.t, end);
    System.arraycopy(y1, 0, step.y1, 0, y1.length);
    if (Step.nonFinite(y1) >= 0) {
      obstacle = Reason.NON_FINITE_STATE;
      throw Leave.LEAVE;
    }
    try {
      accept.run();
    } catch (RuntimeException e) {
      thrown = e;
      throw e;
    }
    if (solve.goesOn() && step.index >= size.limits().maxSteps()) {
      obstacle = Reason.MAX_STEPS;
    }
    if (!solve.goesOn() || jumped || obstacle != Reason.SUCCESS) {
      throw Leave.LEAVE;
    }
  }

  private void fail(MathRuntimeException e, double shorter) {
    boolean early = e.getSpecifier() == LocalizedODEFormats.MULTISTEP_STARTER_STOPPED_EARLY;
    if (early && shorter < longest) {
      longest = shorter; // and the leg begins again: no step of it was made
      return;
    }
    boolean nan = e.getSpecifier() == LocalizedODEFormats.NAN_APPEARING_DURING_INTEGRATION;
    obstacle = nan ? Reason.NON_FINITE_STATE : Reason.STEP_SIZE_UNDERFLOW;
    remark = e.getMessage();
  }

  /// The field as Hipparchus sees it; its probes for a first step are kept within the interval.
  private final class Equation implements OrdinaryDifferentialEquation {

    private final double low = Math.min(t0, t1);
    private final double high = Math.max(t0, t1);

    @Override
    public int getDimension() {
      return field.dimension();
    }

    @Override
    public double[] computeDerivatives(double t, double[] y) {
      double[] dydt = new double[y.length];
      try {
        field.evaluate(Math.clamp(t, low, high), y, dydt);
      } catch (RuntimeException e) {
        thrown = e;
        throw e;
      }
      return dydt;
    }
  }

  @Override
  public void complete(Step step) {
    double start = interpolator.getPreviousState().getTime();
    double length = interpolator.getCurrentState().getTime() - start;
    for (int i = 0; i < step.k.length; i++) {
      double[] slope =
          interpolator.getInterpolatedState(start + method.node(i) * length).getPrimaryDerivative();
      System.arraycopy(slope, 0, step.k[i], 0, slope.length);
    }
  }

  /// Behind a jump of the state.
  @Override
  public void restart(Step step) {
    jumped = true;
  }

  @Override
  public void restart() {
    jumped = true;
  }

  @Override
  public double stiffness(Step step) {
    return Double.NaN;
  }

  @Override
  public boolean stuck() {
    return false;
  }

  @Override
  public Status failure(Step step, long steps) {
    double rtol = size.tolerance().tightest();
    return switch (obstacle) {
      case MAX_STEPS ->
          Status.maxSteps(
              step,
              steps,
              -1,
              "loosen rtol (%s), or allow more than %d with withMaxSteps".formatted(rtol, steps));
      case NON_FINITE_STATE ->
          Status.nonFinite(
              step,
              steps,
              Step.nonFinite(step.y1),
              "field or state are not finite beyond; end the interval before");
      default ->
          Status.underflow(
              step,
              steps,
              -1,
              "Hipparchus says: %s; loosen rtol (%s), or end the interval before"
                  .formatted(remark, rtol));
    };
  }

  @Override
  public CountedField field() {
    return field;
  }

  @Override
  public void advance(Step step) {}

  @Override
  public double[] start(Step step) {
    throw driven();
  }

  @Override
  public boolean trial(Step step) {
    throw driven();
  }

  @Override
  public void estimate(Step step) {
    throw driven();
  }

  @Override
  public boolean aim(Step step) {
    throw driven();
  }

  @Override
  public boolean accepts(Step step, boolean solved) {
    throw driven();
  }

  private IllegalStateException driven() {
    return new IllegalStateException(
        "%s: asked for a step, want to bring its own; use drive".formatted(method.name()));
  }

  @Override
  public double[] memory() {
    return new double[0];
  }

  @Override
  public void recall(double[] memory) {}
}
