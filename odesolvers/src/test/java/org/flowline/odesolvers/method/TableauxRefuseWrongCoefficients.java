package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableauxRefuseWrongCoefficients {

  static Stream<ButcherTableau> tableaux() {
    return EveryTableauHasItsOrder.tableaux();
  }

  @ParameterizedTest
  @MethodSource("tableaux")
  void anyCoefficientThatIsOff(ButcherTableau tableau) {
    int stages = tableau.stages();
    for (int i = 0; i < stages; i++) {
      double[] b = b(tableau);
      b[i] += 1e-6;
      refused(tableau, tableau.order(), c(tableau), a(tableau), b);
      double[] c = c(tableau);
      c[i] += 1e-6;
      refused(tableau, tableau.order(), c, a(tableau), b(tableau));
      for (int j = 0; j < i; j++) {
        double[][] a = a(tableau);
        a[i][j] += 1e-6;
        refused(tableau, tableau.order(), c(tableau), a, b(tableau));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tableaux")
  void anyOrderThatIsNotReached(ButcherTableau tableau) {
    refused(tableau, tableau.order() + 1, c(tableau), a(tableau), b(tableau));
    if (tableau.embedded()) {
      double[] embedded = new double[tableau.stages()];
      for (int i = 0; i < embedded.length; i++) {
        embedded[i] = tableau.bEmbedded(i);
      }
      int order = tableau.embeddedOrder();
      assertEquals(order, tableau.withEmbedded(order, embedded).embeddedOrder());
      assertThrows(IllegalArgumentException.class, () -> tableau.withEmbedded(order + 1, embedded));
    }
  }

  @Test
  void aDenseOutputThatIsOff() {
    double[][] off = {{1, -1.1}, {0, 1}};
    assertThrows(IllegalArgumentException.class, () -> Methods.MIDPOINT.withDense(2, off));
    double[][] linear = {{0}, {1}};
    assertEquals(1, Methods.MIDPOINT.withDense(1, linear).denseOrder());
    assertThrows(IllegalArgumentException.class, () -> Methods.MIDPOINT.withDense(2, linear));
    double[][] elsewhere = {{0.5}, {0.5}};
    assertThrows(IllegalArgumentException.class, () -> Methods.MIDPOINT.withDense(1, elsewhere));
  }

  @Test
  void onlyOrdersOfPartitionedMethodsThatHold() {
    double[] whole = {1};
    double[] half = {0.5, 0.5};
    double[] once = {1, 0};
    assertThrows(IllegalArgumentException.class, () -> new Symplectic("EULER", 2, whole, whole));
    assertEquals(2, new Symplectic("LEAPFROG", 2, half, once).order());
    assertThrows(IllegalArgumentException.class, () -> new Symplectic("OFF", 1, half, whole));
    assertThrows(IllegalArgumentException.class, () -> new Symplectic("OFF", 3, half, once));
  }

  @Test
  void whatIsPassedInIsCopied() {
    double[] b = {1};
    var tableau = ButcherTableau.of("E", 1, new double[] {0}, new double[][] {{}}, b);
    b[0] = 2;
    assertEquals(1, tableau.b(0));
    Methods.SEMI_IMPLICIT_EULER.first()[0] = 7;
    assertEquals(1, Methods.SEMI_IMPLICIT_EULER.first()[0]);
  }

  @Test
  void firstSameAsLastIsSeenInTheCoefficients() {
    assertTrue(Methods.BOSH3.fsal() && Methods.DOPRI5.fsal() && Methods.TSIT5.fsal());
    assertFalse(Methods.EULER.fsal() || Methods.HEUN.fsal() || Methods.RK4.fsal());
  }

  private static void refused(
      ButcherTableau tableau, int order, double[] c, double[][] a, double[] b) {
    assertThrows(
        IllegalArgumentException.class, () -> ButcherTableau.of(tableau.name(), order, c, a, b));
  }

  private static double[] b(ButcherTableau tableau) {
    double[] b = new double[tableau.stages()];
    for (int i = 0; i < b.length; i++) {
      b[i] = tableau.b(i);
    }
    return b;
  }

  private static double[] c(ButcherTableau tableau) {
    double[] c = new double[tableau.stages()];
    for (int i = 0; i < c.length; i++) {
      c[i] = tableau.c(i);
    }
    return c;
  }

  private static double[][] a(ButcherTableau tableau) {
    double[][] a = new double[tableau.stages()][];
    for (int i = 0; i < a.length; i++) {
      a[i] = new double[i];
      for (int j = 0; j < i; j++) {
        a[i][j] = tableau.a(i, j);
      }
    }
    return a;
  }
}
