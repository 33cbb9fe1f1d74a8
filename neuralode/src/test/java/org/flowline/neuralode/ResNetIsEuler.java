package org.flowline.neuralode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.dynamics.Basis;
import org.flowline.neuralode.dynamics.WeightsInTime;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.nn.ResidualStack;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// A residual network is Euler's method on its block, and its backpropagation is Euler's discrete
/// adjoint. Bit for bit: no tolerance anywhere here.
class ResNetIsEuler {

  @Property(tries = 60)
  void outputsAndGradients(
      @ForAll @IntRange(min = 1, max = 64) int depth,
      @ForAll @From("steps") double h,
      @ForAll @IntRange(min = 1, max = 9) int batch,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 19) int hidden,
      @ForAll @From("activations") Activation activation,
      @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    Mlp block = Mlp.of(activation, width, hidden, width);
    double[] theta = block.initial(random);
    double[] x = random.doubles(batch * width, -1, 1).toArray();
    double[] yBar = random.doubles(batch * width, -1, 1).toArray();
    check(block, depth, h, batch, width, theta, x, yBar);
  }

  /// Blocks with weights of their own are a field whose weights are constant in pieces of time,
  /// wherever time starts.
  @Property(tries = 40)
  void alsoWithWeightsOfEachBlock(
      @ForAll @IntRange(min = 1, max = 24) int depth,
      @ForAll @From("steps") double h,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll @IntRange(min = 1, max = 9) int hidden,
      @ForAll @From("activations") Activation activation,
      @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    Mlp block = Mlp.of(activation, width, hidden, width);
    ResidualStack stack = new ResidualStack(block, depth, h, ResidualStack.Weights.OF_EACH);
    double t0 = random.nextDouble(-2, 2);
    WeightsInTime dynamics = new WeightsInTime(block, Basis.pieces(depth, t0, h));
    double[] theta = stack.initial(random);
    double[] x = random.doubles(batch * width, -1, 1).toArray();
    double[] yBar = random.doubles(batch * width, -1, 1).toArray();
    check(stack, dynamics.field(batch, width), width, t0, theta, x, yBar);
    for (int k = 1; k < depth; k++) {
      int p = block.parameters().size();
      assertFalse(Arrays.equals(theta, 0, p, theta, k * p, (k + 1) * p), "drawn independently");
    }
  }

  @Example
  void atTheDepthsOfRealNetworks() {
    Mlp block = Mlp.of(Activation.TANH, 2, 16, 16, 2);
    RandomGenerator random = new SplittableRandom(4);
    double[] theta = block.initial(random);
    double[] x = random.doubles(10, -1, 1).toArray();
    double[] yBar = random.doubles(10, -1, 1).toArray();
    for (int depth : new int[] {1, 2, 3, 4, 8, 16, 32, 64}) {
      check(block, depth, 1, 5, 2, theta, x, yBar);
      check(block, depth, 0.1, 5, 2, theta, x, yBar);
    }
  }

  private static void check(
      Mlp block,
      int depth,
      double h,
      int batch,
      int width,
      double[] theta,
      double[] x,
      double[] yBar) {
    check(
        new ResidualStack(block, depth, h),
        NeuralField.of(block, batch, width),
        width,
        0,
        theta,
        x,
        yBar);
  }

  private static void check(
      ResidualStack stack,
      NeuralField field,
      int width,
      double t0,
      double[] theta,
      double[] x,
      double[] yBar) {
    int depth = stack.depth();
    Tape tape =
        Tape.record(
            List.of(Shape.of(theta.length), Shape.of(x.length / width, width)),
            in -> List.of(stack.apply(stack.parameters().of(in.get(0)), in.get(1))));
    double[] output = new double[x.length];
    JvmBackend.best().compile(tape).run(new double[][] {theta, x}, new double[][] {output});
    double[] thetaBar = new double[theta.length];
    double[] xBar = new double[x.length];
    JvmBackend.best()
        .compile(Derivative.vjp(tape))
        .run(
            new double[][] {theta, x, yBar}, new double[][] {new double[x.length], thetaBar, xBar});

    field.bind(theta);
    StepSize.Constant steps = StepSize.Constant.of(stack.h(), depth);
    Integrator euler = Integrator.of(Methods.EULER, steps);
    Solution solution = euler.solve(field, x, t0, steps.end(t0)).orThrow();
    assertArrayEquals(output, solution.last());

    TrajectoryGradient gradient =
        new DiscreteAdjoint(euler)
            .gradient(
                field,
                x,
                new double[] {t0, steps.end(t0)},
                (_, cotangents) -> {
                  Arrays.fill(cotangents, 0, x.length, 0);
                  System.arraycopy(yBar, 0, cotangents, x.length, x.length);
                  return 1;
                });
    assertArrayEquals(thetaBar, gradient.theta());
    assertArrayEquals(xBar, gradient.y0());
    assertEquals(depth, gradient.backwardEvaluations());
    assertTrue(Arrays.stream(thetaBar).anyMatch(value -> value != 0));
  }

  @Provide
  Arbitrary<Double> steps() {
    return Arbitraries.of(1.0, 0.1, 1.0 / 3, 0.037);
  }

  @Provide
  Arbitrary<Activation> activations() {
    return Arbitraries.of(Activation.values());
  }
}
