package org.flowline.examples.bench;

import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;

/// The elementary functions of networks on 1000 numbers, and reductions along the rows of a batch.
enum ElementwiseFunction {
  TANH("tanh ×1000", Shape.of(1000), Var::tanh),
  EXP("exp ×1000", Shape.of(1000), Var::exp),
  SIGMOID("sigmoid ×1000", Shape.of(1000), Var::sigmoid),
  LOG("log ×1000", Shape.of(1000), Var::log),
  ROW_MAX("max ×64×100 rows", Shape.of(64, 100), x -> x.max(1)),
  ROW_SOFTMAX("softmax ×64×100", Shape.of(64, 100), x -> x.softmax(1));

  private final String title;
  private final Shape shape;
  private final UnaryOperator<Var> function;

  ElementwiseFunction(String title, Shape shape, UnaryOperator<Var> function) {
    this.title = title;
    this.shape = shape;
    this.function = function;
  }

  Shape shape() {
    return shape;
  }

  Tape tape() {
    return Tape.record(shape, function);
  }

  /// Numbers from `[−4, 4]`, for the logarithm from `[0.1, 10]`.
  double[] arguments() {
    SplittableRandom random = new SplittableRandom(1);
    int n = shape.size();
    return (this == LOG ? random.doubles(n, 0.1, 10) : random.doubles(n, -4, 4)).toArray();
  }

  /// Returns the function and its size, such as `tanh ×1000`.
  @Override
  public String toString() {
    return title;
  }
}
