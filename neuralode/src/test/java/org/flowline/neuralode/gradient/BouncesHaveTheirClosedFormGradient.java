package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A ball `x' = v, v' = −γ` that loses speed at each bounce, `v ← −e v` at `x = 0`, three times:
///
///     w = √(v₀² + 2γx₀)        t₁ = t₀ + (v₀ + w)/γ        t_{k+1} = t_k + 2 eᵏ w/γ
///
/// A loss of the times, of the states before and after each bounce, and of states observed between
/// them, by every method, against differences of the closed form in `(γ, e)`, `(x₀, v₀)` and the
/// observation times.
class BouncesHaveTheirClosedFormGradient {
  private static final double[] THETA = {9.81, 0.7};
  private static final double[] START = {1.3, 0.6};
  private static final double[] TIMES = {0.2, 0.5, 1.1, 1.5, 1.9, 2.2};
  private static final int BOUNCES = 3;

  private record Named(String name, GradientMethod method) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Var component(Var y, int i) {
    return y.slice(1, i, i + 1);
  }

  private static final NeuralField FIELD = field();

  private static NeuralField field() {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("gravity", 1, 1).with("restitution", 1, 1),
            1,
            2,
            (t, y, theta) -> Var.concat(1, List.of(component(y, 1), theta.get("gravity").neg())));
    field.bind(THETA);
    return field;
  }

  private static Event bounce() {
    return TracedEvents.of(FIELD)
        .jump(
            "bounce",
            (t, y, theta) -> component(y, 0),
            (t, y, theta) ->
                Var.concat(
                    1,
                    List.of(component(y, 0), component(y, 1).mul(theta.get("restitution")).neg())))
        .falling()
        .withTolerance(1e-15);
  }

  static Stream<Named> methods() {
    Event bounce = bounce();
    StepSize.Adaptive tight = StepSize.Adaptive.of(1e-9, 1e-9);
    Integrator solver = Integrator.of(Methods.DOPRI5, tight).withEvent(bounce);
    Integrator fixed =
        Integrator.of(Methods.RK4, StepSize.Grid.of(0.2, 0.37, 0.7, 1.1, 1.3, 1.55, 1.9, 2.2))
            .withEvent(bounce);
    Integrator constant =
        Integrator.of(Methods.BOSH3, StepSize.Constant.of(0.1, 20)).withEvent(bounce);
    return Stream.of(
        new Named("discrete, DOPRI5", new DiscreteAdjoint(solver)),
        new Named("discrete, RK4 on a grid", new DiscreteAdjoint(fixed)),
        new Named("discrete, BOSH3 of constant steps", new DiscreteAdjoint(constant)),
        new Named(
            "discrete, KVAERNO5",
            new DiscreteAdjoint(Integrator.of(Methods.KVAERNO5, tight).withEvent(bounce))),
        new Named(
            "discrete, RODAS5P",
            new DiscreteAdjoint(Integrator.of(Methods.RODAS5P, tight).withEvent(bounce))),
        new Named("checkpointed", new Checkpointed(solver, 2)),
        new Named("checkpointed, RK4 on a grid", new Checkpointed(fixed, 3)),
        new Named("interpolated", new InterpolatedAdjoint(solver)),
        new Named("interpolated, RODAS5P back", new InterpolatedAdjoint(fixed, stiff(tight))),
        new Named("backsolve", new Backsolve(solver)),
        new Named("backsolve, anchored", new Backsolve(solver).withAnchors(7)),
        new Named("forward", new ForwardSensitivity(solver)),
        new Named("forward, RK4 on a grid", new ForwardSensitivity(fixed)));
  }

  private static Integrator stiff(StepSize size) {
    return Integrator.of(Methods.RODAS5P, size);
  }

  /// The flow is a quadratic, which all of these solve and interpolate exactly. Numbers of size 10,
  /// roots to 1e-15, differences of a smooth function to 1e-11.
  @ParameterizedTest
  @MethodSource("methods")
  void byEveryMethod(Named named) {
    EventLoss loss =
        EventLoss.traced(
            TIMES.length, 2, BOUNCES, (y, e) -> y.sin().sum().add(e.mul(0.3).sin().sum()));
    TrajectoryGradient gradient = named.method.gradient(FIELD, START, TIMES, loss);
    assertTrue(gradient.status().succeeded(), gradient.status().message());
    assertEquals(exact(THETA, START, TIMES), gradient.loss(), 1e-8);
    near(Differences.gradient(theta -> exact(theta, START, TIMES), THETA), gradient.theta());
    near(Differences.gradient(y0 -> exact(THETA, y0, TIMES), START), gradient.y0());
    near(Differences.gradient(times -> exact(THETA, START, times), TIMES), gradient.times());
  }

  private static void near(double[] wanted, double[] came) {
    double error = Differences.relative(came, wanted);
    assertTrue(error <= 1e-7, error + ": " + came[0] + " for " + wanted[0]);
  }

  private static double exact(double[] theta, double[] y0, double[] times) {
    double gravity = theta[0];
    double speed = Math.sqrt(y0[1] * y0[1] + 2 * gravity * y0[0]);
    double[] bounces = new double[BOUNCES + 1];
    double loss = 0;
    double t = times[0] + (y0[1] + speed) / gravity;
    double before = speed;
    for (int k = 0; k < BOUNCES; k++) {
      double after = theta[1] * before;
      loss += Math.sin(0.3 * t) + Math.sin(-0.3 * before) + Math.sin(0.3 * after);
      bounces[k] = t;
      t += 2 * after / gravity;
      before = after;
    }
    bounces[BOUNCES] = t;
    for (double time : times) {
      loss += observed(gravity, theta[1], speed, y0, times[0], bounces, time);
    }
    return loss;
  }

  private static double observed(
      double gravity,
      double restitution,
      double speed,
      double[] y0,
      double start,
      double[] bounces,
      double time) {
    int passed = 0;
    while (bounces[passed] <= time) {
      passed++;
    }
    double since = time - (passed == 0 ? start : bounces[passed - 1]);
    double height = passed == 0 ? y0[0] : 0;
    double up = passed == 0 ? y0[1] : Math.pow(restitution, passed) * speed;
    double x = height + up * since - gravity * since * since / 2;
    return Math.sin(x) + Math.sin(up - gravity * since);
  }
}
