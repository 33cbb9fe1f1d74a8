package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.EveryTableauHasItsOrder;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The error of the dense output within one step from an exact value is O(h^{q+1}), its
/// derivative's O(h^q).
class DenseOutputHasItsOrder {

  static Stream<ButcherTableau> tableaux() {
    return EveryTableauHasItsOrder.tableaux();
  }

  @ParameterizedTest
  @MethodSource("tableaux")
  void valuesAndDerivatives(ButcherTableau tableau) {
    int q = tableau.denseOrder();
    double smallestValue = Double.POSITIVE_INFINITY;
    double smallestRate = Double.POSITIVE_INFINITY;
    for (Problem forward : Problem.all()) {
      for (Problem problem : new Problem[] {forward, forward.backward()}) {
        double h = (problem.t1() - problem.t0()) / 8;
        double[] coarse = errors(tableau, problem, h);
        double[] fine = errors(tableau, problem, h / 2);
        // The finest halving, to h = 0.04, whose errors stay above 1e-14, some fifty times
        // rounding.
        for (int i = 0; i < 2 && fine[0] > Math.scalb(1e-14, q + 1); i++) {
          h /= 2;
          coarse = fine;
          fine = errors(tableau, problem, h / 2);
        }
        double value = Math.log(coarse[0] / fine[0]) / Math.log(2);
        double rate = Math.log(coarse[1] / fine[1]) / Math.log(2);
        // Slopes are off by O(h); 0.4 covers it at h = 0.08.
        assertTrue(value > q + 1 - 0.4, tableau + ", " + problem + ": value slope " + value);
        assertTrue(rate > q - 0.4, tableau + ", " + problem + ": derivative slope " + rate);
        smallestValue = Math.min(smallestValue, value);
        smallestRate = Math.min(smallestRate, rate);
      }
    }
    assertTrue(smallestValue < q + 1 + 0.4, tableau + ": smallest slope " + smallestValue);
    assertTrue(smallestRate < q + 0.4, tableau + ": smallest derivative slope " + smallestRate);
  }

  /// A tableau without dense output of its own interpolates linearly, with order 1.
  @Test
  void noListedMethodOfOrderTwoOrMoreIsLinearWithinAStep() {
    for (Method method : Methods.all()) {
      if (method.order() >= 2) {
        assertTrue(method.denseOrder() >= 2, method.name() + ": dense order; add withHermite()");
      }
    }
  }

  /// A step on the derivative of a polynomial of degree `q` reproduces it at every time.
  @Property(tries = 100)
  void itIsExactForPolynomialsOfItsDegree(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double theta) {
    double[] p = new SplittableRandom(seed).doubles(8, -1, 1).toArray();
    for (Method method : Methods.all()) {
      if (method instanceof ButcherTableau tableau && tableau.explicit()) {
        double[] coefficients = Arrays.copyOf(p, tableau.denseOrder() + 1);
        double[] y = new double[1];
        Integrator.of(method, StepSize.Constant.of(0.5, 1))
            .withObserver(step -> step.interpolate(0.5 * theta, y))
            .solve(
                VectorField.of(1, (t, _, dydt) -> dydt[0] = slope(coefficients, t)),
                new double[] {coefficients[0]},
                0,
                0.5)
            .orThrow();
        // Weights up to 545 in size, rounded to 1e-16 of it, times slopes below 4.
        assertEquals(value(coefficients, 0.5 * theta), y[0], 1e-12, method.name());
      }
    }
  }

  private static double value(double[] coefficients, double t) {
    double sum = 0;
    for (int m = coefficients.length - 1; m >= 0; m--) {
      sum = t * sum + coefficients[m];
    }
    return sum;
  }

  private static double slope(double[] coefficients, double t) {
    double sum = 0;
    for (int m = coefficients.length - 1; m >= 1; m--) {
      sum = t * sum + m * coefficients[m];
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("tableaux")
  void itMeetsTheStepsAtTheirEnds(ButcherTableau tableau) {
    int stages = tableau.stages();
    double[] b = new double[stages];
    double[] weights = new double[stages];
    for (int i = 0; i < stages; i++) {
      b[i] = tableau.b(i);
    }
    tableau.denseWeights(0, weights);
    assertArrayEquals(new double[stages], weights, Double.MIN_NORMAL); // 0 or −0
    // Coefficients of either sign in turn, so that at −1 their magnitudes add up.
    tableau.denseWeights(-1, weights);
    double magnitude = Math.max(1, Problem.distance(weights, new double[stages]));
    tableau.denseWeights(1, weights);
    assertArrayEquals(b, weights, 4e-16 * magnitude);
  }

  @ParameterizedTest
  @MethodSource("tableaux")
  void theRatesAreTheDerivativesOfTheWeights(ButcherTableau tableau) {
    int stages = tableau.stages();
    double[] before = new double[stages];
    double[] after = new double[stages];
    double[] rates = new double[stages];
    double delta = 1e-5;
    tableau.denseWeights(0.3 - delta, before);
    tableau.denseWeights(0.3 + delta, after);
    tableau.denseRates(0.3, rates);
    for (int i = 0; i < stages; i++) {
      // Central differences: delta² times a third derivative below 1e5, and rounding over delta.
      double difference = (after[i] - before[i]) / (2 * delta);
      assertTrue(Math.abs(difference - rates[i]) < 1e-5, tableau + ", stage " + i);
    }
  }

  private static double[] errors(ButcherTableau tableau, Problem problem, double h) {
    double[] worst = new double[2];
    for (int start = 0; start < 5; start++) {
      double t0 = problem.t0() + start * (problem.t1() - problem.t0()) / 6;
      addErrors(tableau, problem, t0, h, worst);
    }
    return worst;
  }

  /// Several times, since the leading term of the error may vanish at one.
  private static void addErrors(
      ButcherTableau tableau, Problem problem, double t0, double h, double[] worst) {
    double[] y = new double[problem.field().dimension()];
    double[] dydt = y.clone();
    double[] exactRate = y.clone();
    Integrator.of(tableau, StepSize.Constant.of(h, 1))
        .withObserver(
            step -> {
              for (int i = 1; i < 10; i++) {
                double t = t0 + i * h / 10;
                step.interpolate(t, y);
                step.derivative(t, dydt);
                double[] exact = problem.exact().apply(t);
                problem.field().evaluate(t, exact, exactRate);
                worst[0] = Math.max(worst[0], Problem.distance(y, exact));
                worst[1] = Math.max(worst[1], Problem.distance(dydt, exactRate));
              }
            })
        .solve(problem.field(), problem.exact().apply(t0), t0, t0 + h)
        .orThrow();
  }
}
