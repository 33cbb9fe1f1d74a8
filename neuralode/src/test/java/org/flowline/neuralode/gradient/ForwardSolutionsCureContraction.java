package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Methods that use the forward solution are right where [BacksolveIsWrongOnContractingFields].
class ForwardSolutionsCureContraction {
  private static final Integrator TIGHT = BacksolveIsWrongOnContractingFields.TIGHT;
  private static final double[] Y0 = BacksolveIsWrongOnContractingFields.Y0;
  private static final double[] TIMES = BacksolveIsWrongOnContractingFields.TIMES;

  /// Some hundred steps at 1e-9 each, forwards and backwards, in numbers of size 1.
  private static final double ACCURACY = 1e-6;

  private static TrajectoryGradient gradient(GradientMethod method, NeuralField field) {
    return method.gradient(field, Y0, TIMES, BacksolveIsWrongOnContractingFields.LOSS);
  }

  private static NeuralField field(double cubic) {
    return BacksolveIsWrongOnContractingFields.field(10, cubic);
  }

  /// Interpolates `y`, also with a cubic term, where there is no backward solution.
  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void lookedUp(double cubic) {
    right(gradient(new InterpolatedAdjoint(TIGHT), field(cubic)), field(cubic));
  }

  /// Resets `y` every tenth, over which errors grow by `e` only.
  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void atAnchors(double cubic) {
    TrajectoryGradient anchored = gradient(new Backsolve(TIGHT).withAnchors(29), field(cubic));
    right(anchored, field(cubic));
    assertTrue(anchored.drift() <= ACCURACY, "drift " + anchored.drift());
    assertTrue(anchored.drift() > 0);
  }

  @Test
  void theMoreAnchorsTheBetter() {
    NeuralField field = field(0);
    double[] exact = BacksolveIsWrongOnContractingFields.discrete(field).theta();
    double last = Double.POSITIVE_INFINITY;
    for (int anchors : new int[] {0, 1, 3, 9}) {
      TrajectoryGradient some =
          gradient(new Backsolve(TIGHT).withAnchors(anchors).withWarning(1e300), field);
      double error = Differences.relative(some.theta(), exact);
      assertTrue(error < last / 10, error + " after " + last + " with " + anchors);
      last = error;
    }
  }

  /// Anchors see the same forward solution, and the loss the same observations.
  @Test
  void anchorsDoNotChangeTheLoss() {
    for (double[] times : new double[][] {{0, 1, 1.5, 3}, {3, 1.5, 1, 0}}) {
      ClockedNetwork network = ClockedNetwork.SMALL;
      GradientMethod none = new Backsolve(TIGHT);
      GradientMethod two = new Backsolve(TIGHT).withAnchors(3); // one of them is observed
      TrajectoryGradient without =
          none.gradient(network.field(1), network.state(1), times, network.trajectoryLoss(4));
      TrajectoryGradient with =
          two.gradient(network.field(1), network.state(1), times, network.trajectoryLoss(4));
      assertEquals(without.loss(), with.loss());
      assertTrue(Differences.relative(with.theta(), without.theta()) <= 1e-7);
      assertTrue(Differences.relative(with.times(), without.times()) <= 1e-7);
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Backsolve(TIGHT)
                .withAnchors(3)
                .gradient(
                    field(0),
                    Y0,
                    new double[] {0, 2, 1},
                    BacksolveIsWrongOnContractingFields.LOSS));
  }

  @Test
  void driftIsSeenAndWarnedOfOncePerGradient() {
    List<String> warnings = warnings(() -> gradient(new Backsolve(TIGHT), field(0)));
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.getFirst().startsWith("backsolve: the state solved backwards came off by "),
        warnings.getFirst());
    assertTrue(
        warnings
            .getFirst()
            .endsWith("; the gradient may be wrong; use more anchors, or DiscreteAdjoint"));
    assertTrue(gradient(new Backsolve(TIGHT), field(0)).drift() > 1);
    assertEquals(
        List.of(), warnings(() -> gradient(new Backsolve(TIGHT).withAnchors(29), field(0))));
    // With nothing that contracts.
    NeuralField harmless = BacksolveIsWrongOnContractingFields.field(0.5, 0);
    assertEquals(List.of(), warnings(() -> gradient(new Backsolve(TIGHT), harmless)));
    assertTrue(Double.isNaN(BacksolveIsWrongOnContractingFields.discrete(harmless).drift()));
  }

  /// The discrete adjoint's bits, of a solve that ends well with wrong numbers and of one that
  /// fails.
  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void fallingBack(double cubic) {
    TrajectoryGradient discrete = BacksolveIsWrongOnContractingFields.discrete(field(cubic));
    TrajectoryGradient[] instead = new TrajectoryGradient[1];
    List<String> warnings =
        warnings(
            () -> instead[0] = gradient(new Backsolve(TIGHT).withFallback(1e-3), field(cubic)));
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().endsWith("; falling back to the discrete adjoint"));
    assertEquals(discrete.loss(), instead[0].loss());
    assertArrayEquals(discrete.theta(), instead[0].theta());
    assertArrayEquals(discrete.y0(), instead[0].y0());
    assertArrayEquals(discrete.times(), instead[0].times());
    assertTrue(instead[0].status().succeeded());
    assertTrue(instead[0].drift() > 1);
    assertTrue(instead[0].backwardEvaluations() > discrete.backwardEvaluations());
    // Below the limit there is no falling back.
    NeuralField harmless = BacksolveIsWrongOnContractingFields.field(0.5, 0);
    assertArrayEquals(
        gradient(new Backsolve(TIGHT), harmless).theta(),
        gradient(new Backsolve(TIGHT).withFallback(1e-3), harmless).theta());
  }

  @Test
  void wrongOptionsAreRefused() {
    Integrator fixed = Integrator.of(Methods.RK4, StepSize.Constant.of(0.1, 10));
    refused("backsolve: -1 anchors; want 0 or more", () -> new Backsolve(TIGHT).withAnchors(-1));
    refused(
        "backsolve: 3 anchors with fixed steps; want an adaptive backward solve",
        () -> new Backsolve(fixed, fixed).withAnchors(3));
    refused("drift limit NaN; want 0 or more", () -> new Backsolve(TIGHT).withWarning(Double.NaN));
    Integrator stabilised = Integrator.of(Methods.RKC2, StepSize.Adaptive.of(1e-3, 1e-3));
    refused(
        "discrete adjoint: method RKC2; want one whose steps can be differentiated, such as TSIT5 or"
            + " RODAS5P",
        () -> new Backsolve(stabilised).withFallback(0.1));
  }

  private static void refused(String message, Runnable making) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, making::run).getMessage());
  }

  private static void right(TrajectoryGradient gradient, NeuralField field) {
    TrajectoryGradient discrete = BacksolveIsWrongOnContractingFields.discrete(field);
    assertTrue(gradient.status().succeeded());
    assertTrue(Differences.relative(gradient.theta(), discrete.theta()) <= ACCURACY, "θ");
    assertTrue(Differences.relative(gradient.y0(), discrete.y0()) <= ACCURACY, "y0");
    assertTrue(Differences.relative(gradient.times(), discrete.times()) <= ACCURACY, "times");
    // The differences' own error, as in BacksolveIsWrongOnContractingFields.
    double[] differences = BacksolveIsWrongOnContractingFields.differences(field);
    assertTrue(Differences.relative(gradient.theta(), differences) <= 1e-4, "differences");
  }

  /// The messages logged by an action.
  static List<String> warnings(Runnable run) {
    List<String> messages = new ArrayList<>();
    Logger logger = Logger.getLogger(Drift.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            messages.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      run.run();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    return messages;
  }
}
