package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowline.autodiff.fixtures.RandomExpression;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;

/// Checks the derivatives of random compositions of up to 50 primitives, on values of any shape.
class DerivativesOfRandomExpressionsAreCorrect {

  /// The differences estimate their own error; the rest is round-off of some fifty operations.
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void onceAgainstDifferences(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int size) {
    Tape tape = RandomExpression.smooth(seed, size);
    double[] x = RandomExpression.point(seed);
    Program value = JvmBackend.best().compile(tape);
    double[][] out = Running.run(Derivative.gradient(tape), x);
    GradientCheck check = GradientCheck.of(at -> Running.run(value, at)[0][0], out[1], x);
    assertTrue(check.maxRelativeError() <= 1e-8 + 100 * check.differencesError(), check.toString());
  }

  /// `⟨∇f, u⟩` is the tangent along `u`, also at kinks and ties, up to round-off of its terms.
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void onceInBothModes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int size) {
    Tape tape = RandomExpression.any(seed, size);
    double[] x = RandomExpression.point(seed);
    double[] u = new SplittableRandom(seed).doubles(x.length, -1, 1).toArray();
    double[][] reverse = Running.run(Derivative.gradient(tape), x);
    double[][] forward = Running.run(Derivative.jvp(tape), x, u);
    assertArrayEquals(Running.run(tape, x)[0], forward[0]);
    assertArrayEquals(forward[0], reverse[0]);
    double scale = Running.absoluteDot(reverse[1], u);
    assertEquals(Running.dot(reverse[1], u), forward[1][0], 1e-11 * (1 + scale));
  }

  /// A Hessian is symmetric: `⟨u, Hv⟩ = ⟨v, Hu⟩`, up to round-off.
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void twiceSymmetrically(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int size) {
    Tape hvp = Derivative.hvp(RandomExpression.any(seed, size));
    double[] x = RandomExpression.point(seed);
    SplittableRandom random = new SplittableRandom(seed);
    double[] u = random.doubles(x.length, -1, 1).toArray();
    double[] v = random.doubles(x.length, -1, 1).toArray();
    double[] hv = Running.run(hvp, x, v)[2];
    double[] hu = Running.run(hvp, x, u)[2];
    double scale = Running.absoluteDot(u, hv) + Running.absoluteDot(v, hu);
    assertTrue(Arrays.stream(hv).allMatch(Double::isFinite));
    assertEquals(Running.dot(u, hv), Running.dot(v, hu), 1e-11 * (1 + scale));
  }

  /// The products of the Hessian equal the differences of gradients.
  @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
  void twiceAgainstDifferences(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size) {
    Tape tape = RandomExpression.smooth(seed, size);
    double[] x = RandomExpression.point(seed);
    double[] v = new SplittableRandom(seed).doubles(x.length, -1, 1).toArray();
    Program gradient = JvmBackend.best().compile(Derivative.gradient(tape));
    double[] product = Running.run(Derivative.hvp(tape), x, v)[2];
    GradientCheck check =
        GradientCheck.of(at -> Running.dot(v, Running.run(gradient, at)[1]), product, x);
    assertTrue(check.maxRelativeError() <= 1e-7 + 100 * check.differencesError(), check.toString());
  }
}
