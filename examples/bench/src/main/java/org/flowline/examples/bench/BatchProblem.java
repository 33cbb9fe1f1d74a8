package org.flowline.examples.bench;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.autodiff.Shape;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.field.ShardedField;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Initializer;
import org.flowline.neuralode.nn.Mlp;

/// A batch of trajectories of `dy/dt = tanh(x·W₁ + b₁)·W₂ + b₂`, with `x` the state or its cube,
/// and the loss `mean |y(tᵢ) − target|` over all times, samples and components.
///
/// Weights are normal with standard deviation 0.1, biases 0, initial states and targets standard
/// normal.
record BatchProblem(int width, int hidden, int batch, boolean cubed, double... times) {
  private static final double SIGMA = 0.1;

  /// The first ten of a thousand points on `[0, 25]`, as in [SpiralTraining].
  static final BatchProblem SPIRAL =
      new BatchProblem(
          2, 50, 20, true, IntStream.range(0, 10).mapToDouble(i -> 25.0 * i / 999).toArray());

  static final BatchProblem MID = new BatchProblem(16, 64, 128, false, 0, 1);
  static final BatchProblem WIDE = new BatchProblem(64, 256, 256, false, 0, 1);

  NeuralField field() {
    return field(batch);
  }

  /// The same field on the rows of a shard.
  private NeuralField field(int rows) {
    Mlp mlp = Mlp.of(Activation.TANH, Initializer.normal(SIGMA), width, hidden, width);
    NeuralField field =
        NeuralField.of(
            mlp.parameters(),
            rows,
            width,
            (_, y, theta) -> mlp.apply(theta, cubed ? y.square().mul(y) : y));
    field.bind(mlp.initial(new SplittableRandom(1)));
    return field;
  }

  /// The same batch in shards of rows, on all cores.
  ShardedField sharded() {
    return ShardedField.of(batch, this::field);
  }

  double[] start() {
    return normal(2, batch * width);
  }

  TrajectoryLoss loss() {
    int n = batch * width;
    double[] target = normal(3, times.length * n);
    return TrajectoryLoss.traced(
        times.length, n, y -> y.sub(y.constant(Shape.of(times.length, n), target)).abs().mean());
  }

  private static double[] normal(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    return DoubleStream.generate(random::nextGaussian).limit(count).toArray();
  }

  /// `max |g − g_ref| / max |g_ref|` over the gradients with respect to θ and `y0`.
  static double distance(TrajectoryGradient gradient, TrajectoryGradient reference) {
    double[] ours = both(gradient);
    double[] exact = both(reference);
    double apart = 0;
    double largest = 0;
    for (int i = 0; i < ours.length; i++) {
      apart = Math.max(apart, Math.abs(ours[i] - exact[i]));
      largest = Math.max(largest, Math.abs(exact[i]));
    }
    return apart / largest;
  }

  private static double[] both(TrajectoryGradient gradient) {
    return DoubleStream.concat(DoubleStream.of(gradient.theta()), DoubleStream.of(gradient.y0()))
        .toArray();
  }
}
