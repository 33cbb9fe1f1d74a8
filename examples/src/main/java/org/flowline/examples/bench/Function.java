package org.flowline.examples.bench;

import java.util.Locale;
import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;

/// The elementary functions that networks are made of, on a thousand numbers.
enum Function {
  TANH,
  EXP,
  SIGMOID,
  LOG;

  static final int SIZE = 1_000;

  Tape tape() {
    return Tape.record(Shape.of(SIZE), this::of);
  }

  private Var of(Var x) {
    return switch (this) {
      case TANH -> x.tanh();
      case EXP -> x.exp();
      case SIGMOID -> x.sigmoid();
      case LOG -> x.log();
    };
  }

  /// From `[−4, 4]`, for the logarithm from `[0.1, 10]`.
  double[] arguments() {
    SplittableRandom random = new SplittableRandom(1);
    return (this == LOG ? random.doubles(SIZE, 0.1, 10) : random.doubles(SIZE, -4, 4)).toArray();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
