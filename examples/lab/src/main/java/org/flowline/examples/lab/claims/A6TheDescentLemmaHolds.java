package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.claims.Ridges.Profile;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// A6: a step of descent on an `L`-smooth loss gains at least `η (1 − Lη/2) ‖∇f‖²`.
final class A6TheDescentLemmaHolds implements Experiment {
  private static final int PROBLEMS = 1000;
  private static final int STEPS = 20;

  /// Steps are drawn up to this over `L`, beyond the limit of 2, where the lemma still holds.
  private static final double LONGEST = 3;

  /// Rounding of sums of a dozen terms.
  static final double ROUNDING = 1e-14;

  /// Steps whose numbers are larger than their change by more than this show rounding, no change.
  private static final double RESOLVED = 1e10;

  /// One step of descent.
  ///
  /// @param reach `ηL`
  /// @param change of the loss over `η‖∇f‖²`
  /// @param scale of what is rounded in computing it, in the same unit: both losses, the
  ///     right-hand side, and the parameters by what they change the loss
  record Step(double reach, double change, double scale) {

    /// How far the change is above the lemma's bound, which allows none.
    double violation() {
      return change + 1 - reach / 2;
    }
  }

  @Override
  public Claim claim() {
    return new Claim(
        "A6",
        "Every step gains",
        "Where the gradient is Lipschitz continuous with L, a step of gradient descent lowers the loss"
            + " by at least η(1 − Lη/2)‖∇f‖², convex or not; so every step shorter than 2/L gains.",
        "‖∇f(x) − ∇f(y)‖ ≤ L‖x − y‖   ⇒   f(θ − η∇f) ≤ f(θ) − η(1 − Lη/2)‖∇f‖²",
        "Descends a thousand random losses, sums of parabolas, log-cosh ridges, Huber's functions and"
            + " waves in up to eight dimensions, 20 steps each with a random step size up to 3/L, and"
            + " compares every step with the bound. L comes from an eigenvalue decomposition.",
        "None of some 20 000 steps is above the bound but for rounding, and steps along the steepest"
            + " eigenvector of a quadratic lie on it: it cannot be improved. The same argument bounds"
            + " the gain from above, by η(1 + Lη/2)‖∇f‖². Beyond 2/L the lemma promises nothing, yet"
            + " many steps still gain.",
        "Nesterov (2004), section 1.2.3");
  }

  @Override
  public Findings run() {
    SplittableRandom random = new SplittableRandom(6);
    List<Step> all = new ArrayList<>();
    for (int i = 0; i < PROBLEMS; i++) {
      int dimension = random.nextInt(1, 9);
      Ridges f = Ridges.random(random, dimension, random.nextInt(1, 13), Profile.values());
      double eta = random.nextDouble(0.01, LONGEST) / f.smoothness();
      double[] start = Arrays.stream(Ridges.normal(random, dimension)).map(x -> 3 * x).toArray();
      all.addAll(steps(f, start, eta, STEPS));
    }
    List<Step> steepest = steepest(random);
    double tight = steepest.stream().mapToDouble(s -> Math.abs(s.violation())).max().orElseThrow();
    return new Findings(
        List.of(
            Measurement.near("steps above the bound, of " + all.size(), above(all), 0, 0),
            // In units of the numbers' size, so that only rounding is allowed.
            Measurement.atMost(
                "largest violation, over the numbers' size",
                all.stream().mapToDouble(s -> s.violation() / s.scale()).max().orElseThrow(),
                ROUNDING),
            Measurement.near(
                "distance from the bound along the steepest direction", tight, 0, 1e-12)),
        List.of(
            Picture.of(
                "A6-lemma",
                "Change of the loss in a step over η‖∇f‖², by step size: random losses between the"
                    + " two bounds, quadratics along their steepest direction on the upper one.",
                picture(all, steepest))));
  }

  static long above(List<Step> steps) {
    return steps.stream().filter(s -> s.violation() > ROUNDING * s.scale()).count();
  }

  /// The steps of a descent, as long as there is a gradient.
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
      double size =
          new ArrayRealVector(orbit.y()[k]).getNorm() + new ArrayRealVector(f.bottom()).getNorm();
      double scale = loss + next + gain + (before.getNorm() + after.getNorm()) * size;
      if (gain > 0) {
        found.add(new Step(eta * smoothness, (next - loss) / gain, scale / gain));
      }
    }
    return found;
  }

  /// Single steps on quadratics, from their steepest eigenvector.
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

  private static XYChart picture(List<Step> all, List<Step> steepest) {
    XYChart chart =
        Pictures.chart(
            "A thousand losses under one bound", "step size, ηL", "(f(θ⁺) − f(θ)) / η‖∇f‖²");
    List<Step> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += 9) {
      if (all.get(i).scale() < RESOLVED) {
        some.add(all.get(i));
      }
    }
    scatter(chart, "random loss", some, 4).setMarkerColor(Pictures.colour(5));
    line(chart, "bound −1 + ηL/2", x -> -1 + x / 2, 1);
    line(chart, "other side −1 − ηL/2", x -> -1 - x / 2, 2);
    scatter(chart, "steepest direction", steepest, 0).setMarker(SeriesMarkers.DIAMOND);
    return chart;
  }

  private static void line(XYChart chart, String name, DoubleUnaryOperator y, int colour) {
    double[] ends = {0, LONGEST};
    double[] at = Arrays.stream(ends).map(y).toArray();
    Pictures.line(chart, name, ends, at, Pictures.colour(colour));
  }

  private static XYSeries scatter(XYChart chart, String name, List<Step> steps, int colour) {
    return Pictures.points(
        chart,
        name,
        steps.stream().mapToDouble(Step::reach).toArray(),
        steps.stream().mapToDouble(Step::change).toArray(),
        Pictures.colour(colour));
  }
}
