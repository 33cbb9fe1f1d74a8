package org.flowline.examples.lab;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Recording;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// The states `y_0 … y_N` of a solve at the ends of its steps.
///
/// @param t the times
/// @param y the states
public record Orbit(double[] t, double[][] y) {

  /// Solves from time 0 to `t1`.
  ///
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  public static Orbit of(VectorField field, double[] y0, double t1, Integrator integrator) {
    Recording states = recording(field);
    integrator.withObserver(states).solve(field, y0, 0, t1).orThrow();
    return new Orbit(states.times(), states.values());
  }

  /// Solves up to `t1` or to the step where the solve fails, as in descent that diverges.
  public static Orbit untilFailure(
      VectorField field, double[] y0, double t1, Integrator integrator) {
    Recording states = recording(field);
    integrator.withObserver(states).solve(field, y0, 0, t1);
    return states.size() == 0
        ? new Orbit(new double[] {0}, new double[][] {y0.clone()})
        : new Orbit(states.times(), states.values());
  }

  private static Recording recording(VectorField field) {
    int n = field.dimension();
    return Recording.everyStep(n, (_, y, out) -> System.arraycopy(y, 0, out, 0, n));
  }

  /// Takes constant steps of a method.
  public static Orbit steps(VectorField field, double[] y0, Method method, double h, int steps) {
    return of(field, y0, h * steps, Integrator.of(method, StepSize.Constant.of(h, steps)));
  }

  /// Takes adaptive steps of DOPRI5 at this relative and absolute tolerance.
  public static Orbit adaptive(VectorField field, double[] y0, double t1, double tolerance) {
    StepSize size = StepSize.Adaptive.of(tolerance, tolerance);
    return of(field, y0, t1, Integrator.of(Methods.DOPRI5, size));
  }

  /// Gradient descent: Euler's method on the gradient flow.
  public static Orbit descent(Objective objective, double[] start, double eta, int steps) {
    return steps(new GradientFlow(objective), start, Methods.EULER, eta, steps);
  }

  /// The gradient flow up to time `t1`, to about twelve digits.
  public static Orbit flow(Objective objective, double[] start, double t1) {
    return adaptive(new GradientFlow(objective), start, t1, 1e-13);
  }

  /// The parameters θ over the steps of an optimiser.
  public static Orbit training(
      Optimizer optimizer, Objective objective, double[] start, int steps) {
    TrainingFlow flow = optimizer.flow().apply(objective);
    double[] state = flow.initialState(start);
    return steps(flow, state, optimizer.method(), optimizer.interval(), steps)
        .map(flow::parameters);
  }

  public double[] last() {
    return y[y.length - 1];
  }

  /// Returns an orbit of mapped states at the same times.
  public Orbit map(UnaryOperator<double[]> state) {
    return new Orbit(t, Arrays.stream(y).map(state).toArray(double[][]::new));
  }

  /// Returns the first states, this many.
  public Orbit first(int count) {
    return new Orbit(Arrays.copyOf(t, count), Arrays.copyOf(y, count));
  }

  /// Returns the states up to this time.
  public Orbit until(double time) {
    return first((int) Arrays.stream(t).filter(at -> at <= time).count());
  }

  /// Returns the states `0, stride, 2·stride, …`.
  public Orbit every(int stride) {
    double[][] some = new double[(y.length + stride - 1) / stride][];
    Arrays.setAll(some, k -> y[k * stride]);
    return new Orbit(Series.every(t, stride), some);
  }

  /// The index of the component that differs most between the first and the last state.
  public int mostChanged() {
    return IntStream.range(0, y[0].length)
        .boxed()
        .max(Comparator.comparingDouble(i -> Math.abs(last()[i] - y[0][i])))
        .orElseThrow();
  }

  public double[] values(ToDoubleFunction<double[]> f) {
    return Arrays.stream(y).mapToDouble(f).toArray();
  }

  public double[] component(int i) {
    return values(state -> state[i]);
  }

  public double[] losses(Objective objective) {
    double[] values = new double[y.length];
    Arrays.setAll(values, k -> objective.loss(t[k], y[k]));
    return values;
  }
}
