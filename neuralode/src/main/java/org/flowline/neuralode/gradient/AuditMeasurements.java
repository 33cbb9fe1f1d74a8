package org.flowline.neuralode.gradient;

import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.flowline.autodiff.GradientCheck;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.TwiceDifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stochastic;

/// The measurements of a [GradientAudit] on one problem.
final class AuditMeasurements {
  private static final double TIGHT = 1e-11;

  /// The least number of steps of the reference, whose derivatives are resolved at rest, too.
  private static final int LEAST_STEPS = 200;

  /// The largest number of directions of finite differences; all components if there are fewer.
  private static final int DIRECTIONS = 24;

  /// The limits of a method's timing.
  private static final int RUNS = 40;

  private static final double NANOSECONDS = 5e7;

  private final DifferentiableField field;
  private final double[] y0;
  private final double[] times;
  private final double[] theta;
  private final TrajectoryLoss loss;
  private final Integrator solver;
  private final Integrator tight;
  private final TrajectoryGradient reference;

  /// The losses that the methods compute, on frozen steps.
  private final Map<Method, FrozenStepLoss> computed = new HashMap<>();

  AuditMeasurements(
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss,
      Integrator solver) {
    this.field = field;
    this.y0 = y0.clone();
    if (times.length == 0) {
      throw new IllegalArgumentException("audit: no times; want one or more");
    }
    this.times = times.clone();
    this.theta = field.parameters().clone();
    this.loss = loss;
    this.solver = solver;
    this.tight = tight(solver.method(), field);
    this.reference = succeeded(new DiscreteAdjoint(tight));
  }

  TrajectoryGradient reference() {
    return reference;
  }

  /// A solver with tight tolerances, stiff if the audited one is.
  private Integrator tight(Method method, DifferentiableField field) {
    Integrator tight = tightWithoutEvents(method, field);
    for (Event event : solver.events()) {
      tight = tight.withEvent(event);
    }
    return tight;
  }

  private Integrator tightWithoutEvents(Method method, DifferentiableField field) {
    double span = Math.abs(times[times.length - 1] - times[0]);
    StepSize size = StepSize.Adaptive.of(TIGHT, TIGHT).withMaxStep(span / LEAST_STEPS);
    boolean stiff =
        method instanceof Rosenbrock
            || method instanceof ButcherTableau tableau && !tableau.explicit();
    if (method instanceof Stochastic) {
      return solver.withoutObservers().withoutEvents();
    }
    if (stiff && field instanceof TwiceDifferentiableField) {
      return Integrator.of(Methods.RODAS5P, size);
    }
    return Integrator.of(stiff ? Methods.KVAERNO5 : Methods.VERN7, size);
  }

  private TrajectoryGradient succeeded(GradientMethod method) {
    TrajectoryGradient gradient = method.gradient(field, y0, times, loss);
    if (!gradient.status().succeeded()) {
      throw new IllegalArgumentException("audit: " + gradient.status().message());
    }
    return gradient;
  }

  /// The errors of the reference against differences of its own loss on frozen steps.
  GradientAudit.Errors check() {
    FrozenStepLoss frozen = FrozenStepLoss.of(field, tight, y0, times, loss);
    double byTheta = disagreement(theta, reference.theta(), 1, at -> frozen.at(at, y0, times));
    double byStart = disagreement(y0, reference.y0(), 1, at -> frozen.at(theta, at, times));
    double byTimes =
        Double.isNaN(reference.times()[0]) || gap() == 0
            ? Double.NaN
            : disagreement(times, reference.times(), gap(), at -> frozen.at(theta, y0, at));
    field.bind(theta);
    return new GradientAudit.Errors(byTheta, byStart, byTimes);
  }

  /// The errors of the reference against a tight [ForwardSensitivity], which controls the error of
  /// the derivatives themselves.
  GradientAudit.Errors against(ForwardSensitivity sensitivity) {
    return errors(reference, succeeded(sensitivity));
  }

  private static GradientAudit.Errors errors(TrajectoryGradient of, TrajectoryGradient wanted) {
    return new GradientAudit.Errors(
        relative(of.theta(), wanted.theta()),
        relative(of.y0(), wanted.y0()),
        relative(of.times(), wanted.times()));
  }

  /// The solver of the reference.
  Integrator tight() {
    return tight;
  }

  /// The smallest distance of two times, at most 1, by which one may be moved.
  private double gap() {
    double least = 1;
    for (int i = 1; i < times.length; i++) {
      least = Math.min(least, Math.abs(times[i] - times[i - 1]));
    }
    return least;
  }

  /// The result and cost of a method.
  GradientAudit.Row row(String name, GradientMethod method) {
    GradientAudit.Row result = result(name, method);
    long bytes = PeakMemory.during(field, probed -> method.gradient(probed, y0, times, loss));
    return result.with(bytes, milliseconds(method));
  }

  /// The result of a method without its cost.
  GradientAudit.Row result(String name, GradientMethod method) {
    TrajectoryGradient gradient = succeeded(method);
    return new GradientAudit.Row(
        name,
        errors(gradient, reference),
        taylorSlope(gradient, method.forward()),
        gradient.forward().evaluations(),
        gradient.backwardEvaluations(),
        0,
        Double.NaN);
  }

  /// The slope of the Taylor remainder of the loss of the forward solve on its frozen steps, along
  /// one direction of `(θ, y0)`.
  private double taylorSlope(TrajectoryGradient gradient, Integrator forward) {
    FrozenStepLoss frozen =
        computed.computeIfAbsent(
            forward.method(),
            _ -> FrozenStepLoss.of(field, forward.withoutObservers(), y0, times, loss));
    SplittableRandom random = new SplittableRandom(11);
    double[] byTheta = random.doubles(theta.length, -1, 1).toArray();
    double[] byStart = random.doubles(y0.length, -1, 1).toArray();
    double along =
        Vectors.dot(gradient.theta(), 0, byTheta) + Vectors.dot(gradient.y0(), 0, byStart);
    double slope =
        GradientCheck.of(
                by -> frozen.at(moved(theta, by[0], byTheta), moved(y0, by[0], byStart), times),
                new double[] {along},
                new double[1])
            .taylorSlope();
    field.bind(theta);
    return slope;
  }

  private double milliseconds(GradientMethod method) {
    double fastest = Double.POSITIVE_INFINITY;
    double all = 0;
    for (int i = 0; i < RUNS && (i < 3 || all < NANOSECONDS); i++) {
      long start = System.nanoTime();
      method.gradient(field, y0, times, loss);
      long took = System.nanoTime() - start;
      all += took;
      fastest = Math.min(fastest, took);
    }
    return fastest / 1e6;
  }

  /// `max |xᵢ − yᵢ| / max |yᵢ|`
  static double relative(double[] x, double[] y) {
    double error = 0;
    for (int i = 0; i < x.length; i++) {
      error = Math.max(error, Math.abs(x[i] - y[i]));
    }
    double scale = DoubleStream.of(y).map(Math::abs).max().orElse(0);
    return error == 0 ? 0 : error / Math.max(scale, Double.MIN_NORMAL);
  }

  /// The error of a gradient against differences along coordinates, or along random directions if
  /// there are too many coordinates; `scale` is the size of a direction's components.
  private static double disagreement(
      double[] x, double[] gradient, double scale, ToDoubleFunction<double[]> f) {
    int count = Math.min(x.length, DIRECTIONS);
    double[][] directions = new double[count][x.length];
    double[] along = new double[count];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < count; i++) {
      directions[i][i] = scale;
      for (int j = 0; j < x.length && x.length > DIRECTIONS; j++) {
        directions[i][j] = random.nextDouble(-scale, scale);
      }
      along[i] = Vectors.dot(gradient, 0, directions[i]);
    }
    double[] differences =
        GradientCheck.differences(
            by -> {
              double[] at = x.clone();
              for (int i = 0; i < count; i++) {
                Vectors.axpy(by[i], directions[i], 0, at);
              }
              return f.applyAsDouble(at);
            },
            new double[count]);
    return relative(along, differences);
  }

  private static double[] moved(double[] x, double by, double[] direction) {
    double[] at = x.clone();
    Vectors.axpy(by, direction, 0, at);
    return at;
  }

  /// The peak heap memory of a computation with a field, sampled after garbage collections at some
  /// of the field's evaluations.
  static final class PeakMemory {
    private static final int SAMPLES = 12;

    private final DifferentiableField field;
    private final long interval;
    private long calls;
    private long peak;

    private PeakMemory(DifferentiableField field, long interval) {
      this.field = field;
      this.interval = interval;
    }

    /// Runs `computation` twice: first to count its evaluations, then to sample some of them.
    static long during(DifferentiableField field, Consumer<DifferentiableField> computation) {
      PeakMemory count = new PeakMemory(field, Long.MAX_VALUE);
      computation.accept(count.probe());
      PeakMemory samples = new PeakMemory(field, Math.max(1, count.calls / SAMPLES));
      DifferentiableField probe = samples.probe();
      long before = heap();
      computation.accept(probe);
      // Objects counted before may have been garbage soon after.
      return Math.max(0, samples.peak - Math.min(before, heap()));
    }

    private static long heap() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /// A proxy of the field, with all its interfaces, that counts and samples its calls.
    private DifferentiableField probe() {
      return (DifferentiableField)
          Proxy.newProxyInstance(
              field.getClass().getClassLoader(),
              interfaces(field.getClass()).toArray(Class<?>[]::new),
              (_, method, arguments) -> {
                if (arguments != null && ++calls % interval == 0) {
                  peak = Math.max(peak, heap());
                }
                try {
                  return method.invoke(field, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private static Set<Class<?>> interfaces(Class<?> type) {
      Set<Class<?>> all = new LinkedHashSet<>(Set.of(DifferentiableField.class));
      for (Class<?> at = type; at != null; at = at.getSuperclass()) {
        for (Class<?> one : at.getInterfaces()) {
          if (Modifier.isPublic(one.getModifiers())) {
            all.add(one);
          }
        }
      }
      return all;
    }
  }
}
