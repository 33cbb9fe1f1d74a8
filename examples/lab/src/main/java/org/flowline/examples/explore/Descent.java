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

/// A descent method: an optimiser for every step η.
///
/// @param name the name on the command line
/// @param title the title in the window
/// @param optimizer the optimiser for a given η
/// @param limit the `ηλ` up to which the component along an eigenvector decays; infinite if it
///     always does, empty if `ηλ` does not determine it
public record Descent(
    String name, String title, DoubleFunction<Optimizer> optimizer, OptionalDouble limit) {

  /// The tolerance of adaptive steps, loose since only the minimum matters.
  private static final double TOLERANCE = 1e-3;

  private static final double MOMENTUM = 0.9;
  private static final List<Descent> ALL = list();

  /// Gradient descent, then every other method that solves the gradient flow, then the optimisers
  /// with a flow of their own.
  public static List<Descent> all() {
    return ALL;
  }

  /// The method with this name, in upper or lower case.
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

  /// A method with momentum, with the limit of its flow.
  private static Descent momentum(String name, String title, DoubleFunction<Optimizer> optimizer) {
    Optimizer unit = optimizer.apply(1);
    return new Descent(
        name,
        title,
        optimizer,
        unit.flow().apply(Bowl.of(1, 1, 0)).stableUpTo(unit.method(), 0, unit.interval()));
  }

  /// Adaptive steps, of which the first is η; steps that are too long are rejected.
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
