package org.flowline.examples.lab.claims;

import java.util.List;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;

/// A1: Euler's method with `h = η` on the gradient flow is gradient descent, bit for bit.
final class A1DescentIsEuler {
  void run(Notebook notes) {
    Losses valley = Losses.rosenbrock();
    compare(notes, valley, 1e-3, 2000);
    compare(notes, Losses.quadratic(), 0.3, 200);
    compare(notes, Losses.network(8, 1), 0.1, 500);
    double eta = 1.8e-3;
    int steps = 60;
    notes.picture(
        "A1-valley",
        "Rosenbrock's valley by Euler's method, by a textbook's loop, and by the flow.",
        Panel.wide("The same descent, computed twice", "x", "y")
            .path("gradient flow", valley.flow(eta * steps), 0)
            .path("textbook's loop", textbook(valley, eta, steps), 1)
            .marks("Euler", valley.descent(eta, steps), 1));
  }

  private static Orbit textbook(Losses loss, double eta, int steps) {
    return TextbookLoop.run(loss, eta, steps, (g, _, _, _, _) -> g);
  }

  /// Compares all iterates.
  private static void compare(Notebook notes, Losses loss, double eta, int steps) {
    notes.identical(
        loss.name(),
        Series.flat(List.of(loss.descent(eta, steps).y())),
        Series.flat(List.of(textbook(loss, eta, steps).y())));
  }
}
