package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.field.SecondOrderNeuralField;
import org.flowline.neuralode.field.ShardedField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.OneParameterField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Randomness and hidden states inside `f` are seen by every gradient method; what is no more than
/// rounding is let pass, and a number outside θ is a constant.
class FieldsThatAreNoFunctionsAreRefused {
  private static final double[] TIMES = {0, 0.4, 1};

  /// `f = θ·y` times what comes of 1.
  private static final class Decay extends OneParameterField {
    private final DoubleUnaryOperator change;

    Decay(double theta, DoubleUnaryOperator change) {
      super(1, theta);
      this.change = change;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = theta[0] * y[0] * change.applyAsDouble(1);
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      double factor = change.applyAsDouble(1);
      yBar[0] = a[0] * theta[0] * factor;
      thetaBar[0] += a[0] * y[0] * factor;
      return 0;
    }
  }

  static Stream<GradientMethod> methods() {
    StepSize size = StepSize.Adaptive.of(1e-8, 1e-8);
    Integrator solver = Integrator.of(Methods.DOPRI5, size);
    return Stream.of(
        new DiscreteAdjoint(solver),
        new Checkpointed(solver, 3),
        new ReversibleAdjoint(
            Integrator.of(Reversible.of(Methods.DOPRI5), StepSize.Constant.of(1.0 / 64, 64))),
        new Backsolve(solver),
        new InterpolatedAdjoint(solver),
        new ForwardSensitivity(solver));
  }

  private static TrajectoryGradient gradient(GradientMethod method, DoubleUnaryOperator change) {
    return method.gradient(
        new Decay(-0.5, change),
        new double[] {2},
        TIMES,
        TrajectoryLoss.traced(3, 1, y -> y.square().sum()));
  }

  private static String refusal(GradientMethod method, DoubleUnaryOperator change) {
    return assertThrows(IllegalArgumentException.class, () -> gradient(method, change))
        .getMessage();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void randomnessAndHiddenStates(GradientMethod method) {
    // Small enough for the step size control not to stop.
    SplittableRandom random = new SplittableRandom(1);
    String message = refusal(method, one -> one + 1e-9 * random.nextDouble());
    assertTrue(
        message.endsWith(
            "want a field that depends on t, y and θ alone; hold noise as NoisyField does, and"
                + " make a hidden state a part of y"),
        message);
    assertTrue(message.contains("component 0 of f(0.0, y0) was -1.0000000"), message);
    double[] wear = {1};
    refusal(method, one -> one * (wear[0] += 1e-7));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void butNotRoundingNorWhatIsConstant(GradientMethod method) {
    SplittableRandom random = new SplittableRandom(1);
    TrajectoryGradient rounded = gradient(method, one -> one + 0x1p-52 * random.nextInt(2));
    TrajectoryGradient constant = gradient(method, one -> one * 3);
    assertTrue(rounded.status().succeeded());
    // L = Σ 4 e^{2·3θt}, and its derivative by θ alone, with 3 a constant.
    double wanted = 0;
    for (double t : TIMES) {
      wanted += 4 * 6 * t * Math.exp(-3 * t);
    }
    assertEquals(wanted, constant.theta()[0], 1e-5);
  }

  @Test
  void whatIsNotLookedAtIsLeftToTheSolve() {
    DiscreteAdjoint method =
        new DiscreteAdjoint(Integrator.of(Methods.EULER, StepSize.Constant.of(1, 1)));
    Decay field = new Decay(1, one -> one);
    TrajectoryLoss loss = (_, _) -> 0;
    assertEquals(
        "solve: no times, want at least one, the start",
        assertThrows(
                IllegalArgumentException.class,
                () -> method.gradient(field, new double[1], new double[0], loss))
            .getMessage());
    assertEquals(
        "solve: y0 has 2 components, want 1, the field's dimension",
        assertThrows(
                IllegalArgumentException.class,
                () -> method.gradient(field, new double[2], new double[] {0, 1}, loss))
            .getMessage());
  }

  @Test
  void recordedFieldsAreNotLookedAt() {
    NeuralField recorded = ClockedNetwork.SMALL.field(1);
    assertTrue(recorded.pure());
    assertTrue(SecondOrderNeuralField.of(recorded).pure());
    assertTrue(ShardedField.of(4, rows -> new ClockedNetwork(rows, 3, 5).field(1)).pure());
  }
}
