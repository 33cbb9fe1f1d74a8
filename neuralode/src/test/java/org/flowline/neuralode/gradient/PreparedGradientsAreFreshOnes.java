package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A gradient in reused memory has the bits of one in new memory, after any other gradient, and
/// later gradients do not change it.
class PreparedGradientsAreFreshOnes {
  private static final ClockedNetwork NETWORK = SolveCase.NETWORK;
  private static final Integrator ADAPTIVE =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-7, 1e-9));
  private static final double[] LONG = {0, 0.4, 1.1, 3};
  private static final double[] SHORT = {0, 0.2};

  static Stream<GradientMethod> all() {
    return Stream.of(
        new DiscreteAdjoint(ADAPTIVE),
        new DiscreteAdjoint(ADAPTIVE, 1),
        new DiscreteAdjoint(Integrator.of(Methods.KVAERNO3, StepSize.Adaptive.of(1e-5, 1e-5))),
        new Checkpointed(ADAPTIVE, 3),
        new ReversibleAdjoint(
            Integrator.of(Reversible.of(Methods.BOSH3), StepSize.Adaptive.of(1e-5, 1e-5))),
        new InterpolatedAdjoint(ADAPTIVE),
        new Backsolve(ADAPTIVE).withAnchors(2),
        new ForwardSensitivity(ADAPTIVE));
  }

  @ParameterizedTest
  @MethodSource("all")
  void whateverCameBefore(GradientMethod method) {
    NeuralField field = NETWORK.field(1);
    PreparedGradient prepared = method.prepare(field);
    List<TrajectoryGradient> taken = new ArrayList<>();
    List<TrajectoryGradient> fresh = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      double[] times = i % 2 == 0 ? LONG : SHORT;
      double[] start = NETWORK.state(i);
      field.bind(NETWORK.theta(i));
      upset(prepared, i);
      taken.add(prepared.gradient(start, times, NETWORK.trajectoryLoss(times.length)));
      fresh.add(method.gradient(field, start, times, NETWORK.trajectoryLoss(times.length)));
    }
    for (int i = 0; i < taken.size(); i++) {
      assertTrue(fresh.get(i).status().succeeded(), () -> fresh.toString());
      assertEquals(fresh.get(i).loss(), taken.get(i).loss());
      assertArrayEquals(fresh.get(i).theta(), taken.get(i).theta());
      assertArrayEquals(fresh.get(i).y0(), taken.get(i).y0());
      assertArrayEquals(fresh.get(i).times(), taken.get(i).times());
      assertEquals(fresh.get(i).forward(), taken.get(i).forward());
      assertEquals(fresh.get(i).backwardEvaluations(), taken.get(i).backwardEvaluations());
    }
  }

  /// A solve that fails, or a loss that throws, before the next gradient.
  private static void upset(PreparedGradient prepared, int i) {
    if (i % 3 == 1) {
      double[] infinite = NETWORK.state(i);
      infinite[0] = Double.POSITIVE_INFINITY;
      assertFalse(prepared.gradient(infinite, LONG, (_, _) -> 0).status().succeeded());
    } else if (i % 3 == 2) {
      TrajectoryLoss broken =
          (_, _) -> {
            throw new ArithmeticException("broken");
          };
      assertThrows(
          ArithmeticException.class, () -> prepared.gradient(NETWORK.state(i), LONG, broken));
    }
  }

  @Test
  void refuseASecondOneAtTheSameTime() {
    PreparedGradient prepared = new DiscreteAdjoint(ADAPTIVE).prepare(NETWORK.field(1));
    TrajectoryLoss loss = NETWORK.trajectoryLoss(2);
    TrajectoryLoss nested = (_, _) -> prepared.gradient(NETWORK.state(1), SHORT, loss).loss();
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class, () -> prepared.gradient(NETWORK.state(1), SHORT, nested));
    assertTrue(refused.getMessage().startsWith("prepared gradient: a second one"));
    assertTrue(prepared.gradient(NETWORK.state(1), SHORT, loss).status().succeeded());
  }
}
