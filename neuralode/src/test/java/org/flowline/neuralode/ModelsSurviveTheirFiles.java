package org.flowline.neuralode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.nn.Activation;

class ModelsSurviveTheirFiles {
  private static Path file;

  @BeforeContainer
  static void open() throws IOException {
    file = Files.createTempFile("model", ".json");
  }

  @AfterContainer
  static void close() throws IOException {
    Files.delete(file);
  }

  private static final TimeSeries SERIES =
      new TimeSeries(
          "year",
          List.of("hare \"big\"", "lynx, ünïcode\n"),
          new double[] {1900, 1901.5, 1902},
          List.of(new double[] {30, 4}, new double[] {47.2, 6.1}, new double[] {70.2, 9.8}));

  private static Model model() {
    return Model.untrained(SERIES, List.of(3, 2), Activation.SOFTPLUS, new SplittableRandom(1));
  }

  private static Model read(String text) throws IOException {
    Files.writeString(file, text);
    return ModelFile.read(file);
  }

  @Property(tries = 100)
  void toTheLastBit(
      @ForAll @Size(17) List<Double> theta, @ForAll double origin, @ForAll Activation activation)
      throws IOException {
    double[] mean = {theta.get(0), -theta.get(1)};
    double[] deviation = {Double.MIN_VALUE, 1.0 / 3};
    Scaling scaling = new Scaling(origin, 0.1, mean, deviation);
    Model model =
        new Model(
            "t",
            List.of("a", "b"),
            List.of(3),
            activation,
            scaling,
            theta.stream().mapToDouble(Double::doubleValue).toArray());
    assertSame(model, read(ModelFile.text(model)));
  }

  private static void assertSame(Model model, Model back) {
    assertArrayEquals(model.theta(), back.theta());
    assertEquals(model.timeName(), back.timeName());
    assertEquals(model.names(), back.names());
    assertEquals(model.hidden(), back.hidden());
    assertEquals(model.activation(), back.activation());
    assertEquals(model.scaling().origin(), back.scaling().origin());
    assertEquals(model.scaling().unit(), back.scaling().unit());
    assertArrayEquals(model.scaling().mean(), back.scaling().mean());
    assertArrayEquals(model.scaling().deviation(), back.scaling().deviation());
  }

  @Example
  void withTheirPredictions() throws IOException {
    Model model = model();
    Model back = read(ModelFile.text(model));
    assertSame(model, back);
    double[] times = {1900, 1900.7, 1903};
    List<double[]> before = model.predict(new double[] {30, 4}, times);
    List<double[]> after = back.predict(new double[] {30, 4}, times);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(before.get(i), after.get(i));
    }
    assertArrayEquals(new double[] {30, 4}, before.getFirst(), 1e-13); // scaled and back
    assertTrue(Math.abs(before.get(2)[0] - 30) > 0.1, "the prediction moves");
  }

  @Example
  void whateverTheOrderOfTheParameters() throws IOException {
    String text = ModelFile.text(model());
    int bias = text.indexOf("\"layer1.bias\"");
    int weight = text.indexOf("\"layer1.weight\"");
    int next = text.indexOf("\"layer2.weight\"");
    String turned =
        text.substring(0, weight)
            + text.substring(bias, next)
            + text.substring(weight, bias)
            + text.substring(next);
    assertFalse(turned.equals(text));
    assertSame(model(), read(turned));
  }

  @Example
  void orAreRefusedWithOneClearLine() throws IOException {
    String good = ModelFile.text(model());
    refused(good.replace("flowline-model", "x"), "is not a model file of version 1; write it with");
    refused(good.replace("\"version\" : 1", "\"version\" : 2"), "is not a model file of version 1");
    refused("{}", "is not a model file of version 1");
    refused("[1, 2]", "is not a model file of version 1");
    refused("17", "is not a model file of version 1");
    refused("", "is not a model file of version 1");
    refused("year,hare\n1900,3\n", "is not a model file: Unrecognized token 'year'");
    refused(good.replace("layer1.bias", "layer1.bios"), "\"layer1.bias\" is missing");
    refused(
        good.replace("\"scaling\"", "\"scales\""), "is not a model file: \"scaling\" is missing");
    refused(good.replace("\"unit\"", "\"units\""), "is not a model file: \"unit\" is missing");
    refused(
        good.replace("\"SOFTPLUS\"", "\"SOFT\""), "activation \"SOFT\" is none of [IDENTITY, TANH");
    refused(good.replace("\"SOFTPLUS\"", "3"), "is not a model file: 3 is not a text");
    refused(good.replace("\"year\"", "null"), "is not a model file: null is not a text");
    refused(
        good.replace("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3, 3 ]"),
        "\"layer2.weight\" holds 6 numbers, want 9");
    refused(
        good.replace("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3 ]"),
        "6 parameters, the architecture has 4");
    refused(
        good.replace("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3, 0 ]"),
        "linear: 3 → 0; want 1 or more of each");
    refused(
        good.replace("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3, 2.5 ]"),
        "2.5 is not the width of a layer");
    refused(good.replace("\"hidden\" : [ 3, 2 ]", "\"hidden\" : 3"), "\"hidden\" is not a list");
    refused(
        good.replace("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 40000, 40000 ]"),
        "holds 6 numbers, want 80000");
    refused(good.replace("\"unit\" : 0.1", "\"unit\" : \"1.0\""), "\"1.0\" is not a finite number");
    refused(
        good.replace("\"unit\" : 0.1", "\"unit\" : [" + "1, ".repeat(99) + "1]"),
        ": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1… is not a finite number");
    refused(good.replace("\"unit\" : 0.1", "\"unit\" : 1e999"), "is not a finite number");
    refused(
        good.replace("\"unit\" : 0.1", "\"unit\" : 0"),
        "scaling: time counts from 1900.0 in units of 0.0; want");
    refused(good.replace("\"mean\" : [ ", "\"mean\" : [ 3, "), "\"mean\" holds 3 numbers, want 2");
    refused(
        good.replace("\"deviation\" : [ ", "\"deviation\" : [ true, "),
        "\"deviation\" holds 3 numbers, want 2");
  }

  /// Cut off anywhere, or with any character replaced: an answer, or one clear line.
  @Property(tries = 400)
  void orAreRefusedWhenTruncatedOrScrambled(
      @ForAll @IntRange(max = 100_000) int position, @ForAll char replacement) throws IOException {
    String good = ModelFile.text(model());
    int at = position % good.length();
    refused(good.substring(0, at), "");
    String scrambled = good.substring(0, at) + replacement + good.substring(at + 1);
    try {
      read(scrambled);
    } catch (DataException e) {
      assertOneLine(e);
    }
  }

  private static void refused(String text, String message) throws IOException {
    Files.writeString(file, text);
    DataException e = assertThrows(DataException.class, () -> ModelFile.read(file), text);
    assertOneLine(e);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static void assertOneLine(DataException e) {
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Example
  void orAreNotThere() {
    Path none = file.resolveSibling("none.json");
    assertEquals(
        none + ": no such file",
        assertThrows(DataException.class, () -> ModelFile.read(none)).getMessage());
    Path folder = file.getParent();
    assertTrue(
        assertThrows(DataException.class, () -> ModelFile.read(folder))
            .getMessage()
            .startsWith(folder + ": cannot be read: "));
  }

  @Example
  void andFitTogetherOrAreRefused() {
    Model model = model();
    assertEquals(
        "model: 3 parameters, the architecture has 23",
        assertThrows(IllegalArgumentException.class, () -> model.with(new double[3])).getMessage());
    Scaling narrow = new Scaling(0, 1, new double[1], new double[] {1});
    assertEquals(
        "model: a scaling of 1 components, the model has 2",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new Model(
                        "t",
                        model.names(),
                        model.hidden(),
                        model.activation(),
                        narrow,
                        model.theta()))
            .getMessage());
    assertEquals(
        "scaling: a state of 3 components; want 2",
        assertThrows(IllegalArgumentException.class, () -> model.predict(new double[3], 1900, 1901))
            .getMessage());
  }
}
