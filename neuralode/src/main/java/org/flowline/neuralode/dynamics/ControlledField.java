package org.flowline.neuralode.dynamics;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.FieldWithJacobian;

/// A field controlled by measured inputs `u(t)`, as many additional columns as there are inputs:
///
///     dy/dt = f(t, [y, u(t)]; θ)
///
/// Two forms of the same function: [#dynamics] records a [Signal] as constants of the program, with
/// all derivatives, for training. [#open] records the program once for all inputs, which are its
/// last parameters; a `ControlledField` sets them from a time series, linearly interpolated and
/// constant before and after, for predictions. An evaluation of the latter finds its row in O(log
/// rows).
public final class ControlledField implements FieldWithJacobian {
  private static final String INPUTS = "inputs";

  private final NeuralField open;
  private final double[] theta;
  private final double[] change;
  private final double[] times;
  private final double[][] rows;
  private final Breakpoints breakpoints;

  /// Creates the field of these inputs.
  ///
  /// @param open a field of [#open] dynamics; bound to the inputs from now on
  /// @param theta the parameters without inputs
  /// @param inputs two rows or more, without missing values
  public ControlledField(NeuralField open, double[] theta, TimeSeries inputs) {
    this.open = open;
    this.theta = Arrays.copyOf(theta, open.parameterCount());
    this.change = new double[open.parameterCount()];
    this.times = inputs.times();
    this.rows = inputs.rows().toArray(double[][]::new);
    this.breakpoints =
        Breakpoints.union(Stream.of(open.breakpoints(), new Breakpoints(times, new double[0])));
    open.bind(this.theta);
  }

  /// Dynamics controlled by a signal; all rows of a batch have the same inputs.
  public static TimedDynamics dynamics(TimedDynamics dynamics, Signal signal) {
    return controlled(dynamics, dynamics.parameters(), (t, _) -> signal.at(t));
  }

  /// Dynamics that read this many inputs from their last parameters.
  public static TimedDynamics open(TimedDynamics dynamics, int inputs) {
    Parameters layout = withInputs(dynamics.parameters(), inputs);
    return controlled(dynamics, layout, (_, theta) -> theta.get(INPUTS));
  }

  /// The layout of [#open] dynamics: these parameters, followed by the inputs.
  public static Parameters withInputs(Parameters parameters, int inputs) {
    return parameters.with(INPUTS, 1, inputs);
  }

  private static TimedDynamics controlled(
      TimedDynamics dynamics, Parameters layout, BiFunction<Var, Parameters.View, Var> input) {
    return TimedDynamics.of(
        layout,
        random -> Arrays.copyOf(dynamics.initial(random), layout.size()),
        (t, y, theta) -> {
          Var u = input.apply(t, theta);
          Var inputs = u.broadcast(Shape.of(y.shape().dim(0), u.shape().dim(1)));
          return dynamics.apply(t, Var.concat(1, List.of(y, inputs)), theta);
        });
  }

  @Override
  public int dimension() {
    return open.dimension();
  }

  @Override
  public Breakpoints breakpoints() {
    return breakpoints;
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    setInputs(t);
    open.evaluate(t, y, dydt);
  }

  /// Overwrites the Jacobian; `dfdt` includes `∂f/∂u du/dt`.
  @Override
  public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
    int i = setInputs(t);
    open.jacobian(t, y, dfdy, dfdt);
    boolean within = times[0] <= t && t < times[times.length - 1];
    int first = theta.length - rows[i].length;
    for (int j = 0; j < rows[i].length; j++) {
      change[first + j] = within ? (rows[i + 1][j] - rows[i][j]) / (times[i + 1] - times[i]) : 0;
    }
    open.pushforward(t, y, 1, new double[y.length], change, dfdt);
  }

  /// Interpolates the inputs and returns the index of their interval.
  private int setInputs(double t) {
    int found = Arrays.binarySearch(times, t);
    int i = Math.clamp(found >= 0 ? found : -found - 2, 0, times.length - 2);
    double share = Math.clamp((t - times[i]) / (times[i + 1] - times[i]), 0, 1);
    int first = theta.length - rows[i].length;
    for (int j = 0; j < rows[i].length; j++) {
      theta[first + j] = rows[i][j] + share * (rows[i + 1][j] - rows[i][j]);
    }
    return i;
  }
}
