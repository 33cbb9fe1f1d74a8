package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Predictions of models with inputs look these up as they go. The recorded field, in which they
/// are part of the program and of its derivatives, has the same trajectories: explicit, and where
/// steps use the Jacobian and `∂f/∂t`; within the inputs and beyond them; many at once.
class DrivenPredictionsAreThoseOfTheRecordedField {

  private static List<Model> models() {
    return ModelsOfEveryKind.all().filter(model -> !model.inputs().isEmpty()).toList();
  }

  private static double[] recorded(Model model, Experiment experiment, double[] times) {
    double[] y0 = experiment.states().rows().getFirst();
    double[] y =
        model
            .solver()
            .integrator()
            .solve(
                model.field(experiment.inputs()),
                model.initialState().state(model.theta(), model.scaling().scaled(y0)),
                model.scaling().scaledTimes(times))
            .orThrow()
            .last();
    return model.scaling().unscaled(new double[] {y[0], y[1]});
  }

  @ParameterizedTest
  @ValueSource(strings = {"TSIT5", "KVAERNO5", "RODAS5P"})
  void byEachKindOfMethod(String method) {
    for (Model plain : models()) {
      Model model = plain.with(new Model.Solver(method, 1e-9, 1e-9));
      for (Experiment experiment : ModelsOfEveryKind.measured(model).experiments()) {
        double from = experiment.states().times()[0];
        double[] y0 = experiment.states().rows().getFirst();
        for (double to : new double[] {from + 1.3, from + 6}) {
          double[] times = {from, to};
          // Tolerances of 1e-9 add up, and some trajectories grow tenfold.
          assertArrayEquals(
              recorded(model, experiment, times),
              model.predict(y0, experiment.inputs(), times).getLast(),
              1e-6);
        }
      }
    }
  }

  @Test
  void inManyThreadsUnderInputsOfTheirOwn() {
    Model model = models().getLast();
    List<Experiment> both = ModelsOfEveryKind.measured(model).experiments();
    double[] times = {5, 8};
    double[] y0 = {1, 20};
    List<double[]> one =
        both.stream().map(each -> model.predict(y0, each.inputs(), times).getLast()).toList();
    List<double[]> many =
        IntStream.range(0, 400)
            .parallel()
            .mapToObj(i -> model.predict(y0, both.get(i % 2).inputs(), times).getLast())
            .toList();
    for (int i = 0; i < many.size(); i++) {
      assertArrayEquals(one.get(i % 2), many.get(i));
    }
  }

  @Test
  void oneRowIsNoInput() {
    Model model = models().getFirst();
    TimeSeries row =
        new TimeSeries("t", List.of("u", "w"), new double[] {3}, List.of(new double[] {0, 100}));
    TimeSeries gap =
        new TimeSeries(
            "t",
            List.of("u", "w"),
            new double[] {3, 4},
            List.of(new double[] {0, 100}, new double[] {0, Double.NaN}));
    assertEquals(
        List.of(
            "model: inputs of 1 rows; want two or more, and all of their values",
            "model: inputs of 2 rows with missing values; want two or more, and all of their"
                + " values"),
        Stream.of(row, gap)
            .map(
                inputs ->
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> model.predict(new double[] {1, 20}, inputs, 3, 4))
                        .getMessage())
            .toList());
  }
}
