package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The two states of [Reversible] come apart on Lotka–Volterra's equations with a rate that depends
/// on time: the computed trajectory is wrong, is inverted to 1e-9 all the same, and
/// [TrajectoryGradient#separation] shows the error of the gradient.
class ReversibleStatesThatComeApartAreReported {
  private static final double[] TIMES = {0, 2, 4, 6, 8, 10};
  private static final double[] START = {1, 1};
  private static final TrajectoryLoss LOSS =
      TrajectoryLoss.traced(TIMES.length, 2, y -> y.square().sum());

  static List<ButcherTableau> bases() {
    return List.of(Methods.BOSH3, Methods.DOPRI5, Methods.TSIT5);
  }

  private static NeuralField field() {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("p", 1, 4),
            1,
            2,
            (t, y, theta) -> {
              Var p = theta.get("p");
              Var hares = y.slice(1, 0, 1);
              Var lynx = y.slice(1, 1, 2);
              Var births = t.sin().mul(0.3).add(1).mul(p.slice(1, 0, 1));
              return Var.concat(
                  1,
                  List.of(
                      births.sub(lynx.mul(p.slice(1, 1, 2))).mul(hares),
                      hares.mul(p.slice(1, 3, 4)).sub(p.slice(1, 2, 3)).mul(lynx)));
            });
    field.bind(new double[] {1.5, 1, 3, 1});
    return field;
  }

  private static Integrator solver(ButcherTableau base, double tolerance) {
    return Integrator.of(Reversible.of(base), StepSize.Adaptive.of(tolerance, tolerance));
  }

  private static ReversibleAdjoint quiet(ButcherTableau base, double tolerance) {
    return new ReversibleAdjoint(solver(base, tolerance)).withWarning(Double.POSITIVE_INFINITY);
  }

  private static TrajectoryGradient gradient(GradientMethod method) {
    return method.gradient(field(), START, TIMES, LOSS);
  }

  private static double error(TrajectoryGradient gradient) {
    double[] wanted =
        gradient(
                new ForwardSensitivity(
                    Integrator.of(Methods.VERN7, StepSize.Adaptive.of(1e-11, 1e-11))))
            .theta();
    return AuditMeasurements.relative(gradient.theta(), wanted);
  }

  @ParameterizedTest
  @MethodSource("bases")
  void theirDistanceIsTheErrorOfTheGradientAndTheDriftIsNot(ButcherTableau base) {
    for (double tolerance : new double[] {1e-5, 1e-6, 1e-8}) {
      TrajectoryGradient gradient = gradient(quiet(base, tolerance));
      assertTrue(gradient.status().succeeded());
      assertTrue(gradient.drift() < 1e-9, base + ": drift " + gradient.drift());
      double error = error(gradient);
      String both = base + ": " + error + ", separation " + gradient.separation();
      assertTrue(error < 2 * gradient.separation(), both);
      assertTrue(gradient.separation() < 20 * error, both);
    }
    assertTrue(error(gradient(quiet(base, 1e-5))) > 0.01, "wrong indeed");
  }

  @ParameterizedTest
  @MethodSource("bases")
  void theDiscreteAdjointOfTheBaseReplacesThem(ButcherTableau base) {
    TrajectoryGradient discrete =
        gradient(new DiscreteAdjoint(Integrator.of(base, StepSize.Adaptive.of(1e-5, 1e-5))));
    TrajectoryGradient instead =
        gradient(new ReversibleAdjoint(solver(base, 1e-5)).withFallback(0.01));
    assertEquals(discrete.loss(), instead.loss());
    assertArrayEquals(discrete.theta(), instead.theta());
    assertArrayEquals(discrete.y0(), instead.y0());
    assertArrayEquals(discrete.times(), instead.times());
    assertTrue(instead.backwardEvaluations() > discrete.backwardEvaluations());
    assertTrue(error(instead) < 1e-3);
    // Below the limit nothing is replaced.
    assertArrayEquals(
        gradient(quiet(base, 1e-8)).theta(),
        gradient(new ReversibleAdjoint(solver(base, 1e-8)).withFallback(0.01)).theta());
  }

  @Test
  void aWarningSaysSoOncePerGradient() {
    List<String> warnings =
        ForwardSolutionsCureContraction.warnings(
            () -> gradient(new ReversibleAdjoint(solver(Methods.DOPRI5, 1e-5))));
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.getFirst().startsWith("reversible adjoint: the two states came apart by 3.7e-01"),
        warnings.getFirst());
    assertEquals(
        List.of(),
        ForwardSolutionsCureContraction.warnings(
            () -> gradient(new ReversibleAdjoint(solver(Methods.DOPRI5, 1e-8)))));
  }

  @Test
  void otherMethodsHaveOneState() {
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-5, 1e-5));
    assertTrue(Double.isNaN(gradient(new DiscreteAdjoint(solver)).separation()));
    assertTrue(Double.isNaN(gradient(new Backsolve(solver)).separation()));
  }
}
