package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;

/// A row of a batch has the bits of the same row alone, on fixed steps.
class BatchMatesDoNotInfluenceEachOther {
  private static final StepSize.Constant STEPS = StepSize.Constant.of(0.13, 7);
  private static final double[] TIMES = {0.1, 0.4, STEPS.end(0.1)};

  @Property(tries = 40)
  void valuesAndGradients(
      @ForAll @IntRange(min = 2, max = 11) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll @IntRange(min = 1, max = 20) int hidden,
      @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    double[] y0 = random.doubles(rows * columns, -1, 1).toArray();
    ButcherTableau tableau =
        SolveCase.tableaux().toList().get(random.nextInt((int) SolveCase.tableaux().count()));
    GradientMethod method = new DiscreteAdjoint(Integrator.of(tableau, STEPS));
    Observed together = observe(new ClockedNetwork(rows, columns, hidden), seed, method, y0);
    for (int row = 0; row < rows; row++) {
      double[] own = Arrays.copyOfRange(y0, row * columns, (row + 1) * columns);
      Observed alone = observe(new ClockedNetwork(1, columns, hidden), seed, method, own);
      for (int i = 0; i < TIMES.length; i++) {
        int from = (i * rows + row) * columns;
        assertArrayEquals(
            Arrays.copyOfRange(alone.y, i * columns, (i + 1) * columns),
            Arrays.copyOfRange(together.y, from, from + columns));
      }
      assertArrayEquals(
          alone.y0Bar, Arrays.copyOfRange(together.y0Bar, row * columns, (row + 1) * columns));
      assertTrue(Arrays.stream(alone.y0Bar).anyMatch(value -> value != 0));
    }
  }

  private record Observed(double[] y, double[] y0Bar) {}

  private static Observed observe(
      ClockedNetwork network, long seed, GradientMethod method, double[] y0) {
    double[][] seen = new double[1][];
    TrajectoryGradient gradient =
        method.gradient(
            network.field(seed),
            y0,
            TIMES,
            (y, yBar) -> {
              seen[0] = y.clone();
              double sum = 0;
              for (int i = 0; i < y.length; i++) {
                sum += Math.sin(y[i]);
                yBar[i] = Math.cos(y[i]);
              }
              return sum;
            });
    return new Observed(seen[0], gradient.y0());
  }
}
