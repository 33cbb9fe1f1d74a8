package org.flowline.neuralode;

import java.util.SplittableRandom;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;

/// A smooth field that depends on everything a field can depend on:
///
///     f(t, y; θ) = tanh(y·V + sin(t)·c + b)·W
///
/// with a parameter `unused` that it does not depend on.
record ClockedNetwork(int rows, int columns, int hidden) implements NeuralField.Dynamics {
  static final ClockedNetwork SMALL = new ClockedNetwork(2, 3, 5);

  Parameters layout() {
    return Parameters.none()
        .with("V", columns, hidden)
        .with("c", hidden)
        .with("unused", 2)
        .with("b", hidden)
        .with("W", hidden, columns);
  }

  @Override
  public Var apply(Var t, Var y, Parameters.View theta) {
    return y.matmul(theta.get("V"))
        .add(theta.get("c").mul(t.sin()))
        .add(theta.get("b"))
        .tanh()
        .matmul(theta.get("W"));
  }

  int size() {
    return rows * columns;
  }

  /// A new field with the parameters of this seed.
  NeuralField field(long seed) {
    NeuralField field = NeuralField.of(layout(), rows, columns, this);
    field.bind(theta(seed));
    return field;
  }

  double[] theta(long seed) {
    return new SplittableRandom(seed).doubles(layout().size(), -0.9, 0.9).toArray();
  }

  double[] state(long seed) {
    return new SplittableRandom(~seed).doubles(size(), -1, 1).toArray();
  }

  /// `mean sin(y + i)²`, a loss that weighs each observation differently.
  static Var loss(Var observed) {
    int times = observed.shape().dim(0);
    double[] shift = new double[times];
    for (int i = 0; i < times; i++) {
      shift[i] = i;
    }
    return observed.add(observed.constant(Shape.of(times, 1), shift)).sin().square().mean();
  }

  /// The mean over all observations, kept apart from the tape's own `mean`.
  static double loss(double[][] observed) {
    double sum = 0;
    for (int i = 0; i < observed.length; i++) {
      for (double y : observed[i]) {
        double sine = Math.sin(y + i);
        sum += sine * sine;
      }
    }
    return sum / (observed.length * observed[0].length);
  }

  TrajectoryLoss trajectoryLoss(int times) {
    return TrajectoryLoss.traced(times, size(), ClockedNetwork::loss);
  }
}
