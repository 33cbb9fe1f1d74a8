package org.flowline.neuralode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.odesolvers.ButcherTableau;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;

/// A solve of [ClockedNetwork#SMALL]: every tableau with every kind of step size, in both
/// directions, observed wherever it makes a difference.
///
/// @param times observation times
record Solve(String name, ButcherTableau tableau, StepSize stepSize, double... times) {
  static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;
  private static final double START = 0.3;

  static Stream<Solve> all() {
    return tableaux().flatMap(tableau -> Stream.of(1, -1).flatMap(sign -> of(tableau, sign)));
  }

  static Stream<ButcherTableau> tableaux() {
    return Methods.all().stream()
        .filter(ButcherTableau.class::isInstance)
        .map(ButcherTableau.class::cast)
        .filter(ButcherTableau::explicit);
  }

  private static Stream<Solve> of(ButcherTableau tableau, int sign) {
    String name = tableau.name() + (sign > 0 ? " forward, " : " backward, ");
    List<Solve> solves = new ArrayList<>();
    StepSize.Constant constant = new StepSize.Constant(sign * 0.23, 6);
    double end = constant.end(START);
    solves.add(new Solve(name + "constant, end", tableau, constant, START, end));
    double[] inside = after(sign, 0, 0.1, 0.85, 0.9);
    solves.add(new Solve(name + "constant, inside", tableau, constant, with(inside, end)));
    double[] nodes = {START, constant.node(START, 1), constant.node(START, 4), end};
    solves.add(new Solve(name + "constant, at nodes", tableau, constant, nodes));

    StepSize.Grid grid = StepSize.Grid.at(after(sign, 0, 0.2, 0.33, 0.7, 0.81, 1.3));
    solves.add(new Solve(name + "grid, end", tableau, grid, after(sign, 0, 1.3)));
    double[] moving = after(sign, 0, 0.2, 0.4, 0.6, 0.7, 0.81, 1.3);
    solves.add(new Solve(name + "grid, at nodes and inside", tableau, grid, moving));

    if (tableau.embedded()) {
      // About five steps each.
      double tolerance = tableau.order() > 5 ? 1e-9 : tableau.order() > 3 ? 1e-4 : 1e-2;
      StepSize adaptive = StepSize.Adaptive.of(tolerance, tolerance);
      Solve solve = new Solve(name + "adaptive, end", tableau, adaptive, after(sign, 0, 2.1));
      solves.add(solve);
      solves.add(solve.observedInside(name + "adaptive, inside"));
    }
    return solves.stream();
  }

  private static double[] after(int sign, double... distances) {
    return Arrays.stream(distances).map(distance -> START + sign * distance).toArray();
  }

  private static double[] with(double[] times, double last) {
    double[] more = Arrays.copyOf(times, times.length + 1);
    more[times.length] = last;
    return more;
  }

  /// The same steps (they do not depend on the observations) with one observation in the second
  /// step, two in the third and one in the last.
  private Solve observedInside(String name) {
    Trajectory steps = steps();
    int last = steps.steps() - 1;
    double[] inside = {
      times[0],
      steps.t(1) + 0.6 * steps.h(1),
      steps.t(2) + 0.2 * steps.h(2),
      steps.t(2) + 0.7 * steps.h(2),
      steps.t(last) + 0.4 * steps.h(last),
      times[1]
    };
    return new Solve(name, tableau, stepSize, inside);
  }

  Integrator integrator() {
    return Integrator.of(tableau, stepSize);
  }

  double[] y0() {
    return NETWORK.state(1);
  }

  Trajectory steps() {
    Trajectory steps = new Trajectory();
    integrator().withObserver(steps).solve(NETWORK.field(1), y0(), times).orThrow();
    return steps;
  }

  TrajectoryGradient discrete() {
    return new DiscreteAdjoint(integrator())
        .gradient(NETWORK.field(1), y0(), times, NETWORK.trajectoryLoss(times.length));
  }

  @Override
  public String toString() {
    return name;
  }
}
