package org.flowline.odesolvers.problems;

import org.flowline.odesolvers.field.VectorField;

/// Two problems that are timed everywhere.
public final class ClassicProblems {

  /// Lorenz' strange attractor with `σ = 10`, `ρ = 28`, `β = 8/3` on `[0, 100]`. Errors double
  /// every 0.77: from about `t = 30` on, no two codes agree. Lorenz (1963), J. Atmos. Sci. 20,
  /// 130–141.
  public static final TestProblem LORENZ =
      TestProblem.of(
          "Lorenz", VectorField.of(3, ClassicProblems::lorenz), new double[] {1, 0, 0}, 0, 100);

  private static final int BODIES = 7;

  // formatter:off

  /// The Pleiades: seven bodies of masses 1 … 7 in the plane, on `[0, 3]`, with close encounters.
  /// State: all x, all y, then the velocities in the same order. Hairer, Nørsett & Wanner (1993),
  /// II.10; end state: Mazzia & Magherini (2008), Test Set for IVP Solvers.
  public static final TestProblem PLEIADES =
      TestProblem.of("Pleiades", VectorField.of(4 * BODIES, ClassicProblems::pleiades),
          new double[] {
            3,  3, -1, -3,    2,   -2,   2,
            3, -3,  2,  0,    0,   -4,   4,
            0,  0,  0,  0,    0,  1.75, -1.5,
            0,  0,  0, -1.25, 1,    0,   0,
          },
          0, 3,
          new double[] {
             0.3706139143970502,  3.237284092057233, -3.222559032418324,  0.6597091455775310,
             0.3425581707156584,  1.562172101400631, -0.7003092922212495,
            -3.943437585517392,  -3.271380973972550,  5.225081843456543, -2.590612434977470,
             1.198213693392275,  -0.2429682344935824, 1.091449240428980,
             3.417003806314313,   1.354584501625501, -2.590065597810775,  2.025053734714242,
            -1.155815100160448,  -0.8072988170223021, 0.5952396354208710,
            -3.741244961234010,   0.3773459685750630, 0.9386858869551073, 0.3667922227200571,
            -0.3474046353808490,  2.344915448180937, -1.947020434263292,
          });

  // formatter:on

  private ClassicProblems() {}

  private static void lorenz(double t, double[] y, double[] dydt) {
    dydt[0] = 10 * (y[1] - y[0]);
    dydt[1] = y[0] * (28 - y[2]) - y[1];
    dydt[2] = y[0] * y[1] - 8.0 / 3 * y[2];
  }

  private static void pleiades(double t, double[] y, double[] dydt) {
    System.arraycopy(y, 2 * BODIES, dydt, 0, 2 * BODIES);
    for (int i = 0; i < BODIES; i++) {
      double ax = 0;
      double ay = 0;
      for (int j = 0; j < BODIES; j++) {
        if (i != j) {
          double dx = y[j] - y[i];
          double dy = y[BODIES + j] - y[BODIES + i];
          double square = dx * dx + dy * dy;
          double pull = (j + 1) / (square * Math.sqrt(square));
          ax += pull * dx;
          ay += pull * dy;
        }
      }
      dydt[2 * BODIES + i] = ax;
      dydt[3 * BODIES + i] = ay;
    }
  }
}
