package org.flowline.examples.bench;

import java.util.Locale;
import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;

/// The elementary functions of networks on 1000 numbers, and reductions along the rows of a batch.
enum ElementwiseFunction {
  TANH,
  EXP,
  SIGMOID,
  LOG,
  ROW_MAX,
  ROW_SOFTMAX;

  private static final Shape NUMBERS = Shape.of(1_000);
  private static final Shape ROWS = Shape.of(64, 100);

  Shape shape() {
    return this == ROW_MAX || this == ROW_SOFTMAX ? ROWS : NUMBERS;
  }

  Tape tape() {
    return Tape.record(shape(), this::of);
  }

  private Var of(Var x) {
    return switch (this) {
      case TANH -> x.tanh();
      case EXP -> x.exp();
      case SIGMOID -> x.sigmoid();
      case LOG -> x.log();
      case ROW_MAX -> x.max(1);
      case ROW_SOFTMAX -> x.softmax(1);
    };
  }

  /// Numbers from `[−4, 4]`, for the logarithm from `[0.1, 10]`.
  double[] arguments() {
    SplittableRandom random = new SplittableRandom(1);
    int n = shape().size();
    return (this == LOG ? random.doubles(n, 0.1, 10) : random.doubles(n, -4, 4)).toArray();
  }

  /// The function and its size, such as `tanh ×1000`.
  @Override
  public String toString() {
    return switch (this) {
      case TANH, EXP, SIGMOID, LOG -> name().toLowerCase(Locale.ROOT) + " ×1000";
      case ROW_MAX -> "max ×64×100 rows";
      case ROW_SOFTMAX -> "softmax ×64×100";
    };
  }
}
