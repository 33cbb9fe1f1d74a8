package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The gradient of the same loss in θ, `y0` and every observation time, by every method on every
/// kind of problem, against differences of the problem's closed form, or where chaos has none, of
/// solves by Hipparchus: hence of all methods against each other too.
class EveryGradientMethodAgreesWithClosedForms {

  /// The state at `t`, having been `y0` at `t0`.
  private interface Flow {
    double[] at(double[] theta, double[] y0, double t0, double t);
  }

  private record Exact(
      String name, NeuralField field, double[] theta, double[] y0, double[] times, Flow flow) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Named(String name, GradientMethod method) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Var component(Var y, int i) {
    return y.slice(1, i, i + 1);
  }

  private static Exact exact(
      String name, NeuralField.Dynamics f, double[] theta, double[] y0, double[] times, Flow flow) {
    return exact(name, 1, f, theta, y0, times, flow);
  }

  private static Exact exact(
      String name,
      int rows,
      NeuralField.Dynamics f,
      double[] theta,
      double[] y0,
      double[] times,
      Flow flow) {
    NeuralField field =
        NeuralField.of(Parameters.none().with("theta", 1, theta.length), rows, y0.length / rows, f);
    field.bind(theta);
    return new Exact(name, field, theta, y0, times, flow);
  }

  private static final double[] TIMES = {0.3, 0.7, 1.6, 1.9};

  private static final Exact LINEAR =
      exact(
          "linear",
          (t, y, theta) ->
              y.mul(component(theta.get("theta"), 0)).add(component(theta.get("theta"), 1)),
          new double[] {-0.8, 0.5},
          new double[] {1.4},
          TIMES,
          (theta, y0, t0, t) -> {
            double rest = theta[1] / theta[0];
            return new double[] {(y0[0] + rest) * Math.exp(theta[0] * (t - t0)) - rest};
          });

  private static final Exact OSCILLATING =
      exact(
          "oscillating, backward in time",
          (t, y, theta) ->
              Var.concat(
                  1,
                  List.of(component(y, 1), component(y, 0).mul(theta.get("theta").square()).neg())),
          new double[] {3},
          new double[] {0.9, -1.1},
          new double[] {1.9, 1.6, 0.7, 0.3},
          (theta, y0, t0, t) -> {
            double phase = theta[0] * (t - t0);
            return new double[] {
              y0[0] * Math.cos(phase) + y0[1] / theta[0] * Math.sin(phase),
              y0[1] * Math.cos(phase) - y0[0] * theta[0] * Math.sin(phase)
            };
          });

  /// Three rows, each on its own: `y' = θ t y`.
  private static final Exact BATCH =
      exact(
          "non-autonomous batch",
          3,
          (t, y, theta) -> y.mul(component(theta.get("theta"), 0)).mul(t),
          new double[] {-0.6},
          new double[] {1.2, -0.4, 0.7},
          TIMES,
          (theta, y0, t0, t) -> {
            double growth = Math.exp(theta[0] * (t * t - t0 * t0) / 2);
            return new double[] {y0[0] * growth, y0[1] * growth, y0[2] * growth};
          });

  /// Lorenz' equations in units of 20, for a time in which errors double and volumes shrink by
  /// `e^13.7`: [ReversibleAdjoint] bears no more, and [Backsolve] needs observations this close.
  private static final Exact CHAOTIC =
      exact(
          "chaotic, for a short time",
          (t, y, theta) -> {
            Var x = component(y, 0);
            Var z = component(y, 2);
            Var p = theta.get("theta");
            return Var.concat(
                1,
                List.of(
                    component(y, 1).sub(x).mul(component(p, 0)),
                    x.mul(component(p, 1).sub(z.mul(20))).sub(component(y, 1)),
                    x.mul(component(y, 1)).mul(20).sub(z.mul(component(p, 2)))));
          },
          new double[] {10, 28, 8.0 / 3},
          new double[] {-0.4, -0.6, 0.9},
          new double[] {0.3, 0.5, 0.7, 0.9, 1.1, 1.3},
          EveryGradientMethodAgreesWithClosedForms::lorenz);

  private static double[] lorenz(double[] theta, double[] y0, double t0, double t) {
    if (t == t0) {
      return y0;
    }
    VectorField field =
        new VectorField() {
          @Override
          public int dimension() {
            return 3;
          }

          @Override
          public void evaluate(double time, double[] y, double[] dydt) {
            dydt[0] = theta[0] * (y[1] - y[0]);
            dydt[1] = y[0] * (theta[1] - 20 * y[2]) - y[1];
            dydt[2] = 20 * y[0] * y[1] - theta[2] * y[2];
          }
        };
    return Integrator.of(Methods.HIPPARCHUS_DOP853, StepSize.Adaptive.of(1e-14, 1e-14))
        .solve(field, y0, t0, t)
        .orThrow()
        .last();
  }

  /// `y' = θ₁ cos t − θ₀ y`, whose transient has passed at the first observation: but for what they
  /// are at the start, nothing depends on `y0` and `t₀`.
  private static final Exact STIFF =
      exact(
          "stiff",
          (t, y, theta) ->
              t.cos()
                  .mul(component(theta.get("theta"), 1))
                  .sub(y.mul(component(theta.get("theta"), 0))),
          new double[] {200, 190},
          new double[] {0.4},
          TIMES,
          (theta, y0, t0, t) -> {
            double decay = Math.exp(-theta[0] * (t - t0));
            return new double[] {slow(theta, t) + (y0[0] - slow(theta, t0)) * decay};
          });

  private static double slow(double[] theta, double t) {
    double k = theta[0];
    return theta[1] * (k * Math.cos(t) + Math.sin(t)) / (k * k + 1);
  }

  /// Sixty or so steps at 1e-10, and the observations inside them by dense output as good.
  static Stream<Arguments> notStiff() {
    StepSize.Adaptive size = StepSize.Adaptive.of(1e-10, 1e-10);
    Integrator solver = Integrator.of(Methods.DOPRI5, size);
    // Where volumes shrink the pair comes apart by what a step's error is, and is bound by little.
    Integrator reversible =
        Integrator.of(Reversible.of(Methods.DOPRI5), size.withMaxStep(1.0 / 512));
    List<Named> methods =
        List.of(
            new Named("discrete", new DiscreteAdjoint(solver)),
            new Named("checkpointed", new Checkpointed(solver, 4)),
            new Named("reversible", new ReversibleAdjoint(reversible)),
            new Named("interpolated", new InterpolatedAdjoint(solver)),
            new Named("backsolve", new Backsolve(solver)),
            new Named("backsolve, anchored", new Backsolve(solver).withAnchors(5)),
            new Named("forward", new ForwardSensitivity(solver)));
    return Stream.of(LINEAR, OSCILLATING, BATCH, CHAOTIC)
        .flatMap(exact -> methods.stream().map(method -> Arguments.of(exact, method)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("notStiff")
  void onProblemsThatAreNotStiff(Exact exact, Named method) {
    // Differences over 7e-4 of what changes as fast as e^{30 t} are off by 7e-4⁴ 30⁵/30, some 2e-7.
    check(exact, method, exact == CHAOTIC ? 1e-6 : 1e-7);
  }

  /// Backwards a stiff field explodes, here by `e^{200·1.6}`: [Backsolve] needs anchors so close
  /// that it explodes by `e` between two of them. [ReversibleAdjoint] is not for these, as explicit
  /// pairs come apart.
  static Stream<Named> stiff() {
    StepSize size = StepSize.Adaptive.of(1e-9, 1e-9).withMaxStep(1.0 / 64);
    Integrator newton = Integrator.of(Methods.KVAERNO5, size);
    Integrator fourth = Integrator.of(Methods.KVAERNO4, size);
    Integrator rosenbrock = Integrator.of(Methods.RODAS5P, size);
    return Stream.of(
        new Named("discrete, KVAERNO5", new DiscreteAdjoint(newton)),
        new Named("discrete, RODAS5P", new DiscreteAdjoint(rosenbrock)),
        new Named("checkpointed, RODAS5P", new Checkpointed(rosenbrock, 8)),
        new Named("interpolated, RODAS5P", new InterpolatedAdjoint(rosenbrock)),
        new Named("interpolated, KVAERNO4 back", new InterpolatedAdjoint(newton, fourth)),
        new Named(
            "backsolve, 320 anchors",
            new Backsolve(newton, Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-10, 1e-10)))
                .withAnchors(320)),
        new Named("forward, KVAERNO5", new ForwardSensitivity(newton)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stiff")
  void onAStiffProblem(Named method) {
    // Steps of 1/64 whose dense output of order 3 has slopes good to h³.
    check(STIFF, method, 1e-5);
  }

  private static void check(Exact exact, Named named, double tolerance) {
    TrajectoryLoss loss =
        TrajectoryLoss.traced(exact.times.length, exact.y0.length, ClockedNetwork::loss);
    TrajectoryGradient gradient = named.method.gradient(exact.field, exact.y0, exact.times, loss);
    assertTrue(gradient.status().succeeded(), gradient.status().message());
    assertEquals(loss(exact, exact.theta, exact.y0, exact.times), gradient.loss(), tolerance);
    near(
        Differences.gradient(theta -> loss(exact, theta, exact.y0, exact.times), exact.theta),
        gradient.theta(),
        tolerance);
    near(
        Differences.gradient(y0 -> loss(exact, exact.theta, y0, exact.times), exact.y0),
        gradient.y0(),
        tolerance);
    near(
        Differences.gradient(times -> loss(exact, exact.theta, exact.y0, times), exact.times),
        gradient.times(),
        tolerance);
  }

  private static void near(double[] wanted, double[] came, double tolerance) {
    double error = Differences.relative(came, wanted);
    assertTrue(error <= tolerance, error + " of " + wanted[0]);
  }

  private static double loss(Exact exact, double[] theta, double[] y0, double[] times) {
    double[][] observed = new double[times.length][];
    for (int i = 0; i < times.length; i++) {
      observed[i] = exact.flow.at(theta, y0, times[0], times[i]);
    }
    return ClockedNetwork.loss(observed);
  }
}
