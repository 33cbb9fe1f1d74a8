package org.flowline.examples.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.flowline.examples.lab.Bowl;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stability;

/// A way to descend: an optimiser for every step η.
///
/// @param name on the command line
/// @param title in the window
/// @param optimizer from η
/// @param limit up to which `ηλ` it shrinks along an eigenvector; infinite if always, empty if that
///     does not decide
public record Descent(
    String name, String title, DoubleFunction<Optimizer> optimizer, OptionalDouble limit) {

  /// Of the adaptive steps: loose, as one who only wants to descend would have it.
  private static final double TOLERANCE = 1e-3;

  private static final double MOMENTUM = 0.9;
  private static final List<Descent> ALL = list();

  /// Gradient descent first, then every method that solves the gradient flow, then flows of their
  /// own.
  public static List<Descent> all() {
    return ALL;
  }

  /// The one of this name, whatever its case.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists all names
  public static Descent named(String name) {
    return ALL.stream()
        .filter(descent -> descent.name.equalsIgnoreCase(name.strip().replace('_', '-')))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--method: \"%s\"; want one of %s"
                        .formatted(name, String.join(", ", names()))));
  }

  /// What [#named] knows.
  public static List<String> names() {
    return ALL.stream().map(Descent::name).toList();
  }

  private static List<Descent> list() {
    List<Descent> all = new ArrayList<>();
    for (Method method : Methods.all()) {
      switch (method) {
        case ButcherTableau _, Rosenbrock _, Stabilised _ -> all.add(steps(method));
        default -> {} // partitioned and stochastic methods do not solve a gradient flow
      }
    }
    all.add(adaptive());
    all.add(
        momentum("heavy-ball", "Heavy ball, μ = 0.9", eta -> Optimizer.heavyBall(eta, MOMENTUM)));
    all.add(momentum("nesterov", "Nesterov, μ = 0.9", eta -> Optimizer.nesterov(eta, MOMENTUM)));
    all.add(new Descent("rmsprop", "RMSprop", Optimizer::rmsprop, OptionalDouble.empty()));
    all.add(new Descent("adam", "Adam", Optimizer::adam, OptionalDouble.empty()));
    return List.copyOf(all);
  }

  /// Constant steps of a method on the gradient flow.
  private static Descent steps(Method method) {
    String name = method.name().toLowerCase(Locale.ROOT).replace('_', '-');
    String title =
        method == Methods.EULER
            ? "Euler: gradient descent"
            : method == Methods.BACKWARD_EULER
                ? "Backward Euler: proximal point"
                : method == Methods.MIDPOINT ? "RK2: midpoint" : method.name().replace('_', ' ');
    return new Descent(
        name,
        title,
        eta -> Optimizer.of(Flows.gradient(), method, eta),
        OptionalDouble.of(Stability.realLimit(method)));
  }

  /// A ball that rolls, up to the limit that its flow knows.
  private static Descent momentum(String name, String title, DoubleFunction<Optimizer> optimizer) {
    Optimizer unit = optimizer.apply(1);
    return new Descent(
        name,
        title,
        optimizer,
        unit.flow().apply(Bowl.of(1, 1, 0)).stableUpTo(unit.method(), 0, unit.interval()));
  }

  /// A step that adapts, the first of which is η: no step is too large for long.
  private static Descent adaptive() {
    StepSize.Adaptive steps = StepSize.Adaptive.of(TOLERANCE, TOLERANCE);
    return new Descent(
        "adaptive",
        "DOPRI5, adaptive from η on",
        eta ->
            new Optimizer(
                "adaptive",
                Flows.gradient(),
                Methods.DOPRI5,
                eta,
                most -> steps.withInitialStep(eta).withMaxSteps(most)),
        OptionalDouble.of(Double.POSITIVE_INFINITY));
  }

  @Override
  public String toString() {
    return title;
  }
}
