package org.flowline.odesolvers.method;

/// The implicit methods' tables; they are listed and documented for users in [Methods].
final class ImplicitMethods {

  private ImplicitMethods() {}

  // formatter:off

  static final ButcherTableau BACKWARD_EULER =
      ButcherTableau.of("BACKWARD_EULER", 1,
              new double[] {1},
              new double[][] {
                {1},
              },
              new double[] {1});

  static final ButcherTableau IMPLICIT_MIDPOINT =
      ButcherTableau.of("IMPLICIT_MIDPOINT", 2,
              new double[] {1.0 / 2},
              new double[][] {
                {1.0 / 2},
              },
              new double[] {1})
          .withDense(2, new double[] {0}, new double[][] {{0}}, new double[][] {
            {0,  1},
            {1, -1},
          });

  static final ButcherTableau TRAPEZOID =
      ButcherTableau.of("TRAPEZOID", 2,
              new double[] {0, 1},
              new double[][] {
                {0},
                {1.0 / 2, 1.0 / 2},
              },
              new double[] {1.0 / 2, 1.0 / 2})
          .withDense(2, new double[][] {
            {1, -1.0 / 2},
            {0,  1.0 / 2},
          });

  private static final double GAMMA_SDIRK2 = 1 - Math.sqrt(0.5);

  static final ButcherTableau SDIRK2 =
      ButcherTableau.of("SDIRK2", 2,
              new double[] {GAMMA_SDIRK2, 1},
              new double[][] {
                {GAMMA_SDIRK2},
                {1 - GAMMA_SDIRK2, GAMMA_SDIRK2},
              },
              new double[] {1 - GAMMA_SDIRK2, GAMMA_SDIRK2})
          .withEmbedded(1, 1, 0)
          .withDense(2, quadratic(GAMMA_SDIRK2, 1));

  private static final double GAMMA_TRBDF2 = 2 - Math.sqrt(2);

  static final ButcherTableau TRBDF2 =
      ButcherTableau.of("TRBDF2", 2,
              new double[] {0, GAMMA_TRBDF2, 1},
              new double[][] {
                {0},
                {GAMMA_TRBDF2 / 2, GAMMA_TRBDF2 / 2},
                {Math.sqrt(2) / 4, Math.sqrt(2) / 4, GAMMA_TRBDF2 / 2},
              },
              new double[] {Math.sqrt(2) / 4, Math.sqrt(2) / 4, GAMMA_TRBDF2 / 2})
          .withEmbedded(3, (1 - Math.sqrt(2) / 4) / 3, (3 * Math.sqrt(2) / 4 + 1) / 3, GAMMA_TRBDF2 / 6)
          .withHermite();

  private static final double GAMMA_KVAERNO = 0.4358665215;

  static final ButcherTableau KVAERNO3 =
      ButcherTableau.of("KVAERNO3", 3,
              new double[] {0, 2 * GAMMA_KVAERNO, 1, 1},
              new double[][] {
                {0},
                {GAMMA_KVAERNO,      GAMMA_KVAERNO},
                {0.490563388419108,  0.073570090080892,  GAMMA_KVAERNO},
                {0.308809969973036,  1.490563388254106, -1.235239879727145, GAMMA_KVAERNO},
              },
              new double[]
                {0.308809969973036,  1.490563388254106, -1.235239879727145, GAMMA_KVAERNO})
          .withEmbedded(2,
                 0.490563388419108,  0.073570090080892,  GAMMA_KVAERNO,     0)
          .withHermite();

  static final ButcherTableau KVAERNO4 =
      ButcherTableau.of("KVAERNO4", 4,
              new double[] {0, 2 * GAMMA_KVAERNO, 0.468238744853136, 1, 1},
              new double[][] {
                {0},
                {GAMMA_KVAERNO,      GAMMA_KVAERNO},
                {0.140737774731968, -0.108365551378832,  GAMMA_KVAERNO},
                {0.102399400616089, -0.376878452267324,  0.838612530151233,  GAMMA_KVAERNO},
                {0.157024897860995,  0.117330441357768,  0.61667803039168,  -0.326899891110444, GAMMA_KVAERNO},
              },
              new double[]
                {0.157024897860995,  0.117330441357768,  0.61667803039168,  -0.326899891110444, GAMMA_KVAERNO})
          .withEmbedded(3,
                 0.102399400616089, -0.376878452267324,  0.838612530151233,  GAMMA_KVAERNO,     0)
          .withHermite();

  static final ButcherTableau KVAERNO5 =
      ButcherTableau.of("KVAERNO5", 5,
              new double[] {0, 0.52, 1.230333209967908, 0.895765984350076, 0.436393609858648, 1, 1},
              new double[][] {
                {0},
                {0.26,                0.26},
                {0.13,                0.84033320996790809, 0.26},
                {0.22371961478320505, 0.47675532319799699, -0.06470895363112615,  0.26},
                {0.16648564323248321, 0.10450018841591720,  0.03631482272098715, -0.13090704451073998, 0.26},
                {0.13855640231268224, 0,                   -0.04245337201752043,  0.02446657898003141, 0.61943039072480676, 0.26},
                {0.13659751177640291, 0,                   -0.05496908796538376, -0.04118626728321046, 0.62993304899016403, 0.06962479448202728, 0.26},
              },
              new double[]
                {0.13659751177640291, 0,                   -0.05496908796538376, -0.04118626728321046, 0.62993304899016403, 0.06962479448202728, 0.26})
          .withEmbedded(4,
                 0.13855640231268224, 0,                   -0.04245337201752043,  0.02446657898003141, 0.61943039072480676, 0.26, 0)
          .withHermite();

  private static final double D_ROS23 = 1 / (2 + Math.sqrt(2));

  private static final double E_ROS23 = 6 + Math.sqrt(2);

  static final Rosenbrock ROSENBROCK23 =
      Rosenbrock.of("ROSENBROCK23", 2,
              new double[][] {
                {},
                {1.0 / 2},
                {0, 1},
              },
              new double[][] {
                { D_ROS23},
                {-D_ROS23,                  D_ROS23},
                { D_ROS23 * (E_ROS23 - 2), -D_ROS23 * E_ROS23, D_ROS23},
              },
              new double[] {0, 1, 0})
          .withEmbedded(3, 1.0 / 6, 2.0 / 3, 1.0 / 6)
          .withDense(2, new double[][] {
            {1 / (1 - 2 * D_ROS23),                -1 / (1 - 2 * D_ROS23)},
            {-2 * D_ROS23 / (1 - 2 * D_ROS23),      1 / (1 - 2 * D_ROS23)},
            {0},
          });

  static final Rosenbrock RODAS5P =
      Rosenbrock.transformed("RODAS5P", 5, 0.21193756319429014,
              new double[][] {
                {},
                { 3.0},
                { 2.849394379747939,  0.45842242204463923},
                {-6.954028509809101,  2.489845061869568,  -10.358996098473584},
                { 2.8029986275628964, 0.5072464736228206,  -0.3988312541770524, -0.04721187230404641},
                {-7.502846399306121,  2.561846144803919,  -11.627539656261098,  -0.18268767659942256, 0.030198172008377946},
                {-7.502846399306121,  2.561846144803919,  -11.627539656261098,  -0.18268767659942256, 0.030198172008377946, 1},
                {-7.502846399306121,  2.561846144803919,  -11.627539656261098,  -0.18268767659942256, 0.030198172008377946, 1, 1},
              },
              new double[][] {
                {},
                {-14.155112264123755},
                {-17.97296035885952,  -2.859693295451294},
                {147.12150275711716,  -1.41221402718213,    71.68940251302358},
                {165.43517024871676,  -0.4592823456491126,  42.90938336958603, -5.961986721573306},
                { 24.854864614690072, -3.0009227002832186,  47.4931110020768,   5.5814197821558125,  -0.6610691825249471},
                { 30.91273214028599,  -3.1208243349937974,  77.79954646070892, 34.28646028294783,   -19.097331116725623, -28.087943162872662},
                { 37.80277123390563,  -3.2571969029072276, 112.26918849496327, 66.9347231244047,    -40.06618937091002,  -54.66780262877968, -9.48861652309627},
              },
              new double[]
                {-7.502846399306121,  2.561846144803919,  -11.627539656261098,  -0.18268767659942256, 0.030198172008377946, 1, 1, 1})
          .withEmbeddedTransformed(4,
                 -7.502846399306121,  2.561846144803919,  -11.627539656261098,  -0.18268767659942256, 0.030198172008377946, 1, 1, 0)
          .withDenseTransformed(4, new double[][] {
            {25.948786856663858, -2.5579724845846235, 10.433815404888879,  -2.3679251022685204,   0.524948541321073,   1.1241088310450404,  0.4272876194431874, -0.17202221070155493},
            {-9.91568850695171,  -0.9689944594115154,  3.0438037242978453, -24.495224566215796,  20.176138334709044,  15.98066361424651,   -6.789040303419874,  -6.710236069923372},
            {11.419903575922262,  2.8879645146136994, 72.92137995996029,   80.12511834622643,   -52.072871366152654, -59.78993625266729,  -0.15582684282751913, 4.883087185713722},
          });

  /// `b_i(θ)` of order 2 for two stages at `c1` and `c2`: the slopes' straight line, integrated.
  private static double[][] quadratic(double c1, double c2) {
    return new double[][] {
      {c2 / (c2 - c1), -0.5 / (c2 - c1)},
      {-c1 / (c2 - c1), 0.5 / (c2 - c1)},
    };
  }
  // formatter:on
}
