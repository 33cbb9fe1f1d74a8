package org.flowline.examples.gallery;

import java.util.ArrayList;
import java.util.List;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.ensemble.Ensemble;
import org.flowline.odesolvers.ensemble.InitialValueProblem;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;

/// Solves many problems on all cores: the pendulum `φ'' = −sin φ` from rest at many amplitudes,
/// each until its first passage through the vertical, a quarter of the period.
///
/// Expected: Gauss's period `2π / agm(1, cos(φ₀/2))`, with the arithmetic-geometric mean.
public final class ManyProblems {
  private ManyProblems() {}

  static Outcome run(int count) {
    Event vertical = Event.stop("vertical", (_, y) -> y[0]);
    Integrator solver =
        Integrator.of(Methods.DOP853, StepSize.Adaptive.of(1e-11, 1e-11)).withEvent(vertical);
    double[] amplitudes = new double[count];
    double[] periods = new double[count];
    List<InitialValueProblem> problems = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      amplitudes[i] = 3.0 * (i + 1) / count;
      VectorField pendulum = // one field for each problem, so that they are solved side by side
          VectorField.of(
              2,
              (_, y, dydt) -> {
                dydt[0] = y[1];
                dydt[1] = -Math.sin(y[0]);
              });
      double[] start = {amplitudes[i], 0};
      problems.add(new InitialValueProblem(solver, pendulum, start, 0, 100));
    }

    List<Solution> solutions = Ensemble.solveAll(problems);
    double largest = 0;
    for (int i = 0; i < count; i++) {
      periods[i] = 4 * solutions.get(i).occurrences().getFirst().t();
      double exact = gauss(amplitudes[i]);
      largest = Math.max(largest, Math.abs(periods[i] - exact) / exact);
    }
    return Outcome.of(ManyProblems.class, "The period of a pendulum", "amplitude", "period")
        .figure("largest relative error of the periods", largest, 0, 1e-8)
        .line(count + " pendulums", amplitudes, periods)
        .dots("Gauss", 0, 3, ManyProblems::gauss);
  }

  private static double gauss(double amplitude) {
    return 2 * Math.PI / agm(1, Math.cos(amplitude / 2));
  }

  /// Returns the arithmetic-geometric mean.
  private static double agm(double a, double b) {
    for (int i = 0; i < 6; i++) {
      double mean = (a + b) / 2;
      b = Math.sqrt(a * b);
      a = mean;
    }
    return a;
  }

  public static void main(String[] args) {
    run(10_000).show(args);
  }
}
