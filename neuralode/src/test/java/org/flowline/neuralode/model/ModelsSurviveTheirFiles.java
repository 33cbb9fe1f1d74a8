package org.flowline.neuralode.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.flowline.neuralode.data.Archive;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Npy;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.nn.Activation;
import org.flowline.odesolvers.SolveException;
import org.junit.jupiter.api.function.Executable;

class ModelsSurviveTheirFiles {
  private static Path file;

  @BeforeContainer
  static void open() throws IOException {
    file = Files.createTempDirectory("models").resolve("a.flowline");
  }

  @AfterContainer
  static void close() throws IOException {
    Files.deleteIfExists(file);
    Files.delete(file.getParent()); // fails if another file is left
  }

  private static final TimeSeries SERIES =
      new TimeSeries(
          "year",
          List.of("hare \"big\"", "lynx, ünïcode\n"),
          new double[] {1900, 1901.5, 1902},
          List.of(new double[] {30, 4}, new double[] {47.2, 6.1}, new double[] {70.2, 9.8}));

  private static final Model MODEL = model();
  private static final byte[] GOOD = bytes(MODEL);

  private static Model model() {
    Model model =
        Model.untrained(SERIES, List.of(3, 2), Activation.SOFTPLUS, new SplittableRandom(1));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("seed", "1");
    settings.put("data", "my \"own\".csv");
    return model.with(model.provenance().with(settings, Map.of("rmse", 0.1)));
  }

  private static byte[] bytes(Model model) {
    try {
      Path file = Files.createTempFile("model", ".flowline");
      model.save(file);
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 100)
  void toTheLastBit(
      @ForAll @Size(17) List<Double> theta, @ForAll double origin, @ForAll Activation activation) {
    double[] mean = {theta.get(0), -theta.get(1)};
    double[] deviation = {Double.MIN_VALUE, 1.0 / 3};
    Model model =
        Model.of(
            new Variables(
                "t",
                Clock.INSTANT,
                List.of("a", "b"),
                List.of(),
                new Scaling(origin, 0.1, mean, deviation),
                new Scaling(origin, 0.1, new double[0], new double[0])),
            new Architecture(List.of(3), activation),
            new Provenance(
                origin,
                origin,
                List.of(mean[0], mean[1]),
                List.of(mean[0], mean[1]),
                List.of(),
                List.of(),
                Map.of(),
                Map.of("loss", origin)),
            theta.stream().mapToDouble(Double::doubleValue).toArray());
    model = model.with(new Model.Solver("DOPRI5", 1e-5, 0.1));
    model.save(file);
    assertSame(model, Model.load(file));
  }

  /// Compares the parameters and the description, which has each number to its last bit.
  private static void assertSame(Model model, Model back) {
    assertArrayEquals(model.theta(), back.theta());
    assertEquals(model.description(), back.description());
    assertEquals(model.names(), back.names());
    assertArrayEquals(model.scaling().deviation(), back.scaling().deviation());
  }

  @Example
  void withTheirPredictionsAndTheirProvenance() {
    Model model = model();
    model.save(file);
    Model back = Model.load(file);
    assertSame(model, back);
    assertEquals(
        List.of("seed", "data"), List.copyOf(back.provenance().settings().keySet()), "in order");
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
  void asTheSameBytes() throws IOException {
    model().save(file);
    byte[] first = Files.readAllBytes(file);
    model().save(file);
    assertArrayEquals(first, Files.readAllBytes(file));
  }

  /// The SHA-256 of the file that the first program of version 4 wrote for this model.
  @Example
  void asTheSameBytesInEveryReleaseOfAVersion() throws NoSuchAlgorithmException {
    assertEquals(
        "064b12bd9eb0f9fd894e5987d628de70ac9d5cb90b60d3ed50464afb1de0c5b9",
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(GOOD)));
  }

  @Example
  void asArraysThatNumPyReads() throws IOException {
    model().save(file);
    SequencedMap<String, byte[]> parts = parts();
    assertEquals(
        List.of(
            "model.json",
            "parameters/layer1.weight.npy",
            "parameters/layer1.bias.npy",
            "parameters/layer2.weight.npy",
            "parameters/layer2.bias.npy",
            "parameters/layer3.weight.npy",
            "parameters/layer3.bias.npy"),
        List.copyOf(parts.keySet()));
    Npy weight = Npy.read("weight", parts.get("parameters/layer2.weight.npy"));
    assertEquals(List.of(3, 2), weight.shape());
    assertEquals(model().theta()[9], weight.values()[0]); // after 2·3 + 3 of the first layer
  }

  /// Flips any bit and cuts anywhere: the same model, or one clear line.
  @Property(tries = 4000)
  void orAreRefusedWhenBitsTurnOrTheEndIsMissing(
      @ForAll @IntRange(max = 10_000_000) int position, @ForAll @IntRange(max = 7) int bit)
      throws IOException {
    byte[] good = GOOD;
    int at = position % good.length;
    byte[] turned = good.clone();
    turned[at] ^= (byte) (1 << bit);
    Files.write(file, turned);
    try {
      assertSame(MODEL, Model.load(file));
    } catch (DataException e) {
      assertOneLine(e);
    }
    Files.write(file, Arrays.copyOf(good, at));
    assertOneLine(assertThrows(DataException.class, () -> Model.load(file), "cut at " + at));
  }

  /// Replaces a character of the description in an otherwise sound file.
  @Property(tries = 2000)
  void orAreRefusedWhenTheDescriptionIsScrambled(
      @ForAll @IntRange(max = 100_000) int position, @ForAll char replacement) throws IOException {
    String good = description();
    int at = position % good.length();
    describe(good.substring(0, at) + replacement + good.substring(at + 1));
    try {
      Model.load(file);
    } catch (DataException e) {
      assertOneLine(e);
    }
    describe(good.substring(0, at));
    assertOneLine(assertThrows(DataException.class, () -> Model.load(file)));
  }

  @Example
  void orAreRefusedWithOneClearLine() throws IOException {
    String good = description();
    turned("flowline-model", "x", "does not say \"format\" : \"flowline-model\" and a version");
    turned(
        "\"version\" : 4", "\"version\" : 3", "it is of version 3, this program reads version 4");
    turned("\"version\" : 4", "\"version\" : \"4\"", "does not say \"format\"");
    refused("{}", "does not say \"format\"");
    refused("[1, 2]", "does not say \"format\"");
    refused("17", "does not say \"format\"");
    refused("", "does not say \"format\"");
    refused("year,hare\n1900,3\n", "Unrecognized token 'year'");
    refused("[".repeat(100_000), "nesting depth");
    refused(good + "{}", "railing token");
    turned("\"scaling\"", "\"scales\"", "variables.scaling: Missing creator property 'scaling'");
    turned("\"unit\"", "\"units\"", "scaling.unit: Missing creator property 'unit'");
    turned("\"time\" :", "\"time\" : \"t\", \"time\" :", "uplicate");
    turned("\"SOFTPLUS\"", "\"SOFT\"", "architecture.activation: ");
    turned("\"SOFTPLUS\"", "3", "architecture.activation: ");
    turned("\"year\"", "null", "time");
    turned("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3, 3 ]", "layer2.weight has shape [3, 2]");
    turned("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3 ]", "its arrays differ from the layout");
    turned("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3, 0 ]", "a hidden layer of width 0; want 1");
    turned("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3, 2.5 ]", "architecture.hidden");
    turned("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 3, null ]", "architecture.hidden");
    turned("\"hidden\" : [ 3, 2 ]", "\"hidden\" : 3", "architecture.hidden");
    turned("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 40000, 40000 ]", "has shape [2, 3]");
    turned("\"hidden\" : [ 3, 2 ]", "\"hidden\" : [ 2000000000, 2000000000 ]", "");
    turned(
        "\"hidden\" : [ 3, 2 ]",
        "\"hidden\" : [ " + "1, ".repeat(500_000) + "1 ]",
        "500001 hidden layers; want at most 1000");
    turned("\"augment\" : 0", "\"augment\" : 1", "layer1.weight has shape [2, 3]; want [3, 3]");
    turned("\"augment\" : 0", "\"augment\" : 10000", "layer1.weight has shape [2, 3]");
    turned("\"augment\" : 0", "\"augment\" : 10001", "10001 augmented components; want 0 … 10000");
    turned("\"augment\" : 0", "\"augment\" : -1", "-1 augmented components; want 0");
    turned("\"augment\" : 0", "\"augment\" : 4000000000", "architecture.augment");
    turned("\"augment\" : 0", "\"augment\" : 0.5", "architecture.augment");
    turned("\"timeDependent\" : false", "\"timeDependent\" : true", "want [3, 3]");
    turned("\"timeDependent\" : false", "\"timeDependent\" : 1", "architecture.timeDependent");
    turned("\"order\" : 1", "\"order\" : 2", "its arrays differ from the layout");
    turned("\"order\" : 1", "\"order\" : 3", "model: of order 3; want 1 or 2");
    turned(",\n    \"order\" : 1", "", "architecture.order: Missing creator property 'order'");
    turned("\"inputs\" : [ ]", "\"inputs\" : [ \"u\" ]", "a scaling of 0 inputs");
    turned("\"inputs\" : [ ]", "\"inputs\" : [ null ]", "inputs");
    turned("\"NUMBER\"", "\"SUNDIAL\"", "variables.clock");
    turned("\"unit\" : 0.1", "\"unit\" : \"1.0\"", "scaling.unit: ");
    turned("\"unit\" : 0.1", "\"unit\" : 1e999", "want finite numbers");
    turned("\"unit\" : 0.1", "\"unit\" : 0", "scaling: time counts from 1900.0 in units of 0.0");
    turned("\"mean\" : [ ", "\"mean\" : [ 3, ", "scaling: 3 means and 2 deviations");
    turned("\"low\" : [ ", "\"low\" : [ 3, ", "provenance: 3 lows and 2 highs of components");
    turned("\"TSIT5\"", "\"TSIT6\"", "TSIT6");
    turned("\"TSIT5\"", "\"RK4\"", "RK4");
    turned("\"rtol\" : 1.0E-8", "\"rtol\" : -1", "rtol");
    turned("\"rtol\" : 1.0E-8", "\"rtol\" : 1.0E-3", "its checksum is another");
    turned("\"SOFTPLUS\"", "\"TANH\"", "its checksum is another");
  }

  private static void turned(String from, String to, String message) throws IOException {
    String good = description();
    assertTrue(good.contains(from), from + " in " + good);
    refused(good.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)), message);
  }

  private static void refused(String description, String message) throws IOException {
    describe(description);
    refused(message);
  }

  private static void refused(String message) {
    DataException e = assertThrows(DataException.class, () -> Model.load(file), message);
    assertOneLine(e);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static void assertOneLine(DataException e) {
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().length() < 1000, e.getMessage());
  }

  private static SequencedMap<String, byte[]> parts() {
    return new LinkedHashMap<>(Archive.read(file, Archive.USUAL_LIMIT));
  }

  private static String description() throws IOException {
    Files.write(file, GOOD);
    return new String(parts().get("model.json"), StandardCharsets.UTF_8);
  }

  private static void describe(String text) throws IOException {
    change("model.json", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void change(String part, byte[] bytes) throws IOException {
    Files.write(file, GOOD);
    SequencedMap<String, byte[]> parts = parts();
    parts.put(part, bytes);
    write(parts);
  }

  private static void write(Map<String, byte[]> parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Archive.write(out, parts);
    Files.write(file, out.toByteArray());
  }

  @Example
  void orAreRefusedWithOtherParameters() throws IOException {
    String bias = "parameters/layer1.bias.npy";
    change(bias, Npy.of(new double[] {1, 2, 3}).bytes());
    refused("its checksum is another, so that it was damaged or changed");
    change("parameters/layer4.bias.npy", Npy.of(new double[3]).bytes());
    refused("its arrays differ from the layout, parameters [23]: layer1");
    model().save(file);
    SequencedMap<String, byte[]> parts = parts();
    parts.remove(bias);
    write(parts);
    refused("its arrays differ from the layout");
    parts.remove("model.json");
    write(parts);
    refused("is not a model file, it has no model.json; want one that train wrote");
    Files.writeString(file, "t,x\n0,1\n");
    refused("is not a whole zip file");
  }

  @Example
  void orAreNotThereOrCannotBeWritten() throws IOException {
    Path none = file.resolveSibling("none.flowline");
    assertTrue(
        assertThrows(DataException.class, () -> Model.load(none))
            .getMessage()
            .startsWith(none + ": no such file"));
    Path folder = file.getParent();
    assertTrue(
        assertThrows(DataException.class, () -> Model.load(folder))
            .getMessage()
            .startsWith(folder + ": is a folder"));
    for (Path path : List.of(folder, none.resolve("deeper"))) {
      assertTrue(
          assertThrows(DataException.class, () -> model().save(path))
              .getMessage()
              .startsWith(path + ": cannot be written: "));
    }
  }

  @Example
  void andFitTogetherOrAreRefused() {
    Model model = model();
    assertRefused("model: 3 parameters; want 23 as in the layout", () -> model.with(new double[3]));
    double[] theta = model.theta();
    theta[4] = Double.NaN;
    assertRefused("model: parameter 4 is NaN; want finite numbers", () -> model.with(theta));
    Variables good = model.variables();
    Scaling narrow = new Scaling(0, 1, new double[1], new double[] {1});
    assertRefused(
        "model: a scaling of 1 components, the model has 2",
        () ->
            new Variables(
                "t", Clock.DATE, good.components(), List.of(), narrow, good.inputScaling()));
    assertRefused(
        "model: a scaling of 0 inputs, the model has 1",
        () ->
            new Variables(
                "t",
                Clock.DATE,
                good.components(),
                List.of("u"),
                good.scaling(),
                good.inputScaling()));
    assertRefused(
        "model: time of the inputs is scaled otherwise than time of the components",
        () ->
            new Variables(
                "t", Clock.DATE, good.components(), List.of("u"), good.scaling(), narrow));
  }

  @Example
  void predictionsWantFiniteStatesAndOrderedTimes() {
    Model model = model();
    assertRefused(
        "model: from [0.0, 0.0, 0.0]; want 2 finite numbers, one for each component",
        () -> model.predict(new double[3], 1900, 1901));
    assertRefused(
        "model: from [NaN, 1.0]; want 2 finite numbers, one for each component",
        () -> model.predict(new double[] {Double.NaN, 1}, 1900, 1901));
    for (double[] times : List.of(new double[0], new double[] {1900, 1901, 1900.5})) {
      assertRefused(
          "model: times " + Arrays.toString(times) + "; want one or more, increasing or decreasing",
          () -> model.predict(new double[2], times));
    }
  }

  @Example
  void predictionsAtEqualTimesAreEqual() {
    double[] start = {30, 4};
    List<double[]> once = model().predict(start, 1900, 1901);
    List<double[]> twice = model().predict(start, 1900, 1900, 1901, 1901);
    for (int i = 0; i < 4; i++) {
      assertArrayEquals(once.get(i / 2), twice.get(i));
    }
    assertArrayEquals(once.getFirst(), model().predict(start, 1900).getFirst());
  }

  /// The message of a failed solve is in the measurements' units.
  @Example
  void failedPredictionsReportTheirTimeInUnits() {
    Model model = model();
    Model wild = model.with(Arrays.stream(model.theta()).map(x -> 1e6 * x).toArray());
    SolveException e =
        assertThrows(SolveException.class, () -> wild.predict(new double[] {30, 4}, 1900, 1e9));
    assertTrue(e.getMessage().startsWith("model: no trajectory beyond year"), e.getMessage());
    assertTrue(e.status().t() >= 1900, e.getMessage());
  }

  private static void assertRefused(String message, Executable use) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, use).getMessage());
  }
}
