package org.flowline.neuralode.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.AdjointField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;

class PullbacksOfFields {

  @Property(tries = 25)
  void areThoseOfCentralDifferences(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int columns,
      @ForAll @DoubleRange(min = -3, max = 3) double t,
      @ForAll long seed) {
    ClockedNetwork network = new ClockedNetwork(rows, columns, 5);
    NeuralField field = network.field(seed);
    double[] theta = network.theta(seed);
    double[] y = network.state(seed);
    double[] a = network.state(seed + 1);
    double[] yBar = new double[y.length];
    double[] thetaBar = new double[theta.length];
    double tBar = field.pullback(t, y, a, yBar, thetaBar);

    // Numbers of size 1, whose differences are right to about 1e-11; see Differences.
    double tolerance = 1e-9;
    assertEquals(Differences.derivative(at -> product(field, at, y, theta, a), t), tBar, tolerance);
    assertArrayEquals(
        Differences.gradient(at -> product(field, t, at, theta, a), y), yBar, tolerance);
    assertArrayEquals(
        Differences.gradient(at -> product(field, t, y, at, a), theta), thetaBar, tolerance);
    assertTrue(Arrays.stream(yBar).anyMatch(value -> Math.abs(value) > 1e-4));
  }

  /// `⟨a, f(t, y; θ)⟩`
  private static double product(
      NeuralField field, double t, double[] y, double[] theta, double[] a) {
    double[] dydt = new double[y.length];
    field.bind(theta);
    field.evaluate(t, y, dydt);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * dydt[i];
    }
    return sum;
  }

  @Property(tries = 50)
  void withTheValueAreBothBitForBit(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll long seed) {
    ClockedNetwork network = new ClockedNetwork(rows, columns, 11);
    NeuralField field = network.field(seed);
    double[] y = network.state(seed);
    double[] a = network.state(seed + 1);
    double[][] apart = new double[3][];
    double[][] together = new double[3][];
    for (double[][] results : List.of(apart, together)) {
      results[0] = new double[y.length];
      results[1] = network.state(seed + 2); // to be overwritten
      results[2] = network.theta(seed + 3); // to be added to
    }
    field.evaluate(0.4, y, apart[0]);
    double tBar = field.pullback(0.4, y, a, apart[1], apart[2]);
    assertEquals(tBar, field.evaluateAndPullback(0.4, y, a, together[0], together[1], together[2]));
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(apart[i], together[i]);
    }
  }

  @Example
  void overwriteStateCotangentsAndAccumulateThoseOfParameters() {
    NeuralField field = ClockedNetwork.SMALL.field(1);
    double[] y = ClockedNetwork.SMALL.state(1);
    double[] once = new double[field.parameterCount()];
    double[] twice = new double[field.parameterCount()];
    double[] yBar = new double[y.length];
    double[] yBarAgain = new double[y.length];
    field.pullback(0, y, y, yBar, once);
    field.pullback(0, y, y, yBarAgain, twice);
    field.pullback(0, y, y, yBarAgain, twice);
    assertArrayEquals(yBar, yBarAgain);
    for (int i = 0; i < once.length; i++) {
      assertEquals(2 * once[i], twice[i]);
    }
  }

  @Example
  void areExactlyZeroWhereNothingIsUsed() {
    ClockedNetwork network = ClockedNetwork.SMALL;
    NeuralField field = network.field(1);
    double[] thetaBar = new double[field.parameterCount()];
    field.pullback(0.3, network.state(1), network.state(2), new double[network.size()], thetaBar);
    Parameters.Entry unused = network.layout().entry("unused");
    assertEquals(0.0, thetaBar[unused.offset()]);
    assertEquals(0.0, thetaBar[unused.offset() + 1]);
    assertTrue(thetaBar[unused.offset() - 1] != 0);

    NeuralField autonomous = NeuralField.of(network.layout(), 2, 3, (_, y, _) -> y.sin());
    autonomous.bind(new double[network.layout().size()]);
    double[] nothing = new double[network.layout().size()];
    double[] yBar = new double[6];
    double[] a = network.state(2);
    double tBar = autonomous.pullback(0.3, new double[6], a, yBar, nothing);
    assertEquals(0.0, tBar);
    assertArrayEquals(new double[nothing.length], nothing);
    assertArrayEquals(a, yBar);
  }

  @Example
  void areThereWithoutAnyParameters() {
    NeuralField field = NeuralField.of(Parameters.none(), 1, 2, (t, y, _) -> y.mul(t));
    double[] yBar = new double[2];
    double tBar = field.pullback(3, new double[] {5, 7}, new double[] {1, 10}, yBar, new double[0]);
    assertEquals(75, tBar);
    assertArrayEquals(new double[] {3, 30}, yBar);
  }

  @Example
  void readParametersByReference() {
    ClockedNetwork network = ClockedNetwork.SMALL;
    NeuralField field = network.field(1);
    double[] theta = network.theta(7);
    field.bind(theta);
    assertSame(theta, field.parameters());
    double[] before = new double[network.size()];
    double[] after = new double[network.size()];
    double[] fresh = new double[network.size()];
    field.evaluate(0, network.state(1), before);
    theta[0] += 1;
    field.evaluate(0, network.state(1), after);
    NeuralField other = network.field(1);
    other.bind(theta.clone());
    other.evaluate(0, network.state(1), fresh);
    assertArrayEquals(fresh, after);
    assertTrue(!Arrays.equals(before, after));
  }

  @Example
  void ofForksRunInTwoThreads() throws Exception {
    ClockedNetwork network = new ClockedNetwork(7, 5, 20);
    NeuralField field = network.field(1);
    List<double[]> alone = run(network, field);
    List<NeuralField> fields = List.of(field, field.fork());
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<List<double[]>>> results = new ArrayList<>();
      for (NeuralField each : fields) {
        results.add(threads.submit(() -> run(network, each)));
      }
      for (Future<List<double[]>> result : results) {
        for (int i = 0; i < alone.size(); i++) {
          assertArrayEquals(alone.get(i), result.get().get(i));
        }
      }
    }
  }

  private static List<double[]> run(ClockedNetwork network, NeuralField field) {
    RandomGenerator random = new SplittableRandom(9);
    List<double[]> results = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double[] y = random.doubles(network.size(), -1, 1).toArray();
      double[] dydt = new double[y.length];
      double[] yBar = new double[y.length];
      double[] thetaBar = new double[field.parameterCount()];
      field.evaluateAndPullback(i, y, y, dydt, yBar, thetaBar);
      results.addAll(List.of(dydt, yBar, thetaBar));
    }
    return results;
  }

  @Example
  void ofFieldsThatDoNotFitAreRefused() {
    NeuralField field = ClockedNetwork.SMALL.field(1);
    assertEquals(
        "neural field: θ has 3 values, want 42",
        assertThrows(IllegalArgumentException.class, () -> field.bind(new double[3])).getMessage());
    assertEquals(
        "neural field: the dynamics map a state [2, 3] to [2]; want [2, 3]",
        assertThrows(
                IllegalArgumentException.class,
                () -> NeuralField.of(Parameters.none(), 2, 3, (_, y, _) -> y.sum(1)))
            .getMessage());
    assertEquals(
        "neural field: a state [0, 3] is empty; want a row and a column at least",
        assertThrows(
                IllegalArgumentException.class,
                () -> NeuralField.of(Parameters.none(), 0, 3, (_, y, _) -> y))
            .getMessage());
    assertEquals(42, field.parameterCount());
    assertEquals(6, field.dimension());
    assertEquals(42, field.layout().size());
  }

  /// `(y, a, g)` in this order, with the signs of the adjoint equations.
  @Example
  void makeTheAdjointField() {
    ClockedNetwork network = ClockedNetwork.SMALL;
    NeuralField field = network.field(1);
    AdjointField adjoint = new AdjointField(field);
    double[] y = network.state(1);
    double[] a = network.state(2);
    double[] state = new double[6 + 6 + 42];
    Arrays.fill(state, 99);
    System.arraycopy(y, 0, state, 0, 6);
    System.arraycopy(a, 0, state, 6, 6);
    double[] rate = new double[state.length];
    adjoint.evaluate(0.2, state, rate);
    adjoint.evaluate(0.2, state, rate);

    double[] dydt = new double[6];
    double[] yBar = new double[6];
    double[] thetaBar = new double[42];
    field.evaluateAndPullback(0.2, y, a, dydt, yBar, thetaBar);
    assertEquals(state.length, adjoint.dimension());
    assertArrayEquals(dydt, Arrays.copyOfRange(rate, 0, 6));
    assertArrayEquals(negative(yBar), Arrays.copyOfRange(rate, 6, 12));
    assertArrayEquals(negative(thetaBar), Arrays.copyOfRange(rate, 12, 54));
  }

  private static double[] negative(double[] values) {
    return Arrays.stream(values).map(value -> -value).toArray();
  }
}
