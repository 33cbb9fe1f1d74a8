package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Noise;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares the table of methods in the package's comment with the methods.
class MethodsTableIsTrue {

  private static List<String[]> rows() throws IOException {
    Path source = Path.of("src/main/java/org/flowline/odesolvers/method/package-info.java");
    return Files.readAllLines(source).stream()
        .filter(line -> line.startsWith("/// | "))
        .map(line -> line.substring("/// |".length()).split("\\|"))
        .map(row -> Arrays.stream(row).map(String::strip).toArray(String[]::new))
        .skip(1) // the header
        .toList();
  }

  static Stream<Method> methods() {
    return Methods.all().stream();
  }

  @Test
  void itListsEveryMethodInOrder() throws IOException {
    assertEquals(
        Methods.all().stream().map(Method::name).toList(),
        rows().stream().map(row -> row[0]).toList());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void itsFiguresAreThoseOfTheMethod(Method method) throws IOException {
    String[] row = rows().stream().filter(each -> each[0].equals(method.name())).findFirst().get();
    assertEquals(method.embedded() ? "yes" : "no", row[3]);
    assertEquals(stable(method), row[5]);
    assertEquals(nfe(method), row[2]);
    if (!(method instanceof Stochastic)) {
      String embedded = method.embedded() ? "(" + method.embeddedOrder() + ")" : "";
      assertEquals(method.order() + embedded, row[1]);
      assertEquals(Integer.toString(method.denseOrder()), row[4]);
    }
  }

  private static String stable(Method method) {
    if (method instanceof Symplectic || method instanceof Stochastic) {
      return "–";
    }
    double limit = Stability.realLimit(method);
    String digits = String.format(Locale.ROOT, "%.2f", limit).replace(".00", "");
    return Double.isInfinite(limit) ? "∞" : digits;
  }

  /// Measures the cost, unless it differs from step to step.
  private static String nfe(Method method) {
    return switch (method) {
      case ButcherTableau tableau when !tableau.explicit() -> "N";
      case Stabilised _ -> "s";
      default -> Long.toString((evaluations(method, 20) - evaluations(method, 10)) / 10);
    };
  }

  private static long evaluations(Method method, int steps) {
    VectorField field =
        method instanceof Rosenbrock ? new Decay() : Noise.fitting(method, new Pendulum());
    double[] y0 = new double[field.dimension()];
    Arrays.fill(y0, 0.5);
    return Integrator.of(method, StepSize.Constant.of(0.125, steps))
        .solve(field, y0, 0, 0.125 * steps)
        .orThrow()
        .stats()
        .evaluations();
  }

  private record Decay() implements FieldWithJacobian {

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = -y[0];
    }

    @Override
    public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
      dfdy[0][0] = -1;
    }
  }
}
