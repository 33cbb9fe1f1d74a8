package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A smooth scalar function of a `[3, 4]` value, of up to 50 random operations on bounded values.
public final class RandomExpression {
  /// The shape of the only input.
  public static final Shape INPUT = Shape.of(3, 4);

  private final SplittableRandom random;
  private final List<Var> values = new ArrayList<>();

  private RandomExpression(long seed) {
    random = new SplittableRandom(seed);
  }

  public static Tape tape(long seed, int operations) {
    return Tape.record(INPUT, x -> new RandomExpression(seed).write(x, operations));
  }

  /// A point at which to look.
  public static double[] point(long seed) {
    return new SplittableRandom(~seed).doubles(INPUT.size(), -1, 1).toArray();
  }

  private Var write(Var x, int operations) {
    values.add(x);
    for (int i = 0; i < operations; i++) {
      values.add(bounded(next()));
    }
    Var total = x.square().mean();
    for (Var value : values.subList(Math.max(0, values.size() - 4), values.size())) {
      total = total.add(value.sin().square().sum());
    }
    return total;
  }

  private Var any() {
    return values.get(random.nextInt(values.size()));
  }

  private Var matrix() {
    return values.get(0).mul(1 + random.nextInt(3)).add(any().sum().tanh());
  }

  /// Products and exponentials grow; what could is squeezed.
  private Var bounded(Var value) {
    return value.shape().size() > 60 ? value.slice(0, 0, 1).tanh() : value.tanh().mul(1.5);
  }

  private Var next() {
    Var a = any();
    Var b = any();
    boolean alike = a.shape().equals(b.shape());
    return switch (random.nextInt(20)) {
      case 0 -> a.sin();
      case 1 -> a.cos().add(0.3);
      case 2 -> a.exp();
      case 3 -> a.sigmoid();
      case 4 -> a.softplus().sub(0.5);
      case 5 -> a.square().add(1).log();
      case 6 -> a.square().add(0.5).sqrt();
      case 7 -> alike ? a.add(b) : a.add(b.sum());
      case 8 -> alike ? a.sub(b) : b.mean().sub(a);
      case 9 -> alike ? a.mul(b) : a.mul(b.mean());
      case 10 -> alike ? a.div(b.square().add(1)) : a.div(b.square().sum().add(1));
      case 11 -> matrix().matmul(matrix().transpose());
      case 12 -> matrix().transpose().matmul(matrix().tanh());
      case 13 -> a.shape().rank() == 2 ? a.sum(random.nextInt(2)) : a.neg();
      case 14 -> matrix().add(matrix().sum(0)).mul(matrix().sum(1).reshape(3, 1));
      case 15 -> a.shape().rank() > 0 ? a.softmax(-1) : a.gelu();
      case 16 -> a.shape().rank() > 0 ? a.logSumExp(-1) : a.silu();
      case 17 -> a.shape().rank() > 0 ? a.cumulativeSum(0) : a.erf();
      case 18 -> Var.concat(0, List.of(a.reshape(a.shape().size()), b.reshape(b.shape().size())));
      default -> matrix().slice(1, 1, 3).pad(0, 1, 0).gather(0, 2, 0, 2);
    };
  }
}
