package org.flowline.odesolvers;

import java.util.concurrent.Semaphore;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.ode.LocalizedODEFormats;
import org.hipparchus.ode.ODEIntegrator;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.AdaptiveStepsizeIntegrator;
import org.hipparchus.ode.sampling.ODEStateInterpolator;

/// Steps of an integrator of Hipparchus, which proposes them, too.
///
/// Hipparchus has a loop of its own, which a [Generator] turns into a sequence of steps. An event
/// that changes the state starts a new generator. Its time is `(t − start)/unit`, since Hipparchus
/// takes differences of times, has constants such as a first step of 1e-6, and adds quantities of
/// different units where a multistep method starts, which loses digits unless steps are near 1.
final class HipparchusStepper implements Stepper, StepControl {

  /// The least number of steps of an interval that is too short for a multistep method to start.
  private static final int STARTING_STEPS = 32;

  private final HipparchusMethod method;
  private final StartSlope slope;
  private StepSize.Adaptive size;
  private double t0;
  private double t1;

  /// The time of the last start or restart.
  private double start;

  /// The unit of Hipparchus' time, a power of 2: 1, or the size of the interval, or of the last
  /// step before a restart, where that is far from 1.
  private double unit;

  /// The longest step: shortened where a multistep method needs several steps to start.
  private double longest;

  /// The steps from the last start or restart; null before the first one.
  private Generator generator;

  private ODEStateInterpolator interpolator;
  private Reason failure = Reason.SUCCESS;
  private String failureMessage = "";

  HipparchusStepper(HipparchusMethod method, VectorField field) {
    this.method = method;
    this.slope = new StartSlope(new CountedField(field));
  }

  @Override
  public StepControl control(StepSize size, Method method, double t0, double t1) {
    var adaptive = (StepSize.Adaptive) size; // Integrator.of refuses fixed steps
    boolean forced = adaptive.forced().stops().length + adaptive.forced().jumps().length > 0;
    if (forced || !adaptive.gains().equals(StepSize.Adaptive.Gains.DEFAULT)) {
      throw new IllegalArgumentException(
          "%s: %s, want tolerances and limits only, as Hipparchus has its own control; use TSIT5"
              .formatted(method.name(), forced ? "forced times" : "gains, safety or factors"));
    }
    this.size = adaptive;
    this.t0 = t0;
    this.t1 = t1;
    double length = Math.abs(t1 - t0);
    this.start = t0;
    this.unit = unit(length);
    this.longest = Math.min(adaptive.limits().maxStep(), length);
    return this;
  }

  private static double unit(double length) {
    return length > 1e-3 && length < 1e3 ? 1 : Math.scalb(1.0, Math.getExponent(length));
  }

  @Override
  public boolean proposeStep(Step step) {
    if (step.index >= size.limits().maxSteps()) {
      failure = Reason.MAX_STEPS;
    }
    interpolator = null;
    while (failure == Reason.SUCCESS && interpolator == null) {
      if (generator == null) {
        unit = step.h == 0 ? unit : unit(Math.abs(step.h));
        start = step.t;
        generator = new Generator(integrator(), step);
      }
      interpolator = generator.next();
      if (interpolator == null) {
        MathRuntimeException thrown = generator.failure();
        generator = null;
        if (thrown != null) {
          fail(thrown, Math.abs(t1 - step.t) / STARTING_STEPS);
        }
      }
    }
    if (failure != Reason.SUCCESS) {
      return false;
    }
    double end = start + unit * interpolator.getCurrentState().getTime();
    double target = generator.target;
    boolean last = Math.abs(end - target) <= 2 * Math.ulp(Math.max(Math.abs(t0), Math.abs(t1)));
    step.plan((last ? target : end) - step.t, last ? target : end);
    return true;
  }

  private ODEIntegrator integrator() {
    StepSize.Adaptive.Limits limits = size.limits();
    int n = field().dimension();
    double smallest = 4 * Math.ulp(Math.max(Math.abs(t0), Math.abs(t1)));
    ODEIntegrator integrator =
        method.create(
            Math.max(limits.minStep(), smallest) / unit,
            longest / unit,
            ErrorNorm.each("atol", size.tolerance().atol(), n),
            ErrorNorm.each("rtol", size.tolerance().rtol(), n));
    if (limits.initialStep() > 0 && integrator instanceof AdaptiveStepsizeIntegrator adaptive) {
      adaptive.setInitialStepSize(limits.initialStep() / unit);
    }
    return integrator;
  }

  /// Takes a failure as the end of the solve, or starts again with shorter steps.
  private void fail(MathRuntimeException e, double shorter) {
    boolean early = e.getSpecifier() == LocalizedODEFormats.MULTISTEP_STARTER_STOPPED_EARLY;
    if (early && shorter < longest) {
      longest = shorter;
      return;
    }
    boolean nan = e.getSpecifier() == LocalizedODEFormats.NAN_APPEARING_DURING_INTEGRATION;
    failure = nan ? Reason.NON_FINITE_STATE : Reason.STEP_SIZE_UNDERFLOW;
    failureMessage = e.getMessage();
  }

  @Override
  public boolean trial(Step step) {
    double[] y1 = interpolator.getCurrentState().getPrimaryState();
    System.arraycopy(y1, 0, step.y1, 0, y1.length);
    slope.replace(perTime(interpolator.getPreviousState().getPrimaryDerivative()));
    return true;
  }

  @Override
  public boolean accepts(Step step, boolean solved) {
    if (Step.nonFinite(step.y1) >= 0) {
      failure = Reason.NON_FINITE_STATE;
    }
    return failure == Reason.SUCCESS;
  }

  /// Turns a derivative by Hipparchus' time into one by time.
  private double[] perTime(double[] rate) {
    for (int j = 0; j < rate.length; j++) {
      rate[j] /= unit;
    }
    return rate;
  }

  /// Reads the slopes off the interpolator, which misses `y1` by the correction of a multistep
  /// method: a constant is added, so that the dense output ends at `y1`.
  @Override
  public void complete(Step step) {
    double from = interpolator.getPreviousState().getTime();
    double length = interpolator.getCurrentState().getTime() - from;
    double[] missing = interpolator.getCurrentState().getPrimaryState();
    double[] weights = new double[step.k.length];
    method.denseWeights(1, weights);
    for (int i = 0; i < step.k.length; i++) {
      double time = from + method.node(i) * length;
      double[] rate = perTime(interpolator.getInterpolatedState(time).getPrimaryDerivative());
      System.arraycopy(rate, 0, step.k[i], 0, rate.length);
      for (int j = 0; j < rate.length; j++) {
        missing[j] -= step.h * weights[i] * rate[j];
      }
    }
    for (double[] k : step.k) {
      for (int j = 0; j < k.length; j++) {
        k[j] += (missing[j] - step.y0[j]) / step.h;
      }
    }
  }

  @Override
  public StartSlope startSlope() {
    return slope;
  }

  @Override
  public void restart() {
    close();
  }

  @Override
  public boolean stuck() {
    return failure != Reason.SUCCESS;
  }

  @Override
  public Status failure(Step step, long steps) {
    double rtol = size.tolerance().tightest();
    int worst = failure == Reason.NON_FINITE_STATE ? Step.nonFinite(step.y1) : -1;
    String remedy =
        switch (failure) {
          case MAX_STEPS ->
              "loosen rtol (%s), or allow more than %s with withMaxSteps".formatted(rtol, steps);
          case NON_FINITE_STATE -> "field or state are not finite beyond; end the interval before";
          default ->
              "Hipparchus reports: %s; loosen rtol (%s), or end the interval before"
                  .formatted(failureMessage, rtol);
        };
    return Status.of(failure, step, steps, worst, remedy);
  }

  @Override
  public double[] saveState() {
    return new double[0];
  }

  @Override
  public void restoreState(double[] state) {}

  @Override
  public void close() {
    if (generator != null) {
      generator.close();
      generator = null;
    }
  }

  /// Yields the steps of one call of `integrate`, which runs in a thread of its own. The thread and
  /// its caller take turns: one of them always waits, so that field and observers are never called
  /// at the same time.
  private final class Generator implements OrdinaryDifferentialEquation {

    /// Leaves the loop of Hipparchus.
    private static final class Closed extends RuntimeException {
      private static final long serialVersionUID = 1;

      Closed() {
        super(null, null, false, false);
      }
    }

    private final Semaphore wanted = new Semaphore(0);
    private final Semaphore made = new Semaphore(0);
    private final Thread thread;

    /// The end of the interval, or the next breakpoint of the field before it.
    private final double target;

    private final double low;
    private final double high;
    private ODEStateInterpolator step;
    private boolean closed;
    private boolean started;
    private Throwable thrown;
    private Throwable thrownByField;

    Generator(ODEIntegrator integrator, Step first) {
      int direction = t1 > t0 ? 1 : -1;
      double next = field().breakpoints().next(first.t, direction);
      target = (t1 - next) * direction > 0 ? next : t1;
      double begin = field().breakpoints().beside(first.t, direction);
      double end = field().breakpoints().beside(target, -direction);
      low = Math.min(begin, end);
      high = Math.max(begin, end);
      var origin = new ODEState(0, first.y0.clone());
      double length = (target - start) / unit;
      integrator.addStepHandler(this::yield);
      thread =
          Thread.ofPlatform()
              .daemon()
              .name("flowline-hipparchus")
              .unstarted(
                  () -> {
                    try {
                      integrator.integrate(this, origin, length);
                    } catch (Throwable all) {
                      thrown = all;
                    }
                    step = null;
                    made.release();
                  });
    }

    /// Returns the next step, valid until the next call; null if there is none.
    ODEStateInterpolator next() {
      if (started) {
        wanted.release();
      } else {
        thread.start();
        started = true;
      }
      made.acquireUninterruptibly();
      return step;
    }

    private void yield(ODEStateInterpolator next) {
      step = next;
      made.release();
      wanted.acquireUninterruptibly();
      if (closed) {
        throw new Closed();
      }
    }

    /// Returns why Hipparchus made no further step; null if it reached its end. Exceptions of the
    /// field are thrown again.
    MathRuntimeException failure() {
      return switch (thrown) {
        case null -> null;
        case MathRuntimeException e when e != thrownByField -> e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(thrown);
      };
    }

    /// Ends the thread and waits for its end.
    void close() {
      closed = true;
      wanted.release();
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public int getDimension() {
      return field().dimension();
    }

    /// Evaluates the field within the interval, which probes for a first step may leave.
    @Override
    public double[] computeDerivatives(double t, double[] y) {
      double[] dydt = new double[y.length];
      try {
        field().evaluate(Math.clamp(start + unit * t, low, high), y, dydt);
        for (int j = 0; j < dydt.length; j++) {
          dydt[j] *= unit;
        }
      } catch (RuntimeException | Error e) {
        thrownByField = e;
        throw e;
      }
      return dydt;
    }
  }
}
