package org.flowline.examples.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.flowline.examples.lab.claims.A6TheDescentLemmaHolds.Step;
import org.flowline.examples.lab.claims.Ridges.Profile;

/// `f(θ⁺) ≤ f(θ) − η(1 − Lη/2)‖∇f‖²` for every step on every `L`-smooth loss, convex or not, with
/// equality on quadratics along their steepest direction.
class DescentLemmaHolds {

  @Property
  void atEveryStep(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int dimension,
      @ForAll @IntRange(min = 1, max = 12) int ridges,
      @ForAll @Size(min = 1, max = 4) List<Profile> kinds,
      @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 5) double reach,
      @ForAll @Scale(6) @DoubleRange(min = 0.01, max = 100) double distance) {
    SplittableRandom random = new SplittableRandom(seed);
    Ridges f = Ridges.random(random, dimension, ridges, kinds.toArray(Profile[]::new));
    double[] start = Ridges.normal(random, dimension);
    for (int j = 0; j < dimension; j++) {
      start[j] = f.bottom()[j] + distance * start[j];
    }
    List<Step> steps = A6TheDescentLemmaHolds.steps(f, start, reach / f.smoothness(), 20);
    for (Step step : steps) {
      assertTrue(
          step.violation() <= A6TheDescentLemmaHolds.ROUNDING * step.scale(), step.toString());
    }
  }

  @Property
  void withEqualityInTheSteepestDirection(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int dimension,
      @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 5) double reach) {
    SplittableRandom random = new SplittableRandom(seed);
    Ridges f =
        Ridges.of(Profile.PARABOLA, Ridges.random(random, dimension, 9, Profile.PARABOLA).a());
    double[] start = f.steepest().getEigenvector(0).toArray();
    Step step = A6TheDescentLemmaHolds.steps(f, start, reach / f.smoothness(), 1).getFirst();
    // The losses are 1/ηL times as large as the change, and so is their rounding.
    assertEquals(reach / 2 - 1, step.change(), 1e-13 * step.scale());
  }
}
