package org.flowline.odesolvers.problems;

import java.util.Arrays;

/// The motion of the five outer planets about the sun and the four inner ones, DETEST's C5:
///
///     r_i'' = k² ( −(m0 + m_i) r_i/|r_i|³ + Σ_{j≠i} m_j ((r_j − r_i)/|r_j − r_i|³ − r_j/|r_j|³) )
///
/// State: the positions of Jupiter, Saturn, Uranus, Neptune and Pluto in astronomical units, three
/// numbers each, then their velocities; masses in units of the sun's; time in 100 days.
final class OuterPlanets {
  private static final int PLANETS = 5;
  private static final int VELOCITIES = 3 * PLANETS;

  private static final double GRAVITATION = 2.95912208286;
  private static final double SUN = 1.00000597682;
  private static final double[] MASSES = {
    0.954786104043e-3, 0.285583733151e-3, 0.437273164546e-4, 0.517759138449e-4, 0.277777777778e-5
  };

  private OuterPlanets() {}

  // formatter:off
  static double[] start() {
    return new double[] {
        3.42947415189,     3.35386959711,     1.35494901715,
        6.64145542550,     5.97156957878,     2.18231499728,
       11.2630437207,     14.6952576794,      6.27960525067,
      -30.1552268759,      1.65699966404,     1.43785752721,
      -21.1238353380,     28.4465098142,     15.3882659679,
       -0.557160570446,    0.505696783289,    0.230578543901,
       -0.415570776342,    0.365682722812,    0.169143213293,
       -0.325325669158,    0.189706021964,    0.0877265322780,
       -0.0240476254170,  -0.287659532608,   -0.117219543175,
       -0.176860753121,   -0.216393453025,   -0.0148647893090,
    };
  }
  // formatter:on

  static void accelerate(double t, double[] r, double[] drdt) {
    System.arraycopy(r, VELOCITIES, drdt, 0, VELOCITIES);
    Arrays.fill(drdt, VELOCITIES, 2 * VELOCITIES, 0);
    for (int i = 0; i < PLANETS; i++) {
      // The sun attracts the planet and is attracted by it, which moves the origin of all.
      double x = r[3 * i];
      double y = r[3 * i + 1];
      double z = r[3 * i + 2];
      double pull = GRAVITATION / cube(x, y, z);
      for (int j = 0; j < PLANETS; j++) {
        double mass = i == j ? SUN + MASSES[i] : MASSES[i];
        add(drdt, j, -mass * pull, x, y, z);
      }
      for (int j = 0; j < i; j++) {
        double dx = r[3 * j] - x;
        double dy = r[3 * j + 1] - y;
        double dz = r[3 * j + 2] - z;
        double attraction = GRAVITATION / cube(dx, dy, dz);
        add(drdt, i, MASSES[j] * attraction, dx, dy, dz);
        add(drdt, j, -MASSES[i] * attraction, dx, dy, dz);
      }
    }
  }

  private static double cube(double x, double y, double z) {
    double square = x * x + y * y + z * z;
    return square * Math.sqrt(square);
  }

  private static void add(double[] dydt, int planet, double a, double x, double y, double z) {
    int at = VELOCITIES + 3 * planet;
    dydt[at] += a * x;
    dydt[at + 1] += a * y;
    dydt[at + 2] += a * z;
  }
}
