package org.flowline.odesolvers.problems;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.flowline.odesolvers.field.VectorField;

/// DETEST: 25 problems that are not stiff, each on `[0, 20]`, in five classes of five:
///
/// | class |                                                | dimension |
/// |-------|------------------------------------------------|-----------|
/// | A     | single equations                               | 1         |
/// | B     | small systems                                  | 2, 3      |
/// | C     | moderate systems                               | 10 to 51  |
/// | D     | orbits of eccentricity 0.1, 0.3, 0.5, 0.7, 0.9 | 4         |
/// | E     | equations of second order                      | 2         |
///
/// Hull, Enright, Fellen & Sedgwick (1972), SIAM J. Numer. Anal. 9, 603–637; revised, and with end
/// states, by Enright & Pryce (1987), ACM Trans. Math. Softw. 13, 1–27 (algorithm 648).
public final class Detest {
  private static final double END = 20;

  private static final List<TestProblem> ALL =
      Stream.of(single(), small(), moderate(), orbits(), secondOrder())
          .flatMap(List::stream)
          .toList();

  private Detest() {}

  /// All 25 problems, A1 to E5.
  public static List<TestProblem> all() {
    return ALL;
  }

  /// Returns the problem of this name, such as `D5`.
  ///
  /// @throws IllegalArgumentException if there is none
  public static TestProblem named(String name) {
    return ALL.stream()
        .filter(problem -> problem.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("DETEST: no problem " + name + ", want A1 to E5"));
  }

  private static List<TestProblem> single() {
    return List.of(
        problem("A1", (t, y, dydt) -> dydt[0] = -y[0], 1),
        problem("A2", (t, y, dydt) -> dydt[0] = -y[0] * y[0] * y[0] / 2, 1),
        problem("A3", (t, y, dydt) -> dydt[0] = y[0] * Math.cos(t), 1),
        problem("A4", (t, y, dydt) -> dydt[0] = y[0] / 4 * (1 - y[0] / 20), 1),
        problem("A5", (t, y, dydt) -> dydt[0] = (y[0] - t) / (y[0] + t), 4));
  }

  private static List<TestProblem> small() {
    return List.of(
        problem("B1", Detest::conflict, 1, 3),
        problem("B2", Detest::linearReaction, 2, 0, 1),
        problem("B3", Detest::nonlinearReaction, 1, 0, 0),
        problem("B4", Detest::torus, 3, 0, 0),
        problem("B5", Detest::rigidBody, 0, 1, 1));
  }

  /// Two populations in conflict.
  private static void conflict(double t, double[] y, double[] dydt) {
    dydt[0] = 2 * (y[0] - y[0] * y[1]);
    dydt[1] = -(y[1] - y[0] * y[1]);
  }

  private static void linearReaction(double t, double[] y, double[] dydt) {
    dydt[0] = -y[0] + y[1];
    dydt[1] = y[0] - 2 * y[1] + y[2];
    dydt[2] = y[1] - y[2];
  }

  private static void nonlinearReaction(double t, double[] y, double[] dydt) {
    dydt[0] = -y[0];
    dydt[1] = y[0] - y[1] * y[1];
    dydt[2] = y[1] * y[1];
  }

  /// The integral surface is a torus.
  private static void torus(double t, double[] y, double[] dydt) {
    double radius = Math.sqrt(y[0] * y[0] + y[1] * y[1]);
    dydt[0] = -y[1] - y[0] * y[2] / radius;
    dydt[1] = y[0] - y[1] * y[2] / radius;
    dydt[2] = y[0] / radius;
  }

  /// Euler's equations of a rigid body without external forces.
  private static void rigidBody(double t, double[] y, double[] dydt) {
    dydt[0] = y[1] * y[2];
    dydt[1] = -y[0] * y[2];
    dydt[2] = -0.51 * y[0] * y[1];
  }

  private static List<TestProblem> moderate() {
    return List.of(
        problem("C1", (t, y, dydt) -> decay(y, dydt, i -> 1), unit(10)),
        problem("C2", (t, y, dydt) -> decay(y, dydt, i -> i + 1), unit(10)),
        problem("C3", (t, y, dydt) -> heat(y, dydt), unit(10)),
        problem("C4", (t, y, dydt) -> heat(y, dydt), unit(51)),
        problem("C5", OuterPlanets::accelerate, OuterPlanets.start()));
  }

  private static double[] unit(int n) {
    double[] y = new double[n];
    y[0] = 1;
    return y;
  }

  /// A radioactive decay chain, whose last link is stable.
  private static void decay(double[] y, double[] dydt, IntToDoubleFunction rate) {
    int last = y.length - 1;
    double gained = 0;
    for (int i = 0; i < last; i++) {
      double lost = rate.applyAsDouble(i) * y[i];
      dydt[i] = gained - lost;
      gained = lost;
    }
    dydt[last] = gained;
  }

  /// The heat equation on a line with both ends kept at 0.
  private static void heat(double[] y, double[] dydt) {
    int last = y.length - 1;
    for (int i = 0; i <= last; i++) {
      double left = i > 0 ? y[i - 1] : 0;
      double right = i < last ? y[i + 1] : 0;
      dydt[i] = left - 2 * y[i] + right;
    }
  }

  private static List<TestProblem> orbits() {
    return List.of(
        orbit("D1", 0.1), orbit("D2", 0.3), orbit("D3", 0.5), orbit("D4", 0.7), orbit("D5", 0.9));
  }

  private static TestProblem orbit(String name, double eccentricity) {
    double speed = Math.sqrt((1 + eccentricity) / (1 - eccentricity));
    return problem(name, Detest::orbit, 1 - eccentricity, 0, 0, speed);
  }

  /// Two bodies: position, then velocity, of one about the other.
  private static void orbit(double t, double[] y, double[] dydt) {
    double square = y[0] * y[0] + y[1] * y[1];
    double cube = square * Math.sqrt(square);
    dydt[0] = y[2];
    dydt[1] = y[3];
    dydt[2] = -y[0] / cube;
    dydt[3] = -y[1] / cube;
  }

  private static List<TestProblem> secondOrder() {
    double bessel = Math.sqrt(2 / Math.PI);
    return List.of(
        problem(
            "E1", Detest::bessel, bessel * Math.sin(1), bessel * (Math.cos(1) - Math.sin(1) / 2)),
        problem("E2", Detest::vanDerPol, 2, 0),
        problem("E3", Detest::duffing, 0, 0),
        problem("E4", Detest::fallingBody, 30, 0),
        problem("E5", Detest::pursuit, 0, 0));
  }

  /// Bessel's equation of order ½, shifted by 1.
  private static void bessel(double t, double[] y, double[] dydt) {
    double x = t + 1;
    dydt[0] = y[1];
    dydt[1] = -(y[1] / x + (1 - 0.25 / (x * x)) * y[0]);
  }

  private static void vanDerPol(double t, double[] y, double[] dydt) {
    dydt[0] = y[1];
    dydt[1] = (1 - y[0] * y[0]) * y[1] - y[0];
  }

  private static void duffing(double t, double[] y, double[] dydt) {
    dydt[0] = y[1];
    dydt[1] = y[0] * y[0] * y[0] / 6 - y[0] + 2 * Math.sin(2.78535 * t);
  }

  private static void fallingBody(double t, double[] y, double[] dydt) {
    dydt[0] = y[1];
    dydt[1] = 0.032 - 0.4 * y[1] * y[1];
  }

  private static void pursuit(double t, double[] y, double[] dydt) {
    dydt[0] = y[1];
    dydt[1] = Math.sqrt(1 + y[1] * y[1]) / (25 - t);
  }

  private static TestProblem problem(String name, VectorField.Rhs f, double... y0) {
    double[] end = DetestEnds.of(name);
    return TestProblem.of(name, VectorField.of(y0.length, f), y0, 0, END, end);
  }
}
