package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.odesolvers.Method;
import org.flowline.odesolvers.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A step sees one batch: a method that takes a slope over from the step before is refused where
/// the batch changes.
class BatchesWantStepsOfTheirOwn {
  static final Method[] TAKING_OVER = {
    Methods.DOPRI5, Methods.TSIT5, Methods.BOSH3, Methods.VERN7, Methods.TRBDF2
  };

  private static MiniBatches batches(int size) {
    return MiniBatches.of(
            1,
            4,
            (samples, theta, gradient) -> {
              gradient[0] = theta[0] - samples[0];
              return gradient[0] * gradient[0] / 2;
            })
        .withSize(size);
  }

  private static Optimizer with(Method method) {
    return Optimizer.of(Flow.gradient(), method, 0.1);
  }

  @ParameterizedTest
  @FieldSource("TAKING_OVER")
  void methodsThatTakeSlopesOver(Method method) {
    Trainer trainer = Trainer.of(new ClippedObjective(batches(1), 1), with(method));
    String message =
        assertThrows(IllegalArgumentException.class, () -> trainer.train(new double[1], 3))
            .getMessage();
    assertTrue(message.startsWith("train: " + method.name() + " takes the first slope"), message);
    // One batch of all samples is the same in each step.
    assertTrue(Trainer.of(batches(4), with(method)).train(new double[1], 3).status().succeeded());
  }

  @Test
  void othersSeeOneBatchInEachStep() {
    double[] first = {Double.NaN};
    int[] mixed = {0};
    MiniBatches watched =
        MiniBatches.of(
                1,
                4,
                (samples, theta, gradient) -> {
                  if (Double.isNaN(first[0])) {
                    first[0] = samples[0];
                  }
                  mixed[0] += first[0] == samples[0] ? 0 : 1;
                  gradient[0] = theta[0];
                  return 0;
                })
            .withSize(1)
            .withInterval(0.1);
    for (Method method : new Method[] {Methods.EULER, Methods.RK4, Methods.BACKWARD_EULER}) {
      first[0] = Double.NaN;
      Trainer.of(watched, with(method))
          .withObserver((_, _, _) -> first[0] = Double.NaN)
          .train(new double[] {1}, 20);
      assertEquals(0, mixed[0], method.name());
    }
  }
}
