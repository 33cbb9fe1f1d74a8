package org.flowline.odesolvers.method;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hipparchus.ode.nonstiff.AdamsBashforthIntegrator;
import org.hipparchus.ode.nonstiff.AdamsMoultonIntegrator;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.hipparchus.ode.nonstiff.GraggBulirschStoerIntegrator;
import org.hipparchus.ode.nonstiff.HighamHall54Integrator;

/// The named methods, written as in their papers. A new method is one constant here, in
/// `listed(…)`, and one row of the table in the package's comment.
public final class Methods {

  private static final List<Method> ALL = new ArrayList<>();
  private static final List<HipparchusMethod> HIPPARCHUS = new ArrayList<>();

  private Methods() {}

  private static <M extends Method> M listed(M method) {
    if (method instanceof HipparchusMethod foreign) {
      HIPPARCHUS.add(foreign);
    } else {
      ALL.add(method);
    }
    return method;
  }

  // formatter:off

  /// Euler's method, order 1; on a network's layers `y + f(y)` it is the residual network.
  ///
  ///     y1 = y0 + h f(t, y0)
  ///
  /// Euler (1768), Institutiones calculi integralis, I, §650.
  public static final ButcherTableau EULER =
      listed(ButcherTableau.of("EULER", 1, new double[] {0}, new double[][] {{}}, new double[] {1}));

  /// The explicit midpoint rule, order 2. Runge (1895), Math. Ann. 46, 167–178.
  public static final ButcherTableau MIDPOINT =
      listed(ButcherTableau.of("MIDPOINT", 2, new double[] {0, 1.0 / 2}, new double[][] {{}, {1.0 / 2}}, new double[] {0, 1})
          .withDense(2, new double[][] {{1, -1}, {0, 1}}));

  /// Ralston's method of order 2, whose error bound is the least of all with two stages. Ralston
  /// (1962), Math. Comp. 16, 431–437.
  public static final ButcherTableau RALSTON =
      listed(ButcherTableau.of("RALSTON", 2, new double[] {0, 2.0 / 3}, new double[][] {{}, {2.0 / 3}}, new double[] {1.0 / 4, 3.0 / 4})
          .withDense(2, new double[][] {{1, -3.0 / 4}, {0, 3.0 / 4}}));

  /// Heun's method (explicit trapezoid), order 2(1), with Euler's method embedded. Heun (1900), Z.
  /// Math. Phys. 45, 23–38.
  public static final ButcherTableau HEUN =
      listed(ButcherTableau.of("HEUN", 2, new double[] {0, 1}, new double[][] {{}, {1}}, new double[] {1.0 / 2, 1.0 / 2})
          .withEmbedded(1, 1, 0)
          .withDense(2, new double[][] {{1, -1.0 / 2}, {0, 1.0 / 2}}));

  /// Fehlberg's pair of orders 1 and 2, here 2(1) by local extrapolation; its error estimate is
  /// small, hence its steps long. Fehlberg (1969), NASA TR R-315, table XIV.
  public static final ButcherTableau FEHLBERG21 =
      listed(ButcherTableau.of("FEHLBERG21", 2,
              new double[] {0, 1.0 / 2, 1},
              new double[][] {
                {},
                {1.0 / 2},
                {1.0 / 256, 255.0 / 256},
              },
              new double[] {1.0 / 512, 255.0 / 256, 1.0 / 512})
          .withEmbedded(1, 1.0 / 256, 255.0 / 256, 0)
          .withDense(2, new double[][] {
            {1, -511.0 / 512},
            {0,  255.0 / 256},
            {0,    1.0 / 512},
          }));

  /// Heun's method of order 3; its dense output is the cubic Hermite interpolant. Heun (1900), Z.
  /// Math. Phys. 45, 23–38.
  public static final ButcherTableau HEUN3 =
      listed(ButcherTableau.of("HEUN3", 3,
              new double[] {0, 1.0 / 3, 2.0 / 3},
              new double[][] {
                {},
                {1.0 / 3},
                {0,       2.0 / 3},
              },
              new double[] {1.0 / 4, 0, 3.0 / 4})
          .withHermite());

  /// The strong-stability-preserving method of order 3: convex combinations of Euler steps, so that
  /// what one Euler step keeps (positivity, total variation) this one keeps. Its dense output is
  /// the cubic Hermite interpolant. Shu & Osher (1988), J. Comput. Phys. 77, 439–471, eq. 2.18.
  public static final ButcherTableau SSPRK3 =
      listed(ButcherTableau.of("SSPRK3", 3,
              new double[] {0, 1, 1.0 / 2},
              new double[][] {
                {},
                {1},
                {1.0 / 4, 1.0 / 4},
              },
              new double[] {1.0 / 6, 1.0 / 6, 2.0 / 3})
          .withHermite());

  /// Bogacki and Shampine's pair, order 3(2), 3 evaluations per step (FSAL); its dense output, of
  /// order 3, is the cubic Hermite interpolant. Bogacki & Shampine (1989), Appl. Math. Lett. 2,
  /// 321–325.
  public static final ButcherTableau BOSH3 =
      listed(ButcherTableau.of("BOSH3", 3,
              new double[] {0, 1.0 / 2, 3.0 / 4, 1},
              new double[][] {
                {},
                {1.0 / 2},
                {0,       3.0 / 4},
                {2.0 / 9, 1.0 / 3, 4.0 / 9},
              })
          .withEmbedded(2, 7.0 / 24, 1.0 / 4, 1.0 / 3, 1.0 / 8)
          .withDense(3, new double[][] {
            {1, -4.0 / 3,  5.0 / 9},
            {0,  1,       -2.0 / 3},
            {0,  4.0 / 3, -8.0 / 9},
            {0, -1,        1},
          }));

  /// The classical Runge–Kutta method, order 4, with dense output of order 3. Kutta (1901), Z.
  /// Math. Phys. 46, 435–453; dense output: Hairer, Nørsett & Wanner (1993), section II.6.
  public static final ButcherTableau RK4 =
      listed(ButcherTableau.of("RK4", 4,
              new double[] {0, 1.0 / 2, 1.0 / 2, 1},
              new double[][] {
                {},
                {1.0 / 2},
                {0,       1.0 / 2},
                {0,       0,       1},
              },
              new double[] {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6})
          .withDense(3, new double[][] {
            {1, -3.0 / 2,  2.0 / 3},
            {0,  1,       -2.0 / 3},
            {0,  1,       -2.0 / 3},
            {0, -1.0 / 2,  2.0 / 3},
          }));

  /// Kutta's 3/8 rule, order 4, with dense output of order 3. Kutta (1901), Z. Math. Phys. 46,
  /// 435–453; the dense output is the only one of order 3 without further stages.
  public static final ButcherTableau RK38 =
      listed(ButcherTableau.of("RK38", 4,
              new double[] {0, 1.0 / 3, 2.0 / 3, 1},
              new double[][] {
                {},
                { 1.0 / 3},
                {-1.0 / 3,  1},
                { 1,       -1,       1},
              },
              new double[] {1.0 / 8, 3.0 / 8, 3.0 / 8, 1.0 / 8})
          .withDense(3, new double[][] {
            {1, -15.0 / 8,  1},
            {0,  15.0 / 8, -3.0 / 2},
            {0,   3.0 / 8},
            {0,  -3.0 / 8,  1.0 / 2},
          }));

  /// Dormand and Prince's pair RK5(4)7M, order 5(4), 6 evaluations per step (FSAL). Dormand &
  /// Prince (1980), J. Comput. Appl. Math. 6, 19–26, table 2; dense output of order 4: Shampine
  /// (1986), Math. Comp. 46, 135–150. Both also in Hairer, Nørsett & Wanner (1993), II.5 and II.6.
  public static final ButcherTableau DOPRI5 =
      listed(ButcherTableau.of("DOPRI5", 5,
              new double[] {0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1},
              new double[][] {
                {},
                {    1.0 / 5},
                {    3.0 / 40,        9.0 / 40},
                {   44.0 / 45,      -56.0 / 15,      32.0 / 9},
                {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
                { 9017.0 / 3168,   -355.0 / 33,   46732.0 / 5247,   49.0 / 176, -5103.0 / 18656},
                {   35.0 / 384,       0,            500.0 / 1113,  125.0 / 192, -2187.0 / 6784,  11.0 / 84},
              })
          .withEmbedded(4,
                 5179.0 / 57600,      0,           7571.0 / 16695, 393.0 / 640, -92097.0 / 339200, 187.0 / 2100, 1.0 / 40)
          .withDense(4, new double[][] {
            {1,  -8048581381.0 / 2820520608.0,    8663915743.0 / 2820520608.0,  -12715105075.0 / 11282082432.0},
            {0},
            {0, 131558114200.0 / 32700410799.0, -68118460800.0 / 10900136933.0,  87487479700.0 / 32700410799.0},
            {0,  -1754552775.0 / 470086768.0,    14199869525.0 / 1410260304.0,  -10690763975.0 / 1880347072.0},
            {0, 127303824393.0 / 49829197408.0, -318862633887.0 / 49829197408.0, 701980252875.0 / 199316789632.0},
            {0,   -282668133.0 / 205662961.0,     2019193451.0 / 616988883.0,    -1453857185.0 / 822651844.0},
            {0,     40617522.0 / 29380423.0,      -110615467.0 / 29380423.0,        69997945.0 / 29380423.0},
          }));

  /// Tsitouras' pair, order 5(4), 6 evaluations per step (FSAL), with his dense output of order 4.
  /// Tsitouras (2011), Comput. Math. Appl. 62, 770–775, table 1; the paper gives decimals only.
  public static final ButcherTableau TSIT5 =
      listed(ButcherTableau.of("TSIT5", 5,
              new double[] {0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1},
              new double[][] {
                {},
                { 0.161},
                {-0.008480655492356989,   0.335480655492357},
                { 2.8971530571054935,    -6.359448489975075,  4.3622954328695815},
                { 5.325864828439257,    -11.748883564062828,  7.4955393428898365, -0.09249506636175525},
                { 5.86145544294642,     -12.92096931784711,   8.159367898576159,  -0.071584973281401,  -0.028269050394068383},
                { 0.09646076681806523,    0.01,               0.4798896504144996,  1.379008574103742,  -3.290069515436081,     2.324710524099774},
              })
          .withEmbedded(4,
                  0.09468075576583945,    0.009183565540343254, 0.4877705284247616, 1.234297566930479, -2.7077123499835256,    1.866628418170587,   1.0 / 66)
          .withDense(4, new double[][] {
            {1,  -2.763706197274826,    2.9132554618219126,  -1.0530884977290216},
            {0,   0.1317,              -0.2234,               0.1017},
            {0,   3.9302962368947516,  -5.941033872131505,    2.490627285651253},
            {0, -12.411077166933676,   30.33818863028232,   -16.548102889244902},
            {0,  37.50931341651104,   -88.1789048947664,     47.37952196281928},
            {0, -27.896526289197286,   65.09189467479366,   -34.87065786149661},
            {0,   1.5,                 -4,                    2.5},
          }));

  /// Verner's "most efficient" pair, order 7(6), 10 evaluations per step, with dense output of
  /// order 6 for 2 more. Verner (2010), Numer. Algorithms 53, 383–396.
  public static final ButcherTableau VERN7 =
      listed(Verner7.TABLEAU);

  /// Dormand and Prince's method of order 8 as Hairer's code DOP853 runs it, with error estimates
  /// of orders 5 and 3 that correct each other, 12 evaluations per step, and dense output of order
  /// 7 for 3 more. Hairer, Nørsett & Wanner (1993), II.5, II.6 and II.10.
  public static final ButcherTableau DOP853 =
      listed(DormandPrince853.TABLEAU);

  /// The implicit Euler method, order 1, L-stable; on `−∇f` it is the proximal point method.
  ///
  ///     y1 = y0 + h f(t + h, y1)
  ///
  /// Cauchy (1824); Hairer & Wanner (1996), IV.3.
  public static final ButcherTableau BACKWARD_EULER =
      listed(ButcherTableau.of("BACKWARD_EULER", 1, new double[] {1}, new double[][] {{1}}));

  /// The implicit midpoint rule, order 2, A-stable and symplectic: Gauss' method of one stage.
  /// Hairer, Lubich & Wanner (2006), II.1.
  public static final ButcherTableau IMPLICIT_MIDPOINT =
      listed(ButcherTableau.of("IMPLICIT_MIDPOINT", 2, new double[] {1.0 / 2}, new double[][] {{1.0 / 2}}, new double[] {1})
          .withDense(2, new double[] {0}, new double[][] {{0}}, new double[][] {{0, 1}, {1, -1}}));

  /// The trapezoidal rule, order 2, A-stable; its dense output, of order 2, has its slopes at both
  /// ends. Crank & Nicolson (1947), Proc. Camb. Phil. Soc. 43, 50–67.
  public static final ButcherTableau TRAPEZOID =
      listed(ButcherTableau.of("TRAPEZOID", 2, new double[] {0, 1}, new double[][] {{0}, {1.0 / 2, 1.0 / 2}})
          .withDense(2, new double[][] {{1, -1.0 / 2}, {0, 1.0 / 2}}));

  private static final double GAMMA_SDIRK2 = 1 - Math.sqrt(0.5);

  /// Alexander's method of two stages, order 2(1), L-stable and stiffly accurate. Alexander (1977),
  /// SIAM J. Numer. Anal. 14, 1006–1021.
  public static final ButcherTableau SDIRK2 =
      listed(ButcherTableau.of("SDIRK2", 2,
              new double[] {GAMMA_SDIRK2, 1},
              new double[][] {
                {GAMMA_SDIRK2},
                {1 - GAMMA_SDIRK2, GAMMA_SDIRK2},
              })
          .withEmbedded(1, 1, 0)
          .withDense(2, new double[][] {
            {1 / (1 - GAMMA_SDIRK2),             -0.5 / (1 - GAMMA_SDIRK2)},
            {-GAMMA_SDIRK2 / (1 - GAMMA_SDIRK2),  0.5 / (1 - GAMMA_SDIRK2)},
          }));

  private static final double GAMMA_TRBDF2 = 2 - Math.sqrt(2);

  /// Trapezoidal rule and backward differences in one step, order 2(3), L-stable; its third-order
  /// companion estimates the error, and its dense output, of order 2, is smooth at the ends. Bank
  /// et al. (1985); Hosea & Shampine (1996), Appl. Numer. Math. 20, 21–37.
  public static final ButcherTableau TRBDF2 =
      listed(ButcherTableau.of("TRBDF2", 2,
              new double[] {0, GAMMA_TRBDF2, 1},
              new double[][] {
                {0},
                {GAMMA_TRBDF2 / 2, GAMMA_TRBDF2 / 2},
                {Math.sqrt(2) / 4, Math.sqrt(2) / 4, GAMMA_TRBDF2 / 2},
              })
          .withEmbedded(3, (1 - Math.sqrt(2) / 4) / 3, (3 * Math.sqrt(2) / 4 + 1) / 3, GAMMA_TRBDF2 / 6)
          .withHermite());

  private static final double GAMMA_KVAERNO = 0.4358665215;

  /// Kværnø's ESDIRK pair, order 3(2), L-stable in both. Kværnø (2004), BIT 44, 489–502.
  public static final ButcherTableau KVAERNO3 =
      listed(ButcherTableau.of("KVAERNO3", 3,
              new double[] {0, 2 * GAMMA_KVAERNO, 1, 1},
              new double[][] {
                {0},
                {GAMMA_KVAERNO,      GAMMA_KVAERNO},
                {0.490563388419108,  0.073570090080892,  GAMMA_KVAERNO},
                {0.308809969973036,  1.490563388254106, -1.235239879727145, GAMMA_KVAERNO},
              })
          .withEmbedded(2,
                 0.490563388419108,  0.073570090080892,  GAMMA_KVAERNO,     0)
          .withHermite());

  /// Kværnø's ESDIRK pair, order 4(3), L-stable. Kværnø (2004), BIT 44, 489–502.
  public static final ButcherTableau KVAERNO4 =
      listed(ButcherTableau.of("KVAERNO4", 4,
              new double[] {0, 2 * GAMMA_KVAERNO, 0.468238744853136, 1, 1},
              new double[][] {
                {0},
                {GAMMA_KVAERNO,      GAMMA_KVAERNO},
                {0.140737774731968, -0.108365551378832,  GAMMA_KVAERNO},
                {0.102399400616089, -0.376878452267324,  0.838612530151233,  GAMMA_KVAERNO},
                {0.157024897860995,  0.117330441357768,  0.61667803039168,  -0.326899891110444, GAMMA_KVAERNO},
              })
          .withEmbedded(3,
                 0.102399400616089, -0.376878452267324,  0.838612530151233,  GAMMA_KVAERNO,     0)
          .withHermite());

  /// Kværnø's ESDIRK pair, order 5(4), L-stable. Its third stage lies at `t + 1.23 h`: **the last
  /// step evaluates the field beyond the interval**, as only YOSHIDA4's does besides. Use RODAS5P
  /// or KVAERNO4 where the field ends there. Kværnø (2004), BIT 44, 489–502.
  ///
  /// The dense output, of order 4, is the only one of degree 4 that is also exact for `y = t³` in
  /// the limit of infinite stiffness, has the slope at the start, and all but has the one at the
  /// end. The stages are of order 2, so that in long steps of a stiff field it is less accurate than
  /// the ends of the steps: see [org.flowline.odesolvers.StepSize.Adaptive#withStops], or use
  /// [#RODAS5P].
  public static final ButcherTableau KVAERNO5 =
      listed(ButcherTableau.of("KVAERNO5", 5,
              new double[] {0, 0.52, 1.230333209967908, 0.895765984350076, 0.436393609858648, 1, 1},
              new double[][] {
                {0},
                {0.26,                0.26},
                {0.13,                0.84033320996790809, 0.26},
                {0.22371961478320505, 0.47675532319799699, -0.06470895363112615,  0.26},
                {0.16648564323248321, 0.10450018841591720,  0.03631482272098715, -0.13090704451073998, 0.26},
                {0.13855640231268224, 0,                   -0.04245337201752043,  0.02446657898003141, 0.61943039072480676, 0.26},
                {0.13659751177640291, 0,                   -0.05496908796538376, -0.04118626728321046, 0.62993304899016403, 0.06962479448202728, 0.26},
              })
          .withEmbedded(4,
                 0.13855640231268224, 0,                   -0.04245337201752043,  0.02446657898003141, 0.61943039072480676, 0.26, 0)
          .withDense(4, new double[][] {
            {1, -2.1128162625721719,   1.7652592406881647,  -0.51584546633958982},
            {0},
            {0,  0.58218178834601515, -1.4274521117362859,   0.79030123542488688},
            {0, -2.0332960788635011,   3.6751718563491702,  -1.6830620447688803},
            {0,  3.4755650614264274,  -4.3951360945880174,   1.5495040821517569},
            {0,  0.56319120769277715, -0.67398841220494259,  0.18042199899419327},
            {0, -0.47482571602954467,  1.0561455214919103,  -0.32131980546236549},
          }));

  private static final double D_ROS23 = 1 / (2 + Math.sqrt(2));

  private static final double E_ROS23 = 6 + Math.sqrt(2);

  /// Shampine and Reichelt's pair, order 2(3), L-stable, 2 evaluations per step and one Jacobian.
  /// Shampine & Reichelt (1997), SIAM J. Sci. Comput. 18, 1–22.
  public static final Rosenbrock ROSENBROCK23 =
      listed(Rosenbrock.of("ROSENBROCK23", 2,
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
          }));

  /// Steinebach's method, order 5(4), L-stable and stiffly accurate, of full order for parabolic
  /// problems too; dense output of order 4. Steinebach (2023), BIT 63, 27.
  public static final Rosenbrock RODAS5P =
      listed(Rodas5P.METHOD);

  /// The semi-implicit (symplectic) Euler, order 1, on a
  /// [org.flowline.odesolvers.field.PartitionedField]:
  ///
  ///     u1 = u0 + h f_u(t, u0, w0)        w1 = w0 + h f_w(t + h, u1, w0)
  ///
  /// The second block is evaluated at time `t + h` with the new `u`. de Vogelaere (1956).
  public static final Symplectic SEMI_IMPLICIT_EULER =
      listed(new Symplectic("SEMI_IMPLICIT_EULER", 1, new double[] {1}, new double[] {1}));

  /// Leapfrog, of Störmer and Verlet, order 2, in its position form: half a step of `u`, one of
  /// `w`, half a step of `u`; symmetric in time. One evaluation of `f_w` per step. Hairer, Lubich &
  /// Wanner (2003), Acta Numerica 12, 399–450, eq. 1.9.
  public static final Symplectic LEAPFROG =
      listed(new Symplectic("LEAPFROG", 2, new double[] {1.0 / 2, 1.0 / 2}, new double[] {1, 0}));

  /// Yoshida's triple jump, order 4: three steps of leapfrog, of which the second goes back. Its
  /// nodes lie 0.35 h beyond both ends of a step, which a field that depends on time must allow.
  /// Yoshida (1990), Phys. Lett. A 150, 262–268.
  public static final Symplectic YOSHIDA4 =
      listed(new Symplectic("YOSHIDA4", 4,
          new double[] {0.6756035959798288, -0.17560359597982883, -0.17560359597982883, 0.6756035959798288},
          new double[] {1.3512071919596575, -1.7024143839193153, 1.3512071919596575, 0}));

  /// The optimised method S6 of order 4, whose nodes stay within the step. At equal evaluations its
  /// error is 1/23 of the error of [#YOSHIDA4] on a Kepler orbit of eccentricity ½, and 1/45 on a
  /// pendulum. Blanes & Moan (2002), J. Comput. Appl. Math. 142, 313–330, table 2.
  public static final Symplectic BLANES_MOAN4 =
      listed(new Symplectic("BLANES_MOAN4", 4,
          new double[] {
            0.0792036964311957, 0.353172906049774, -0.0420650803577195, 0.2193769557534996,
            -0.0420650803577195, 0.353172906049774, 0.0792036964311957
          },
          new double[] {
            0.209515106613362, -0.143851773179818, 0.434336666566456,
            0.434336666566456, -0.143851773179818, 0.209515106613362, 0
          }));

  /// The Runge–Kutta–Chebyshev method, order 2, with as many stages as each step needs; with a
  /// fixed number of stages see [Stabilised#rkc].
  public static final Stabilised RKC2 =
      listed(Stabilised.automatic());

  /// The method of Euler and Maruyama, of strong order ½; see [Stochastic#EULER_MARUYAMA].
  public static final Stochastic EULER_MARUYAMA =
      listed(Stochastic.EULER_MARUYAMA);

  /// Milstein's method, of strong order 1; see [Stochastic#MILSTEIN].
  public static final Stochastic MILSTEIN =
      listed(Stochastic.MILSTEIN);

  /// Heun's method in the sense of Stratonovich; see [Stochastic#STOCHASTIC_HEUN].
  public static final Stochastic STOCHASTIC_HEUN =
      listed(Stochastic.STOCHASTIC_HEUN);

  /// Adams and Bashforth's multistep method of Hipparchus with 5 steps, order 5.
  public static final HipparchusMethod ADAMS_BASHFORTH =
      listed(HipparchusMethod.of("ADAMS_BASHFORTH", 5, 6,
          (min, max, atol, rtol) -> new AdamsBashforthIntegrator(5, min, max, atol, rtol)));

  /// Adams and Moulton's multistep method of Hipparchus with 5 steps, order 6.
  public static final HipparchusMethod ADAMS_MOULTON =
      listed(HipparchusMethod.of("ADAMS_MOULTON", 6, 6,
          (min, max, atol, rtol) -> new AdamsMoultonIntegrator(5, min, max, atol, rtol)));

  /// Gragg, Bulirsch and Stoer's extrapolation of Hipparchus, of the order that each step needs;
  /// its nominal order is 8.
  public static final HipparchusMethod GRAGG_BULIRSCH_STOER =
      listed(HipparchusMethod.of("GRAGG_BULIRSCH_STOER", 8, 18, GraggBulirschStoerIntegrator::new));

  /// Higham and Hall's pair of Hipparchus, order 5(4).
  public static final HipparchusMethod HIGHAM_HALL54 =
      listed(HipparchusMethod.of("HIGHAM_HALL54", 5, 5, HighamHall54Integrator::new));

  /// Dormand and Prince's triple of Hipparchus, order 8(5, 3).
  public static final HipparchusMethod HIPPARCHUS_DOP853 =
      listed(HipparchusMethod.of("HIPPARCHUS_DOP853", 8, 7, DormandPrince853Integrator::new));

  // formatter:on

  /// Returns the named methods in the order above, without [#hipparchus].
  public static List<Method> all() {
    return Collections.unmodifiableList(ALL);
  }

  /// Returns the named integrators of Hipparchus; [HipparchusMethod#of] takes any other.
  public static List<HipparchusMethod> hipparchus() {
    return Collections.unmodifiableList(HIPPARCHUS);
  }

  /// Returns the method of this name, in upper or lower case.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists all names
  public static Method named(String name) {
    return Stream.concat(ALL.stream(), HIPPARCHUS.stream())
        .filter(method -> method.name().equalsIgnoreCase(name.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "method: \"%s\" is unknown, want one of %s, %s"
                        .formatted(name, names(ALL), names(HIPPARCHUS))));
  }

  /// Returns the names of the methods with an error estimate, for messages.
  public static String embeddedNames() {
    return names(ALL.stream().filter(Method::embedded).toList());
  }

  private static String names(List<? extends Method> methods) {
    return methods.stream().map(Method::name).collect(Collectors.joining(", "));
  }
}
