package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.examples.lab.claims.Ridges.Profile;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// A6: a step of descent on an `L`-smooth loss lowers it by at least `η (1 − Lη/2) ‖∇f‖²`.
final class A6TheDescentLemmaHolds {
  private static final int PROBLEMS = 1000;
  private static final int STEPS = 20;

  /// The largest random `ηL`, beyond the limit of 2; the lemma still holds there.
  private static final double LONGEST = 3;

  /// Rounding of sums of a dozen terms.
  static final double ROUNDING = 1e-14;

  /// Steps with a larger scale than this are dominated by rounding and are not drawn.
  private static final double RESOLVED = 1e10;

  /// One step of descent.
  ///
  /// @param reach `ηL`
  /// @param change the change of the loss over `η‖∇f‖²`
  /// @param scale the size of the rounded terms in the same unit: both losses, the right-hand side,
  ///     and the parameters times their effect on the loss
  record Step(double reach, double change, double scale) {

    /// The excess of the change over the lemma's bound; positive if the lemma is violated.
    double violation() {
      return change + 1 - reach / 2;
    }
  }

  void run(Notebook notes) {
    SplittableRandom random = new SplittableRandom(6);
    List<Step> all = new ArrayList<>();
    for (int i = 0; i < PROBLEMS; i++) {
      int dimension = random.nextInt(1, 9);
      Ridges f = Ridges.random(random, dimension, random.nextInt(1, 13), Profile.values());
      double eta = random.nextDouble(0.01, LONGEST) / f.smoothness();
      double[] start = Series.map(Ridges.normal(random, dimension), x -> 3 * x);
      all.addAll(steps(f, start, eta, STEPS));
    }
    List<Step> steepest = steepest(random);
    long above = all.stream().filter(s -> s.violation() > ROUNDING * s.scale()).count();
    notes.near("steps above the bound, of " + all.size(), above, 0, 0);
    // In units of the numbers' size, so that only rounding is allowed.
    notes.atMost(
        "largest violation, over the numbers' size",
        Series.max(Series.of(all, s -> s.violation() / s.scale())),
        ROUNDING);
    double tight = Series.max(Series.of(steepest, s -> Math.abs(s.violation())));
    notes.near("distance from the bound along the steepest direction", tight, 0, 1e-12);
    List<Step> some =
        IntStream.iterate(0, i -> i < all.size(), i -> i + 9)
            .mapToObj(all::get)
            .filter(step -> step.scale() < RESOLVED)
            .toList();
    double[] ends = {0, LONGEST};
    Panel panel =
        Panel.wide("A thousand losses under one bound", "step size ηL", "(f(θ⁺) − f(θ)) / η‖∇f‖²");
    scatter(panel, "random loss", some, 5);
    panel.last().setMarker(SeriesMarkers.CIRCLE);
    panel.line("bound −1 + ηL/2", ends, x -> -1 + x / 2, 1);
    panel.line("lower bound −1 − ηL/2", ends, x -> -1 - x / 2, 2);
    scatter(panel, "steepest direction", steepest, 0);
    panel.last().setMarker(SeriesMarkers.DIAMOND);
    notes.picture(
        "A6-lemma",
        "Change of the loss over η‖∇f‖²; along the steepest direction it is on the bound.",
        panel);
  }

  /// The steps of a descent, while the gradient is not 0.
  static List<Step> steps(Ridges f, double[] start, double eta, int steps) {
    Orbit orbit = Orbit.descent(f, start, eta, steps);
    double smoothness = f.smoothness();
    List<Step> found = new ArrayList<>();
    ArrayRealVector before = new ArrayRealVector(start.length);
    ArrayRealVector after = new ArrayRealVector(start.length);
    for (int k = 0; k < steps; k++) {
      double loss = f.gradient(0, orbit.y()[k], before.getDataRef());
      double next = f.gradient(0, orbit.y()[k + 1], after.getDataRef());
      double gain = eta * before.dotProduct(before);
      double size = Series.norm(orbit.y()[k]) + Series.norm(f.bottom());
      double scale = loss + next + gain + (before.getNorm() + after.getNorm()) * size;
      if (gain > 0) {
        found.add(new Step(eta * smoothness, (next - loss) / gain, scale / gain));
      }
    }
    return found;
  }

  /// Single steps on quadratics along their steepest eigenvector.
  private static List<Step> steepest(SplittableRandom random) {
    List<Step> found = new ArrayList<>();
    for (double reach = 0.1; reach < LONGEST; reach += 0.2) {
      Ridges drawn = Ridges.random(random, 3, 5, Profile.PARABOLA);
      Ridges f = Ridges.of(Profile.PARABOLA, drawn.a());
      EigenDecompositionSymmetric eigen = f.steepest();
      double[] start = eigen.getEigenvector(0).toArray();
      found.addAll(steps(f, start, reach / eigen.getEigenvalue(0), 1));
    }
    return found;
  }

  private static void scatter(Panel panel, String name, List<Step> steps, int colour) {
    panel.marks(name, Series.of(steps, Step::reach), Series.of(steps, Step::change), colour);
  }
}
