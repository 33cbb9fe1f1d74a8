package org.flowline.examples.bench;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Initializer;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;

/// Fits a network 2-50-2 on `y³` to the spiral `dy/dt = y³ A`, `y0 = (2, 0)`, with data at 1000
/// times on `[0, 25]`: 2000 iterations of RMSprop on batches of 20 segments of 10 points.
///
/// @param forwardEvaluations the number of evaluations of the field, over all iterations
/// @param backwardEvaluations the number of its pullbacks
/// @param error the mean absolute error per component of the fitted field's trajectory
record SpiralTraining(long forwardEvaluations, long backwardEvaluations, double error) {
  private static final int POINTS = 1000;
  private static final double END = 25;
  private static final int BATCH = 20;
  private static final int LENGTH = 10;
  private static final int ITERATIONS = 2000;
  private static final double ETA = 1e-3;
  private static final Integrator SOLVER =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-7, 1e-9));

  public static void main(String[] args) {
    System.out.printf(Locale.ROOT, "mean absolute error: %.4f%n", run().error);
  }

  static SpiralTraining run() {
    double[] times = IntStream.range(0, POINTS).mapToDouble(SpiralTraining::time).toArray();
    double[][] data =
        SOLVER
            .solve(VectorField.of(2, SpiralTraining::spiral), new double[] {2, 0}, times)
            .orThrow()
            .values();
    Mlp mlp = Mlp.of(Activation.TANH, Initializer.normal(0.1), 2, 50, 2);
    Segments segments = new Segments(field(mlp, BATCH), data);
    Trainer.Result result =
        Trainer.of(segments, Optimizer.rmsprop(ETA))
            .train(mlp.initial(new SplittableRandom(1)), ITERATIONS)
            .orThrow();
    NeuralField fitted = field(mlp, 1);
    fitted.bind(result.last());
    double[][] solved = SOLVER.solve(fitted, data[0], times).orThrow().values();
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      sum += Math.abs(solved[i][0] - data[i][0]) + Math.abs(solved[i][1] - data[i][1]);
    }
    return new SpiralTraining(segments.forward, segments.backward, sum / (2 * POINTS));
  }

  private static double time(int i) {
    return END * i / (POINTS - 1);
  }

  private static NeuralField field(Mlp mlp, int rows) {
    return NeuralField.of(
        mlp.parameters(), rows, 2, (_, y, theta) -> mlp.apply(theta, y.square().mul(y)));
  }

  /// `dy/dt = y³ A`, `A = [[−0.1, 2], [−2, −0.1]]`, with the cube of each component.
  private static void spiral(double t, double[] y, double[] dydt) {
    double u = y[0] * y[0] * y[0];
    double v = y[1] * y[1] * y[1];
    dydt[0] = -0.1 * u - 2 * v;
    dydt[1] = 2 * u - 0.1 * v;
  }

  /// The mean absolute error over segments of the data with random starts, drawn again in every
  /// iteration: a function of training time that is constant within a step.
  private static final class Segments implements Objective {
    private final NeuralField field;
    private final PreparedGradient discrete;
    private final double[][] data;
    private final double[] times = IntStream.range(0, LENGTH).mapToDouble(i -> time(i)).toArray();
    private final double[] start = new double[BATCH * 2];
    private final double[] target = new double[LENGTH * BATCH * 2];
    private final TrajectoryLoss loss = this::meanAbsoluteError;
    private long forward;
    private long backward;

    Segments(NeuralField field, double[][] data) {
      this.field = field;
      this.discrete = new DiscreteAdjoint(SOLVER).prepare(field);
      this.data = data;
    }

    @Override
    public int dimension() {
      return field.parameterCount();
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      choose(Math.round(tau / ETA));
      field.bind(theta);
      TrajectoryGradient result = discrete.gradient(start, times, loss);
      System.arraycopy(result.theta(), 0, gradient, 0, gradient.length);
      forward += result.forward().evaluations();
      backward += result.backwardEvaluations();
      return result.loss();
    }

    /// Draws the segments of an iteration, with different starts.
    private void choose(long iteration) {
      int[] first =
          new SplittableRandom(iteration)
              .ints(0, POINTS - LENGTH)
              .distinct()
              .limit(BATCH)
              .toArray();
      for (int i = 0; i < LENGTH; i++) {
        for (int row = 0; row < BATCH; row++) {
          System.arraycopy(data[first[row] + i], 0, target, (i * BATCH + row) * 2, 2);
        }
      }
      System.arraycopy(target, 0, start, 0, start.length);
    }

    private double meanAbsoluteError(double[] y, double[] yBar) {
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        double difference = y[i] - target[i];
        sum += Math.abs(difference);
        yBar[i] = Math.signum(difference) / y.length;
      }
      return sum / y.length;
    }
  }
}
