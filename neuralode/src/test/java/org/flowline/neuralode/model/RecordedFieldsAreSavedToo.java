package org.flowline.neuralode.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Scaling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A field of any layout is saved by its parameters and loaded into the same dynamics.
class RecordedFieldsAreSavedToo {
  private static final Parameters LAYOUT =
      Parameters.none().with("rates.growth", 2).with("rates.mixing", 2, 2);

  private static final double[] THETA = {0.3, -0.7, 0.1, 1.0 / 3, -0.2, Double.MIN_VALUE};

  @TempDir Path folder;

  private static NeuralField field(Parameters layout, int columns) {
    NeuralField field =
        NeuralField.of(
            layout,
            1,
            columns,
            (t, y, theta) ->
                y.mul(theta.get("rates.growth").reshape(1, 2).mul(t.sin()))
                    .add(y.matmul(theta.get("rates.mixing"))));
    field.bind(THETA.clone());
    return field;
  }

  private static Model model() {
    Variables variables =
        new Variables(
            "t",
            Variables.unscaled("t", List.of("a")).clock(),
            List.of("a", "b"),
            List.of(),
            new Scaling(1, 2, new double[] {3, 4}, new double[] {5, 6}),
            new Scaling(1, 2, new double[0], new double[0]));
    return Model.of(variables, field(LAYOUT, 2), Provenance.unbounded(2));
  }

  @Test
  void toTheLastBit() {
    Path file = folder.resolve("a.flowline");
    Model model = model().with(new Model.Solver("DOPRI5", 1e-9, 1e-9));
    model.save(file);
    NeuralField other = field(LAYOUT, 2);
    other.bind(new double[6]);
    Model back = Model.load(file, other);
    assertArrayEquals(THETA, back.theta());
    assertEquals(model.description(), back.description());
    double[] times = {1, 2, 5};
    List<double[]> before = model.predict(new double[] {1, 2}, times);
    List<double[]> after = back.predict(new double[] {1, 2}, times);
    for (int i = 0; i < times.length; i++) {
      assertArrayEquals(before.get(i), after.get(i));
    }
    assertArrayEquals(new double[6], other.parameters(), "the given field keeps its θ");
  }

  /// `dy/dt = θ y` in its own units, with the closed form `e^(θt)`.
  @Test
  void andPredictsInItsUnits() {
    NeuralField decay =
        NeuralField.of(
            Parameters.none().with("rate"), 1, 1, (_, y, theta) -> y.mul(theta.get("rate")));
    decay.bind(new double[] {-0.5});
    Model model = Model.of(Variables.unscaled("t", List.of("y")), decay, Provenance.unbounded(1));
    assertEquals(2 * Math.exp(-1.5), model.predict(new double[] {2}, 0, 1, 3).getLast()[0], 1e-7);
    assertEquals(List.of(), model.provenance().beyond(model.variables(), 1e9, new double[] {-1e9}));
  }

  @Test
  void componentsWithoutANameStartAtZero() {
    NeuralField field =
        NeuralField.of(Parameters.none(), 1, 2, (_, y, _) -> y.slice(1, 0, 1).broadcast(y.shape()));
    Model model = Model.of(Variables.unscaled("t", List.of("y")), field, Provenance.unbounded(1));
    assertArrayEquals(
        new double[] {3, 0}, model.initialState().state(new double[0], new double[] {3}));
    assertEquals(Math.E, model.predict(new double[] {1}, 0, 1).getLast()[0], 1e-7);
  }

  @Test
  void anotherLayoutIsRefused() throws IOException {
    Path file = folder.resolve("a.flowline");
    model().save(file);
    String prefix = file + ": is not a model file: ";
    refused(
        prefix
            + "its model.json does not say \"format\" : \"flowline-model\" and a version; it is a"
            + " flowline-recorded-model",
        () -> Model.load(file));
    NeuralField wider = NeuralField.of(Parameters.none(), 1, 3, (_, y, _) -> y);
    refused(prefix + "its states have 2 components, the field 3", () -> Model.load(file, wider));
    NeuralField renamed = NeuralField.of(Parameters.none().with("growth", 2), 1, 2, (_, y, _) -> y);
    refused(
        prefix + "its arrays differ from the layout, parameters [2]: growth [2]",
        () -> Model.load(file, renamed));
    NeuralField reshaped =
        NeuralField.of(
            Parameters.none().with("rates.growth", 2).with("rates.mixing", 4),
            1,
            2,
            (_, y, _) -> y);
    refused(prefix + "rates.mixing has shape [2, 2]; want [4]", () -> Model.load(file, reshaped));
    byte[] good = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 500; i++) {
      Files.write(file, Arrays.copyOf(good, random.nextInt(good.length)));
      assertThrows(DataException.class, () -> Model.load(file, field(LAYOUT, 2)));
    }
  }

  @Test
  void andSoIsAFieldThatDoesNotFit() {
    Variables two = Variables.unscaled("t", List.of("a", "b"));
    NeuralField batch = NeuralField.of(Parameters.none(), 3, 2, (_, y, _) -> y);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Model.of(two, batch, Provenance.unbounded(2)));
    assertEquals(
        "model: a recorded field of states [3, 2] for 2 components and 0 inputs; want [1, n] with n of"
            + " at least the components, and inputs recorded in it",
        e.getMessage());
    assertThrows(IllegalStateException.class, () -> model().architecture());
  }

  private static void refused(String message, Runnable load) {
    assertEquals(message, assertThrows(DataException.class, load::run).getMessage());
  }
}
