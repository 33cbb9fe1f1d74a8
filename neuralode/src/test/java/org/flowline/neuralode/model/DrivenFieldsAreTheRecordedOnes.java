package org.flowline.neuralode.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.dynamics.ControlledField;
import org.flowline.neuralode.dynamics.Signal;
import org.flowline.neuralode.nn.Activation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A field that looks its inputs up has the rates and the Jacobian, including `∂f/∂t`, of the one
/// in which they are recorded: before, between and after their rows.
class DrivenFieldsAreTheRecordedOnes {
  private static final TimeSeries INPUTS =
      new TimeSeries(
          "t",
          List.of("u", "w"),
          new double[] {0, 0.5, 2, 3},
          List.of(
              new double[] {1, 2}, new double[] {-1, 4}, new double[] {0, 0}, new double[] {3, 1}));

  static Stream<Architecture> all() {
    Architecture plain = new Architecture(List.of(5), Activation.TANH);
    return Stream.of(
        plain, plain.withTime(), plain.withOrder(2).withAugment(1), plain.withTime().withOrder(2));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everywhere(Architecture architecture) {
    NeuralField recorded =
        architecture.field(2, Optional.of(Signal.linear(INPUTS.times(), INPUTS.rows())));
    double[] theta = new SplittableRandom(1).doubles(recorded.parameterCount(), -1, 1).toArray();
    recorded.bind(theta);
    ControlledField driven = new ControlledField(architecture.open(2, 2), theta, INPUTS);
    int n = recorded.dimension();
    double[] y = new SplittableRandom(2).doubles(n, -1, 1).toArray();
    for (double t : new double[] {-1, 0, 0.2, 0.5, 1.7, 2, 2.9, 3, 4}) {
      double[] wanted = new double[n];
      double[] came = new double[n];
      recorded.evaluate(t, y, wanted);
      driven.evaluate(t, y, came);
      assertArrayEquals(wanted, came, 1e-13, "at " + t);
      double[][] wantedByState = new double[n][n];
      double[][] cameByState = new double[n][n];
      recorded.jacobian(t, y, wantedByState, wanted);
      driven.jacobian(t, y, cameByState, came);
      assertArrayEquals(wanted, came, 1e-12, "∂f/∂t at " + t);
      for (int i = 0; i < n; i++) {
        assertArrayEquals(wantedByState[i], cameByState[i], 1e-12);
      }
    }
  }
}
