package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A scalar function of one value, of up to 50 random operations on bounded values of any shape.
public final class RandomExpression {
  /// Nothing, one element, and lengths around the number of lanes, alone and in a matrix or a
  /// stack.
  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(3, 4),
          Shape.of(0),
          Shape.of(2, 0),
          Shape.scalar(),
          Shape.of(1),
          Shape.of(1, 1),
          Shape.of(7),
          Shape.of(8),
          Shape.of(9),
          Shape.of(16),
          Shape.of(17),
          Shape.of(2, 8),
          Shape.of(9, 2),
          Shape.of(17, 1),
          Shape.of(2, 3, 3));

  /// Where values are cut.
  private static final int LARGEST = 60;

  private final SplittableRandom random;
  private final List<Var> values = new ArrayList<>();
  private final boolean smooth;

  private RandomExpression(long seed, boolean smooth) {
    random = new SplittableRandom(seed);
    this.smooth = smooth;
  }

  /// Without kinks near its values, and without stopped gradients: what differences can check.
  public static Tape smooth(long seed, int operations) {
    return Tape.record(shape(seed), x -> new RandomExpression(seed, true).write(x, operations));
  }

  /// With kinks, ties and stopped gradients anywhere.
  public static Tape any(long seed, int operations) {
    return Tape.record(shape(seed), x -> new RandomExpression(seed, false).write(x, operations));
  }

  private static Shape shape(long seed) {
    return SHAPES.get(new SplittableRandom(seed + 1).nextInt(SHAPES.size()));
  }

  /// A point at which to look.
  public static double[] point(long seed) {
    return new SplittableRandom(~seed).doubles(shape(seed).size(), -1, 1).toArray();
  }

  private Var write(Var x, int operations) {
    values.add(x);
    for (int i = 0; i < operations; i++) {
      values.add(bounded(next()));
    }
    Var total = x.square().sum().mul(0.1);
    for (Var value : values.subList(Math.max(0, values.size() - 4), values.size())) {
      total = total.add(value.sin().square().sum());
    }
    return total;
  }

  /// Products and exponentials grow; what could is squeezed, and what is large is cut.
  private Var bounded(Var value) {
    Var part = value.shape().size() > LARGEST ? flat(value, LARGEST) : value;
    return part.tanh().mul(1.5);
  }

  private Var any() {
    return values.get(random.nextInt(values.size()));
  }

  private static Var flat(Var value, int most) {
    int size = value.shape().size();
    return value.reshape(size).slice(0, 0, Math.min(size, most));
  }

  /// Some value's elements, again and again until the shape is full.
  private Var filled(int... dims) {
    Var some = any();
    Shape target = Shape.of(dims);
    if (some.shape().size() == 0) {
      return some.sum().broadcast(target);
    }
    int[] positions = IntStream.range(0, target.size()).map(i -> i % some.shape().size()).toArray();
    return some.reshape(some.shape().size()).gather(0, positions).reshape(target).add(0.25);
  }

  /// `b` as it broadcasts to `a`: itself, a row of it, or its sum.
  private static Var fitting(Var a, Var b) {
    if (a.shape().equals(b.shape())) {
      return b;
    }
    int columns = a.shape().rank() == 0 ? 0 : a.shape().dim(-1);
    boolean row = columns > 0 && b.shape().size() >= columns;
    return row ? flat(b, columns) : b.sum();
  }

  private Var next() {
    Var a = any();
    Var b = fitting(a, any());
    int axis = a.shape().rank() == 0 ? 0 : random.nextInt(a.shape().rank());
    boolean scalar = a.shape().rank() == 0;
    return switch (random.nextInt(34)) {
      case 0 -> a.sin();
      case 1 -> a.cos().add(0.3);
      case 2 -> a.exp();
      case 3 -> a.sigmoid();
      case 4 -> a.softplus().sub(0.5);
      case 5 -> a.square().add(1).log();
      case 6 -> a.square().add(0.5).sqrt();
      case 7 -> a.add(b);
      case 8 -> b.sub(a);
      case 9 -> a.mul(b);
      case 10 -> a.div(b.square().add(1));
      case 11 -> filled(3, 4).matmul(filled(4, 2));
      case 12 -> filled(4, 3).transpose().matmul(filled(5, 4).transpose());
      case 13 -> filled(2, 3, 4).matmul(filled(1, 4, 2));
      case 14 -> filled(2, 1, 2, 3).matmul(filled(3, 4, 3).transpose());
      case 15 -> scalar ? a.neg() : a.sum(axis);
      case 16 -> filled(3, 4).add(filled(3, 1)).mul(filled(4));
      case 17 -> scalar ? a.gelu() : a.softmax(axis);
      case 18 -> scalar ? a.silu() : a.logSumExp(axis);
      case 19 -> scalar ? a.erf() : a.cumulativeSum(axis);
      case 20 -> scalar ? a.expm1() : a.cumulativeSumFromEnd(axis);
      case 21 -> Var.concat(0, List.of(flat(a, 20), flat(any(), 9), filled(2)));
      case 22 -> Var.stack(random.nextInt(2), List.of(filled(3), filled(3)));
      case 23 -> scalar ? a.square().log1p() : gathered(a, axis);
      case 24 -> filled(1, 2, 7).convolve(filled(2, 2, 3), 1 + random.nextInt(2));
      case 25 ->
          filled(2, 1, 4, 5)
              .convolve(filled(1, 1, 2, 2), new int[] {1, 2}, new int[] {1, 0}, new int[] {2, 1});
      case 26 -> filled(2, 6).averagePool(new int[] {2}, 2);
      case 27 -> a.square().add(0.5).pow(fitting(a, any()));
      case 28 -> scalar ? a.elu(1.2) : a.slice(axis, 0, (a.shape().dim(axis) + 1) / 2);
      case 29 -> smooth ? a.square().add(0.1).neg().abs() : a.abs();
      case 30 -> smooth ? a.clamp(-5, 5).add(a.add(10).clampMax(2)) : a.clamp(-0.5, 0.7);
      case 31 -> smooth ? a.greater(9).where(b, a.mul(b)) : a.greater(b).where(a, b.square());
      case 32 -> smooth ? Var.stack(0, List.of(a, a.add(0.5))).max(0) : scalar ? a : a.max(axis);
      default -> smooth ? a.min(a.add(1)) : a.stopGradient().mul(a);
    };
  }

  /// Some positions along an axis, the first of them twice.
  private Var gathered(Var a, int axis) {
    int length = a.shape().dim(axis);
    int[] positions = new int[length == 0 ? 0 : 3];
    Arrays.setAll(positions, i -> i == 2 ? positions[0] : random.nextInt(length));
    return a.gather(axis, positions).pad(axis, 1, 0, 0.5);
  }
}
