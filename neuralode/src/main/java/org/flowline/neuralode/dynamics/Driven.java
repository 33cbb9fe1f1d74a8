package org.flowline.neuralode.dynamics;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.odesolvers.field.FieldWithJacobian;

/// A field that is recorded once for all inputs `u`, which come last among its parameters, driven
/// by a series of them:
///
///     dy/dt = f(t, y; θ, u(t)),   u straight lines between rows, and constant before and after
///
/// An evaluation finds its row in O(log rows). The same function as of [Forced] with
/// [Signal#linear], which is part of the recording and knows its derivatives of all kinds.
public final class Driven implements FieldWithJacobian {

  /// Dynamics that read their inputs from the parameters.
  public record Open(TimedDynamics dynamics, int inputs) implements TimedDynamics {
    private static final String NAME = "inputs";

    @Override
    public Parameters parameters() {
      return dynamics.parameters().with(NAME, 1, inputs);
    }

    @Override
    public double[] initial(RandomGenerator random) {
      return Arrays.copyOf(dynamics.initial(random), parameters().size());
    }

    @Override
    public Var apply(Var t, Var y, Parameters.View theta) {
      return dynamics.apply(t, Var.concat(1, List.of(y, theta.get(NAME))), theta);
    }

    /// Parameters of the field, and behind them the inputs.
    public static Parameters layout(Parameters field, int inputs) {
      return field.with(NAME, 1, inputs);
    }
  }

  private final NeuralField open;
  private final double[] theta;
  private final double[] change;
  private final double[] times;
  private final double[][] rows;

  /// @param open is bound to these inputs from now on
  /// @param theta of the field, without inputs
  /// @param inputs complete, two rows or more
  public Driven(NeuralField open, double[] theta, TimeSeries inputs) {
    this.open = open;
    this.theta = Arrays.copyOf(theta, open.parameterCount());
    this.change = new double[open.parameterCount()];
    this.times = inputs.times();
    this.rows = inputs.rows().toArray(double[][]::new);
    open.bind(this.theta);
  }

  /// The row that the interval of `t` begins with.
  private int interval(double t) {
    int found = Arrays.binarySearch(times, t);
    return Math.clamp(found >= 0 ? found : -found - 2, 0, times.length - 2);
  }

  private void drive(double t) {
    int i = interval(t);
    double share = Math.clamp((t - times[i]) / (times[i + 1] - times[i]), 0, 1);
    int first = theta.length - rows[i].length;
    for (int j = 0; j < rows[i].length; j++) {
      theta[first + j] = rows[i][j] + share * (rows[i + 1][j] - rows[i][j]);
    }
  }

  @Override
  public int dimension() {
    return open.dimension();
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    drive(t);
    open.evaluate(t, y, dydt);
  }

  /// {@inheritDoc}
  ///
  /// With `∂f/∂u du/dt` in `dfdt`.
  @Override
  public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
    drive(t);
    open.jacobian(t, y, dfdy, dfdt);
    int i = interval(t);
    boolean within = times[0] <= t && t <= times[times.length - 1];
    int first = theta.length - rows[i].length;
    for (int j = 0; j < rows[i].length; j++) {
      change[first + j] = within ? (rows[i + 1][j] - rows[i][j]) / (times[i + 1] - times[i]) : 0;
    }
    open.pushforward(t, y, 1, new double[y.length], change, dfdt);
  }
}
